"""3.1 The survey and the loss list: begun the same day, finished in an hour and a half."""

from datetime import timedelta

import pytest
import time_machine

from lipei.ch01_general.models import Branch, Claim, Clock
from lipei.ch02_intake.materials import receive_document
from lipei.ch02_intake.registration import open_part
from lipei.ch03_assessment.events import SURVEY_DISPATCHED
from lipei.ch03_assessment.investigation import (
    Line,
    arrive_at_survey,
    dispatch_survey,
    finish_survey,
    list_losses,
    start_survey,
)
from lipei.ch03_assessment.models import Survey
from lipei.kit import clock
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
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


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


IN_TOWN, NEAR_BY, AWAY = "浦东新区春和路 118 号", "青浦区淀山湖大道", "江苏省苏州市人民路"


def begun_late(place: str, *, days: int, **told: str) -> tuple[Clock, bool]:
    """The clock of a survey at a place that begins so many days later, and whether it was late."""
    with morning():
        claim = steps.registered(steps.accepted(steps.filed(place=place)))
        dispatch_survey(claim.number, to="lijun", by=steps.CLERK, **told)
    with on(days):
        start_survey(claim.number, by=steps.ASSESSOR)
        arrive_at_survey(claim.number, by=steps.ASSESSOR, where="31.22,121.54")
    return claim.clocks.get(clause="3.1-a"), "3.1-a" in broken(claim)


@pytest.mark.clause("3.1-a")
@pytest.mark.parametrize(
    ("place", "limit", "days", "late"),
    [
        (IN_TOWN, "city", 0, False),
        (IN_TOWN, "city", 1, True),
        (NEAR_BY, "local", 1, False),
        (NEAR_BY, "local", 2, True),
        ("不详", "city", 1, True),
    ],
)
def test_the_place_tells_how_soon_a_survey_begins(place, limit, days, late):
    kept, was_late = begun_late(place, days=days)
    assert (kept.limit, was_late) == (limit, late)


@pytest.mark.clause("3.1-a")
@pytest.mark.parametrize(("days", "late"), [(3, False), (4, True)])
def test_a_survey_far_away_has_three_working_days_if_its_dispatcher_says_why(days, late):
    told = {"distance": "remote", "distance_reason": "事故在苏州"}
    kept, was_late = begun_late(AWAY, days=days, **told)
    assert (kept.limit, was_late) == ("remote", late)
    survey = Survey.objects.get()
    assert (survey.distance, survey.distance_reason) == ("remote", "事故在苏州")
    entry = next(e for e in history(survey.claim.subject) if e.verb == SURVEY_DISPATCHED)
    assert (entry.facts["distance"], entry.facts["place_told"]) == ("remote", "")
    assert "苏州" not in entry.line


@pytest.mark.clause("3.1-a")
def test_nobody_gets_more_time_than_the_place_tells_without_a_reason():
    with morning():
        claim = steps.registered(steps.accepted(steps.filed(place=NEAR_BY)))
    for told in ({"distance": "remote"}, {"distance": "city", "distance_reason": "  "}):
        with refused("distance_reason_missing"):
            dispatch_survey(claim.number, to="lijun", by=steps.CLERK, **told)
    with refused("choice_unknown"):
        dispatch_survey(claim.number, to="lijun", by=steps.CLERK, distance="moon",
                        distance_reason="远")  # fmt: skip
    assert not Survey.objects.exists()
    dispatch_survey(claim.number, to="lijun", by=steps.CLERK, distance="local")
    assert Survey.objects.get().distance_reason == ""


@pytest.mark.clause("3.1-a")
def test_where_the_car_stands_now_tells_how_far_it_is_and_not_where_it_was_hit():
    with morning():
        claim = steps.registered(steps.accepted(steps.filed(place=NEAR_BY)))
        dispatch_survey(claim.number, to="lijun", by=steps.CLERK, place=IN_TOWN)
    assert claim.clocks.get(clause="3.1-a").limit == "city"


