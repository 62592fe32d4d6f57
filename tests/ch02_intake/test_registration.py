"""2.3 A case is opened with a reserve for each exposure, on the policy of the day of the loss."""

import pytest

from lipei.ch01_general.models import Party
from lipei.ch02_intake.registration import link_policy, open_part, register_claim
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


def opened(claim, product: str, thing: str = "person", **told: str):
    position = open_part(claim.number, product=product, thing=thing, label="伤者甲",
                         reserve_fen=100, by=steps.CLERK, **told)  # fmt: skip
    return claim.exposures.get(position=position)


def test_a_third_party_is_named_when_their_part_is_opened_and_is_the_same_under_each_cover(
    department,
):
    claim = steps.filed(injured=True)
    first = opened(claim, "compulsory_motor", payee_name="赵小芳", payee_phone="13911113333")
    assert (first.payee.name, first.payee.phone) == ("赵小芳", "13911113333")
    assert opened(claim, "third_party").payee == first.payee
    assert Party.objects.filter(name="赵小芳").count() == 1


def test_the_driver_who_is_hurt_too_is_the_payee_whom_the_report_named(department):
    claim = steps.filed(injured=True)
    victim = opened(claim, "compulsory_motor", payee_name="王五", payee_phone="13911112222")
    assert victim.payee == claim.exposures.get(thing="other_vehicle").payee


def test_a_part_may_stay_without_a_name_and_ones_own_loss_needs_none(department):
    claim = steps.filed(injured=True)
    assert opened(claim, "compulsory_motor").payee is None
    with refused("payee_named_already"):
        opened(claim, "own_damage", thing="own_vehicle", payee_name="赵小芳")
    assert opened(claim, "own_damage", thing="own_vehicle").payee == claim.policy.insured
