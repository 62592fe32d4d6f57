"""1.3 How a claim moves and how its clocks run: the yes and the no, through the commands."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from lipei.ch01_general.aims import sweep_clocks
from lipei.ch01_general.clauses import approve_clause, propose_clause
from lipei.ch01_general.models import Claim, Clock
from lipei.ch01_general.process import happened_at
from lipei.ch01_general.stages import ENDINGS, MOVES, SIDES, Side, Stage, diagram, side_table
from lipei.ch02_intake.materials import (
    check_document,
    note_notice_delivered,
    receive_document,
    request_materials,
)
from lipei.ch02_intake.registration import open_part, register_claim, register_overdue
from lipei.ch03_assessment.adjudication import calculate_claim, review_straight_through
from lipei.ch03_assessment.investigation import finish_survey
from lipei.kit import clock
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from lipei.manual import install, shipped
from tests import steps
from tests.house.source import CHECKOUT

pytestmark = pytest.mark.django_db(transaction=True)


def running(claim: Claim) -> set[str]:
    return set(claim.clocks.filter(stopped_at=None).values_list("clause", flat=True))


@pytest.fixture
def monday(request) -> datetime:
    """A Monday on which the department is laid out, and from which the days are counted."""
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        request.getfixturevalue("department")
    return at


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.mark.clause("1.3-b")
def test_ticked_parts_give_the_interval_in_the_same_act(department):
    claim = steps.filed()
    given = claim.clocks.get(clause="1.3-b")
    assert given.stopped_at == given.started_at
    assert given.due_at - given.started_at == timedelta(hours=2)
    assert claim.estimate["parts"][0]["disclaimer_zh"]


@pytest.mark.clause("1.3-b")
def test_without_ticked_parts_the_two_hours_run_and_are_breached(department):
    claim = steps.filed(damage=())
    assert "1.3-b" in running(claim)
    with time_machine.travel(claim.reported_at + timedelta(hours=2, minutes=1), tick=False):
        sweep_clocks()
    late = claim.clocks.get(clause="1.3-b")
    assert late.breached_at == late.due_at
    verbs = {e.verb: e.facts for e in history(claim.subject)}
    assert verbs["general.clocks_breached"]["of"][0]["clause"] == "1.3-b"


@pytest.mark.clause("K6-list")
def test_the_list_of_papers_stands_on_the_receipt(department):
    claim = steps.filed()
    listed = claim.clocks.get(clause="K6-list")
    assert listed.stopped_at == claim.reported_at
    assert history(claim.subject)[0].facts["papers_listed"]


@pytest.mark.clause("K2")
def test_own_damage_runs_from_the_first_paper_and_compulsory_from_the_last(department):
    claim = steps.filed()
    claim = steps.accepted(claim)
    started = {c.clause: c.started_at for c in claim.clocks.all()}
    assert started["K2"] < started["K6-decide"]
    by_exposure = {
        c.clause: c.exposure.product for c in claim.clocks.filter(clause__startswith="K2")
    }
    assert by_exposure == {"K2": "own_damage"}


@pytest.mark.clause("K2")
def test_a_delivered_notice_pauses_the_determination_until_everything_is_answered(monday):
    """Two days end within the pause, so the thirty days end two days later, and no law's more."""
    with time_machine.travel(monday, tick=False):
        claim = steps.filed()
        by = steps.claimant()
        receive_document(claim.number, kind="driving_licence", upload=steps.upload(by).pk, by=by)
        request_materials(claim.number, by=steps.CLERK)
        k2 = claim.clocks.get(clause="K2")
        assert k2.due_at == datetime(2026, 12, 23, 16, 0, tzinfo=UTC)
        note_notice_delivered(claim.number, notice=1, at=clock.now(), by="system/notices")
        k2.refresh_from_db()
        assert k2.due_at is None
    with time_machine.travel(monday + timedelta(days=3), tick=False):
        for kind in ("vehicle_licence", "self_settlement"):
            receive_document(claim.number, kind=kind, upload=steps.upload(by).pk, by=by)
    k2.refresh_from_db()
    assert k2.due_at == datetime(2026, 12, 25, 16, 0, tzinfo=UTC)
    assert not claim.clocks.get(clause="K5", exposure__product="own_damage").pauses