@pytest.mark.clause("3.1-a")
def test_a_branch_that_knows_no_places_goes_by_those_of_the_branch_above_it():
    Branch.objects.filter(code="3101").update(in_town=["青浦区"])
    with morning():
        claim = steps.registered(steps.accepted(steps.filed(place=NEAR_BY)))
        dispatch_survey(claim.number, to="lijun", by=steps.CLERK)
    assert claim.clocks.get(clause="3.1-a").limit == "city"


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


def two_other_cars() -> Claim:
    """One accident with two other vehicles, as far as the survey."""
    claim = steps.registered(steps.accepted(steps.filed()))
    open_part(claim.number, product="compulsory_motor", thing="other_vehicle", label="沪D55667",
              reserve_fen=100_000, by=steps.CLERK)  # fmt: skip
    dispatch_survey(claim.number, to="lijun", by=steps.CLERK)
    start_survey(claim.number, by=steps.ASSESSOR)
    arrive_at_survey(claim.number, by=steps.ASSESSOR, where="31.22,121.54")
    receive_document(claim.number, kind="survey", upload=steps.upload(steps.ASSESSOR).pk,
                     by=steps.ASSESSOR, duty="materials.receive")  # fmt: skip
    return claim


def of_cars(first_fen: int, second_fen: int) -> list[Line]:
    return [
        Line("own_vehicle", "前保险杠", "replace", 180_000),
        Line("other_vehicle", "后保险杠", "repair", first_fen, label="沪C12345"),
        Line("other_vehicle", "车门", "repair", second_fen, label="沪D55667"),
    ]


def assessed(claim: Claim) -> list[tuple[str, str, int | None]]:
    rows = claim.exposures.order_by("position")
    return list(rows.values_list("product", "label", "assessed_fen"))


@pytest.mark.clause("3.1-d")
def test_two_other_vehicles_of_one_accident_have_a_loss_each():
    claim = two_other_cars()
    list_losses(claim.number, lines=of_cars(60_000, 90_000), by=steps.ASSESSOR)
    finish_survey(claim.number, findings="痕迹相符", signed_name="李军", by=steps.ASSESSOR)
    plate = claim.plate
    assert assessed(claim) == [
        ("own_damage", plate, 180_000), ("compulsory_motor", "沪C12345", 60_000),
        ("compulsory_motor", "沪D55667", 90_000),
    ]  # fmt: skip


def test_what_two_vehicles_lost_together_beyond_the_compulsory_limit_is_carried_further():
    """Neither alone is above 2,000.00, both together are."""
    claim = two_other_cars()
    list_losses(claim.number, lines=of_cars(150_000, 120_000), by=steps.ASSESSOR)
    finish_survey(claim.number, findings="痕迹相符", signed_name="李军", by=steps.ASSESSOR)
    assert assessed(claim)[3:] == [
        ("third_party", "沪C12345", 150_000), ("third_party", "沪D55667", 120_000),
    ]  # fmt: skip


def test_a_line_of_one_of_two_vehicles_says_of_which():
    claim = two_other_cars()
    for label, slug in (("", "thing_not_told"), ("沪Z99999", "thing_not_claimed")):
        line = Line("other_vehicle", "车门", "repair", 100, label=label)
        with refused(slug):
            list_losses(claim.number, lines=[line], by=steps.ASSESSOR)
    own = Line("own_vehicle", "车门", "repair", 100)
    list_losses(claim.number, lines=[own], by=steps.ASSESSOR)
    assert claim.loss_lines.get().label == claim.plate


def test_nobody_lists_the_loss_of_a_person():
    claim = two_other_cars()
    open_part(claim.number, product="compulsory_motor", thing="person", label="伤者甲",
              reserve_fen=100_000, by=steps.CLERK)  # fmt: skip
    with refused("thing_not_claimed"):
        list_losses(claim.number, lines=[Line("person", "腿", "other", 100)], by=steps.ASSESSOR)
