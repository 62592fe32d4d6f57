"""3.1 The survey and the loss list: begun the same day, finished in an hour and a half."""

from datetime import timedelta

import pytest
import time_machine

from lipei.ch01_general.models import Claim
from lipei.ch03_assessment.investigation import (
    Line,
    arrive_at_survey,
    dispatch_survey,
    finish_survey,
    list_losses,
    start_survey,
)
from lipei.kit import clock
from tests import steps
from tests.days import broken, morning, on, stopped

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("monday")]


@pytest.mark.clause("3.1-a")
@pytest.mark.parametrize(("days", "late"), [(0, set()), (1, {"3.1-a"})])
def test_a_survey_begins_on_the_day_on_which_it_was_ordered(days, late):
    with morning():
        claim = steps.registered(steps.accepted(steps.filed()))
        dispatch_survey(claim.number, to="lijun", by=steps.CLERK)
    with on(days):
        start_survey(claim.number, by=steps.ASSESSOR)
        arrive_at_survey(claim.number, by=steps.ASSESSOR, where="31.22,121.54")
    assert "3.1-a" in stopped(claim)
    assert broken(claim) & {"3.1-a"} == late


def looked_at(claim: Claim, *, minutes: int) -> Claim:
    """The assessor arrives now, and signs so many minutes later."""
    number, arrived = claim.number, clock.now()
    dispatch_survey(number, to="lijun", by=steps.CLERK)
    start_survey(number, by=steps.ASSESSOR)
    arrive_at_survey(number, by=steps.ASSESSOR, where="31.22,121.54")
    picture = steps.upload(steps.ASSESSOR).pk
    steps.receive_document(
        number, kind="survey", upload=picture, by=steps.ASSESSOR, duty="materials.receive"
    )
    list_losses(number, lines=[Line("own_vehicle", "车门", "replace", 180_000)], by=steps.ASSESSOR)
    with time_machine.travel(arrived + timedelta(minutes=minutes), tick=False):
        finish_survey(number, findings="痕迹相符", signed_name="李军", by=steps.ASSESSOR)
        steps.hear()
    return steps.again(claim)


@pytest.mark.clause("1.2-g")
@pytest.mark.parametrize(("minutes", "late"), [(90, set()), (91, {"1.2-g"})])
def test_a_survey_is_finished_within_an_hour_and_a_half_of_arrival(minutes, late):
    with morning():
        claim = looked_at(steps.registered(steps.accepted(steps.filed())), minutes=minutes)
    assert "1.2-g" in stopped(claim)
    assert broken(claim) & {"1.2-g"} == late
