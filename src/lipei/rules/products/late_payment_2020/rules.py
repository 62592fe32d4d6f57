"""Damages for paying late: the amount, times the prime rate of a year, for the days of delay
(benefit_rules N7)."""

from lipei.rules.days import Days, days_between
from lipei.rules.engine import rule
from lipei.rules.money import WHOLE, BasisPoints, Fen, chosen, ratio_of


@rule(clause="days", zh="迟延首日", en="First late day")
def late_from_on(due_on: Days) -> Days:
    """The day after the last on which to pay."""
    return due_on + 1


@rule(clause="days", zh="迟延天数", en="Days late")
def late_days(due_on: Days, paid_on: Days) -> Days:
    """From the day after the due day to the day of payment, that day included."""
    return days_between(due_on, paid_on)


@rule(clause="rate", zh="适用年利率", en="Yearly rate")
def rate_bp(agreed_rate_bp: BasisPoints, prime_rate_bp: BasisPoints) -> BasisPoints:
    """The agreed rate; without one, the prime rate that was in force on the first late day."""
    return chosen(agreed_rate_bp > 0, agreed_rate_bp, prime_rate_bp)


@rule(
    clause="duty",
    zh="迟延给付赔偿",
    en="Damages for paying late",
    sign="+",
    why=(
        "{late_fen} 迟延 {late_days} 天，年利率 {rate_bp}，一年按 {year_days} 天",
        "{late_fen}, {late_days} days late, at {rate_bp} a year of {year_days} days",
    ),
)
def damages_fen(late_fen: Fen, late_days: Days, rate_bp: BasisPoints, year_days: Days) -> Fen:
    """The amount, times the yearly rate, for the late days of a year."""
    return ratio_of(late_fen, late_days * rate_bp, year_days * WHOLE)


@rule(clause="duty", zh="迟延给付赔偿合计", en="Damages paid", sign="=")
def benefit_fen(damages_fen: Fen) -> Fen:
    """What is paid beside the amount itself."""
    return damages_fen
