"""2.3 A case is opened with a reserve for each exposure, on the policy of the day of the loss."""

import pytest

from lipei.ch02_intake.registration import link_policy, register_claim
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.mark.clause("2.3-a")
def test_each_exposure_needs_a_reserve_and_gets_a_number(department):
    claim = steps.accepted(steps.filed())
    with refused("reserve_needed"):
        register_claim(claim.number, reserves={1: 200_000}, by=steps.CLERK)
    assert not claim.exposures.exclude(number=None).exists()
    numbers = register_claim(claim.number, reserves={1: 200_000, 2: 100_000}, by=steps.CLERK)
    assert numbers == [f"LA{claim.number.removeprefix('CX')}-{n}" for n in (1, 2)]


def test_a_claim_hangs_on_one_policy(department):
    claim = steps.filed()
    with refused("policy_already_linked"):
        link_policy(claim.number, policy=claim.policy.number, by=steps.CLERK)
