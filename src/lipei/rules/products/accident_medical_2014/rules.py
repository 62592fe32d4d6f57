"""Accident medical cover: the cost within the cover less what others paid and the deductible of
the accident, by a ratio, within the sum insured (benefit_rules G6)."""

from lipei.rules.days import Days, days_between
from lipei.rules.engine import rule
from lipei.rules.money import BasisPoints, Fen, Flag, above, capped, only_if, portion
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key


@rule(clause="period", zh="属于保障范围", en="Within the cover")
def is_covered(
    insured_from_on: Days,
    insured_to_on: Days,
    accident_on: Days,
    treated_on: Days,
    within_days: Days,
) -> Flag:
    """The accident happened within the insurance, and treatment came within the agreed days."""
    in_period = (insured_from_on <= accident_on) & (accident_on <= insured_to_on)
    covered: Flag = in_period & (days_between(accident_on, treated_on) <= within_days)
    return covered


@rule(
    clause="period",
    zh="减：不在保险期间或者治疗期限内",
    en="Less: outside the insurance or the days of treatment",
    sign="-",
    why=(
        "{accident_on}发生，{treated_on}治疗；保险期间{insured_from_on}至{insured_to_on}，"
        "治疗期限 {within_days} 天",
        "Accident on {accident_on}, treated on {treated_on}; insured from {insured_from_on} to "
        "{insured_to_on}, treatment within {within_days} days",
    ),
)
def outside_fen(cost_fen: Fen, is_covered: Flag) -> Fen:
    """The whole cost, where accident or treatment lies outside the cover."""
    return only_if(~is_covered, cost_fen)


@rule(
    clause="compensation",
    zh="减：医保基金支付",
    en="Less: paid by social insurance",
    sign="-",
    why=("医保支付 {social_paid_fen}", "It paid {social_paid_fen}"),
)
def social_taken_fen(cost_fen: Fen, outside_fen: Fen, social_paid_fen: Fen) -> Fen:
    """What social insurance already paid (G6)."""
    return capped(cost_fen - outside_fen, social_paid_fen)


@rule(
    clause="compensation",
    zh="减：其他补偿",
    en="Less: other compensation",
    sign="-",
    why=("已获补偿 {other_paid_fen}", "Received {other_paid_fen}"),
)
def other_taken_fen(
    cost_fen: Fen, outside_fen: Fen, social_taken_fen: Fen, other_paid_fen: Fen
) -> Fen:
    """What others already paid of the same cost (G6)."""
    return capped(cost_fen - outside_fen - social_taken_fen, other_paid_fen)


@rule(clause="compensation", zh="扣除补偿后的费用", en="Cost that nobody has paid")
def base_fen(cost_fen: Fen, outside_fen: Fen, social_taken_fen: Fen, other_taken_fen: Fen) -> Fen:
    """The cost within the cover that nobody else has paid."""
    return cost_fen - outside_fen - social_taken_fen - other_taken_fen


@rule(clause="deductible", zh="免赔额尚余", en="Left of the deductible")
def deductible_left_fen(
    base_fen: Fen, deductible_fen: Fen, deducted_before_fen: Fen, accident_key: Key
) -> Fen:
    """What earlier treatments after the same accident left of its deductible."""
    used = used_before(
        base_fen, limit=deductible_fen, opening=deducted_before_fen, key=accident_key
    )
    return left_of(deductible_fen, used)


@rule(
    clause="deductible",
    zh="减：每次事故免赔额",
    en="Less: deductible of the accident",
    sign="-",
    why=("免赔额尚余 {deductible_left_fen}", "{deductible_left_fen} was left of it"),
)
def deductible_taken_fen(base_fen: Fen, deductible_left_fen: Fen) -> Fen:
    """The part of the deductible that this treatment uses up."""
    return capped(base_fen, deductible_left_fen)


@rule(
    clause="ratio",
    zh="减：按比例自付",
    en="Less: borne by the ratio",
    sign="-",
    why=("给付比例 {ratio_bp}", "{ratio_bp} is paid"),
)
def ratio_kept_fen(base_fen: Fen, deductible_taken_fen: Fen, ratio_bp: BasisPoints) -> Fen:
    """What the insured bears of the cost above the deductible."""
    left = base_fen - deductible_taken_fen
    return left - portion(left, ratio_bp)


@rule(clause="limit", zh="按比例应赔", en="Payable by the ratio")
def payable_fen(base_fen: Fen, deductible_taken_fen: Fen, ratio_kept_fen: Fen) -> Fen:
    """What would be paid but for the sum insured."""
    return base_fen - deductible_taken_fen - ratio_kept_fen


@rule(clause="limit", zh="保险金额尚余", en="Left of the sum insured")
def left_fen(payable_fen: Fen, limit_fen: Fen, paid_before_fen: Fen, insured_year_key: Key) -> Fen:
    """The sum insured, less what was already paid in this period."""
    used = used_before(payable_fen, limit=limit_fen, opening=paid_before_fen, key=insured_year_key)
    return left_of(limit_fen, used)


@rule(
    clause="limit",
    zh="减：超过保险金额",
    en="Less: above the sum insured",
    sign="-",
    why=("保险金额尚余 {left_fen}", "{left_fen} is left of the sum insured"),
)
def over_fen(payable_fen: Fen, left_fen: Fen) -> Fen:
    """What the sum insured no longer reaches."""
    return above(payable_fen, left_fen)


@rule(clause="cover", zh="意外医疗赔款合计", en="Paid for the treatment", sign="=")
def benefit_fen(payable_fen: Fen, left_fen: Fen) -> Fen:
    """What is paid for this treatment."""
    return capped(payable_fen, left_fen)
