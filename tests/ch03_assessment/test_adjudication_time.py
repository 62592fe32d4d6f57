"""3.3 The time of the decision: three days for the sum, five for compulsory motor."""

import pytest

from lipei.ch03_assessment.adjudication import calculate_claim, review_straight_through
from tests import steps
from tests.days import broken, morning, on, stopped

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("monday")]


@pytest.mark.clause("K6-decide")
@pytest.mark.parametrize(("days", "late"), [(7, set()), (8, {"K6-decide"})])
def test_compulsory_motor_is_decided_in_five_days_and_a_weekend_is_waited_for(days, late):
    """The fifth day is a Saturday, so the law's time ends with the Monday after it."""
    with morning():
        claim = steps.registered(steps.accepted(steps.filed()))
    with on(days):
        claim = steps.surveyed(claim)
    assert claim.stage == "approved"
    assert broken(claim) & {"K6-decide", "K2"} == late


@pytest.mark.clause("1.2-e")
@pytest.mark.parametrize(("days", "late"), [(3, set()), (4, {"1.2-e"})])
def test_a_sum_is_calculated_within_three_days_of_the_assessed_loss(days, late):
    """A loss of 9,000.00 waits for a person."""
    with morning():
        claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())), own_fen=750_000)
    assert "1.2-e" not in stopped(claim)
    with on(days):
        calculate_claim(claim.number, by=steps.CLERK)
        review_straight_through(claim.number)
    assert "1.2-e" in stopped(claim)
    assert broken(claim) & {"1.2-e"} == late
