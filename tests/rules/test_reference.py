"""Each product against the same rules written again with exact fractions."""

import numpy as np
import pytest

from lipei.rules import edition, edition_names, settle, settle_many
from tests.rules.random_claims import random_claims
from tests.rules.reference import MOST_LOST, MOST_PAID, REFERENCE

CLAIMS = 2_500


def columns_of(claims):
    return {name: np.array([claim[name] for claim in claims]) for name in claims[0]}


def test_every_edition_has_a_reference():
    for table in (REFERENCE, MOST_PAID, MOST_LOST):
        assert set(table) == set(edition_names())


@pytest.mark.parametrize("name", edition_names())
def test_random_claims_are_settled_as_the_reference_settles_them(name):
    held = edition(name)
    claims = random_claims(held, number=CLAIMS, seed=20_250_101)
    frame = settle_many(held, frame=columns_of(claims))
    for claim, paid in zip(claims, frame["benefit_fen"].tolist(), strict=True):
        assert paid == REFERENCE[name](claim), claim


@pytest.mark.parametrize("name", edition_names())
def test_one_claim_alone_gives_every_column_of_the_batch(name):
    held = edition(name)
    claims = random_claims(held, number=300, seed=7)
    frame = settle_many(held, frame=columns_of(claims))
    for row, claim in enumerate(claims):
        alone = settle(
            held,
            facts={k: claim[k] for k in held.facts},
            terms={k: claim[k] for k in held.terms},
        )
        assert alone.columns == {k: int(column[row]) for k, column in frame.items()}


@pytest.mark.parametrize("name", edition_names())
def test_the_order_of_claims_in_a_batch_changes_nothing(name):
    held = edition(name)
    claims = columns_of(random_claims(held, number=500, seed=11))
    shuffled = np.random.default_rng(3).permutation(500)
    paid = settle_many(held, frame=claims)["benefit_fen"]
    again = settle_many(held, frame={k: column[shuffled] for k, column in claims.items()})
    assert (again["benefit_fen"] == paid[shuffled]).all()


def test_a_batch_without_claims_is_settled_to_nothing():
    held = edition("own_damage_2020")
    empty = {name: np.array([], np.int64) for name in ("repair_cost_fen", "sum_insured_fen")}
    assert settle_many(held, frame=empty)["benefit_fen"].shape == (0,)
