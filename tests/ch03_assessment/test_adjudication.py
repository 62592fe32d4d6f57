"""The survey, the sum and the decision: by the right person, within authority, provable."""

import pytest

from lipei.ch01_general.models import Appointment, Certificate, Claim, Staff
from lipei.ch03_assessment.adjudication import (
    QUESTIONS,
    calculate_claim,
    calculation_of,
    decide_claim,
    review_straight_through,
    sheet_of,
)
from lipei.ch03_assessment.investigation import (
    Line,
    arrive_at_survey,
    dispatch_survey,
    finish_survey,
    list_losses,
    start_survey,
)
from lipei.ch03_assessment.models import Calculation, LossLine
from lipei.ch03_assessment.verification import establish_fault, proves_itself
from lipei.kit import clock
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
YES = dict.fromkeys(QUESTIONS, True)


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.fixture
def registered(department):
    return steps.registered(steps.accepted(steps.filed()))


@pytest.fixture
def in_review(registered):
    """A loss of 9,000.00: too large for the online way, so a person decides."""
    claim = steps.surveyed(registered, own_fen=750_000, other_fen=150_000)
    calculate_claim(claim.number, by=steps.CLERK)
    review_straight_through(claim.number)
    return steps.again(claim)


@pytest.mark.clause("1.2-k")
def test_without_a_valid_certificate_nobody_is_sent(registered):
    Certificate.objects.update(valid_to=clock.today())
    dispatch_survey(registered.number, to="lijun", by=steps.CLERK)
    other = steps.registered(steps.accepted(steps.filed()))
    yesterday = clock.today().replace(year=clock.today().year - 1)
    Certificate.objects.update(valid_to=yesterday)
    with refused("assignee_not_qualified"):
        dispatch_survey(other.number, to="lijun", by=steps.CLERK)


@pytest.mark.clause("3.1-b")
def test_a_survey_names_what_is_missing_before_it_can_be_finished(registered):
    number = registered.number
    dispatch_survey(number, to="lijun", by=steps.CLERK)
    with refused("survey_not_started"):
        arrive_at_survey(number, by=steps.ASSESSOR, where="31.2,121.5")
    start_survey(number, by=steps.ASSESSOR)
    with refused("position_or_reason"):
        arrive_at_survey(number, by=steps.ASSESSOR)
    arrive_at_survey(number, by=steps.ASSESSOR, no_position_reason="地下车库")
    with refused("loss_list_empty"):
        finish_survey(number, findings="x", signed_name="李军", by=steps.ASSESSOR)
    list_losses(number, lines=[Line("own_vehicle", "前保险杠", "replace", 100)], by=steps.ASSESSOR)
    with refused("survey_photos_missing"):
        finish_survey(number, findings="x", signed_name="李军", by=steps.ASSESSOR)


@pytest.mark.parametrize(
    "line",
    [
        Line("own_vehicle", "", "replace", 100),
        Line("own_vehicle", "门", "replace", -1),
        Line("own_vehicle", "门", "replace", 100, quantity=0),
        Line("own_vehicle", "门", "replace", 100, salvage_fen=101),
        Line("own_vehicle", "门", "replace", 10**13, quantity=2),
    ],
)
def test_absurd_lines_are_refused_and_the_list_stands_as_it_was(registered, line):
    number = registered.number
    dispatch_survey(number, to="lijun", by=steps.CLERK)
    list_losses(number, lines=[Line("own_vehicle", "门", "repair", 100)], by=steps.ASSESSOR)
    with refused("loss_line_wrong"):
        list_losses(number, lines=[line], by=steps.ASSESSOR)
    assert LossLine.objects.get().unit_price_fen == 100


@pytest.mark.clause("3.2-a")
def test_whoever_assessed_or_calculated_does_not_decide(in_review):
    for username in ("lijun", "wangmin"):
        staff = Staff.objects.get(username=username)
        Appointment.objects.create(staff=staff, post="RV", level=3, department="x",
                                   branch=staff.branch, since=clock.today())  # fmt: skip
        with refused("same_person"):
            decide_claim(in_review.number, position=1, approve=True, answers=YES, remark="",
                         by=f"staff/{username}")  # fmt: skip
    decide_claim(in_review.number, position=1, approve=True, answers=YES, remark="",
                 by=steps.REVIEWER)  # fmt: skip


@pytest.mark.clause("3.3-a")
def test_every_question_is_answered_before_a_sum_is_approved(in_review):
    for question in QUESTIONS:
        with refused("questions_open"):
            decide_claim(in_review.number, position=1, approve=True, remark="",
                         answers={**YES, question: False}, by=steps.REVIEWER)  # fmt: skip


@pytest.mark.clause("3.3-b")
def test_authority_is_measured_over_the_whole_event(in_review):
    Appointment.objects.filter(staff__username="xujing").update(level=1)
    with refused("authority_exceeded"):
        decide_claim(in_review.number, position=2, approve=True, answers=YES, remark="",
                     by=steps.REVIEWER)  # fmt: skip


def test_a_returned_sum_is_worked_out_again_as_the_next_version(in_review):
    with refused("reason_missing"):
        decide_claim(in_review.number, position=1, approve=False, answers={}, remark=" ",
                     by=steps.REVIEWER)  # fmt: skip
    decide_claim(in_review.number, position=1, approve=False, answers={}, remark="单价过高",
                 by=steps.REVIEWER)  # fmt: skip
    calculate_claim(in_review.number, by=steps.CLERK)
    versions = Calculation.objects.filter(exposure__claim=in_review, exposure__position=1)
    assert sorted(versions.values_list("version", flat=True)) == [1, 2]


@pytest.mark.clause("3.2-g")
def test_every_kept_sheet_can_be_worked_out_again_to_the_fen(in_review):
    found = proves_itself(in_review.number, by=steps.REVIEWER)
    assert [row["same"] for row in found] == [True, True]
    one = calculation_of(in_review.exposures.get(position=1))
    assert sheet_of(one).digest == one.sheet_hash
    Calculation.objects.filter(pk=one.pk).update(facts={**one.facts, "repair_cost_fen": 1})
    with pytest.raises(AssertionError, match="no longer proves itself"):
        proves_itself(in_review.number, by=steps.REVIEWER)


def test_what_exceeds_the_compulsory_limit_falls_to_the_third_party_cover(registered):
    claim = steps.surveyed(registered, own_fen=100_000, other_fen=300_000)
    sums = dict(claim.exposures.values_list("product", "benefit_fen"))
    assert sums == {"own_damage": 100_000, "compulsory_motor": 200_000, "third_party": 100_000}
    assert {e.payee.name for e in claim.exposures.exclude(product="own_damage")} == {"王五"}


def test_an_unknown_fault_waits_for_the_paper_that_names_it(department):
    claim = steps.registered(steps.accepted(steps.filed(fault="unknown")))
    claim = steps.surveyed(claim)
    assert claim.stage == "assessed"
    with refused("fault_unknown"):
        calculate_claim(claim.number, by=steps.CLERK)
    establish_fault(claim.number, fault="none", by=steps.CLERK)
    sums = calculate_claim(claim.number, by=steps.CLERK)
    assert sums == {1: 180_000, 2: 10_000}


@pytest.mark.clause("1.1-d")
def test_the_same_facts_always_give_the_same_fen(department):
    sums = set()
    for _ in range(3):
        claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
        sums.add(tuple(Claim.objects.get(pk=claim.pk).exposures.order_by("position")
                       .values_list("benefit_fen", flat=True)))  # fmt: skip
    assert sums == {(180_000, 150_000)}