@pytest.mark.clause("K2")
def test_a_running_clock_is_paused_and_runs_on_under_the_edition_it_started_with(monday):
    """A new edition of three days, without pauses, changes nothing for who waits already."""
    changed = {"limits": [{"name": "limit", "value": 3, "unit": "days", "operator": "<="}],
               "pauses": []}  # fmt: skip
    with time_machine.travel(monday, tick=False):
        claim = steps.filed()
        by = steps.claimant()
        receive_document(claim.number, kind="driving_licence", upload=steps.upload(by).pk, by=by)
        request_materials(claim.number, by=steps.CLERK)
        made = propose_clause("K2", changes=changed, by="staff/zhouwei", reason="提速",
                              effective_from=clock.today() + timedelta(days=1))  # fmt: skip
        approve_clause(made.edition, clause_id="K2", by="staff/hege")
    k2 = claim.clocks.get(clause="K2")
    try:
        with time_machine.travel(monday + timedelta(days=2), tick=False):
            at = clock.now() - timedelta(days=2)
            note_notice_delivered(claim.number, notice=1, at=at, by="system/notices")
            k2.refresh_from_db()
            assert k2.due_at is None
        with time_machine.travel(monday + timedelta(days=3), tick=False):
            for kind in ("vehicle_licence", "self_settlement"):
                receive_document(claim.number, kind=kind, upload=steps.upload(by).pk, by=by)
    finally:
        install(shipped())
    k2.refresh_from_db()
    assert k2.due_at == datetime(2026, 12, 25, 16, 0, tzinfo=UTC)


@pytest.mark.clause("2.2-b")
def test_everything_missing_is_asked_for_once(department):
    claim = steps.filed()
    kinds = request_materials(claim.number, by=steps.CLERK)
    assert set(kinds) >= {"driving_licence", "vehicle_licence", "self_settlement"}
    with refused("notice_already_sent"):
        request_materials(claim.number, by=steps.CLERK)
    with refused("authority_exceeded"):
        request_materials(claim.number, by=steps.CLERK, new_facts="新出现的伤者")


@pytest.mark.clause("1.3-e")
def test_5000_00_goes_straight_through_and_5000_01_does_not(department):
    for own_fen, stage in ((350_000, "approved"), (350_001, "assessed")):
        claim = steps.registered(steps.accepted(steps.filed()))
        claim = steps.surveyed(claim, own_fen=own_fen, other_fen=150_000)
        assert claim.stage == stage


@pytest.mark.clause("1.3-e")
def test_what_does_not_pass_goes_to_a_person_with_the_reasons_named(department):
    claim = steps.registered(steps.accepted(steps.filed(injured=True)))
    victim = open_part(claim.number, product="compulsory_motor", thing="person", label="伤者",
                       reserve_fen=100_000, by=steps.CLERK)  # fmt: skip
    claim = steps.surveyed(steps.again(claim))
    claim = steps.told(claim, victim, about="injury", injured_on=steps.day(claim),
                       medical_cost_fen=100_000)  # fmt: skip
    calculate_claim(claim.number, by=steps.CLERK)
    assert review_straight_through(claim.number) is False
    told = dict(history(claim.subject)[-1].facts["reasons"])
    assert told["nobody_hurt"] is False
    assert told["small"] is True
    assert steps.again(claim).stage == "reviewing"


@pytest.mark.clause("1.3-d")
def test_a_stage_cannot_be_skipped_by_a_direct_call(department):
    claim = steps.filed()
    with refused("materials_incomplete"):
        register_claim(claim.number, reserves={1: 1, 2: 1}, by=steps.CLERK)
    with refused("stage_not_reached"):
        calculate_claim(claim.number, by=steps.CLERK)
    with refused("survey_not_yours"):
        finish_survey(claim.number, findings="x", signed_name="y", by=steps.ASSESSOR)
    assert len(history(claim.subject)) == 1


@pytest.mark.clause("2.3-a")
def test_what_nobody_registers_in_72_hours_is_registered_and_marked(department):
    claim = steps.filed()
    with time_machine.travel(claim.reported_at + timedelta(hours=71), tick=False):
        assert register_overdue() == 0
    with time_machine.travel(claim.reported_at + timedelta(hours=73), tick=False):
        assert register_overdue() == 1
    claim = steps.again(claim)
    assert "forced" in claim.flags
    assert all(e.number and e.reserve_fen for e in claim.exposures.all())


@pytest.mark.clause("2.2-a")
def test_a_returned_paper_names_its_reason_and_waits_again(department):
    claim = steps.filed()
    by = steps.claimant()
    receive_document(claim.number, kind="driving_licence", upload=steps.upload(by).pk, by=by)
    with refused("reason_missing"):
        check_document(claim.number, kind="driving_licence", accepted=False, by=steps.CLERK)
    check_document(claim.number, kind="driving_licence", accepted=False, reason="看不清",
                   by=steps.CLERK)  # fmt: skip
    paper = claim.materials.get(kind="driving_licence")
    assert (paper.state, paper.reason) == ("returned", "看不清")


