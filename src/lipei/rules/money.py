"""Money is a whole number of fen (分), a rate a whole number of basis points (万分之一)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Fen = NDArray[np.int64]
BasisPoints = NDArray[np.int64]
Flag = NDArray[np.bool_]

WHOLE = 10_000
MOST_FEN = 10**13
"""The largest amount that a single fact or term may hold: one hundred thousand million yuan.
Ninety such columns may be added before `portion` would leave what 64 bits hold."""
MOST_PORTIONED_FEN = (2**63 - 1) // WHOLE
MOST_RATES = 4


def _assert_portionable(amount: Fen, rates: Sequence[BasisPoints]) -> None:
    assert 1 <= len(rates) <= MOST_RATES
    if amount.size == 0:
        return
    assert amount.min() >= 0
    assert amount.max() <= MOST_PORTIONED_FEN
    for rate in rates:
        assert rate.min() >= 0
        assert rate.max() <= WHOLE


def portion(amount: Fen, *rates: BasisPoints) -> Fen:
    """Take every one of `rates` (basis points, 0 to 10,000) of `amount` (fen, not negative).

    Halves are rounded up, once, whatever the number of rates (up to four): what lies below
    a whole fen is carried exactly from rate to rate. The only place where fen are rounded
    (benefit_rules A1). Raises AssertionError where a figure would not be exact.
    """
    _assert_portionable(amount, rates)
    if len(rates) == 1:
        return (amount * rates[0] + WHOLE // 2) // WHOLE
    whole, below, unit = amount, np.zeros_like(amount), 1
    for rate in rates:
        scaled = whole * rate
        below = (scaled % WHOLE) * unit + below * rate
        unit *= WHOLE
        whole = scaled // WHOLE + below // unit
        below = below % unit
    rounded: Fen = whole + (2 * below >= unit)
    return rounded


def rest_of(rate: BasisPoints) -> BasisPoints:
    """What a rate leaves over: 20% leaves 80% (basis points)."""
    return WHOLE - rate


def positive(amount: Fen) -> Fen:
    """What is above zero; nothing otherwise (benefit_rules A4)."""
    return np.maximum(amount, 0)


def capped(amount: Fen, ceiling: Fen) -> Fen:
    """The amount, or the ceiling where the amount is above it."""
    return np.minimum(amount, ceiling)


def above(amount: Fen, ceiling: Fen) -> Fen:
    """The part of the amount that lies above the ceiling; nothing where it does not."""
    over: Fen = np.maximum(amount - ceiling, 0)
    return over


def chosen(condition: Flag, then: Fen, otherwise: Fen) -> Fen:
    """`then` where the condition holds, `otherwise` elsewhere."""
    return np.where(condition, then, otherwise)


def only_if(condition: Flag, amount: Fen) -> Fen:
    """The amount where the condition holds; nothing elsewhere."""
    return np.where(condition, amount, 0)


def split(total_fen: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Divide a total in proportion to whole-number weights; the shares sum to the total.

    Each share is cut to the fen, the fen left over go to the largest remainders, ties to
    the first listed (benefit_rules A2). The total is not negative and some weight is above
    zero; anything else is a broken promise of the caller.
    """
    assert total_fen >= 0
    assert all(weight >= 0 for weight in weights)
    whole = sum(weights)
    assert whole > 0
    cut = [divmod(total_fen * weight, whole) for weight in weights]
    shares = [share for share, _ in cut]
    by_remainder = sorted(range(len(cut)), key=lambda i: (-cut[i][1], i))
    for i in by_remainder[: total_fen - sum(shares)]:
        shares[i] += 1
    return tuple(shares)
