"""The facts of a sum are told once, on a paper, by the right person; silence is never nil."""

import pytest

from lipei.ch01_general.models import Exposure
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import Side, Stage
from lipei.ch02_intake.registration import open_part
from lipei.ch03_assessment.adjudication import calculate_claim, calculation_of, sheet_of
from lipei.ch03_assessment.models import ToldFact
from lipei.ch03_assessment.telling import tell_facts
from lipei.ch03_assessment.verification import establish_fault, establish_injury, proves_itself
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from lipei.rules.statement import recomputed
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.fixture
def inpatient(department):
    """A stay in hospital that was reported by telephone, with all its papers, registered."""
    return steps.registered(steps.handed_over(steps.keyed(steps.inpatient_policy(), "illness")))


def two_hurt(**changes: object):
    """A collision in which two people of the other car are hurt, up to the survey."""
    claim = steps.filed(injured=True, **changes)
    claim = steps.registered(steps.accepted(claim))
    for label in ("伤者甲", "伤者乙"):
        open_part(claim.number, product="compulsory_motor", thing="person", label=label,
                  reserve_fen=5_000_000, by=steps.CLERK)  # fmt: skip
    return steps.surveyed(steps.again(claim))


def hurt(claim, position: int, **heads: object):
    return steps.told(claim, position, about="injury", injured_on=steps.day(claim), **heads)


def test_a_stay_in_hospital_goes_from_facts_to_its_sum(inpatient):
    assert inpatient.exposures.get().thing == "insured"
    assert inpatient.stage == "registered"
    claim = steps.inpatient_told(inpatient)
    assert claim.stage == "assessed"
    assert claim.exposures.get().assessed_fen == 1_860_000
    assert calculate_claim(claim.number, by=steps.CLERK) == {1: 630_000}
    made = calculation_of(claim.exposures.get())
    assert sheet_of(made).digest == made.sheet_hash
    assert made.facts["catalogue_cost_fen"] == 1_860_000


def test_a_stay_in_hospital_is_paid_to_the_insured_who_accepts_it(inpatient):
    claim = steps.approved(steps.inpatient_told(inpatient))
    claim = steps.paid(steps.agreed(claim, phone=steps.INSURED_PHONE))
    part = claim.exposures.get()
    assert (part.paid_fen, part.payee.name) == (630_000, steps.demonstration.INSURED[0])


def test_what_nobody_told_is_named_and_not_taken_for_nil(inpatient):
    claim = steps.told(inpatient, was_settled_socially=True)
    assert claim.stage == "registered"
    with refused("stage_not_reached"):
        calculate_claim(claim.number, by=steps.CLERK)


def test_who_told_what_on_which_paper_is_kept_and_the_journal_has_no_value(inpatient):
    steps.inpatient_told(inpatient)
    row = ToldFact.objects.get(name="catalogue_cost_fen")
    assert (row.value, row.paper, row.told_by) == (1_860_000, "claim_request", steps.CLERK)
    entry = history(inpatient.subject)[-1]
    assert entry.verb == "assessment.facts_told"
    assert "catalogue_cost_fen" in entry.facts["names"]
    assert "960000" not in entry.line
    assert steps.day(inpatient) not in str(entry.facts)


def test_told_again_unchanged_nothing_changes_and_the_newest_word_holds(inpatient):
    claim = steps.inpatient_told(inpatient)
    before = ToldFact.objects.count()
    assert tell_facts(claim.number, position=1, facts=steps.STAY, paper="claim_request",
                      by=steps.CLERK) == []  # fmt: skip
    assert ToldFact.objects.count() == before
    steps.told(claim, catalogue_cost_fen=2_060_000)
    assert calculate_claim(claim.number, by=steps.CLERK) == {1: 810_000}


