"""Excess of loss 超额赔款再保险: what of a loss lies within one layer (benefit_rules K5).

A row is one loss and one layer, of a risk or of an event as the treaty has it. Several layers
are rows with keys of their own. A layer's limit of the year is used up in the order of
settlement.
"""

from lipei.rules.engine import rule
from lipei.rules.money import BasisPoints, Fen, above, capped, portion
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key


@rule(
    clause="layer",
    zh="减：起赔点以内",
    en="Less: within the retention",
    sign="-",
    part="layer",
    why=("起赔点 {retention_fen}", "Retention {retention_fen}"),
)
def below_fen(loss_fen: Fen, retention_fen: Fen) -> Fen:
    """What the cedent bears below the layer."""
    return capped(loss_fen, retention_fen)


@rule(
    clause="layer",
    zh="减：超过本层限额",
    en="Less: above the layer",
    sign="-",
    part="layer",
    why=("本层限额 {layer_limit_fen}", "Limit of the layer {layer_limit_fen}"),
)
def beyond_fen(loss_fen: Fen, below_fen: Fen, layer_limit_fen: Fen) -> Fen:
    """What lies above the layer."""
    return above(loss_fen - below_fen, layer_limit_fen)


@rule(clause="layer", zh="本层损失", en="Loss to the layer")
def layer_loss_fen(loss_fen: Fen, below_fen: Fen, beyond_fen: Fen) -> Fen:
    """What of the loss lies within the layer."""
    return loss_fen - below_fen - beyond_fen


@rule(clause="layer", zh="其中已分出", en="Of this, placed")
def placed_fen(layer_loss_fen: Fen, placed_bp: BasisPoints) -> Fen:
    """The part of the layer that reinsurers took."""
    return portion(layer_loss_fen, placed_bp)


@rule(
    clause="layer",
    zh="减：本层未分出部分",
    en="Less: the part of the layer that is not placed",
    sign="-",
    part="layer",
    why=("本层分出 {placed_bp}", "{placed_bp} of the layer is placed"),
)
def unplaced_fen(layer_loss_fen: Fen, placed_fen: Fen) -> Fen:
    """What of the layer stays with the cedent."""
    return layer_loss_fen - placed_fen


@rule(clause="aggregate", zh="本层年度限额尚余", en="Left of the limit of the year")
def yearly_left_fen(
    placed_fen: Fen, yearly_limit_fen: Fen, recovered_before_fen: Fen, layer_year_key: Key
) -> Fen:
    """The limit of the year, less what was recovered before."""
    used = used_before(
        placed_fen, limit=yearly_limit_fen, opening=recovered_before_fen, key=layer_year_key
    )
    return left_of(yearly_limit_fen, used)


@rule(
    clause="aggregate",
    zh="减：超过本层年度限额",
    en="Less: above the limit of the year",
    sign="-",
    part="layer",
    why=("年度限额尚余 {yearly_left_fen}", "{yearly_left_fen} is left of the year"),
)
def yearly_over_fen(placed_fen: Fen, yearly_left_fen: Fen) -> Fen:
    """What the limit of the year no longer reaches."""
    return above(placed_fen, yearly_left_fen)


@rule(clause="layer", zh="再保险人应摊回", en="Paid by the reinsurers", sign="=")
def benefit_fen(placed_fen: Fen, yearly_over_fen: Fen) -> Fen:
    """What the reinsurers of this layer pay of this loss (K5)."""
    return placed_fen - yearly_over_fen


@rule(clause="layer", zh="分出公司净承担", en="Borne by the cedent and other layers")
def kept_fen(loss_fen: Fen, benefit_fen: Fen) -> Fen:
    """What of the loss is not paid from this layer."""
    return loss_fen - benefit_fen
