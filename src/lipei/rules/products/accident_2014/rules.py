"""Accident cover: the sum insured at death, a share of it at disability by the grade, less what
was already paid (benefit_rules G1-G5, G7).

The older way of adding the shares of several disabilities is not that of this standard (G8).
"""

from lipei.rules.days import Days, days_between, full_years
from lipei.rules.engine import rule
from lipei.rules.money import (
    ONE,
    ZERO,
    BasisPoints,
    Fen,
    Flag,
    above,
    capped,
    chosen,
    first_place,
    only_if,
    picked,
    portion,
    positive,
)
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key

Count = Fen


@rule(clause="death", zh="意外身故", en="Death by accident", sign="+")
def death_fen(is_death: Flag, sum_insured_fen: Fen) -> Fen:
    """The sum insured, where the insured died."""
    return only_if(is_death, sum_insured_fen)


@rule(clause="disability", zh="最重的伤残等级", en="Heaviest grade")
def heaviest_count(
    grade_1_count: Count,
    grade_2_count: Count,
    grade_3_count: Count,
    grade_4_count: Count,
    grade_5_count: Count,
    grade_6_count: Count,
    grade_7_count: Count,
    grade_8_count: Count,
    grade_9_count: Count,
    grade_10_count: Count,
) -> Count:
    """The heaviest grade among the disabilities of the accident, the first being the heaviest;
    0 where the standard knows none of them (G2, G3)."""
    return first_place(
        grade_1_count,
        grade_2_count,
        grade_3_count,
        grade_4_count,
        grade_5_count,
        grade_6_count,
        grade_7_count,
        grade_8_count,
        grade_9_count,
        grade_10_count,
    )


@rule(clause="disability", zh="最重等级的处数", en="Disabilities of the heaviest grade")
def equals_count(
    heaviest_count: Count,
    grade_1_count: Count,
    grade_2_count: Count,
    grade_3_count: Count,
    grade_4_count: Count,
    grade_5_count: Count,
    grade_6_count: Count,
    grade_7_count: Count,
    grade_8_count: Count,
    grade_9_count: Count,
    grade_10_count: Count,
) -> Count:
    """How many disabilities have the heaviest grade."""
    return picked(
        heaviest_count,
        ZERO,
        grade_1_count,
        grade_2_count,
        grade_3_count,
        grade_4_count,
        grade_5_count,
        grade_6_count,
        grade_7_count,
        grade_8_count,
        grade_9_count,
        grade_10_count,
    )


@rule(clause="disability", zh="评定等级", en="Grade")
def grade_count(heaviest_count: Count, equals_count: Count) -> Count:
    """The heaviest grade, one grade heavier where several share it, at most the first (G2)."""
    return heaviest_count - ((equals_count > ONE) & (heaviest_count > ONE))


@rule(clause="disability", zh="给付比例", en="Ratio of the grade")
def rate_bp(
    grade_count: Count,
    grade_1_bp: BasisPoints,
    grade_2_bp: BasisPoints,
    grade_3_bp: BasisPoints,
    grade_4_bp: BasisPoints,
    grade_5_bp: BasisPoints,
    grade_6_bp: BasisPoints,
    grade_7_bp: BasisPoints,
    grade_8_bp: BasisPoints,
    grade_9_bp: BasisPoints,
    grade_10_bp: BasisPoints,
) -> BasisPoints:
    """The ratio of the grade in the table of the contract (G1)."""
    return picked(
        grade_count,
        ZERO,
        grade_1_bp,
        grade_2_bp,
        grade_3_bp,
        grade_4_bp,
        grade_5_bp,
        grade_6_bp,
        grade_7_bp,
        grade_8_bp,
        grade_9_bp,
        grade_10_bp,
    )


@rule(
    clause="disability",
    zh="意外伤残",
    en="Disability by accident",
    sign="+",
    why=("{grade_count} 级，{rate_bp}", "Grade {grade_count}, {rate_bp}"),
)
def disability_fen(is_death: Flag, sum_insured_fen: Fen, rate_bp: BasisPoints) -> Fen:
    """The share of the sum insured that the grade gives; death takes its place (G1, G5)."""
    return only_if(~is_death, portion(sum_insured_fen, rate_bp))


@rule(clause="period", zh="事故在保险期间内", en="Accident within the insurance")
def is_in_period(insured_from_on: Days, accident_on: Days, insured_to_on: Days) -> Flag:
    """The accident happened within the period of insurance."""
    held: Flag = (insured_from_on <= accident_on) & (accident_on <= insured_to_on)
    return held


@rule(clause="within", zh="在期限内", en="Within the days from the accident")
def is_in_time(accident_on: Days, established_on: Days, within_days: Days) -> Flag:
    """Death, or the state that was graded, lies within the agreed days of the accident; where
    treatment goes on, the state of the last of them is graded (G3)."""
    held: Flag = days_between(accident_on, established_on) <= within_days
    return held


