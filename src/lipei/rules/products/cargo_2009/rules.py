"""Cargo at agreed value 货物运输险: the sum insured by the part of its value that was lost.

The value is agreed, so there is no average: in a partial loss the sum pays in the proportion of
what the goods lost to what they would have been worth sound, in a total loss whole. Rescue
costs are counted apart, up to a second sum insured (Insurance Law, articles 55 and 57).
"""

from lipei.rules.engine import rule
from lipei.rules.money import Fen, Flag, above, capped, chosen, only_if, ratio_of


@rule(clause="agreed", zh="减损的价值", en="Value lost")
def value_lost_fen(sound_value_fen: Fen, damaged_value_fen: Fen, is_total_loss: Flag) -> Fen:
    """What the goods are worth less at the destination; all of it in a total loss."""
    return chosen(is_total_loss, sound_value_fen, sound_value_fen - damaged_value_fen)


@rule(
    clause="total_loss",
    zh="全部损失，按约定价值",
    en="Total loss: the value agreed",
    sign="+",
    part="goods",
)
def total_loss_fen(is_total_loss: Flag, sum_insured_fen: Fen) -> Fen:
    """The sum insured, where all is lost."""
    return only_if(is_total_loss, sum_insured_fen)


@rule(
    clause="agreed",
    zh="部分损失，约定价值 × 损失程度",
    en="Partial loss: the part lost of the value agreed",
    sign="+",
    part="goods",
    why=(
        "约定价值 {sum_insured_fen} × {value_lost_fen} ÷ {sound_value_fen}",
        "{sum_insured_fen} agreed x {value_lost_fen} / {sound_value_fen}",
    ),
)
def partial_loss_fen(
    is_total_loss: Flag, sum_insured_fen: Fen, value_lost_fen: Fen, sound_value_fen: Fen
) -> Fen:
    """The sum insured in the proportion of the value lost to the sound value."""
    return only_if(~is_total_loss, ratio_of(sum_insured_fen, value_lost_fen, sound_value_fen))


@rule(
    clause="recovered",
    zh="减：已从第三者取得的赔偿",
    en="Less: already received from third parties",
    sign="-",
    part="goods",
    why=("已取得 {recovered_fen}", "Received {recovered_fen}"),
)
def recovered_taken_fen(total_loss_fen: Fen, partial_loss_fen: Fen, recovered_fen: Fen) -> Fen:
    """What the carrier or another third party has already paid."""
    return capped(total_loss_fen + partial_loss_fen, recovered_fen)


@rule(
    clause="total_loss",
    zh="减：归您所有的残值",
    en="Less: salvage that you keep",
    sign="-",
    part="goods",
    why=("协商残值 {salvage_fen}", "Agreed value {salvage_fen}"),
)
def salvage_taken_fen(total_loss_fen: Fen, recovered_taken_fen: Fen, salvage_fen: Fen) -> Fen:
    """Salvage counts in a total loss; in a partial one the damaged value has counted it."""
    return capped(above(total_loss_fen, recovered_taken_fen), salvage_fen)


@rule(clause="deductible", zh="免赔前应赔", en="Due before the deductible")
def goods_due_fen(
    total_loss_fen: Fen, partial_loss_fen: Fen, recovered_taken_fen: Fen, salvage_taken_fen: Fen
) -> Fen:
    """What is due for the goods before the deductible."""
    return total_loss_fen + partial_loss_fen - recovered_taken_fen - salvage_taken_fen


@rule(
    clause="deductible",
    zh="减：免赔额",
    en="Less: deductible",
    sign="-",
    part="goods",
    why=("保单约定 {deductible_fen}", "{deductible_fen} by the policy"),
)
def deductible_taken_fen(goods_due_fen: Fen, deductible_fen: Fen) -> Fen:
    """The deductible as far as the loss reaches it."""
    return capped(goods_due_fen, deductible_fen)


@rule(clause="agreed", zh="货物损失应赔", en="Payable for the goods", sign="=", part="goods")
def goods_fen(goods_due_fen: Fen, deductible_taken_fen: Fen) -> Fen:
    """What is paid for the goods."""
    return goods_due_fen - deductible_taken_fen


@rule(
    clause="rescue",
    zh="减：超过保险金额的施救费用",
    en="Less: rescue costs above the sum insured",
    sign="-",
    part="rescue",
    why=("施救费用另计，以保险金额为限", "Counted apart, up to the sum insured"),
)
def rescue_over_fen(rescue_cost_fen: Fen, sum_insured_fen: Fen) -> Fen:
    """The rescue costs above a second sum insured."""
    return above(rescue_cost_fen, sum_insured_fen)


@rule(clause="rescue", zh="施救费用应赔", en="Payable for rescue", sign="=", part="rescue")
def rescue_fen(rescue_cost_fen: Fen, rescue_over_fen: Fen) -> Fen:
    """What is paid for the rescue, beside the goods."""
    return rescue_cost_fen - rescue_over_fen


@rule(clause="agreed", zh="货运险赔款合计", en="Paid by the cargo cover", sign="=")
def benefit_fen(goods_fen: Fen, rescue_fen: Fen) -> Fen:
    """What the cargo cover pays for this loss."""
    return goods_fen + rescue_fen
