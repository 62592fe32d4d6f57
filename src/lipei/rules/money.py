"""Money is a whole number of fen (分), a rate a whole number of basis points (万分之一)."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Fen = NDArray[np.int64]
BasisPoints = NDArray[np.int64]
Flag = NDArray[np.bool_]
Whole = TypeVar("Whole", int, NDArray[np.int64])

WHOLE = 10_000
MOST_FEN = 10**13
"""The largest amount that a single fact or term may hold: one hundred thousand million yuan.
Ninety such columns may be added before `portion` would leave what 64 bits hold."""
MOST_HELD = 2**63 - 1
MOST_PORTIONED_FEN = MOST_HELD // WHOLE
MOST_RATES = 4
ZERO, ONE = np.zeros((), np.int64), np.ones((), np.int64)


def portion(amount: Fen, *rates: BasisPoints) -> Fen:
    """Take every one of `rates` (basis points, 0 to 10,000) of `amount` (fen, not negative).

    Halves are rounded up, once, whatever the number of rates (up to four): what lies below
    a whole fen is carried exactly from rate to rate (benefit_rules A1). Raises
    AssertionError where a figure would not be exact.
    """
    assert 1 <= len(rates) <= MOST_RATES
    if amount.size == 0:
        return amount
    assert most_of(amount) <= MOST_PORTIONED_FEN
    for rate in rates:
        assert most_of(rate) <= WHOLE
    if len(rates) == 1:
        return _half_up(amount * rates[0], WHOLE)
    whole, below, unit = amount, np.zeros_like(amount), 1
    for rate in rates:
        scaled = whole * rate
        below = (scaled % WHOLE) * unit + below * rate
        unit *= WHOLE
        whole = scaled // WHOLE + below // unit
        below = below % unit
    rounded: Fen = whole + _half_up(below, unit)
    return rounded


def ratio_of(amount: Fen, numerator: Fen | int, denominator: Fen | int, *rates: BasisPoints) -> Fen:
    """amount x numerator / denominator, halves rounded up, once; 0 where the denominator is 0.

    For the average clause, days of a year, and every share that is not in basis points. None
    of the three is negative; the product may exceed 64 bits, the result may not. Of the exact
    ratio every one of `rates` is taken, before the one rounding. Raises AssertionError
    otherwise.
    """
    if rates:
        return _portion_of_ratio(amount, numerator, denominator, rates)
    return _divided(amount, numerator, denominator, cut=_half_up)


def floor_ratio_of(amount: Fen, numerator: Fen | int, denominator: Fen | int) -> Fen:
    """Like `ratio_of`, but what lies below a whole fen is cut off: for shares of a total, whose
    fen left over are given out apart (benefit_rules A2)."""
    return _divided(amount, numerator, denominator, cut=_floor)


def graded(amount: Fen, *, bounds: Sequence[Fen], rates: Sequence[BasisPoints]) -> Fen:
    """A scale by slices 分级累进: `rates[i]` of what lies between `bounds[i]` and the next bound,
    the last rate of all above it, nothing of what lies below the first (benefit_rules E7).

    Bounds (fen) and rates (basis points) are columns, as many of the one as of the other, the
    bounds not descending. Halves of the sum are rounded up, once. Raises AssertionError.
    """
    assert len(bounds) == len(rates) > 0
    assert most_of(amount) <= MOST_PORTIONED_FEN
    scaled = np.zeros_like(amount)
    for lower, upper, rate in zip(bounds, (*bounds[1:], amount), rates, strict=True):
        assert most_of(rate) <= WHOLE
        assert upper is amount or np.all(lower <= upper)
        scaled = scaled + above(capped(amount, upper), lower) * rate
    return _half_up(scaled, WHOLE)


def _half_up(product: Whole, unit: Whole | int) -> Whole:
    """The one rounding: `portion`, `ratio_of` and `graded` share it (columns or plain ints)."""
    return (product + unit // 2) // unit


def _floor(product: Whole, unit: Whole | int) -> Whole:
    return product // unit


def most_of(column: Fen | int) -> int:
    """The largest value of a column. Raises AssertionError where one is negative."""
    if isinstance(column, int):
        most = column
    elif column.size == 1:
        most = column.item()
    else:
        most = int(np.maximum.reduce(column.view(np.uint64), axis=None, initial=0))
    assert 0 <= most <= MOST_HELD
    return most


def _divided(
    amount: Fen, numerator: Fen | int, denominator: Fen | int, *, cut: Callable[..., Any]
) -> Fen:
    most, by = most_of(amount) * most_of(numerator), most_of(denominator)
    if amount.size == 1:
        one = cut(most, by) if by else 0
        assert one <= MOST_HELD
        return np.full(amount.shape, one, np.int64)
    unit = np.maximum(denominator, ONE)
    made: Fen = cut(amount * numerator, unit) * np.not_equal(denominator, ZERO)
    if most + by // 2 > MOST_HELD:
        room = (MOST_HELD - unit // 2) // np.maximum(numerator, ONE)
        wide = np.flatnonzero(amount > room)
        rows = (np.broadcast_to(c, amount.shape)[wide] for c in (amount, numerator, denominator))
        made[wide] = _divided_wide(*rows, cut=cut)
    return made


def _divided_wide(amount: Fen, numerator: Fen, denominator: Fen, *, cut: Callable[..., Any]) -> Fen:
    """Rows whose product 64 bits do not hold, one by one in whole numbers without a limit."""
    rows = zip(amount.tolist(), numerator.tolist(), denominator.tolist(), strict=True)
    made = [cut(a * n, d) if d else 0 for a, n, d in rows]
    assert max(made, default=0) <= MOST_HELD
    return np.array(made, np.int64)


def _portion_of_ratio(
    amount: Fen, numerator: Fen | int, denominator: Fen | int, rates: Sequence[BasisPoints]
) -> Fen:
    """Rates of a ratio: rows whose ratio is a whole number of fen as `portion` takes them, the
    others one by one in whole numbers without a limit."""
    whole = _divided(amount, numerator, denominator, cut=_floor)
    made = portion(whole, *rates)
    part, unit = (np.broadcast_to(c, amount.shape) for c in (numerator, denominator))
    is_broken = (part != unit) & (amount > 0) & (part > 0) & (unit > 0)
    for row in np.flatnonzero(is_broken).tolist():
        product, divisor = int(amount[row]) * int(part[row]), int(unit[row])
        for rate in rates:
            product, divisor = product * int(rate[row]), divisor * WHOLE
        made[row] = _half_up(product, divisor)
    return made


def rest_of(rate: BasisPoints) -> BasisPoints:
    """What a rate leaves over: 20% leaves 80% (basis points)."""
    return WHOLE - rate


def positive(amount: Fen) -> Fen:
    """What is above zero; nothing otherwise (benefit_rules A4)."""
    return np.maximum(amount, ZERO)


def capped(amount: Fen, ceiling: Fen) -> Fen:
    """The amount, or the ceiling where the amount is above it."""
    return np.minimum(amount, ceiling)


def above(amount: Fen, ceiling: Fen) -> Fen:
    """The part of the amount that lies above the ceiling; nothing where it does not."""
    over: Fen = np.maximum(amount - ceiling, ZERO)
    return over


def chosen(condition: Flag, then: Fen, otherwise: Fen) -> Fen:
    """`then` where the condition holds, `otherwise` elsewhere."""
    return np.where(condition, then, otherwise)


def picked(code: Fen, *figures: Fen) -> Fen:
    """The figure that stands at the place of the code, the first for 0. Raises ValueError where
    a code has no figure."""
    found: Fen = np.choose(code, figures)
    return found


def first_place(*counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place, from 1, of the first column that is above zero; 0 where none is."""
    places = [only_if(column > ZERO, ONE * place) for place, column in enumerate(counts, 1)]
    first: NDArray[np.int64] = np.zeros_like(counts[0])
    for place in reversed(places):
        first = chosen(place > ZERO, place, first)
    return first


def only_if(condition: Flag, amount: Fen) -> Fen:
    """The amount where the condition holds; nothing elsewhere."""
    kept: Fen = amount * condition
    return kept


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