def test_what_was_told_can_be_taken_back(inpatient):
    claim = steps.inpatient_told(inpatient)
    steps.told(claim, social_paid_fen=None)
    assert ToldFact.objects.filter(name="social_paid_fen").count() == 2
    assert calculate_claim(claim.number, by=steps.CLERK) == {1: 1_494_000}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"catalogue_cost_fen": -1}, "catalogue_cost_fen"),
        ({"catalogue_cost_fen": 10**15}, "catalogue_cost_fen"),
        ({"catalogue_cost_fen": "many"}, "catalogue_cost_fen"),
        ({"was_settled_socially": 1}, "was_settled_socially"),
        ({"admitted_on": "2026-13-01"}, "admitted_on"),
        ({"insured_year_key": 7}, "insured_year_key"),
        ({"catalog_cost_fen": 1}, "catalog_cost_fen"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_its_field(inpatient, facts, field):
    with refused("fact_refused") as no:
        tell_facts(inpatient.number, position=1, facts=facts, paper="claim_request",
                   by=steps.CLERK)  # fmt: skip
    assert no.value.params["field"] == field
    assert not ToldFact.objects.exists()


def test_days_out_of_order_are_refused_at_their_field(inpatient):
    claim = steps.inpatient_told(inpatient)
    with refused("fact_refused") as no:
        steps.told(claim, discharged_on=steps.day(claim, after=-30))
    assert no.value.params["field"] == "discharged_on"
    assert "不得早于" in no.value.words("zh")
    assert "must not be earlier than" in no.value.words("en")


def test_a_fact_rests_on_a_paper_that_lies_here(inpatient):
    with refused("paper_not_handed"):
        tell_facts(inpatient.number, position=1, facts=steps.STAY, paper="loss_list",
                   by=steps.CLERK)  # fmt: skip


@pytest.mark.clause("3.2-a")
def test_only_who_assesses_tells_facts_and_then_does_not_decide(inpatient):
    with refused("duty_missing"):
        tell_facts(inpatient.number, position=1, facts=steps.STAY, paper="claim_request",
                   by=steps.REVIEWER)  # fmt: skip
    steps.inpatient_told(inpatient)
    with refused("duty_missing"):
        calculate_claim(inpatient.number, by=steps.ASSESSOR)


def test_a_sum_that_is_decided_hears_no_more_facts(inpatient):
    claim = steps.approved(steps.inpatient_told(inpatient))
    with refused("stage_not_reached"):
        steps.told(claim, social_paid_fen=1)


def test_two_victims_share_the_limit_and_both_sheets_prove_themselves(department):
    claim = two_hurt()
    persons = list(claim.exposures.filter(thing="person").order_by("position"))
    assert [p.stage for p in persons] == ["investigating", "investigating"]
    claim = hurt(claim, persons[0].position, medical_cost_fen=1_200_000)
    claim = hurt(claim, persons[1].position, medical_cost_fen=2_400_000)
    sums = calculate_claim(claim.number, by=steps.CLERK)
    one, other = (sums[p.position] for p in persons)
    assert (one, other) == (600_000, 1_200_000)
    made = [calculation_of(Exposure.objects.get(pk=p.pk)) for p in persons]
    assert [m.row for m in made] == [made[0].row, made[0].row + 1]
    assert made[0].together == made[1].together
    for kept in made:
        paper = sheet_of(kept)
        assert paper.digest == kept.sheet_hash
        assert recomputed(paper.as_json()).benefit_fen == kept.benefit_fen
    assert all(row["same"] for row in proves_itself(claim.number, by=steps.REVIEWER))


def test_what_the_compulsory_cover_leaves_of_an_injury_falls_to_the_third_party_cover(department):
    claim = two_hurt()
    first, second = claim.exposures.filter(thing="person").values_list("position", flat=True)
    claim = hurt(claim, first, medical_cost_fen=1_200_000)
    claim = hurt(claim, second, medical_cost_fen=2_400_000, mental_distress_fen=500_000)
    calculate_claim(claim.number, by=steps.CLERK)
    after = claim.exposures.filter(product="third_party").order_by("label")
    assert {e.label: e.benefit_fen for e in after} == {"伤者甲": 600_000, "伤者乙": 1_200_000}
    assert {e.stage for e in after} == {"calculated"}


def test_a_share_of_fault_is_that_of_the_terms_of_the_policy(department):
    claim = two_hurt(fault="main")
    first, second = claim.exposures.filter(thing="person").values_list("position", flat=True)
    claim = hurt(claim, first, medical_cost_fen=1_200_000)
    claim = hurt(claim, second, medical_cost_fen=2_400_000)
    calculate_claim(claim.number, by=steps.CLERK)
    after = claim.exposures.filter(product="third_party").order_by("position")
    assert [e.benefit_fen for e in after] == [420_000, 840_000]


def test_without_a_word_of_the_injury_the_person_waits_and_the_car_goes_on(department):
    claim = two_hurt()
    sums = calculate_claim(claim.number, by=steps.CLERK)
    cars = claim.exposures.exclude(thing="person").values_list("position", flat=True)
    assert set(sums) == set(cars)
    with refused("stage_not_reached"):
        calculate_claim(claim.number, by=steps.CLERK)


def test_somebody_hurt_without_a_part_of_their_own_is_not_taken_for_nobody(department):
    claim = steps.registered(steps.accepted(steps.filed(injured=True)))
    claim = steps.surveyed(claim)
    with refused("victim_not_opened"):
        calculate_claim(claim.number, by=steps.CLERK)
    establish_injury(claim.number, injured=False, by=steps.CLERK)
    assert calculate_claim(claim.number, by=steps.CLERK) == {1: 180_000, 2: 150_000}


def test_a_victim_who_was_withdrawn_is_nobody_hurt_with_a_part(department):
    claim = steps.registered(steps.accepted(steps.filed(injured=True)))
    victim = open_part(claim.number, product="compulsory_motor", thing="person", label="伤者甲",
                       reserve_fen=100, by=steps.CLERK)  # fmt: skip
    with open_case(claim.number, by=steps.CLERK, duty="claims.register") as case:
        part = case.exposure(victim)
        case.move(part, Stage.CLOSED)
        part.sides = [Side.WITHDRAWN]
        case.record("intake.claim_flagged", clause="2.4-d", position=victim)
    claim = steps.surveyed(steps.again(claim))
    with refused("victim_not_opened"):
        calculate_claim(claim.number, by=steps.CLERK)
    establish_injury(claim.number, injured=False, by=steps.CLERK)
    assert calculate_claim(claim.number, by=steps.CLERK) == {1: 180_000, 2: 150_000}


def test_nobody_says_that_nobody_was_hurt_while_a_victim_is_open(department):
    claim = two_hurt()
    with refused("victims_are_open"):
        establish_injury(claim.number, injured=False, by=steps.CLERK)


def test_what_is_used_up_of_a_limit_is_counted_and_not_told(inpatient):
    with refused("fact_stands_elsewhere") as no:
        steps.told(inpatient, deductible_used_before_fen=200_000)
    assert no.value.params["field"] == "deductible_used_before_fen"


def test_what_the_claim_knows_of_itself_is_told_only_where_it_comes_from(department):
    claim = two_hurt()
    car = claim.exposures.get(product="own_damage")
    with refused("fact_stands_elsewhere") as no:
        steps.told(claim, car.position, repair_cost_fen=1)
    assert no.value.params["field"] == "repair_cost_fen"
    with refused("injury_of_a_thing"):
        steps.told(claim, car.position, about="injury", medical_cost_fen=1)


def test_a_victim_waits_for_the_fault_and_is_told_before_it(department):
    claim = two_hurt(fault="unknown")
    first, second = claim.exposures.filter(thing="person").values_list("position", flat=True)
    claim = hurt(claim, first, medical_cost_fen=100_000)
    claim = hurt(claim, second, medical_cost_fen=100_000)
    with refused("fault_unknown"):
        calculate_claim(claim.number, by=steps.CLERK)
    establish_fault(claim.number, fault="full", by=steps.CLERK)
    sums = calculate_claim(claim.number, by=steps.CLERK)
    assert sums[first] == sums[second] == 100_000


def test_an_accident_disability_is_settled_by_its_grades(department):
    policy = steps.insured("accident", ("accident", {"sum_insured_fen": 50_000_000}))
    claim = steps.registered(steps.handed_over(steps.keyed(policy, "disability", days_ago=60)))
    claim = steps.told(claim, born_on="1988-09-16", established_on=steps.day(claim, after=30),
                       accident_on=steps.day(claim), grade_9_count=1,
                       insured_from_on=steps.day(claim, after=-100),
                       insured_to_on=steps.day(claim, after=264))  # fmt: skip
    assert calculate_claim(claim.number, by=steps.CLERK) == {1: 10_000_000}


def test_a_fire_is_settled_by_average(department):
    policy = steps.insured("property", ("property", {"sum_insured_fen": 80_000_000}))
    claim = steps.registered(steps.handed_over(steps.keyed(policy, "fire")))
    claim = steps.told(claim, value_fen=100_000_000, loss_fen=10_000_000)
    assert calculate_claim(claim.number, by=steps.CLERK) == {1: 8_000_000}
