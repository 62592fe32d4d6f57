"""4.2 The account is the payee's own, and the payee is named once."""

import pytest

from lipei.ch01_general.models import Party, Policy
from lipei.ch02_intake.materials import check_document, receive_document
from lipei.ch04_payment.accounts import give_payee_account, name_payee
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


@pytest.mark.clause("4.1-b")
def test_whoever_merely_reported_names_no_payee_the_policyholder_and_the_authorised_do(department):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed(other_name=""))))
    driver = Party.objects.get(phone="13800006022")
    claim.reporter, claim.reporter_relation = driver, "driver"
    claim.save()
    by = f"party/{driver.pk}"
    with refused("payee_not_yours"):
        name_payee(claim.number, name="赵六", phone="", by=by)
    assert claim.exposures.get(position=2).payee is None
    told = {"bank_name": "招商银行", "card": "6225880137706868", "holder": "周国栋", "by": by}
    with refused("payee_not_yours"):
        give_payee_account(claim.number, position=1, **told)
    Policy.objects.filter(pk=claim.policy_id).update(holder=driver)
    name_payee(claim.number, name="赵六", phone="", by=by)
    Policy.objects.filter(pk=claim.policy_id).update(holder=claim.policy.insured)
    claim.exposures.filter(position=2).update(payee=None)
    receive_document(claim.number, kind="authorisation", upload=steps.upload(by).pk, by=by)
    with refused("payee_not_yours"):
        name_payee(claim.number, name="王五", phone="", by=by)
    check_document(claim.number, kind="authorisation", accepted=True, by=steps.CLERK)
    name_payee(claim.number, name="王五", phone="", by=by)
    assert claim.exposures.get(position=2).payee.name == "王五"


@pytest.mark.clause("4.1-b")
def test_the_loss_of_ones_own_car_goes_to_the_insured_and_to_nobody_who_is_named(department):
    claim = steps.filed(others="none")
    claim.exposures.update(payee=None)
    with refused("payee_named_already"):
        name_payee(claim.number, name="赵六", phone="", by=steps.claimant())
    assert claim.exposures.get().payee is None
