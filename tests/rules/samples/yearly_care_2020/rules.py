"""A sample: a deductible of each insured and a limit of the family, both of a year."""

from lipei.rules.days import Days, days_between, full_years
from lipei.rules.engine import rule
from lipei.rules.money import Fen, above, capped
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key


@rule(clause="cover", zh="住院天数", en="Days of the stay")
def stay_days(admitted_on: Days, discharged_on: Days) -> Days:
    """From admission to discharge."""
    return days_between(admitted_on, discharged_on)


@rule(clause="cover", zh="周岁", en="Age")
def age_count(born_on: Days, admitted_on: Days) -> Days:
    """Full years at admission."""
    return full_years(born_on, admitted_on)


@rule(clause="cover", zh="年免赔额尚余", en="Left of the yearly deductible")
def deductible_left_fen(
    cost_fen: Fen,
    yearly_deductible_fen: Fen,
    deductible_used_before_fen: Fen,
    insured_year_key: Key,
) -> Fen:
    """What earlier stays of the year left of the deductible."""
    used = used_before(
        cost_fen,
        limit=yearly_deductible_fen,
        opening=deductible_used_before_fen,
        key=insured_year_key,
    )
    return left_of(yearly_deductible_fen, used)


@rule(
    clause="cover",
    zh="减：年免赔额",
    en="Less: yearly deductible",
    sign="-",
    why=("{admitted_on}入院，尚余 {deductible_left_fen}", "{deductible_left_fen} was left"),
)
def deductible_fen(cost_fen: Fen, deductible_left_fen: Fen) -> Fen:
    """The part of the yearly deductible that this stay uses up."""
    return capped(cost_fen, deductible_left_fen)


@rule(clause="cover", zh="家庭限额尚余", en="Left of the family limit")
def family_left_fen(
    cost_fen: Fen,
    deductible_fen: Fen,
    family_limit_fen: Fen,
    family_paid_before_fen: Fen,
    family_key: Key,
) -> Fen:
    """What earlier stays of the family left of its limit."""
    used = used_before(
        cost_fen - deductible_fen,
        limit=family_limit_fen,
        opening=family_paid_before_fen,
        key=family_key,
    )
    return left_of(family_limit_fen, used)


@rule(clause="cover", zh="减：超过家庭限额", en="Less: above the family limit", sign="-")
def over_fen(cost_fen: Fen, deductible_fen: Fen, family_left_fen: Fen) -> Fen:
    """What the limit of the family no longer reaches."""
    return above(cost_fen - deductible_fen, family_left_fen)


@rule(clause="cover", zh="应赔", en="Paid", sign="=")
def benefit_fen(cost_fen: Fen, deductible_fen: Fen, over_fen: Fen) -> Fen:
    """What is paid for the stay."""
    return cost_fen - deductible_fen - over_fen
