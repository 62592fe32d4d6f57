"""2.1 A report is taken whatever it lacks, and an estimate is a range with its basis."""

import pytest

from lipei.ch01_general.models import Claim
from lipei.ch02_intake.channels import file_claim
from lipei.ch02_intake.estimating import give_estimate
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.mark.clause("1.3-b-range")
def test_an_estimate_is_a_range_with_its_basis_and_no_promise(department):
    claim = steps.filed()
    assert 0 < claim.estimate_low_fen < claim.estimate_high_fen
    for part in claim.estimate["parts"]:
        assert part["low_fen"] <= part["high_fen"]
        assert part["basis"]
        assert part["disclaimer_zh"]
        assert part["disclaimer_en"]


def test_where_no_part_was_ticked_nothing_is_said(department):
    claim = steps.filed(damage=())
    assert (claim.estimate_low_fen, claim.estimate_high_fen) == (None, None)


@pytest.mark.clause("2.1-h")
def test_sensitive_facts_are_taken_with_consent_only(department):
    with refused("consent_missing"):
        file_claim(steps.report(consented=False), by=steps.claimant(), key="without-consent")
    assert not Claim.objects.exists()
    assert steps.filed().number


def test_only_who_may_gives_an_estimate(department):
    claim = steps.filed(damage=())
    with refused("claim_not_found"):
        give_estimate(claim.number, by="party/999")
