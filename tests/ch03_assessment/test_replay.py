"""A changed edition is run over what is settled before it goes live, and two persons let it in."""

from datetime import date, timedelta

import pytest

from lipei.ch01_general import editions as live
from lipei.ch01_general.models import EditionApproval, Exposure
from lipei.ch01_general.policies import edition_at
from lipei.ch03_assessment import replay
from lipei.ch03_assessment.adjudication import calculate_claim
from lipei.ch03_assessment.models import Calculation, Decision, Replay
from lipei.kit import clock
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
MANAGER, COMPLIANCE = "staff/zhouwei", "staff/hege"
CHANGED = "own_damage_2026"


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def settled(own_fen: int = 180_000):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())), own_fen=own_fen)
    assert claim.stage == "approved"
    return claim


def replayed(name: str = CHANGED, *, by: str = MANAGER, **asked) -> Replay:
    made = replay.start_replay(name, by=by, **asked)
    replay.run_replay(made.pk)
    return replay.replay_of(made.pk)


def approved(made: Replay, *, by: str = COMPLIANCE) -> EditionApproval:
    return replay.approve_replay(made.pk, report_hash=made.report_hash, by=by)


def test_a_replay_counts_how_many_claims_change_and_by_how_much(department, editions):
    editions.lay()
    first, second = settled(180_000), settled(30_000)
    told = replayed().tally
    assert told["total"] == {
        "claims": 2, "changed": 2, "refused": 0, "up": 0, "down": 2, "up_fen": 0,
        "down_fen": 80_000, "before_fen": 210_000, "after_fen": 130_000,
    }  # fmt: skip
    assert [(one["claim"], one["change_fen"]) for one in told["hardest"]] == [
        (first.number, -50_000), (second.number, -30_000),
    ]  # fmt: skip
    assert told["by"]["line"]["motor"]["down_fen"] == 80_000
    assert told["by"]["branch"]["3101"]["changed"] == 2
    assert told["by"]["age"]["31-45"]["claims"] == 2
    assert told["by"]["month"][f"{clock.today():%Y-%m}"]["claims"] == 2
    assert told["steps"]["deductible_taken_fen"]["up_fen"] == 80_000


def test_an_edition_that_changes_nothing_changes_no_claim(department, editions):
    editions.lay(deductible_fen=0)
    settled()
    total = replayed().tally["total"]
    assert (total["claims"], total["changed"], total["down_fen"]) == (1, 0, 0)


def test_a_policy_keeps_the_terms_that_it_bought(department, editions):
    editions.lay()
    claim = settled()
    bought = {"sum_insured_fen": 15_000_000, "deductible_fen": 0}
    Exposure.objects.filter(claim=claim, product="own_damage").update(terms=bought)
    assert replayed().tally["total"]["changed"] == 0


def test_only_claims_that_were_settled_in_the_range_are_counted(department, editions):
    editions.lay()
    settled()
    today = clock.today()
    assert replayed(from_on=today, to_on=today).done == 1
    assert replayed(to_on=today - timedelta(days=1)).done == 0
    assert replayed(from_on=today + timedelta(days=1)).done == 0
    with refused("days_upside_down"):
        replay.start_replay(CHANGED, by=MANAGER, from_on=today, to_on=date(2020, 1, 1))


def test_a_sum_that_was_only_worked_out_is_not_settled(department, editions):
    editions.lay()
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())), own_fen=750_000)
    calculate_claim(claim.number, by=steps.CLERK)
    assert Calculation.objects.filter(exposure__claim=claim).exists()
    assert not Decision.objects.exists()
    assert replayed().tally["total"]["claims"] == 0


def test_what_the_edition_cannot_settle_is_counted_with_the_reason(department, editions):
    terms = """product = "own_damage"
chosen_by = "policy"
starts_on = 2026-01-01
formula = "own_damage_2020"
[title]
zh = "只赔小额"
en = "Small losses only"
[facts.repair_cost_fen]
most = 100_000
"""
    case = """[[case]]
name = "a small one"
sum_insured_fen = 20_000_000
repair_cost_fen = 40_000
benefit_fen = 40_000
"""
    editions.lay(terms=terms, cases=case)
    large, _small = settled(180_000), settled(30_000)
    told = replayed().tally
    assert (told["total"]["claims"], told["total"]["refused"]) == (2, 1)
    assert told["total"]["before_fen"] == told["total"]["after_fen"] == 30_000
    assert told["refused"]["repair_cost_fen too_large"]["first"] == [large.number]


def test_an_unknown_or_broken_edition_is_refused_in_words(department, editions):
    with refused("edition_unknown"):
        replay.start_replay("own_damage_1999", by=MANAGER)
    editions.lay(terms='product = "own_damage"\n')
    with refused("edition_broken"):
        replay.start_replay(CHANGED, by=MANAGER)
    editions.lay(
        deductible_fen=50_000,
        cases='[[case]]\nname = "wrong"\n'
        "sum_insured_fen = 9_000_000\nrepair_cost_fen = 100_000\nbenefit_fen = 1\n",
    )
    with pytest.raises(Refused, match="edition_broken") as no:
        replay.start_replay(CHANGED, by=MANAGER)
    assert "50000" in no.value.words("en")


