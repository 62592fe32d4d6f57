"""1.1 Each promise runs from its moment to its end: kept at its last instant, broken after it."""

from datetime import timedelta

import pytest

from lipei.ch01_general.models import Message
from tests import steps
from tests.days import broken, morning, on, stopped

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("monday")]
PAYING = {"1.1-a", "1.1-e", "1.3-i-credit", "K3", "K5", "K6-pay"}


@pytest.fixture(autouse=True)
def demonstration_codes(settings):
    settings.LIPEI_DEMO = True


@pytest.mark.clause("K3")
@pytest.mark.clause("K5")
@pytest.mark.clause("K6-pay")
@pytest.mark.clause("1.1-a")
@pytest.mark.clause("1.1-e")
@pytest.mark.clause("1.3-i-credit")
@pytest.mark.parametrize(
    ("days", "late"),
    [
        (3, set()),
        (4, {"1.3-i-credit"}),
        (9, {"1.3-i-credit"}),
        (10, {"1.3-i-credit", "1.1-e"}),
        (11, {"1.3-i-credit", "1.1-e", "K3", "K6-pay"}),
        (60, {"1.3-i-credit", "1.1-e", "K3", "K6-pay"}),
        (61, PAYING),
    ],
)
def test_money_arrives_within_three_days_seven_working_days_ten_days_and_sixty(days, late):
    """Complete papers, the sum and the agreement on one Monday; the money so many days later."""
    with morning():
        claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
    with on(days):
        claim = steps.paid(claim)
    assert stopped(claim) >= PAYING
    assert broken(claim) & PAYING == late


@pytest.mark.clause("1.1-g")
def test_the_claimant_is_told_of_key_steps_within_an_hour_and_of_no_other():
    with morning():
        claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    told = Message.objects.filter(claim=claim)
    assert [m.due_at - m.made_at for m in told.filter(template="assessed")] == [timedelta(hours=1)]
    silent = {"intake.document_received", "assessment.survey_started", "assessment.loss_listed"}
    assert not silent & {m.node.partition("/")[0] for m in told}