@rule(
    clause="period",
    zh="减：事故不在保险期间内",
    en="Less: accident outside the insurance",
    sign="-",
    why=(
        "{accident_on}发生；保险期间{insured_from_on}至{insured_to_on}",
        "On {accident_on}; insured from {insured_from_on} to {insured_to_on}",
    ),
)
def outside_fen(death_fen: Fen, disability_fen: Fen, is_in_period: Flag) -> Fen:
    """Everything, where the accident lies outside the period of insurance."""
    return only_if(~is_in_period, death_fen + disability_fen)


@rule(
    clause="within",
    zh="减：超过事故之日起的期限",
    en="Less: too long after the accident",
    sign="-",
    why=(
        "{established_on}在事故 {within_days} 天之后",
        "{established_on} lies more than {within_days} days after the accident",
    ),
)
def too_late_fen(death_fen: Fen, disability_fen: Fen, is_in_period: Flag, is_in_time: Flag) -> Fen:
    """Everything, where it came too long after the accident (G3)."""
    return only_if(is_in_period & ~is_in_time, death_fen + disability_fen)


@rule(clause="sum_insured", zh="应给付", en="Due")
def due_fen(death_fen: Fen, disability_fen: Fen, outside_fen: Fen, too_late_fen: Fen) -> Fen:
    """What the accident gives, before what was paid earlier."""
    return death_fen + disability_fen - outside_fen - too_late_fen


@rule(
    clause="disability",
    zh="减：前次伤残已给付",
    en="Less: paid for the earlier disability",
    sign="-",
    why=(
        "与前次伤残合并评定，前次 {earlier_paid_fen}",
        "Graded together with the earlier one, {earlier_paid_fen}",
    ),
)
def earlier_taken_fen(due_fen: Fen, is_death: Flag, earlier_paid_fen: Fen) -> Fen:
    """What was paid, or is deemed paid, for the earlier disability in the combined grade (G4)."""
    return only_if(~is_death, capped(due_fen, earlier_paid_fen))


@rule(clause="minors", zh="周岁", en="Age")
def age_count(born_on: Days, established_on: Days) -> Count:
    """Full years at death."""
    return full_years(born_on, established_on)


@rule(clause="minors", zh="未成年人身故限额尚余", en="Left of the most for a minor's death")
def minor_left_fen(
    age_count: Count,
    child_age_count: Count,
    child_most_fen: Fen,
    minor_most_fen: Fen,
    death_elsewhere_fen: Fen,
) -> Fen:
    """What the other insurers' death benefits leave of the most that a minor's death may
    bring (G7)."""
    most = chosen(age_count < child_age_count, child_most_fen, minor_most_fen)
    return positive(most - death_elsewhere_fen)


@rule(
    clause="minors",
    zh="减：超过未成年人身故限额",
    en="Less: above the most for a minor's death",
    sign="-",
    why=(
        "{age_count} 周岁，限额尚余 {minor_left_fen}",
        "Aged {age_count}, {minor_left_fen} is left of it",
    ),
)
def minor_over_fen(
    due_fen: Fen, is_death: Flag, age_count: Count, minor_age_count: Count, minor_left_fen: Fen
) -> Fen:
    """What a minor's death may not bring, all insurers together (G7)."""
    return only_if(is_death & (age_count < minor_age_count), above(due_fen, minor_left_fen))


@rule(clause="sum_insured", zh="扣除后应给付", en="Due after these")
def payable_fen(due_fen: Fen, earlier_taken_fen: Fen, minor_over_fen: Fen) -> Fen:
    """What would be paid but for what the sum insured already bore."""
    return due_fen - earlier_taken_fen - minor_over_fen


@rule(clause="sum_insured", zh="保险金额尚余", en="Left of the sum insured")
def left_fen(
    payable_fen: Fen, sum_insured_fen: Fen, paid_before_fen: Fen, insured_year_key: Key
) -> Fen:
    """The sum insured, less everything that was already paid under it (G5)."""
    used = used_before(
        payable_fen, limit=sum_insured_fen, opening=paid_before_fen, key=insured_year_key
    )
    return left_of(sum_insured_fen, used)


@rule(
    clause="sum_insured",
    zh="减：保险金额此前已给付的部分",
    en="Less: already paid of the sum insured",
    sign="-",
    why=("保险金额尚余 {left_fen}", "{left_fen} is left of the sum insured"),
)
def over_left_fen(payable_fen: Fen, left_fen: Fen) -> Fen:
    """What the sum insured no longer reaches (G5)."""
    return above(payable_fen, left_fen)


@rule(clause="sum_insured", zh="意外身故伤残给付合计", en="Paid for death or disability", sign="=")
def benefit_fen(payable_fen: Fen, over_left_fen: Fen) -> Fen:
    """What is paid: an agreed sum, whatever others pay for the same accident."""
    return payable_fen - over_left_fen
