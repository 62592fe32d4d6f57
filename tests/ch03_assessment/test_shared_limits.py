"""Limits of one event: shared by its victims, counted with each approval, given back once."""

import pytest

from lipei.ch01_general.models import Claim, Exposure
from lipei.ch03_assessment.adjudication import (
    QUESTIONS,
    calculate_claim,
    calculation_of,
    decide_claim,
)
from lipei.ch03_assessment.disputes import answer_dispute, object_to
from lipei.ch03_assessment.investigation import (
    Line,
    arrive_at_survey,
    dispatch_survey,
    finish_survey,
    list_losses,
    start_survey,
)
from lipei.ch03_assessment.limits import limit_faults
from lipei.ch03_assessment.models import Accumulator, AccumulatorUse
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("department")]
YES = dict.fromkeys(QUESTIONS, True)
LIMIT_FEN = 200_000


def property_limit() -> Accumulator:
    return Accumulator.objects.get(product="compulsory_motor", name="property")


def decide(claim: Claim, position: int, *, approve: bool = True) -> None:
    decide_claim(claim.number, position=position, approve=approve, answers=YES,
                 remark="" if approve else "重算", by=steps.REVIEWER)  # fmt: skip


@pytest.fixture
def two_victims():
    """A car and a fence, both damaged beyond what the one limit can bear."""
    claim = steps.registered(steps.accepted(steps.filed()))
    car = claim.exposures.get(product="compulsory_motor")
    Exposure.objects.create(
        claim=claim, position=3, number=f"{car.number}-3", product=car.product,
        edition=car.edition, terms=car.terms, thing=Exposure.Thing.OTHER_PROPERTY,
        label="护栏", stage=car.stage, reserve_fen=car.reserve_fen,
    )  # fmt: skip
    number = claim.number
    dispatch_survey(number, to="lijun", by=steps.CLERK)
    start_survey(number, by=steps.ASSESSOR)
    arrive_at_survey(number, by=steps.ASSESSOR, where="31.22,121.54")
    steps.receive_document(number, kind="survey", upload=steps.upload(steps.ASSESSOR).pk,
                           by=steps.ASSESSOR, duty="materials.receive")  # fmt: skip
    lines = [Line("own_vehicle", "前保险杠", "replace", 400_000),
             Line("other_vehicle", "后保险杠", "repair", 300_000),
             Line("other_property", "护栏", "repair", 100_000)]  # fmt: skip
    list_losses(number, lines=lines, by=steps.ASSESSOR)
    finish_survey(number, findings="痕迹相符", signed_name="李军", by=steps.ASSESSOR)
    steps.hear()
    calculate_claim(number, by=steps.CLERK)
    return steps.again(claim)


def test_a_small_claim_counts_with_its_approval_and_the_journal_says_so():
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    assert (property_limit().used_units, property_limit().limit_units) == (150_000, LIMIT_FEN)
    told = [e.facts["counted"] for e in history(claim.subject) if "counted" in e.facts]
    key = f"claim/{claim.pk}"
    assert [2, key, "compulsory_motor", "property", 1, 150_000, LIMIT_FEN] in told[0]
    assert len(told) == 1
    steps.archived(steps.closed(steps.paid(steps.agreed(claim))))
    assert (property_limit().used_units, property_limit().turns) == (150_000, 1)
    assert limit_faults() == []


@pytest.mark.parametrize("order", [(2, 3), (3, 2)])
def test_victims_share_one_limit_in_whatever_order_they_are_approved(two_victims, order):
    sums = [two_victims.exposures.get(position=p).benefit_fen for p in (2, 3)]
    assert sums == [150_000, 50_000]
    for position in order:
        decide(two_victims, position)
    assert property_limit().used_units == LIMIT_FEN
    assert limit_faults() == []


def test_a_victim_whose_sum_is_made_anew_finds_what_the_other_left(two_victims):
    decide(two_victims, 3, approve=False)
    decide(two_victims, 2)
    calculate_claim(two_victims.number, by=steps.CLERK)
    made = calculation_of(two_victims.exposures.get(position=3))
    assert made is not None
    assert (made.columns["property_paid_fen"], made.benefit_fen) == (150_000, 50_000)
    decide(two_victims, 3)
    assert property_limit().used_units == LIMIT_FEN


def test_two_sums_that_did_not_know_of_each_other_cannot_both_be_approved(two_victims):
    decide(two_victims, 3, approve=False)
    calculate_claim(two_victims.number, by=steps.CLERK)
    assert calculation_of(two_victims.exposures.get(position=3)).benefit_fen == 100_000
    decide(two_victims, 3)
    with pytest.raises(Refused) as no:
        decide(two_victims, 2)
    assert no.value.slug == "limit_used_up"
    assert property_limit().used_units == 100_000
    decide(two_victims, 2, approve=False)
    calculate_claim(two_victims.number, by=steps.CLERK)
    decide(two_victims, 2)
    assert property_limit().used_units == LIMIT_FEN


def test_an_objection_that_is_granted_gives_back_and_counts_anew():
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    object_to(claim.number, position=2, words="应当更换", by=steps.claimant())
    answer_dispute(claim.number, position=2, answer="同意重算", again=True, by="staff/zhouwei")
    assert property_limit().used_units == 0
    back = AccumulatorUse.objects.get(accumulator=property_limit())
    assert (back.given_back_why, back.turn) == ("disputed", 1)
    calculate_claim(claim.number, by=steps.CLERK)
    assert property_limit().used_units == 0
    decide(claim, 2)
    assert (property_limit().used_units, property_limit().turns) == (150_000, 2)
    assert limit_faults() == []


def test_an_objection_that_is_not_granted_gives_nothing_back():
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    object_to(claim.number, position=2, words="应当更换", by=steps.claimant())
    answer_dispute(claim.number, position=2, answer="维修可行", again=False, by="staff/zhouwei")
    assert property_limit().used_units == 150_000


def test_a_sum_approved_before_limits_were_counted_is_counted_when_it_is_signed():
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    AccumulatorUse.objects.all().delete()
    Accumulator.objects.all().delete()
    steps.agreed(claim)
    assert (property_limit().used_units, property_limit().turns) == (150_000, 1)
