"""Compulsory cover, third-party cover, wrongdoer and victim bear the whole loss (P4, P8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipei.rules import edition, settle, settle_together
from lipei.rules.money import MOST_FEN

HEADS = ("property", "medical", "death")
AMOUNTS = (
    st.integers(0, 5_000_00)
    | st.sampled_from([0, 1, 100_00, 2_000_00, 2_000_01, 18_000_00, 180_000_00])
    | st.integers(0, MOST_FEN)
)
LOST = st.fixed_dictionaries({f"{head}_loss_fen": AMOUNTS for head in HEADS})


@given(st.sampled_from([1, 3_000, 5_000, 7_000, 10_000]), LOST, st.integers(1, MOST_FEN))
def test_compulsory_cover_third_party_cover_and_owner_bear_the_lawful_share(share, lost, limit):
    """Compulsory in full, then the share of the rest: by the cover up to its limit, beyond
    it by the owner; the victim's own share is what is left of the loss."""
    compulsory = settle("compulsory_motor_2020", facts={"is_at_fault": True, **lost})
    heads = {f"{head}_compulsory_fen": compulsory.columns[f"{head}_fen"] for head in HEADS}
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


@given(LOST)
def test_compulsory_cover_knows_no_share_of_fault(lost):
    assert not [name for name in edition("compulsory_motor_2020").facts if "share" in name]
    at_fault = settle("compulsory_motor_2020", facts={"is_at_fault": True, **lost})
    not_at_fault = settle("compulsory_motor_2020", facts={"is_at_fault": False, **lost})
    assert not_at_fault.benefit_fen <= at_fault.benefit_fen


@pytest.mark.parametrize("year", ["2008", "2020"])
def test_covers_share_a_loss_by_the_limits_that_they_pay_by(year):
    shares, motor = edition(f"compulsory_shares_{year}"), edition(f"compulsory_motor_{year}")
    defaults = {name: term.default for name, term in shares.terms.items()}
    assert defaults == {name: term.default for name, term in motor.terms.items()}
    assert (shares.starts_on, shares.ends_on) == (motor.starts_on, motor.ends_on)


def test_ctp03_what_two_covers_leave_is_shared_by_fault():
    """A 70%, B 30%: 40,000 are left of 280,000, and 28,000 and 12,000 fall on their covers."""
    lost = {"medical_loss_fen": 3_000_000, "death_loss_fen": 25_000_000}
    rows = [lost | {"cover_key": n, "victim_key": 9, "is_at_fault": True} for n in (1, 2)]
    made = settle_together("compulsory_shares_2008", rows=rows)
    heads = ("medical", "death")
    borne = {f"{h}_compulsory_fen": sum(m.columns[f"{h}_fen"] for m in made) for h in heads}
    for share, wanted in ((7_000, 2_800_000), (3_000, 1_200_000)):
        facts = lost | borne | {"fault_share_bp": share}
        facts |= {"property_loss_fen": 0, "property_compulsory_fen": 0}
        commercial = settle("third_party_2020", facts=facts, terms={"limit_fen": 10**8})
        assert commercial.benefit_fen == wanted
