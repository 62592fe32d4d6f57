"""Group accident cover (benefit_rules M1, M2): who is on the list on the day, the sum of each
person by grade, and for medical costs the limit of the person, then the common pool.

Claims of one policy use the pool up in the order in which they come; the first comes first.
"""

from lipei.rules.days import Days
from lipei.rules.engine import rule
from lipei.rules.money import BasisPoints, Fen, Flag, above, capped, only_if, portion
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key

NOT_LISTED = (
    "事故发生于{event_on}；名单自{listed_from_on}至{listed_until_on}",
    "Event on {event_on}; on the list from {listed_from_on} to {listed_until_on}",
)


@rule(clause="list", zh="事故当日在名单内", en="On the list on the day")
def is_listed(event_on: Days, listed_from_on: Days, listed_until_on: Days) -> Flag:
    """Both the first and the last day on the list count (M1)."""
    listed: Flag = (listed_from_on <= event_on) & (event_on <= listed_until_on)
    return listed


@rule(
    clause="degree",
    zh="身故伤残：保险金额按等级比例",
    en="Death or disability: the sum insured, by its rate",
    sign="+",
    part="degree",
    why=(
        "保险金额 {sum_insured_fen}，给付比例 {degree_rate_bp}",
        "{degree_rate_bp} of {sum_insured_fen}",
    ),
)
def degree_asked_fen(sum_insured_fen: Fen, degree_rate_bp: BasisPoints) -> Fen:
    """The sum of the person at the rate of the grade, whatever was lost."""
    return portion(sum_insured_fen, degree_rate_bp)


@rule(
    clause="list",
    zh="减：事故当日不在名单内",
    en="Less: not on the list on that day",
    sign="-",
    part="degree",
    why=NOT_LISTED,
)
def degree_unlisted_fen(degree_asked_fen: Fen, is_listed: Flag) -> Fen:
    """All of it, for a person who was not on the list."""
    return only_if(~is_listed, degree_asked_fen)


@rule(clause="degree", zh="保险金额尚余", en="Left of the sum insured")
def sum_left_fen(
    degree_asked_fen: Fen,
    degree_unlisted_fen: Fen,
    sum_insured_fen: Fen,
    sum_used_fen: Fen,
    insured_year_key: Key,
) -> Fen:
    """The sum of the person, less what was paid of it this year."""
    used = used_before(
        degree_asked_fen - degree_unlisted_fen,
        limit=sum_insured_fen,
        opening=sum_used_fen,
        key=insured_year_key,
    )
    return left_of(sum_insured_fen, used)


@rule(
    clause="degree",
    zh="减：超过保险金额的部分",
    en="Less: above the sum insured",
    sign="-",
    part="degree",
    why=("保险金额尚余 {sum_left_fen}", "{sum_left_fen} is left of the sum insured"),
)
def over_sum_fen(degree_asked_fen: Fen, degree_unlisted_fen: Fen, sum_left_fen: Fen) -> Fen:
    """What the sum of the person no longer reaches."""
    return above(degree_asked_fen - degree_unlisted_fen, sum_left_fen)


@rule(clause="degree", zh="身故伤残应付", en="For death or disability", sign="=", part="degree")
def degree_fen(degree_asked_fen: Fen, degree_unlisted_fen: Fen, sum_left_fen: Fen) -> Fen:
    """What is paid for the death or the grade."""
    return capped(degree_asked_fen - degree_unlisted_fen, sum_left_fen)


@rule(
    clause="list",
    zh="减：事故当日不在名单内",
    en="Less: not on the list on that day",
    sign="-",
    part="medical",
    why=NOT_LISTED,
)
def medical_unlisted_fen(medical_asked_fen: Fen, is_listed: Flag) -> Fen:
    """All of it, for a person who was not on the list."""
    return only_if(~is_listed, medical_asked_fen)


@rule(clause="medical", zh="每人医疗限额尚余", en="Left of the person's medical limit")
def medical_left_fen(
    medical_asked_fen: Fen,
    medical_unlisted_fen: Fen,
    medical_limit_fen: Fen,
    medical_used_fen: Fen,
    insured_year_key: Key,
) -> Fen:
    """The limit of the person, less what was paid of it this year."""
    used = used_before(
        medical_asked_fen - medical_unlisted_fen,
        limit=medical_limit_fen,
        opening=medical_used_fen,
        key=insured_year_key,
    )
    return left_of(medical_limit_fen, used)


@rule(clause="medical", zh="个人限额赔付", en="Paid under the person's limit")
def personal_fen(medical_asked_fen: Fen, medical_unlisted_fen: Fen, medical_left_fen: Fen) -> Fen:
    """The limit of the person comes first (M2)."""
    return capped(medical_asked_fen - medical_unlisted_fen, medical_left_fen)


@rule(clause="pool", zh="超过个人限额的部分", en="Above the person's limit")
def above_personal_fen(medical_asked_fen: Fen, medical_unlisted_fen: Fen, personal_fen: Fen) -> Fen:
    """What is asked of the common pool (M2)."""
    return medical_asked_fen - medical_unlisted_fen - personal_fen


@rule(clause="pool", zh="公共保额尚余", en="Left of the common pool")
def pool_left_fen(
    above_personal_fen: Fen, pool_limit_fen: Fen, pool_used_fen: Fen, policy_year_key: Key
) -> Fen:
    """The pool, less what earlier claims of the policy took (M2)."""
    used = used_before(
        above_personal_fen, limit=pool_limit_fen, opening=pool_used_fen, key=policy_year_key
    )
    return left_of(pool_limit_fen, used)


@rule(clause="pool", zh="公共保额赔付", en="Paid from the common pool")
def pool_fen(above_personal_fen: Fen, pool_left_fen: Fen) -> Fen:
    """What the common pool pays."""
    return capped(above_personal_fen, pool_left_fen)


@rule(
    clause="pool",
    zh="减：超过个人限额和公共保额的部分",
    en="Less: above the person's limit and the common pool",
    sign="-",
    part="medical",
    why=(
        "个人限额尚余 {medical_left_fen}，公共保额尚余 {pool_left_fen}",
        "{medical_left_fen} was left of the person's limit, {pool_left_fen} of the pool",
    ),
)
def over_pool_fen(above_personal_fen: Fen, pool_fen: Fen) -> Fen:
    """What neither reaches."""
    return above_personal_fen - pool_fen


@rule(clause="medical", zh="意外医疗应付", en="For medical costs", sign="=", part="medical")
def medical_fen(personal_fen: Fen, pool_fen: Fen) -> Fen:
    """What is paid for medical costs."""
    return personal_fen + pool_fen


@rule(clause="degree", zh="团体意外险合计", en="Paid to this person", sign="=")
def benefit_fen(degree_fen: Fen, medical_fen: Fen) -> Fen:
    """What is paid for this person."""
    return degree_fen + medical_fen
