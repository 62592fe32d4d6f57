"""What the items of one event share: its deductible and its limit (benefit_rules I3, I9)."""

from lipei.rules.days import Days
from lipei.rules.engine import rule
from lipei.rules.money import (
    BasisPoints,
    Fen,
    Flag,
    capped,
    only_if,
    portion,
    ratio_of,
    rest_of,
)
from lipei.rules.running import left_of
from lipei.rules.sharing import Key, shared, sum_of


@rule(clause="deductible", zh="本次事故免赔前合计", en="Due for all items before the deductible")
def event_due_fen(item_due_fen: Fen, event_key: Key) -> Fen:
    """What is due for all items of this event."""
    return sum_of(item_due_fen, event_key)


@rule(clause="deductible", zh="受损标的保险金额合计", en="Sums insured of the items hit")
def event_sum_fen(sum_insured_fen: Fen, event_key: Key) -> Fen:
    """The sums insured of all items that this event hit, as they were agreed."""
    return sum_of(sum_insured_fen, event_key)


@rule(clause="deductible", zh="免赔率对应金额", en="Deductible by the rate")
def rate_kept_fen(event_due_fen: Fen, deductible_bp: BasisPoints) -> Fen:
    """The rate of what is due; what is paid after it is rounded, not what is kept."""
    return event_due_fen - portion(event_due_fen, rest_of(deductible_bp))


@rule(clause="deductible", zh="按保险金额计算的免赔额", en="Deductible by the sums insured")
def sum_kept_fen(event_sum_fen: Fen, sum_deductible_bp: BasisPoints) -> Fen:
    """The rate of the sums insured; half a fen counts for the insured."""
    return event_sum_fen - portion(event_sum_fen, rest_of(sum_deductible_bp))


@rule(clause="deductible", zh="本次事故免赔额", en="Deductible of this event")
def event_deductible_fen(deductible_fen: Fen, rate_kept_fen: Fen, sum_kept_fen: Fen) -> Fen:
    """The highest of the deductibles that the policy agrees (I3)."""
    lower_fen = capped(deductible_fen, rate_kept_fen)
    higher_fen = deductible_fen + rate_kept_fen - lower_fen
    return higher_fen + left_of(sum_kept_fen, higher_fen)


@rule(clause="deductible", zh="本次事故实际免赔", en="Kept from all items of this event")
def event_kept_fen(event_due_fen: Fen, event_deductible_fen: Fen, is_relative: Flag) -> Fen:
    """The deductible as far as the event reaches it; nothing of a loss above a relative one."""
    is_paid_whole = is_relative & (event_due_fen > event_deductible_fen)
    return only_if(~is_paid_whole, capped(event_due_fen, event_deductible_fen))


@rule(
    clause="deductible",
    zh="减：每次事故免赔额",
    en="Less: deductible of the event",
    sign="-",
    part="loss",
    why=(
        "本次事故共免赔 {event_kept_fen}，由各项按应赔金额分担",
        "{event_kept_fen} of the event in all, borne by its items in proportion",
    ),
)
def deductible_taken_fen(event_kept_fen: Fen, item_due_fen: Fen, event_key: Key) -> Fen:
    """This item's share of the deductible, by what is due for each (I3)."""
    return shared(event_kept_fen, item_due_fen, event_key)


@rule(clause="limits", zh="事故限额前的损失赔款", en="Loss before the limit of the event")
def loss_due_fen(item_due_fen: Fen, deductible_taken_fen: Fen) -> Fen:
    """What is due for this item after the deductible."""
    return item_due_fen - deductible_taken_fen


@rule(clause="limits", zh="事故限额前合计", en="Due before the limit of the event")
def row_due_fen(loss_due_fen: Fen, extra_due_fen: Fen) -> Fen:
    """The item and its debris, before the limit of the event."""
    return loss_due_fen + extra_due_fen


@rule(clause="limits", zh="每次事故限额尚余", en="Left of the limit of the event")
def event_left_fen(event_limit_fen: Fen, event_paid_before_fen: Fen) -> Fen:
    """The limit of the event, less what was already paid under it."""
    return left_of(event_limit_fen, event_paid_before_fen)


@rule(clause="limits", zh="计入事故限额的赔款", en="Paid under the limit of the event")
def limited_fen(row_due_fen: Fen, event_left_fen: Fen, event_key: Key) -> Fen:
    """What the limit of the event reaches, among its items in proportion (I9)."""
    return shared(capped(sum_of(row_due_fen, event_key), event_left_fen), row_due_fen, event_key)


@rule(
    clause="limits",
    zh="减：超过每次事故限额的部分",
    en="Less: above the limit of the event",
    sign="-",
    part="loss",
    why=("每次事故限额尚余 {event_left_fen}", "{event_left_fen} is left of the limit"),
)
def loss_over_fen(loss_due_fen: Fen, paid_for_loss_fen: Fen) -> Fen:
    """What of this item the limit of the event does not reach."""
    return loss_due_fen - paid_for_loss_fen


@rule(clause="loss", zh="标的损失应赔", en="Payable for the item", sign="=", part="loss")
def paid_for_loss_fen(loss_due_fen: Fen, limited_fen: Fen) -> Fen:
    """What is paid for the item itself; where the limit is short, the item comes first."""
    return capped(loss_due_fen, limited_fen)


@rule(
    clause="limits",
    zh="减：超过每次事故限额的部分",
    en="Less: above the limit of the event",
    sign="-",
    part="extra",
    why=("每次事故限额尚余 {event_left_fen}", "{event_left_fen} is left of the limit"),
)
def extra_beyond_fen(extra_due_fen: Fen, extra_fen: Fen) -> Fen:
    """What of the debris and other costs the limit of the event does not reach."""
    return extra_due_fen - extra_fen


@rule(
    clause="limits", zh="费用应赔", en="Payable for debris and other costs", sign="=", part="extra"
)
def extra_fen(limited_fen: Fen, paid_for_loss_fen: Fen) -> Fen:
    """What is paid for debris and other costs."""
    return limited_fen - paid_for_loss_fen


@rule(clause="loss", zh="财产险赔款合计", en="Paid by the property cover", sign="=")
def benefit_fen(paid_for_loss_fen: Fen, extra_fen: Fen, rescue_fen: Fen) -> Fen:
    """What the property cover pays for this item."""
    return paid_for_loss_fen + extra_fen + rescue_fen


@rule(clause="loss", zh="本次事故赔款合计", en="Paid for all items of this event")
def event_benefit_fen(benefit_fen: Fen, event_key: Key) -> Fen:
    """What the property cover pays for all items of this event."""
    return sum_of(benefit_fen, event_key)


@rule(clause="reduced", zh="赔付后的保险金额", en="Sum insured after this payment")
def sum_after_fen(sum_left_fen: Fen, paid_for_loss_fen: Fen) -> Fen:
    """The sum in force, less what was paid for the item itself (I7)."""
    return sum_left_fen - paid_for_loss_fen


@rule(clause="reduced", zh="恢复保险金额的保险费", en="Premium to reinstate the sum")
def reinstatement_premium_fen(
    paid_for_loss_fen: Fen, reinstated_days: Days, premium_rate_bp: BasisPoints
) -> Fen:
    """What it costs to have the sum as before, for the days that are left of the year (I7)."""
    return ratio_of(paid_for_loss_fen, reinstated_days, 365, premium_rate_bp)
