"""4.3 The receipt completes the set of vouchers, and what is paid is closed."""

import pytest

from lipei.ch04_payment.vouchers import close_claim
from lipei.kit.refusal import Refused
from tests import steps
from tests.days import broken, morning, on, stopped

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("monday")]


@pytest.fixture(autouse=True)
def demonstration_codes(settings):
    settings.LIPEI_DEMO = True


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.mark.clause("4.3-a")
@pytest.mark.clause("4.3-b")
@pytest.mark.parametrize(("days", "late"), [(1, set()), (2, {"4.3-a", "4.3-b"})])
def test_the_receipt_completes_the_vouchers_within_a_working_day_of_the_credit(days, late):
    with morning():
        claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
        claim = steps.paid(claim)
    assert not {"4.3-a", "4.3-b"} & stopped(claim)
    with on(days):
        steps.closed(claim)
    assert stopped(claim) >= {"4.3-a", "4.3-b"}
    assert broken(claim) & {"4.3-a", "4.3-b"} == late


def test_nothing_is_closed_before_everything_is_paid():
    with morning():
        claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
        with refused("not_all_paid"):
            close_claim(claim.number, by=steps.MAKER)
        claim = steps.closed(steps.paid(claim))
    assert claim.stage == "closed"
