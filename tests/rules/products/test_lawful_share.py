"""Compulsory cover, third-party cover, wrongdoer and victim bear the whole loss (P4, P8)."""

from hypothesis import given
from hypothesis import strategies as st

from lipei.rules import edition, settle
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
