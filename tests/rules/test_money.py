"""Money is exact to the fen, and rounded in one place."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipei.rules.money import (
    MOST_FEN,
    MOST_PORTIONED_FEN,
    WHOLE,
    above,
    capped,
    first_place,
    picked,
    portion,
    positive,
    ratio_of,
    split,
)

RATES = st.lists(st.integers(0, WHOLE), min_size=1, max_size=4)


def column(*values):
    return np.array(values, np.int64)


def half_up(exact):
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


@given(st.integers(0, MOST_PORTIONED_FEN), RATES)
def test_a_portion_is_the_exact_product_rounded_half_up_once(amount, rates):
    exact = Fraction(amount)
    for rate in rates:
        exact *= Fraction(rate, WHOLE)
    taken = portion(column(amount), *(column(rate) for rate in rates))
    assert int(taken[0]) == half_up(exact)


def test_half_a_fen_is_rounded_up():
    assert portion(column(1, 3, 1), column(5_000, 5_000, 4_999)).tolist() == [1, 2, 0]


def test_two_rates_are_rounded_once():
    once = portion(column(7), column(5_000), column(9_000))
    twice = portion(portion(column(7), column(5_000)), column(9_000))
    assert (once.tolist(), twice.tolist()) == ([3], [4])


@pytest.mark.parametrize(
    ("amount", "rate"),
    [(-1, 5_000), (MOST_PORTIONED_FEN + 1, 1), (100, -1), (100, WHOLE + 1)],
)
def test_a_portion_that_would_not_be_exact_is_never_computed(amount, rate):
    with pytest.raises(AssertionError):
        portion(column(amount), column(rate))


def test_ninety_of_the_largest_facts_may_be_added_and_portioned():
    assert MOST_FEN * 90 <= MOST_PORTIONED_FEN


def test_a_portion_of_no_claims_is_no_claims():
    assert portion(column(), column()).shape == (0,)


def test_floors_and_ceilings_keep_the_fen():
    assert positive(column(-5, 0, 5)).tolist() == [0, 0, 5]
    assert capped(column(1, 2, 3), column(2, 2, 2)).tolist() == [1, 2, 2]
    assert above(column(1, 2, 3), column(2, 2, 2)).tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (10_000_000, (1, 1, 1), (3_333_334, 3_333_333, 3_333_333)),
        (1_800_000, (1_000_000, 700_000, 633_333), (771_429, 540_000, 488_571)),
        (123_456_789, (40, 30, 30), (49_382_715, 37_037_037, 37_037_037)),
        (9_000, (3_522, 3_522, 1_957), (3_522, 3_521, 1_957)),
        (0, (1, 2), (0, 0)),
        (5, (0, 1), (0, 5)),
    ],
)
def test_a_total_is_split_by_largest_remainder(total, weights, shares):
    assert split(total, weights) == shares


@given(
    st.integers(0, 10**15),
    st.lists(st.integers(0, 10**12), min_size=1, max_size=12).filter(lambda w: sum(w) > 0),
)
def test_shares_sum_to_the_total_and_lie_within_a_fen_of_their_part(total, weights):
    shares = split(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(total * weight, sum(weights))) < 1


@pytest.mark.parametrize(("total", "weights"), [(-1, (1,)), (1, (0, 0)), (1, ()), (1, (2, -1))])
def test_a_split_without_sense_is_never_made(total, weights):
    with pytest.raises(AssertionError):
        split(total, weights)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**13),
            st.integers(0, 10**13),
            st.integers(0, 10**13),
            st.integers(0, 10_000),
            st.integers(0, 10_000),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_rates_of_a_ratio_are_rounded_once(rows):
    rows = [(a, min(n, d), d, *rates) for a, n, d, *rates in rows]
    amount, part, whole, first, second = (column(*values) for values in zip(*rows, strict=True))
    exact = [Fraction(a * n * p * q, d * 10**8) if d else Fraction(0) for a, n, d, p, q in rows]
    assert ratio_of(amount, part, whole, first, second).tolist() == [half_up(f) for f in exact]


def test_a_figure_is_picked_by_its_place():
    figures = column(1, 1, 1), column(2, 2, 2), column(3, 4, 5)
    assert picked(column(0, 1, 2), *figures).tolist() == [1, 2, 5]
    with pytest.raises(ValueError, match="invalid"):
        picked(column(0, 3, 2), *figures)


def test_the_first_place_is_that_of_the_first_column_above_zero():
    counts = column(0, 0, 2, 0), column(0, 1, 0, 0), column(3, 5, 1, 0)
    assert first_place(*counts).tolist() == [3, 2, 1, 0]
    assert first_place(column(4)).tolist() == [1]
