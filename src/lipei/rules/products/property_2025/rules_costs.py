"""Costs beside the loss: debris within its own limit, rescue by average (benefit_rules I4, I9).

Neither bears the deductible nor average but that of rescue; rescue stands outside the limits.
"""

from lipei.rules.engine import rule
from lipei.rules.money import (
    BasisPoints,
    Fen,
    Flag,
    above,
    capped,
    chosen,
    only_if,
    portion,
    ratio_of,
)

EXCLUDED = ("损失原因属于责任免除", "The policy excludes the cause of the loss")


@rule(
    clause="excluded",
    zh="减：责任免除",
    en="Less: excluded",
    sign="-",
    part="extra",
    why=EXCLUDED,
)
def extra_excluded_fen(extra_cost_fen: Fen, is_peril_excluded: Flag) -> Fen:
    """All of these costs, where the policy excludes the cause."""
    return only_if(is_peril_excluded, extra_cost_fen)


@rule(clause="limits", zh="费用限额", en="Limit of the costs")
def extra_most_fen(sum_insured_fen: Fen, extra_limit_bp: BasisPoints, extra_limit_fen: Fen) -> Fen:
    """The lower of the limit as an amount and as a part of the sum insured (I9)."""
    return capped(portion(sum_insured_fen, extra_limit_bp), extra_limit_fen)


@rule(
    clause="limits",
    zh="减：超过费用限额的部分",
    en="Less: above the limit of the costs",
    sign="-",
    part="extra",
    why=("费用限额 {extra_most_fen}", "Limit of these costs {extra_most_fen}"),
)
def extra_over_fen(extra_cost_fen: Fen, extra_excluded_fen: Fen, extra_most_fen: Fen) -> Fen:
    """The debris and other costs above their own limit (I9)."""
    return above(extra_cost_fen - extra_excluded_fen, extra_most_fen)


@rule(clause="limits", zh="事故限额前的费用", en="Costs before the limit of the event")
def extra_due_fen(extra_cost_fen: Fen, extra_excluded_fen: Fen, extra_over_fen: Fen) -> Fen:
    """What is due for debris and other costs, before the limit of the event."""
    return extra_cost_fen - extra_excluded_fen - extra_over_fen


@rule(
    clause="excluded",
    zh="减：责任免除",
    en="Less: excluded",
    sign="-",
    part="rescue",
    why=EXCLUDED,
)
def rescue_excluded_fen(rescue_cost_fen: Fen, is_peril_excluded: Flag) -> Fen:
    """All rescue costs, where the policy excludes the cause."""
    return only_if(is_peril_excluded, rescue_cost_fen)


@rule(clause="rescue", zh="可赔施救费用", en="Rescue costs covered")
def rescue_covered_fen(rescue_cost_fen: Fen, rescue_excluded_fen: Fen) -> Fen:
    """The costs of rescue from an insured cause."""
    return rescue_cost_fen - rescue_excluded_fen


@rule(clause="rescue", zh="被施救财产总价值", en="Value of all property rescued")
def rescued_value_fen(value_fen: Fen, other_rescued_value_fen: Fen) -> Fen:
    """The insured item and what was rescued with it."""
    return value_fen + other_rescued_value_fen


@rule(
    clause="rescue",
    zh="减：施救非保险财产的部分",
    en="Less: for the rescue of other property",
    sign="-",
    part="rescue",
    why=(
        "保险标的 {value_fen}，全部被施救财产 {rescued_value_fen}",
        "The item is worth {value_fen}, all property rescued {rescued_value_fen}",
    ),
)
def rescue_others_fen(rescue_covered_fen: Fen, value_fen: Fen, rescued_value_fen: Fen) -> Fen:
    """The part of the rescue that served property which is not insured (I4)."""
    return rescue_covered_fen - ratio_of(rescue_covered_fen, value_fen, rescued_value_fen)


@rule(clause="average", zh="其中有保险保障的价值", en="Value that is insured")
def insured_value_fen(
    value_fen: Fen, sum_left_fen: Fen, required_fen: Fen, is_first_loss: Flag
) -> Fen:
    """The value in the proportion in which a loss is paid, an amount in fen (I1, I4)."""
    insured_fen = capped(sum_left_fen, required_fen)
    return ratio_of(value_fen, chosen(is_first_loss, required_fen, insured_fen), required_fen)


@rule(clause="average", zh="比例赔付后的施救费用", en="Rescue costs after average")
def rescue_averaged_fen(
    rescue_covered_fen: Fen, insured_value_fen: Fen, rescued_value_fen: Fen
) -> Fen:
    """The rescue in the proportion of the insured value to all that was rescued (I4)."""
    return ratio_of(rescue_covered_fen, insured_value_fen, rescued_value_fen)


@rule(
    clause="average",
    zh="减：不足额部分",
    en="Less: the part that is not insured",
    sign="-",
    part="rescue",
    why=(
        "有保障的价值 {insured_value_fen}，保险价值 {value_fen}",
        "Insured for {insured_value_fen} of {value_fen}",
    ),
)
def rescue_underinsured_fen(
    rescue_covered_fen: Fen, rescue_others_fen: Fen, rescue_averaged_fen: Fen
) -> Fen:
    """What of the rescue the insured bears, as he does of the loss (I4)."""
    return rescue_covered_fen - rescue_others_fen - rescue_averaged_fen


@rule(clause="rescue", zh="施救费用最高赔偿", en="Most that is paid for rescue")
def rescue_most_fen(value_fen: Fen, sum_left_fen: Fen) -> Fen:
    """The value of the item, or its sum where that is lower (I4)."""
    return capped(value_fen, sum_left_fen)


@rule(
    clause="rescue",
    zh="减：超过施救费用最高赔偿",
    en="Less: above the most that is paid for rescue",
    sign="-",
    part="rescue",
    why=("最高 {rescue_most_fen}", "At most {rescue_most_fen}"),
)
def rescue_over_fen(rescue_averaged_fen: Fen, rescue_most_fen: Fen) -> Fen:
    """What lies above a second sum for the rescue (I4)."""
    return above(rescue_averaged_fen, rescue_most_fen)


@rule(clause="rescue", zh="施救费用应赔", en="Payable for rescue", sign="=", part="rescue")
def rescue_fen(rescue_averaged_fen: Fen, rescue_over_fen: Fen) -> Fen:
    """What is paid for the rescue, beside the loss and without a deductible (I4)."""
    return rescue_averaged_fen - rescue_over_fen