def test_papers_stamped_at_the_counter_start_the_clock_on_that_day(department):
    claim = steps.filed()
    monday = clock.now() - timedelta(minutes=90)
    picture = steps.upload(steps.CLERK).pk
    stamp = steps.upload(steps.CLERK).pk
    told = {"kind": "driving_licence", "upload": picture, "by": steps.CLERK,
            "duty": "materials.receive", "received_at": monday}  # fmt: skip
    with refused("backdating_needs_reason"):
        receive_document(claim.number, proof=stamp, **told)
    with refused("backdating_needs_proof"):
        receive_document(claim.number, reason="柜面收件章", **told)
    with refused("file_not_found"):
        foreign = steps.upload(steps.claimant()).pk
        receive_document(claim.number, reason="柜面收件章", proof=foreign, **told)
    assert not claim.documents.filter(kind="receipt_stamp").exists()
    receive_document(claim.number, reason="柜面收件章", proof=stamp, **told)
    assert claim.clocks.get(clause="K2").started_at == monday
    assert claim.documents.get(kind="receipt_stamp").upload_id == stamp
    entry = history(claim.subject)[-1]
    assert "柜面收件章" not in entry.line
    assert claim.documents.get(kind="driving_licence").received_why == "柜面收件章"
    assert entry.occurred_at == monday
    assert entry.recorded_at > monday


def test_no_paper_came_in_before_the_loss(department):
    claim = steps.filed()
    early = claim.lost_at - timedelta(minutes=1)
    with refused("time_before_event"):
        receive_document(
            claim.number, kind="driving_licence", upload=steps.upload(steps.CLERK).pk,
            by=steps.CLERK, duty="materials.receive", received_at=early, reason="柜面收件章",
            proof=steps.upload(steps.CLERK).pk,
        )  # fmt: skip
    assert not claim.clocks.filter(clause="K2").exists()


def test_a_claimant_never_says_when_their_papers_came_in(department):
    claim = steps.filed()
    by = steps.claimant()
    told = {"kind": "driving_licence", "upload": steps.upload(by).pk, "by": by}
    with refused("backdating_not_yours"):
        receive_document(
            claim.number, received_at=clock.now() - timedelta(hours=1), reason="早已交到柜面",
            proof=steps.upload(by).pk, **told,
        )  # fmt: skip
    assert not claim.clocks.filter(clause="K2").exists()
    receive_document(claim.number, **told)
    assert clock.now() - claim.clocks.get(clause="K2").started_at < timedelta(minutes=1)


def test_the_future_is_refused(department):
    with refused("time_in_future"):
        happened_at(clock.now() + timedelta(minutes=6))


def test_a_clock_keeps_the_edition_under_which_it_started(department):
    claim = steps.filed()
    assert {c.edition for c in claim.clocks.all()} == {"2025"}


def test_a_claim_of_another_and_one_that_does_not_exist_get_the_same_answer(department):
    claim = steps.filed()
    for number in (claim.number, "CX-2026-0101-999999"):
        with refused("claim_not_found"):
            receive_document(number, kind="scene", upload=1, by="party/999")


def test_what_one_may_see_but_not_do_is_refused_by_duty(department):
    claim = steps.accepted(steps.filed())
    with refused("duty_missing"):
        register_claim(claim.number, reserves={1: 1, 2: 1}, by="staff/wutong")


def test_every_stage_can_be_left_and_the_diagram_names_all():
    assert {s for s in Stage if not MOVES[s]} == set()
    text = diagram()
    assert all(f"{s.value} -->" in text for s in Stage)


def test_the_sweep_takes_each_clock_once(department):
    claim = steps.filed(damage=())
    with time_machine.travel(datetime(2031, 1, 1, tzinfo=UTC), tick=False):
        first = sweep_clocks()
        assert first >= Clock.objects.filter(stopped_at=None).count()
        assert sweep_clocks() == 0
    assert steps.again(claim).clocks.filter(stopped_at=None, breached_at=None).count() == 0


def test_the_diagram_in_the_docs_is_the_table():
    text = (CHECKOUT / "docs" / "stages.md").read_text("utf-8")
    assert diagram() in text
    assert side_table() in text


def test_every_side_state_says_where_it_comes_about_and_what_it_ends():
    assert set(SIDES) == set(Side)
    assert all(rule.at for rule in SIDES.values())
    assert {side.value for side in ENDINGS} == {"withdrawn", "cancelled", "zero"}
    for side in ENDINGS:
        assert all(Stage.CLOSED in MOVES[stage] for stage in SIDES[side].at), side
