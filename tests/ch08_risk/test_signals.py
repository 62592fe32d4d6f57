"""8.1 A payment without a signal is cleared; one with a signal waits for a person."""

import pytest

from lipei.ch01_general.models import Party, Policy
from lipei.ch04_payment.models import Order
from lipei.ch04_payment.release import clearances_missing, prepare_payment
from lipei.ch08_risk.signals import signals_of
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def demonstration_codes(settings):
    settings.LIPEI_DEMO = True


def ordered() -> Order:
    claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
    account = steps.account_of(claim.exposures.get(position=1).payee).pk
    order = prepare_payment(claim.number, position=1, account=account, by=steps.MAKER)
    return Order.objects.select_related("exposure__claim__policy").get(pk=order.pk)


@pytest.mark.clause("4.1-e")
def test_a_clean_payment_is_cleared_and_one_on_a_three_days_old_policy_is_not(department):
    first = ordered()
    assert signals_of(first) == []
    steps.hear()
    assert clearances_missing(first) == []
    held = Party.objects.get(phone=steps.PHONE).policies.get()
    Policy.objects.filter(pk=held.pk).update(starts_at=first.exposure.claim.lost_at)
    second = ordered()
    assert signals_of(second) == ["young_policy"]
    steps.hear()
    assert clearances_missing(second) == ["risk"]


def test_one_account_under_two_names_is_worth_a_look(department):
    order = ordered()
    stranger = Party.objects.get(phone="13800006022")
    Order.objects.create(
        number="P-other", exposure=order.exposure, payee=stranger, account=order.account,
        kind="claim", amount_fen=1, made_by=steps.MAKER, seal="x", state="returned",
    )  # fmt: skip
    assert signals_of(order) == ["shared_account"]
