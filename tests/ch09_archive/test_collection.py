"""9.1 The file of a claim: authorities first, the rest as it was handled, the receipts last."""

import pytest

from lipei.ch02_intake.materials import receive_document
from lipei.ch09_archive.collection import contents_of
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.clause("9.1-e")
def test_the_proof_stands_in_front_and_a_stranger_kind_does_not_push_in(department):
    claim, by = steps.accepted(steps.filed()), steps.claimant()
    receive_document(claim.number, kind="other", upload=steps.upload(by).pk, by=by)
    found = contents_of(claim)
    kinds = [kind for kind, _, _, _ in found]
    assert kinds == ["self_settlement", "driving_licence", "vehicle_licence", "scene", "close",
                     "other"]  # fmt: skip
    classes = {kind: held for kind, _, _, held in found}
    assert (classes["driving_licence"], classes["scene"]) == ("identity", "claim_document")
