"""4.2 The account is the payee's own, and the payee is named once."""

import pytest

from lipei.ch04_payment.methods import name_payee
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.mark.clause("4.1-b")
def test_a_nameless_third_party_is_named_once_and_their_loss_goes_to_them(department):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed(other_name=""))))
    own, other = claim.exposures.order_by("position")
    assert (own.payee.name, other.payee) == ("周国栋", None)
    with refused("duty_missing"):
        name_payee(claim.number, name="王五", phone="", by=steps.CLERK)
    party = name_payee(claim.number, name="王五", phone="13911112222", by=steps.claimant())
    other.refresh_from_db()
    own.refresh_from_db()
    assert (other.payee_id, other.payee.name, own.payee.name) == (party, "王五", "周国栋")
    with refused("payee_named_already"):
        name_payee(claim.number, name="赵六", phone="", by=steps.claimant())
