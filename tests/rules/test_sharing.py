"""A total is shared among the rows that belong together, and the shares sum to it."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipei.rules.money import MOST_FEN, MOST_HELD, floor_ratio_of, graded, ratio_of, split
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import count_of, first_in, first_of, largest_of, shared, sum_of
from tests.rules.exact import half_up, largest_remainders

KEYS = st.integers(0, 4) | st.just(MOST_HELD)
WEIGHTS = st.integers(0, 3) | st.integers(0, 10**7) | st.integers(0, MOST_FEN)
ROWS = st.lists(st.tuples(KEYS, WEIGHTS), min_size=0, max_size=14)
ANY = st.integers(0, 100) | st.integers(0, MOST_FEN) | st.integers(0, MOST_HELD)


def column(values):
    return np.array(list(values), np.int64)


def totals_of(rows, total_of):
    return column(total_of[key % 7] for key, _ in rows)


@given(ROWS, st.lists(WEIGHTS, min_size=7, max_size=7))
def test_shares_are_those_of_the_largest_remainders_wherever_the_rows_stand(rows, total_of):
    keys, weights = column(k for k, _ in rows), column(w for _, w in rows)
    made = shared(totals_of(rows, total_of), weights, keys).tolist()
    for key in {k for k, _ in rows}:
        among = [i for i, (k, _) in enumerate(rows) if k == key]
        wanted = largest_remainders(total_of[key % 7], [rows[i][1] for i in among])
        assert [made[i] for i in among] == wanted


@given(ROWS)
def test_a_column_of_several_values_a_row_is_summed_value_by_value(rows):
    keys, weights = column(k for k, _ in rows), column(w for _, w in rows)
    made = sum_of(np.stack((weights, 2 * weights), axis=1), keys)
    assert made[:, 0].tolist() == sum_of(weights, keys).tolist()
    assert made[:, 1].tolist() == sum_of(2 * weights, keys).tolist()


@given(st.integers(0, MOST_FEN), st.lists(WEIGHTS, min_size=1, max_size=9).filter(sum))
def test_one_group_is_shared_as_a_total_is_split(total, weights):
    keys = np.zeros(len(weights), np.int64)
    made = shared(np.full(len(weights), total), column(weights), keys)
    assert tuple(made.tolist()) == split(total, weights)


@given(ROWS)
def test_what_is_told_of_a_group_stands_in_all_of_its_rows(rows):
    keys, amounts = column(k for k, _ in rows), column(a for _, a in rows)
    groups = {k: [a for other, a in rows if other == k] for k, _ in rows}
    assert sum_of(amounts, keys).tolist() == [sum(groups[k]) for k, _ in rows]
    assert count_of(keys).tolist() == [len(groups[k]) for k, _ in rows]
    assert largest_of(amounts, keys).tolist() == [max(groups[k]) for k, _ in rows]
    assert first_in(amounts, keys).tolist() == [groups[k][0] for k, _ in rows]
    wanted = [k not in [other for other, _ in rows[:i]] for i, (k, _) in enumerate(rows)]
    assert first_of(keys).tolist() == wanted


def test_flags_are_counted_and_a_sum_that_64_bits_do_not_hold_is_never_made():
    keys = column([1, 2, 1])
    assert sum_of(np.array([True, True, True]), keys).tolist() == [2, 1, 2]
    with pytest.raises(AssertionError):
        sum_of(column([MOST_HELD, 1, 1]), keys)


@given(st.lists(st.tuples(ANY, ANY, ANY), min_size=1, max_size=6))
def test_a_ratio_is_exact_beyond_64_bits_and_rounded_half_up_once(rows):
    exact = [Fraction(a * n, d) if d else Fraction(0) for a, n, d in rows]
    columns = [column(c) for c in zip(*rows, strict=True)]
    if max(half_up(e) for e in exact) > MOST_HELD:
        with pytest.raises(AssertionError):
            ratio_of(*columns)
        return
    assert ratio_of(*columns).tolist() == [half_up(e) for e in exact]
    assert floor_ratio_of(*columns).tolist() == [int(e) for e in exact]


def test_a_ratio_may_be_told_in_plain_numbers():
    amounts = column([13_560, 1, 10**13])
    assert ratio_of(amounts, 200, 365).tolist() == [7_430, 1, 5_479_452_054_795]
    assert ratio_of(amounts, column([1, 1, 1]), 0).tolist() == [0, 0, 0]
    assert ratio_of(column([5]), 1, 2).tolist() == [3]


SCALE = [(10_000, 5_000), (100_000, 6_000), (500_000, 7_000), (1_000_000, 8_000)]


@pytest.mark.parametrize("height", [1, 3])
def test_a_scale_takes_each_rate_of_its_own_slice(height):
    """HI-05 and HI-06 before the limit of a stay."""
    scale = [*SCALE, (3_000_000, 9_000)]
    bounds = [np.full(height, bound) for bound, _ in scale]
    rates = [np.full(height, rate) for _, rate in scale]
    for cost, wanted in ((300_000, 165_000), (2_400_000, 1_755_000), (10_000, 0), (0, 0)):
        made = graded(np.full(height, cost), bounds=bounds, rates=rates)
        assert made.tolist() == [wanted] * height


@given(
    st.integers(0, MOST_FEN),
    st.lists(st.tuples(WEIGHTS, st.integers(0, 10_000)), min_size=1, max_size=5),
)
def test_a_scale_is_rounded_once(cost, scale):
    scale = sorted(scale)
    ends = [*(bound for bound, _ in scale[1:]), max(cost, 0)]
    exact = sum(
        Fraction(max(0, min(cost, end) - bound) * rate, 10_000)
        for (bound, rate), end in zip(scale, ends, strict=False)
    )
    bounds, rates = [column([b]) for b, _ in scale], [column([r]) for _, r in scale]
    assert graded(column([cost]), bounds=bounds, rates=rates).tolist() == [half_up(exact)]


def test_a_scale_whose_bounds_descend_is_never_used():
    with pytest.raises(AssertionError):
        graded(column([5]), bounds=[column([2]), column([1])], rates=[column([1]), column([1])])


RUNS = st.lists(st.tuples(st.integers(0, 3), WEIGHTS), max_size=14)


@given(RUNS, st.lists(WEIGHTS, min_size=4, max_size=4), st.lists(WEIGHTS, min_size=4, max_size=4))
def test_a_limit_is_used_up_in_the_order_of_the_rows(rows, limits, openings):
    keys, asked = column(k for k, _ in rows), column(a for _, a in rows)
    limit, opening = column(limits[k] for k, _ in rows), column(openings[k] for k, _ in rows)
    made = used_before(asked, limit=limit, opening=opening, key=keys)
    used = {k: min(openings[k], limits[k]) for k in range(4)}
    for (key, amount), before, left in zip(
        rows, made.tolist(), left_of(limit, made).tolist(), strict=True
    ):
        assert before == used[key]
        assert left == limits[key] - used[key]
        used[key] += min(amount, left)
