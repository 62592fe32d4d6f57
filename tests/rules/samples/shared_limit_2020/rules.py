"""A sample: the victims of one accident share its limit in proportion to their losses."""

from lipei.rules.engine import rule
from lipei.rules.money import Fen, capped
from lipei.rules.running import left_of
from lipei.rules.sharing import Key, shared, sum_of


@rule(clause="cover", zh="本次事故可赔", en="Payable for the accident")
def event_fen(
    loss_fen: Fen, event_limit_fen: Fen, event_paid_before_fen: Fen, event_key: Key
) -> Fen:
    """What all victims lost, up to what is left of the limit."""
    left = left_of(event_limit_fen, event_paid_before_fen)
    return capped(sum_of(loss_fen, event_key), left)


@rule(clause="cover", zh="减：超过限额", en="Less: above the limit", sign="-")
def over_fen(loss_fen: Fen, benefit_fen: Fen) -> Fen:
    """What the limit does not reach."""
    return loss_fen - benefit_fen


@rule(clause="cover", zh="应赔", en="Paid", sign="=")
def benefit_fen(event_fen: Fen, loss_fen: Fen, event_key: Key) -> Fen:
    """The victim's share."""
    return shared(event_fen, loss_fen, event_key)
