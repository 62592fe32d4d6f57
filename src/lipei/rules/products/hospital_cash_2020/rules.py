"""Hospital cash: days of the stay, less deducted days, within the most days of a stay and of a
year, times the daily sum (benefit_rules F1-F3).

Stays for one cause that follow one another closely count as one: they share a key, the deducted
days and the most days. A stay that does not continue the last one has a key of its own.
"""

from lipei.rules.days import Days, days_between
from lipei.rules.engine import rule
from lipei.rules.money import Fen, Flag, above, capped, only_if
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key


@rule(clause="cover", zh="住院天数", en="Days of the stay")
def stay_days(admitted_on: Days, discharged_on: Days) -> Days:
    """From admission to discharge: a night counts as one day (F1)."""
    return days_between(admitted_on, discharged_on)


@rule(
    clause="cover",
    zh="住院津贴：实际住院天数",
    en="Daily sum for the days of the stay",
    sign="+",
    why=("{stay_days} 天，每日 {daily_fen}", "{stay_days} days, {daily_fen} each"),
)
def asked_fen(stay_days: Days, daily_fen: Fen) -> Fen:
    """The daily sum for every day, whatever the stay cost (F3)."""
    return stay_days * daily_fen


@rule(clause="waiting", zh="在保障开始之前", en="Before the cover begins")
def is_too_early(
    insured_from_on: Days, occurred_on: Days, is_accident: Flag, waiting_days: Days
) -> Flag:
    """An illness found within the waiting period, or anything from before the insurance. An
    accident has no waiting period."""
    early: Flag = days_between(insured_from_on, occurred_on) < only_if(~is_accident, waiting_days)
    return early


@rule(
    clause="waiting",
    zh="减：等待期内的疾病或投保前的事故",
    en="Less: within the waiting period, or from before the insurance",
    sign="-",
    why=(
        "{occurred_on}发生；保险自{insured_from_on}起，疾病等待期 {waiting_days} 天",
        "From {occurred_on}; insured from {insured_from_on}, {waiting_days} days to wait",
    ),
)
def too_early_fen(asked_fen: Fen, is_too_early: Flag) -> Fen:
    """The whole stay, where its cause lies before the cover begins."""
    return only_if(is_too_early, asked_fen)


@rule(clause="cover", zh="保障范围内天数", en="Days within the cover")
def covered_days(stay_days: Days, is_too_early: Flag) -> Days:
    """The days of a stay whose cause is covered."""
    return only_if(~is_too_early, stay_days)


@rule(clause="readmission", zh="与上次住院视为一次", en="Counts as one with the last stay")
def is_continued(same_cause_discharged_on: Days, admitted_on: Days, readmission_days: Days) -> Flag:
    """Admitted again for the same cause within the agreed days (F2). A discharge that was not
    told lies far back."""
    near: Flag = days_between(same_cause_discharged_on, admitted_on) <= readmission_days
    return near


@rule(clause="deducted", zh="应扣免赔天数", en="Days to deduct")
def to_deduct_days(deducted_days: Days, is_accident: Flag, is_accident_deducted: Flag) -> Days:
    """The deducted days, but none where the product waives them after an accident (F1)."""
    return only_if(~is_accident | is_accident_deducted, deducted_days)


@rule(clause="deducted", zh="免赔天数尚余", en="Left of the days to deduct")
def deduct_left_days(
    covered_days: Days,
    to_deduct_days: Days,
    deducted_before_days: Days,
    is_continued: Flag,
    one_stay_key: Key,
) -> Days:
    """What the earlier part of the same stay left of the deducted days (F2)."""
    used = used_before(
        covered_days, limit=to_deduct_days, opening=deducted_before_days, key=one_stay_key
    )
    return left_of(to_deduct_days, only_if(is_continued, used))


@rule(clause="deducted", zh="本次扣除天数", en="Days deducted")
def taken_days(covered_days: Days, deduct_left_days: Days) -> Days:
    """The deducted days that this stay uses up."""
    return capped(covered_days, deduct_left_days)


@rule(
    clause="deducted",
    zh="减：免赔天数",
    en="Less: deducted days",
    sign="-",
    why=("扣除 {taken_days} 天", "{taken_days} days"),
)
def taken_fen(taken_days: Days, daily_fen: Fen) -> Fen:
    """The daily sum of the deducted days (F1)."""
    return taken_days * daily_fen


@rule(clause="most_days", zh="本次住院给付天数尚余", en="Left of the most days of the stay")
def stay_left_days(
    covered_days: Days,
    taken_days: Days,
    stay_most_days: Days,
    stay_paid_before_days: Days,
    is_continued: Flag,
    one_stay_key: Key,
) -> Days:
    """What the earlier part of the same stay left of its most days (F1, F2)."""
    used = used_before(
        covered_days - taken_days,
        limit=stay_most_days,
        opening=stay_paid_before_days,
        key=one_stay_key,
    )
    return left_of(stay_most_days, only_if(is_continued, used))


@rule(clause="most_days", zh="每次限额内天数", en="Days within the most of a stay")
def stay_counted_days(covered_days: Days, taken_days: Days, stay_left_days: Days) -> Days:
    """The days that the most days of a stay leave."""
    return capped(covered_days - taken_days, stay_left_days)


@rule(
    clause="most_days",
    zh="减：超过每次最高给付天数",
    en="Less: above the most days of a stay",
    sign="-",
    why=(
        "每次最高 {stay_most_days} 天，尚余 {stay_left_days} 天",
        "{stay_most_days} days for a stay, of which {stay_left_days} were left",
    ),
)
def over_stay_fen(
    covered_days: Days, taken_days: Days, stay_counted_days: Days, daily_fen: Fen
) -> Fen:
    """The daily sum of the days above the most of a stay (F1)."""
    return (covered_days - taken_days - stay_counted_days) * daily_fen


@rule(clause="most_days", zh="本年度给付天数尚余", en="Left of the most days of the year")
def year_left_days(
    stay_counted_days: Days,
    year_most_days: Days,
    year_paid_before_days: Days,
    insured_year_key: Key,
) -> Days:
    """What the earlier stays of the year left of its most days (F1)."""
    used = used_before(
        stay_counted_days,
        limit=year_most_days,
        opening=year_paid_before_days,
        key=insured_year_key,
    )
    return left_of(year_most_days, used)


@rule(clause="most_days", zh="给付天数", en="Days paid")
def paid_days(stay_counted_days: Days, year_left_days: Days) -> Days:
    """The days that are paid."""
    return capped(stay_counted_days, year_left_days)


@rule(
    clause="most_days",
    zh="减：超过每年最高给付天数",
    en="Less: above the most days of a year",
    sign="-",
    why=(
        "每年最高 {year_most_days} 天，尚余 {year_left_days} 天",
        "{year_most_days} days in a year, of which {year_left_days} were left",
    ),
)
def over_year_fen(stay_counted_days: Days, year_left_days: Days, daily_fen: Fen) -> Fen:
    """The daily sum of the days above the most of a year (F1)."""
    return above(stay_counted_days, year_left_days) * daily_fen


@rule(clause="cover", zh="住院津贴合计", en="Hospital cash paid", sign="=")
def benefit_fen(paid_days: Days, daily_fen: Fen) -> Fen:
    """The daily sum for the days that are paid; what the stay cost, or what another cover paid
    for it, plays no part (F3)."""
    return paid_days * daily_fen
