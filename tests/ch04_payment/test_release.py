"""4.1 An order is made for what was agreed, and for nothing before."""

import pytest

from lipei.ch04_payment.release import clearances_missing, give_clearance, prepare_payment
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def demonstration_codes(settings):
    settings.LIPEI_DEMO = True


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.mark.clause("4.1-a")
def test_an_order_waits_for_the_claimants_word(department):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    account = steps.account_of(claim.exposures.get(position=1).payee).pk
    with refused("confirmation_missing"):
        prepare_payment(claim.number, position=1, account=account, by=steps.MAKER)
    claim = steps.agreed(claim)
    order = prepare_payment(claim.number, position=1, account=account, by=steps.MAKER)
    assert (order.kind, order.amount_fen) == ("claim", 180_000)


@pytest.mark.clause("4.1-e")
def test_what_no_program_clears_a_person_of_compliance_clears(department, settings, tmp_path):
    listed = tmp_path / "listed.txt"
    listed.write_text("周国栋\n", "utf-8")
    settings.LIPEI_NAME_LIST = str(listed)
    claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
    account = steps.account_of(claim.exposures.get(position=1).payee).pk
    order = prepare_payment(claim.number, position=1, account=account, by=steps.MAKER)
    steps.hear()
    assert clearances_missing(order) == ["names"]
    with refused("duty_missing"):
        give_clearance(claim.number, position=1, kind="names", seal=order.seal, by=steps.MAKER)
    give_clearance(claim.number, position=1, kind="names", seal=order.seal, by="staff/hege")
    assert clearances_missing(order) == []
