"""3.2 A second pair of eyes: the fault that is written down, the sheet that is worked out again."""

import pytest

from lipei.ch01_general.models import Claim
from lipei.ch03_assessment.verification import establish_fault, proves_itself
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def test_the_fault_is_one_that_the_law_knows_and_keeps_what_stood_before(department):
    claim = steps.accepted(steps.filed(fault="unknown"))
    with refused("choice_unknown"):
        establish_fault(claim.number, fault="theirs", by=steps.CLERK)
    with refused("duty_missing"):
        establish_fault(claim.number, fault="full", by=steps.MAKER)
    establish_fault(claim.number, fault="main", by=steps.CLERK)
    establish_fault(claim.number, fault="full", by=steps.CLERK)
    assert Claim.objects.get(pk=claim.pk).facts["fault"] == "full"
    said = [e.facts for e in history(claim.subject) if e.clause == "3.1-d"]
    assert [(f["before"], f["fault"]) for f in said] == [("unknown", "main"), ("main", "full")]


@pytest.mark.clause("3.2-g")
def test_a_claim_without_a_sum_has_nothing_to_prove_and_one_with_a_sum_proves_it(department):
    claim = steps.registered(steps.accepted(steps.filed()))
    assert proves_itself(claim.number, by=steps.REVIEWER) == []
    steps.surveyed(claim)
    found = proves_itself(claim.number, by=steps.REVIEWER)
    assert found == [{"position": 1, "same": True}, {"position": 2, "same": True}]
