"""A hold stops the money of one exposure, never a clock of law, and another person lifts it."""

import pytest

from lipei.ch01_general.holds import lift_hold, place_hold
from lipei.ch01_general.models import Clock, Hold
from lipei.ch04_payment.release import prepare_payment, release_payment
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.fixture
def ordered(department, settings):
    settings.LIPEI_DEMO = True
    claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
    payee = claim.exposures.get(position=1).payee
    order = prepare_payment(claim.number, position=1, account=steps.account_of(payee).pk,
                            by=steps.MAKER)  # fmt: skip
    steps.hear()
    return claim, order.number


def test_money_waits_until_another_person_lifts_the_hold(ordered):
    claim, order = ordered
    running = Clock.objects.filter(claim=claim, stopped_at=None).count()
    place_hold(claim.number, position=1, kind="fraud", reason="旧伤痕待查", by="staff/hege")
    assert Clock.objects.filter(claim=claim, stopped_at=None).count() == running
    with refused("hold_in_force"):
        release_payment(order, by=steps.CHECKER)
    hold = Hold.objects.get()
    with refused("same_person"):
        lift_hold(claim.number, hold=hold.pk, reason="查清", by="staff/hege")
    lift_hold(claim.number, hold=hold.pk, reason="查清，非旧伤", by="staff/zhouwei")
    release_payment(order, by=steps.CHECKER)
    with refused("hold_not_found"):
        lift_hold(claim.number, hold=hold.pk, reason="再次", by="staff/zhouwei")


def test_a_hold_needs_a_kind_a_reason_and_the_duty(ordered):
    claim, _order = ordered
    for kind, reason, by, slug in (
        ("moon", "x", "staff/hege", "choice_unknown"),
        ("fraud", " ", "staff/hege", "reason_missing"),
        ("fraud", "x", steps.CLERK, "duty_missing"),
    ):
        with refused(slug):
            place_hold(claim.number, position=1, kind=kind, reason=reason, by=by)


def test_the_clerk_who_first_works_on_a_claim_answers_for_it(department):
    claim = steps.filed()
    assert claim.officer is None
    assert steps.accepted(claim).officer.username == "wangmin"
