"""2.2 What is asked for: the proof that the law wants, and nothing that we hold already."""

import pytest

from lipei.ch02_intake.materials import receive_document, request_materials
from lipei.ch02_intake.registration import register_claim
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def wanted(claim) -> set[str]:
    return set(claim.materials.values_list("kind", flat=True))


@pytest.mark.clause("1.3-c")
@pytest.mark.parametrize(
    ("proof", "paper", "other"),
    [
        ("agreement", "self_settlement", "accident_certificate"),
        ("certificate", "accident_certificate", "self_settlement"),
        ("none", "accident_certificate", "self_settlement"),
    ],
)
def test_an_accident_is_proved_by_certificate_or_lawful_agreement(department, proof, paper, other):
    claim = steps.filed(proof=proof)
    assert paper in wanted(claim)
    assert other not in wanted(claim)
    with refused("materials_incomplete"):
        register_claim(claim.number, reserves={1: 1, 2: 1}, by=steps.CLERK)
    assert steps.registered(steps.accepted(claim)).stage == "registered"


@pytest.mark.clause("2.2-c")
def test_only_what_the_claimant_can_give_is_asked_for(department):
    """No policy, which is ours; no invoice for a small loss; nothing that lies here unread."""
    claim, by = steps.filed(), steps.claimant()
    assert not wanted(claim) & {"policy", "repair_invoice"}
    asked = {"driving_licence", "vehicle_licence", "self_settlement"}
    absent = claim.materials.filter(state="wanted").values_list("kind", flat=True)
    assert set(absent) == asked
    with refused("paper_not_wanted"):
        receive_document(claim.number, kind="policy", upload=steps.upload(by).pk, by=by)
    receive_document(claim.number, kind="driving_licence", upload=steps.upload(by).pk, by=by)
    assert set(request_materials(claim.number, by=steps.CLERK)) == asked - {"driving_licence"}
