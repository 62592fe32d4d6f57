"""What holds of every product whatever the claim (section P of the benefit rules).

What a product is exempt from, its own module in tests/rules/reference says.
"""

import os
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lipei.rules import edition, edition_names
from lipei.rules.days import FIRST_DAY, LAST_DAY, day_number
from lipei.rules.money import MOST_FEN
from lipei.rules.statement import recomputed, sheet, signed_sum
from tests.rules.draws import in_order, told_whole, usual
from tests.rules.random_claims import one_group, settled
from tests.rules.reference import (
    DRAWN,
    FIXED_SUM,
    FIXED_TERMS,
    HIGHER_DEDUCTIBLE,
    MORE_LOSS,
    MOST_LOST,
    MOST_PAID,
    TIE_FEN,
    USED_BEFORE,
    USUAL,
    at_most,
)

EXAMPLES = max(30, int(os.environ.get("LIPEI_RANDOM_CLAIMS", "2500")) // 100)
AMOUNTS = (
    st.integers(0, 5_000_00)
    | st.sampled_from([0, 1, 100_00, 2_000_00, 2_000_01, 18_000_00, 180_000_00])
    | st.integers(0, 3_000_000_00)
    | st.integers(0, MOST_FEN)
)
KINDS = {
    "fen": AMOUNTS,
    "bp": st.integers(0, 10_000),
    "yes_no": st.booleans(),
    "days": st.integers(0, 400),
    "count": st.integers(0, 12) | st.integers(0, 1_000_000),
    "date": st.integers(day_number(FIRST_DAY), day_number(LAST_DAY)),
    "key": st.just(0),
    "code": st.integers(0, 1_000),
}


def values(facts, *, is_usual=False):
    def one(fact):
        drawn = KINDS[fact.kind].map(lambda v, f=fact: v if v is True else clipped(v, f))
        if fact.default is None:
            return drawn
        return st.just(usual(fact)) if is_usual else st.just(usual(fact)) | drawn

    return st.fixed_dictionaries({name: one(fact) for name, fact in facts.items()})


def clipped(number, fact):
    if fact.kind == "code":
        return number % len(fact.codes)
    return number if fact.kind == "yes_no" else min(max(fact.least, number), fact.most)


@st.composite
def groups(draw, name):
    """The rows of one group of an edition: one claim, or as the product's own draw makes them."""
    held = edition(name)
    if name in DRAWN:
        return one_group(Random(draw(st.integers(0, 2**32 - 1))), held)
    terms = draw(values(held.terms, is_usual=name in FIXED_TERMS))
    claim = draw(values(held.facts)) | terms
    random = Random(draw(st.integers(0, 2**32 - 1)))
    return [in_order(held, told_whole(random, held, claim))]


def every(editions):
    """A test of each of the editions, with random groups of claims."""

    def mark(test):
        tried = settings(max_examples=EXAMPLES, deadline=None)(given(data=st.data())(test))
        return pytest.mark.parametrize("name", sorted(editions))(tried)

    return mark


def paid(name, rows):
    return sum(one.benefit_fen for one in settled(edition(name), rows))


def usual_rows(name, rows):
    return [USUAL[name](claim) if name in USUAL else claim for claim in rows]


@every(edition_names())
def test_nothing_is_ever_negative_and_nothing_exceeds_limit_or_loss(data, name):
    rows = data.draw(groups(name))
    made = settled(edition(name), rows)
    amounts = {r.column for r in edition(name).rules if r.column.endswith("_fen")}
    assert min(one.columns[column] for one in made for column in amounts) >= 0
    assert sum(one.benefit_fen for one in made) <= at_most(MOST_PAID, name, rows)
    if name not in FIXED_SUM:
        assert sum(one.benefit_fen for one in made) <= at_most(MOST_LOST, name, rows)


@every(edition_names())
def test_the_steps_add_up_to_the_amount_paid_part_by_part(data, name):
    for one in settled(edition(name), data.draw(groups(name))):
        made = sheet(one, reference="X-1")
        assert signed_sum(made.steps) == made.benefit_fen
        assert sum(part.amount_fen for part in made.parts) == made.benefit_fen
        assert made.steps[-1].column == "benefit_fen"
        for part in made.parts:
            for step in part.steps:
                if part.key and step.sign == "=":
                    assert step.amount_fen == part.amount_fen


@every(edition_names())
def test_settling_again_from_the_sheet_gives_the_same_sheet(data, name):
    for one in settled(edition(name), data.draw(groups(name))):
        made = sheet(one, reference="X-1")
        again = sheet(recomputed(made.as_json()), reference="X-1")
        assert again.digest == made.digest


@every(MORE_LOSS)
def test_more_loss_never_means_less_payment(data, name):
    """But for the steps that the product names (P2)."""
    rows = usual_rows(name, data.draw(groups(name)))
    raised = data.draw(st.sampled_from(MORE_LOSS[name]))
    at = data.draw(st.integers(0, len(rows) - 1))
    room = edition(name).given[raised].most - rows[at][raised]
    assume(room)
    told = rows[at][raised] + data.draw(st.integers(1, min(room, 10**9)))
    is_shared = bool(edition(name).given[raised].alike)
    more = [one | {raised: told} if is_shared or one is rows[at] else one for one in rows]
    tie_fen = len(rows) - 1 if name in TIE_FEN else 0
    assert paid(name, more) >= paid(name, rows) - tie_fen


@every(HIGHER_DEDUCTIBLE)
def test_a_higher_deductible_never_raises_the_payment(data, name):
    rows = usual_rows(name, data.draw(groups(name)))
    for raised in HIGHER_DEDUCTIBLE[name]:
        least = min(claim[raised] for claim in rows)
        high = data.draw(st.integers(least, edition(name).given[raised].most))
        higher = [claim | {raised: max(high, claim[raised])} for claim in rows]
        assert paid(name, higher) <= paid(name, rows)


@every(USED_BEFORE)
def test_what_was_paid_before_under_a_limit_never_raises_the_payment(data, name):
    rows = usual_rows(name, data.draw(groups(name)))
    for used in USED_BEFORE[name]:
        assert paid(name, rows) <= paid(name, [claim | {used: 0} for claim in rows])
