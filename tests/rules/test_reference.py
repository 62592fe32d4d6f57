"""Each product against the same rules written again with exact fractions.

The suite draws some 2,500 random claims a product; LIPEI_RANDOM_CLAIMS=100000 draws so many.
"""

import os
from random import Random

import numpy as np
import pytest

from lipei.rules import edition, edition_names, settle_many
from tests.rules.in_turn import is_in_turn, settle_in_turn
from tests.rules.random_claims import random_groups, settled
from tests.rules.reference import (
    FIXED_SUM,
    GROUPED,
    MOST_LOST,
    MOST_PAID,
    REFERENCE,
    paid_by_reference,
)

CLAIMS = int(os.environ.get("LIPEI_RANDOM_CLAIMS", "2500"))


def columns_of(groups):
    claims = [claim for group in groups for claim in group]
    return {name: np.array([claim[name] for claim in claims]) for name in claims[0]}


def test_every_edition_has_a_reference():
    for table in (REFERENCE, MOST_PAID, MOST_LOST.keys() | FIXED_SUM):
        assert set(table) == set(edition_names())
    assert {name for name in edition_names() if edition(name).keys} == GROUPED


@pytest.mark.parametrize("name", edition_names())
def test_random_claims_are_settled_as_the_reference_settles_them(name):
    held = edition(name)
    groups = random_groups(held, number=CLAIMS, seed=20_250_101)
    paid = iter(settle_many(held, frame=columns_of(groups))["benefit_fen"].tolist())
    for group in groups:
        assert [next(paid) for _ in group] == paid_by_reference(name, group), group


@pytest.mark.parametrize("name", edition_names())
def test_one_claim_alone_gives_every_column_of_the_batch(name):
    """One claim, or the claims of one group that are settled together."""
    held = edition(name)
    groups = random_groups(held, number=300, seed=7)
    frame = settle_many(held, frame=columns_of(groups))
    alone = [one for group in groups for one in settled(held, group)]
    for row, one in enumerate(alone):
        assert one.columns == {k: int(column[row]) for k, column in frame.items()}


@pytest.mark.parametrize("name", edition_names())
def test_a_figure_told_once_for_all_rows_counts_as_one_that_is_told_in_each(name):
    held, random = edition(name), Random(17)
    for group in random_groups(held, number=150, seed=17):
        told = group if len(group) > 1 else thrice(held, group[0])
        frame = columns_of([told])
        in_each = {*held.keys, random.choice([*held.facts])}
        alike = [n for n, c in frame.items() if n not in in_each and len(set(c.tolist())) == 1]
        once = {n for n in alike if random.random() < 2 / 3}
        mixed = {n: c[0] if n in once else c for n, c in frame.items()}
        wanted = settle_many(held, frame=frame)
        for column, values in settle_many(held, frame=mixed).items():
            assert values.tolist() == wanted[column].tolist(), (column, once)
            assert values.dtype == wanted[column].dtype, column


def thrice(held, claim):
    """The same claim three times, of three insured years, events or estates."""
    return [claim | {key: claim[key] + more for key in held.keys} for more in range(3)]


@pytest.mark.parametrize("name", [n for n in edition_names() if is_in_turn(edition(n))])
def test_settled_one_by_one_the_limits_carried_forward_the_figures_are_those_of_the_frame(name):
    held = edition(name)
    groups = random_groups(held, number=600, seed=13)
    frame = settle_many(held, frame=columns_of(groups))
    in_turn = settle_in_turn(held, [claim for group in groups for claim in group])
    for row, one in enumerate(in_turn):
        for r in held.rules:
            assert one.columns[r.column] == frame[r.column][row], (r.column, one.facts)


@pytest.mark.parametrize("name", edition_names())
def test_the_order_of_groups_in_a_batch_changes_nothing(name):
    held = edition(name)
    groups = random_groups(held, number=500, seed=11)
    places = list(range(len(groups)))
    Random(3).shuffle(places)
    paid = settle_many(held, frame=columns_of(groups))["benefit_fen"].tolist()
    ends = np.cumsum([len(group) for group in groups]).tolist()
    again = settle_many(held, frame=columns_of([groups[p] for p in places]))["benefit_fen"]
    wanted = [n for p in places for n in paid[ends[p] - len(groups[p]) : ends[p]]]
    assert again.tolist() == wanted


def test_a_batch_without_claims_is_settled_to_nothing():
    for name in edition_names():
        held = edition(name)
        empty = {
            n: np.array([], bool if f.kind == "yes_no" else int) for n, f in held.given.items()
        }
        assert settle_many(held, frame=empty)["benefit_fen"].shape == (0,)
