"""4.4 Money that came back is told at once and paid again once, on a corrected account."""

import pytest

from lipei.ch01_general.models import Claim
from lipei.ch04_payment.accounts import give_account
from lipei.ch04_payment.failures import bring_back
from lipei.ch04_payment.models import Account, Order
from lipei.ch04_payment.release import credit_order, prepare_payment, release_payment
from tests import steps
from tests.days import broken, morning, on, stopped

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("monday")]
CARD = "6217001234567890122"


@pytest.fixture(autouse=True)
def demonstration_codes(settings):
    settings.LIPEI_DEMO = True


def ordered(claim: Claim, *, account: int) -> Order:
    order = prepare_payment(claim.number, position=1, account=account, by=steps.MAKER)
    steps.hear()
    release_payment(order.number, by=steps.CHECKER)
    return order


@pytest.mark.clause("4.4-a-repay")
@pytest.mark.parametrize(("days", "late"), [(3, set()), (4, {"4.4-a-repay"})])
def test_money_that_came_back_is_paid_within_three_working_days_of_the_correction(
    counterpart, settings, days, late
):
    settings.LIPEI_BANK_URL = f"{counterpart.url}/bank"
    with morning():
        claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
        payee = claim.exposures.get(position=1).payee
        first = ordered(claim, account=steps.account_of(payee).pk)
        bring_back(first.number, reason="AC04", by="system/bank")
        steps.hear()
        assert not claim.clocks.filter(clause="4.4-a-repay").exists()
        given = give_account(payee.pk, bank_name="中国建设银行", number=CARD,
                             holder=payee.name, by=steps.MAKER)  # fmt: skip
        assert given.checked == Account.Check.MATCHED
        steps.hear()
    with on(days):
        again = ordered(claim, account=given.pk)
        credit_order(again.number, receipt="R2", at=None, by="system/bank")
    assert "4.4-a-repay" in stopped(claim)
    assert broken(claim) & {"4.4-a-repay"} == late