def test_only_those_who_may_propose_a_change_start_a_replay(department, editions):
    editions.lay()
    with refused("duty_missing"):
        replay.start_replay(CHANGED, by=steps.CLERK)
    assert replay.start_replay(CHANGED, by=MANAGER).state == "running"


def test_a_replay_that_was_cut_off_goes_on_and_counts_nothing_twice(department, editions):
    editions.lay()
    for own_fen in (180_000, 30_000, 90_000):
        settled(own_fen)
    whole = replayed()
    cut = replay.start_replay(CHANGED, by=MANAGER)
    replay.advance(cut.pk, size=1)
    assert replay.replay_of(cut.pk).done == 1
    replay.run_replay(cut.pk)
    replay.run_replay(cut.pk)
    again = replay.replay_of(cut.pk)
    assert (again.done, again.state) == (3, "done")
    assert again.report_hash == whole.report_hash
    ended = Entry.objects.filter(verb="assessment.replay_ended", facts__replay=cut.pk)
    assert ended.count() == 1


def test_the_hash_follows_the_content_and_not_the_hour(department, editions, monkeypatch):
    editions.lay()
    settled()
    first = replayed()
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert replayed().report_hash == first.report_hash
    editions.lay(deductible_fen=60_000)
    assert replayed().report_hash != first.report_hash


def test_files_that_change_in_the_middle_end_the_replay(department, editions):
    editions.lay()
    settled()
    made = replay.start_replay(CHANGED, by=MANAGER)
    editions.lay(deductible_fen=70_000)
    replay.run_replay(made.pk)
    held = replay.replay_of(made.pk)
    assert (held.state, held.report_hash) == ("failed", "")
    assert "edition_changed" in held.error


@pytest.mark.clause("3.2-g")
def test_an_edition_is_live_once_another_person_approved_its_report(department, editions):
    editions.lay()
    settled()
    made = replayed()
    assert not live.is_live(CHANGED)
    with refused("duty_missing"):
        approved(made, by=MANAGER)
    assert approved(made).report_hash == made.report_hash
    assert live.is_live(CHANGED)
    with refused("edition_live_already"):
        approved(made)


def test_whoever_started_the_replay_does_not_approve_it(department, editions):
    editions.lay()
    made = replayed(by=COMPLIANCE)
    with refused("same_person_edition"):
        approved(made, by=COMPLIANCE)
    assert not live.is_live(CHANGED)


def test_an_approval_is_bound_to_the_report_and_to_the_files(department, editions):
    editions.lay()
    settled()
    made = replayed()
    with refused("report_changed"):
        replay.approve_replay(made.pk, report_hash="sha256:other", by=COMPLIANCE)
    editions.lay(deductible_fen=60_000)
    with refused("edition_changed"):
        approved(made)
    editions.lay()
    approved(made)
    assert live.is_live(CHANGED)
    editions.lay(deductible_fen=60_000)
    assert not live.is_live(CHANGED)


def test_a_replay_that_is_not_done_or_that_nobody_answers_for_approves_nothing(
    department, editions
):
    editions.lay()
    running = replay.start_replay(CHANGED, by=MANAGER)
    with refused("replay_not_done"):
        replay.approve_replay(running.pk, report_hash="", by=COMPLIANCE)
    nobodys = replayed(by="system/console")
    with refused("replay_of_nobody"):
        approved(nobodys)
    with refused("replay_not_found"):
        replay.approve_replay(999_999, report_hash="", by=COMPLIANCE)


def test_what_ships_is_approved_by_its_release(department):
    made = replayed("own_damage_2020")
    assert live.is_live("own_damage_2020")
    with refused("edition_live_already"):
        approved(made)


def test_a_claim_is_not_settled_by_an_edition_that_awaits_its_approval(department, editions):
    editions.lay()
    claim = steps.registered(steps.accepted(steps.filed()))
    held = claim.exposures.get(product="own_damage")
    Exposure.objects.filter(pk=held.pk).update(edition=CHANGED)
    claim = steps.surveyed(claim, own_fen=750_000)
    with refused("edition_not_live"):
        calculate_claim(claim.number, by=steps.CLERK)
    approved(replayed())
    assert calculate_claim(claim.number, by=steps.CLERK)[held.position] == 700_000


def test_an_approved_edition_answers_from_its_first_day_and_no_other_does(department, editions):
    editions.lay()
    day = clock.now()
    assert edition_at("own_damage", bought="", lost_at=day) == "own_damage_2020"
    approved(replayed())
    assert edition_at("own_damage", bought="", lost_at=day) == CHANGED
    before = day.replace(year=2025)
    assert edition_at("own_damage", bought="", lost_at=before) == "own_damage_2020"


def test_a_sheet_whose_steps_do_not_add_up_cannot_be_settled(department, editions):
    terms = """product = "own_damage"
chosen_by = "policy"
starts_on = 2026-01-01
formula = "own_damage_2020"
[title]
zh = "重复计入修理费用"
en = "The repair told twice"
[facts.repair_cost_fen]
sign = "+"
part = "car"
clause = "partial_loss"
"""
    editions.lay(terms=terms, deductible_fen=0)
    decided = settled()
    told = replayed().tally
    assert (told["total"]["refused"], told["total"]["changed"]) == (1, 0)
    assert told["refused"]["benefit_fen steps"]["first"] == [decided.number]
