"""8.1 A payment without a signal is cleared; one with a signal waits for a person."""

import pytest

from lipei.ch01_general.models import Party, Policy
from lipei.ch04_payment.models import Order
from lipei.ch04_payment.release import (
    clear_order,
    clearances_missing,
    prepare_payment,
    release_payment,
)
from lipei.ch08_risk.signals import signals_of
from lipei.kit.refusal import Refused
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


def also_named_for(order: Order, stranger: Party, *, number: str = "P-other") -> None:
    """Another payee comes to be paid on the account of an order."""
    Order.objects.create(
        number=number, exposure=order.exposure, payee=stranger, account=order.account,
        kind="claim", amount_fen=1, made_by=steps.MAKER, seal=number, state="returned",
    )  # fmt: skip


@pytest.mark.clause("4.1-e")
def test_a_payment_is_scored_again_when_its_account_is_later_named_for_somebody_else(department):
    order = ordered()
    steps.hear()
    assert clearances_missing(order) == []
    also_named_for(order, Party.objects.get(phone="13800006022"))
    assert clearances_missing(order) == ["risk"]
    with pytest.raises(Refused, match=r"^account_shared_since$"):
        release_payment(order.number, by=steps.CHECKER)
    clear_order(order.number, kind="risk", reason="夫妻共用账户", by="staff/hege")
    assert clearances_missing(order) == []
    also_named_for(order, Party.objects.get(phone="13800006023"), number="P-third")
    assert clearances_missing(order) == ["risk"]
    clear_order(order.number, kind="risk", reason="父女共用账户", by="staff/hege")
    release_payment(order.number, by=steps.CHECKER)


@pytest.mark.clause("4.1-e")
def test_a_further_payment_to_the_same_payee_on_the_same_account_takes_nothing_back(department):
    order = ordered()
    steps.hear()
    also_named_for(order, order.payee)
    assert clearances_missing(order) == []
    release_payment(order.number, by=steps.CHECKER)
