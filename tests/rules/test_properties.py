"""What holds of every product whatever the claim (section P of the benefit rules)."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lipei.rules import edition, edition_names, settle
from lipei.rules.money import MOST_FEN
from lipei.rules.statement import recomputed, sheet, signed_sum
from tests.rules.reference import MOST_LOST, MOST_PAID

AMOUNTS = (
    st.integers(0, 5_000_00)
    | st.sampled_from([0, 1, 100_00, 2_000_00, 2_000_01, 18_000_00, 180_000_00])
    | st.integers(0, 3_000_000_00)
    | st.integers(0, MOST_FEN)
)
KINDS = {"fen": AMOUNTS, "bp": st.integers(0, 10_000), "yes_no": st.booleans()}
ASKED = ("property_loss_fen", "medical_loss_fen", "death_loss_fen", "repair_cost_fen")


def values(facts):
    def one(fact):
        drawn = KINDS[fact.kind].map(lambda v, f=fact: max(f.least, v) if f.least else v)
        if fact.default is None:
            return drawn
        usual = bool(fact.default) if fact.kind == "yes_no" else fact.default
        return st.just(usual) | drawn

    return st.fixed_dictionaries({name: one(fact) for name, fact in facts.items()})


@st.composite
def settled_claims(draw):
    held = edition(draw(st.sampled_from(edition_names())))
    facts = draw(values(held.facts))
    terms = {} if held.product == "compulsory_motor" else draw(values(held.terms))
    return held, facts, terms


def paid(held, facts, terms):
    return settle(held, facts=facts, terms=terms).benefit_fen


@given(settled_claims())
def test_nothing_is_ever_negative_and_nothing_exceeds_limit_or_loss(claim):
    held, facts, terms = claim
    settled = settle(held, facts=facts, terms=terms)
    told = {**settled.facts, **settled.terms}
    assert min(settled.columns.values()) >= 0
    assert settled.benefit_fen <= MOST_PAID[held.name](told)
    assert settled.benefit_fen <= MOST_LOST[held.name](told)


@given(settled_claims())
def test_the_steps_add_up_to_the_amount_paid_part_by_part(claim):
    made = sheet(settle(claim[0], facts=claim[1], terms=claim[2]), reference="X-1")
    assert signed_sum(made.steps) == made.benefit_fen
    assert sum(part.amount_fen for part in made.parts) == made.benefit_fen
    assert made.steps[-1].column == "benefit_fen"
    for part in made.parts:
        for step in part.steps:
            if part.key and step.sign == "=":
                assert step.amount_fen == part.amount_fen


@given(settled_claims())
def test_settling_again_from_the_sheet_gives_the_same_sheet(claim):
    made = sheet(settle(claim[0], facts=claim[1], terms=claim[2]), reference="X-1")
    again = sheet(recomputed(made.as_json()), reference="X-1")
    assert again.digest == made.digest


@given(settled_claims(), st.integers(1, 10**9), st.data())
def test_more_loss_never_means_less_payment(claim, more, data):
    """But for the step to a total loss and out of the mutual settlement, which are named."""
    held, facts, terms = claim
    raised = data.draw(st.sampled_from([name for name in ASKED if name in facts]))
    assume(facts[raised] + more <= MOST_FEN)
    facts |= {name: 0 for name in ("actual_value_fen",) if name in facts}
    facts |= {name: False for name in ("is_mutual_agreed",) if name in facts}
    higher = facts | {raised: facts[raised] + more}
    assert paid(held, higher, terms) >= paid(held, facts, terms)


@pytest.mark.parametrize("name", ["own_damage_2020", "third_party_2020"])
@given(data=st.data())
def test_a_higher_deductible_never_raises_the_payment(name, data):
    held = edition(name)
    facts, terms = data.draw(values(held.facts)), data.draw(values(held.terms))
    for term in ("deductible_fen", "add_on_rate_bp"):
        if term in terms:
            high = data.draw(st.integers(terms[term], held.terms[term].most))
            assert paid(held, facts, terms | {term: high}) <= paid(held, facts, terms)


@given(settled_claims())
def test_what_was_paid_before_under_a_limit_never_raises_the_payment(claim):
    held, facts, terms = claim
    facts |= {name: False for name in ("is_mutual_agreed",) if name in facts}
    for used in ("property_paid_fen", "medical_paid_fen", "death_paid_fen", "limit_used_fen"):
        if used in facts:
            assert paid(held, facts, terms) <= paid(held, facts | {used: 0}, terms)


@given(
    st.sampled_from([1, 3_000, 5_000, 7_000, 10_000]),
    st.fixed_dictionaries({name: AMOUNTS for name in ASKED[:3]}),
    st.integers(1, MOST_FEN),
)
def test_compulsory_cover_third_party_cover_and_owner_bear_the_lawful_share(share, lost, limit):
    """Compulsory in full, then the share of the rest: by the cover up to its limit, beyond
    it by the owner; the victim's own share is what is left of the loss."""
    compulsory = settle("compulsory_motor_2020", facts={"is_at_fault": True, **lost})
    heads = {
        f"{head}_compulsory_fen": compulsory.columns[f"{head}_fen"]
        for head in ("property", "medical", "death")
    }
    commercial = settle(
        "third_party_2020",
        facts={"fault_share_bp": share, **lost, **heads},
        terms={"limit_fen": limit},
    )
    told = commercial.columns
    owner_fen, victim_fen = told["over_limit_fen"], told["others_share_fen"]
    assert compulsory.benefit_fen + commercial.benefit_fen + owner_fen + victim_fen == sum(
        lost.values()
    )


@given(st.fixed_dictionaries({name: AMOUNTS for name in ASKED[:3]}))
def test_compulsory_cover_knows_no_share_of_fault(lost):
    assert not [name for name in edition("compulsory_motor_2020").facts if "share" in name]
    at_fault = settle("compulsory_motor_2020", facts={"is_at_fault": True, **lost})
    not_at_fault = settle("compulsory_motor_2020", facts={"is_at_fault": False, **lost})
    assert not_at_fault.benefit_fen <= at_fault.benefit_fen
