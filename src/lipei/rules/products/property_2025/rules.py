"""Property 财产险: each item's loss within its value, less what others paid and the salvage, by
average where it is under-insured, within its sum and limit (benefit_rules I1, I2, I5, I7-I9).

The rows of one event are the items that it hit; its deductible and its limit they share
(rules_event). Debris and rescue costs stand apart (rules_costs). What third parties paid is
taken from the loss before average, like salvage. The sum that must be insured (required) is
itself an amount, rounded to the fen. A relative deductible never breaks property P2 here: a
loss above it is paid whole.
"""

from lipei.rules.engine import rule
from lipei.rules.money import (
    BasisPoints,
    Fen,
    Flag,
    above,
    at_least,
    capped,
    chosen,
    only_if,
    portion,
    ratio_of,
)
from lipei.rules.running import left_of


@rule(
    clause="excluded",
    zh="减：责任免除",
    en="Less: excluded",
    sign="-",
    part="loss",
    why=("损失原因属于责任免除", "The policy excludes the cause of the loss"),
)
def excluded_fen(loss_fen: Fen, is_peril_excluded: Flag) -> Fen:
    """The whole loss, where the policy excludes its cause."""
    return only_if(is_peril_excluded, loss_fen)


@rule(
    clause="value",
    zh="减：超过保险价值的部分",
    en="Less: above the value",
    sign="-",
    part="loss",
    why=("出险时价值 {value_fen}", "Worth {value_fen} at the time of the loss"),
)
def value_over_fen(loss_fen: Fen, excluded_fen: Fen, value_fen: Fen) -> Fen:
    """The loss above what the item was worth (I1, I5)."""
    return above(loss_fen - excluded_fen, value_fen)


@rule(clause="loss", zh="实际损失", en="Actual loss")
def actual_loss_fen(loss_fen: Fen, excluded_fen: Fen, value_over_fen: Fen) -> Fen:
    """The loss from an insured cause, within the value of the item."""
    return loss_fen - excluded_fen - value_over_fen


@rule(
    clause="recovered",
    zh="减：已从第三者取得的赔偿",
    en="Less: already received from third parties",
    sign="-",
    part="loss",
    why=("已取得 {recovered_fen}", "Received {recovered_fen}"),
)
def recovered_taken_fen(actual_loss_fen: Fen, recovered_fen: Fen) -> Fen:
    """What a third party has already paid for this loss."""
    return capped(actual_loss_fen, recovered_fen)


@rule(
    clause="salvage",
    zh="减：归您所有的残值",
    en="Less: salvage that you keep",
    sign="-",
    part="loss",
    why=("协商残值 {salvage_fen}", "Agreed value {salvage_fen}"),
)
def salvage_taken_fen(actual_loss_fen: Fen, recovered_taken_fen: Fen, salvage_fen: Fen) -> Fen:
    """The agreed value of the salvage; taken before average, so in the same proportion (I2)."""
    return capped(actual_loss_fen - recovered_taken_fen, salvage_fen)


@rule(clause="loss", zh="净损失", en="Net loss")
def net_loss_fen(actual_loss_fen: Fen, recovered_taken_fen: Fen, salvage_taken_fen: Fen) -> Fen:
    """What the insured has really lost of this item."""
    return actual_loss_fen - recovered_taken_fen - salvage_taken_fen


@rule(clause="reduced", zh="有效保险金额", en="Sum insured in force")
def sum_left_fen(sum_insured_fen: Fen, sum_used_before_fen: Fen) -> Fen:
    """The sum insured, less what was paid out before and not reinstated (I7)."""
    return left_of(sum_insured_fen, sum_used_before_fen)


@rule(clause="average", zh="应保金额", en="Sum that must be insured")
def required_fen(value_fen: Fen, required_bp: BasisPoints) -> Fen:
    """The value, or the part of it that must be insured by the policy, one fen at least."""
    return at_least(portion(value_fen, required_bp), 1)


@rule(clause="average", zh="比例赔付后", en="After average")
def averaged_fen(
    net_loss_fen: Fen, sum_left_fen: Fen, required_fen: Fen, is_first_loss: Flag
) -> Fen:
    """The net loss in the proportion of the sum to the sum that must be insured, whole where
    the sum reaches that or the first loss is insured (I1, I8)."""
    insured_fen = capped(sum_left_fen, required_fen)
    return ratio_of(net_loss_fen, chosen(is_first_loss, required_fen, insured_fen), required_fen)


@rule(
    clause="average",
    zh="减：不足额部分",
    en="Less: the part that is not insured",
    sign="-",
    part="loss",
    why=(
        "保险金额 {sum_left_fen}，应保 {required_fen}，按比例赔付",
        "Insured for {sum_left_fen} of {required_fen}: paid in proportion",
    ),
)
def underinsured_fen(net_loss_fen: Fen, averaged_fen: Fen) -> Fen:
    """What the insured bears since the item was not insured for its value (I1)."""
    return net_loss_fen - averaged_fen


@rule(
    clause="loss",
    zh="减：超过保险金额的部分",
    en="Less: above the sum insured",
    sign="-",
    part="loss",
    why=("有效保险金额 {sum_left_fen}", "Sum insured in force {sum_left_fen}"),
)
def sum_over_fen(averaged_fen: Fen, sum_left_fen: Fen) -> Fen:
    """What lies above the sum insured of the item (I1, I8)."""
    return above(averaged_fen, sum_left_fen)


@rule(
    clause="limits",
    zh="减：超过单项限额的部分",
    en="Less: above the limit of the item",
    sign="-",
    part="loss",
    why=("单项限额 {item_limit_fen}", "Limit of the item {item_limit_fen}"),
)
def item_over_fen(averaged_fen: Fen, sum_over_fen: Fen, item_limit_fen: Fen) -> Fen:
    """What lies above a limit of this kind of item (I9)."""
    return above(averaged_fen - sum_over_fen, item_limit_fen)


@rule(clause="loss", zh="免赔前应赔", en="Due before the deductible")
def item_due_fen(averaged_fen: Fen, sum_over_fen: Fen, item_over_fen: Fen) -> Fen:
    """What is due for this item before the deductible of the event."""
    return averaged_fen - sum_over_fen - item_over_fen
