"""Money is a whole number of fen (分), a rate a whole number of basis points (万分之一).

A figure that is the same in every row may stand alone, a whole number of numpy without a place:
so stand all figures of one claim, which is settled in a fraction of the time of a column of one.
"""

import math
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


def alone(value: int) -> Fen:
    """A whole number as the figure of one claim, or of every row."""
    return np.int64(value)  # type: ignore[return-value]  # a column of every row


def stand_alone(*columns: Fen | Flag | int) -> bool:
    """Whether none of the columns has rows."""
    for column in columns:  # noqa: SIM110  a generator would cost more than the sum itself
        if not isinstance(column, int) and column.ndim:
            return False
    return True


ZERO, ONE = alone(0), alone(1)


def portion(amount: Fen, *rates: BasisPoints) -> Fen:
    """Take every one of `rates` (basis points, 0 to 10,000) of `amount` (fen, not negative).

    Halves are rounded up, once, whatever the number of rates (up to four): what lies below
    a whole fen is carried exactly from rate to rate (benefit_rules A1). Raises
    AssertionError where a figure would not be exact.
    """
    assert 1 <= len(rates) <= MOST_RATES
    if stand_alone(amount, *rates):
        return _portion_of_one(int(amount), [int(rate) for rate in rates])
    assert most_of(amount) <= MOST_PORTIONED_FEN
    for rate in rates:
        assert most_of(rate) <= WHOLE
    if len(rates) == 1:
        return _half_up(amount * rates[0], WHOLE)
    whole, below, unit = amount, ZERO, 1
    for rate in rates:
        scaled = whole * rate
        below = (scaled % WHOLE) * unit + below * rate
        unit *= WHOLE
        whole = scaled // WHOLE + below // unit
        below = below % unit
    rounded: Fen = whole + _half_up(below, unit)
    return rounded


def _portion_of_one(amount: int, rates: Sequence[int]) -> Fen:
    assert 0 <= amount <= MOST_PORTIONED_FEN
    assert min(rates) >= 0
    assert max(rates) <= WHOLE
    return alone(_half_up(amount * math.prod(rates), WHOLE ** len(rates)))


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
    scaled = ZERO
    for lower, upper, rate in zip(bounds, (*bounds[1:], amount), rates, strict=True):
        assert most_of(rate) <= WHOLE
        assert upper is amount or everywhere(lower <= upper)
        scaled = scaled + above(capped(amount, upper), lower) * rate
    return _half_up(scaled, WHOLE)


def _half_up(product: Whole, unit: Whole | int) -> Whole:
    """The one rounding: `portion`, `ratio_of` and `graded` share it (columns or plain ints). A
    column is a product that nobody else holds: it becomes the result, which saves memory."""
    product += unit // 2
    product //= unit
    return product


def _floor(product: Whole, unit: Whole | int) -> Whole:
    return product // unit


def most_of(column: Fen | int) -> int:
    """The largest value of a column. Raises AssertionError where one is negative."""
    if isinstance(column, int) or not column.ndim:
        most = int(column)
    else:
        most = int(np.maximum.reduce(column.view(np.uint64), axis=None, initial=0))
    assert 0 <= most <= MOST_HELD
    return most


def _divided(
    amount: Fen, numerator: Fen | int, denominator: Fen | int, *, cut: Callable[..., Any]
) -> Fen:
    if stand_alone(amount, numerator, denominator):
        part, by = int(amount) * int(numerator), int(denominator)
        assert amount >= 0
        assert part >= 0
        assert by >= 0
        one = cut(part, by) if by else 0
        assert one <= MOST_HELD
        return alone(one)
    most, by = most_of(amount) * most_of(numerator), most_of(denominator)
    amount, numerator, denominator = np.broadcast_arrays(amount, numerator, denominator)
    unit = np.maximum(denominator, ONE)
    made: Fen = cut(amount * numerator, unit) * np.not_equal(denominator, ZERO)
    if most + by // 2 > MOST_HELD:
        room = (MOST_HELD - unit // 2) // np.maximum(numerator, ONE)
        wide = np.flatnonzero(amount > room)
        rows = (column[wide] for column in (amount, numerator, denominator))
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
    if stand_alone(amount, numerator, denominator, *rates):
        product = math.prod(map(int, (amount, numerator, *rates)))
        unit = int(denominator) * WHOLE ** len(rates)
        return alone(_half_up(product, unit) if unit else 0)
    amount, part, unit, *rates = np.broadcast_arrays(amount, numerator, denominator, *rates)
    whole = _divided(amount, part, unit, cut=_floor)
    made = portion(whole, *rates)
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
    if not amount.ndim:
        return amount if amount > 0 else ZERO
    return np.maximum(amount, ZERO)


def capped(amount: Fen, ceiling: Fen) -> Fen:
    """The amount, or the ceiling where the amount is above it."""
    if not (amount.ndim or ceiling.ndim):
        return amount if amount <= ceiling else ceiling
    return np.minimum(amount, ceiling)


def at_least(amount: Fen, floor: int) -> Fen:
    """The amount, or the floor where the amount is below it."""
    if not amount.ndim:
        return amount if amount >= floor else alone(floor)
    return np.maximum(amount, floor)


def above(amount: Fen, ceiling: Fen) -> Fen:
    """The part of the amount that lies above the ceiling; nothing where it does not."""
    return positive(amount - ceiling)


def chosen(condition: Flag, then: Fen, otherwise: Fen) -> Fen:
    """`then` where the condition holds, `otherwise` elsewhere."""
    if not condition.ndim:
        return then if condition else otherwise
    if not (then.ndim or otherwise.ndim):
        return otherwise + condition.astype(np.int64) * (then - otherwise)
    return np.where(condition, then, otherwise)


def picked(code: Fen, *figures: Fen) -> Fen:
    """The figure that stands at the place of the code, the first for 0. Raises ValueError where
    a code has no figure."""
    if not code.ndim and 0 <= code < len(figures):
        return figures[int(code)]
    found: Fen = np.choose(code, figures)
    return found


def first_place(*counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place, from 1, of the first column that is above zero; 0 where none is."""
    if stand_alone(*counts):
        return next((alone(place) for place, count in enumerate(counts, 1) if count > 0), ZERO)
    places = [(column > ZERO) * alone(place) for place, column in enumerate(counts, 1)]
    first: NDArray[np.int64] = ZERO
    for place in reversed(places):
        first = chosen(place > ZERO, place, first)
    return first


def only_if(condition: Flag, amount: Fen) -> Fen:
    """The amount where the condition holds; nothing elsewhere."""
    holds = int(condition) * condition.size if not condition.ndim else np.count_nonzero(condition)
    if holds in {0, condition.size}:
        return amount if holds else ZERO
    return amount * condition.astype(np.int64)


def everywhere(condition: Flag) -> bool:
    """Whether it holds in every row."""
    return bool(condition.all() if condition.ndim else condition)


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
