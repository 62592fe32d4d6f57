"""A changed edition beside the live one: for a stated time, and never in its way."""

from datetime import timedelta

import pytest

from lipei.ch03_assessment import shadow
from lipei.ch03_assessment.models import Calculation, ShadowSum
from lipei.ch03_assessment.shadow import counts_of, settle_beside
from lipei.kit import clock
from lipei.kit.models import Entry, Parked
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
MANAGER, CHANGED = "staff/zhouwei", "own_damage_2026"


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def decided(own_fen: int = 180_000):
    claim = steps.registered(steps.accepted(steps.filed()))
    return steps.surveyed(claim, own_fen=own_fen)


def started(*, days: int = 7, by: str = MANAGER):
    today = clock.today()
    return shadow.start_shadow(CHANGED, from_on=today, to_on=today + timedelta(days=days), by=by)


def test_each_new_sum_is_worked_out_by_both_and_the_live_one_stays(department, editions):
    editions.lay()
    decided()
    run = started()
    claim = decided()
    held = Calculation.objects.get(exposure__claim=claim, edition="own_damage_2020")
    assert held.benefit_fen == claim.exposures.get(product="own_damage").benefit_fen == 180_000
    assert counts_of(run) == {
        "claims": 1, "changed": 1, "refused": 0, "up": 0, "down": 1, "up_fen": 0,
        "down_fen": 50_000,
    }  # fmt: skip


def test_hearing_twice_counts_once(department, editions):
    editions.lay()
    run = started()
    decided()
    settle_beside(Entry.objects.filter(verb="assessment.claim_calculated").latest("pk"))
    assert counts_of(run)["claims"] == 1


def test_after_its_days_and_after_its_end_nothing_is_counted(department, editions, monkeypatch):
    editions.lay()
    run = started(days=0)
    later = clock.now() + timedelta(days=1)
    with monkeypatch.context() as tomorrow:
        tomorrow.setattr(clock, "now", lambda: later)
        entry = Entry(subject="claim/x", verb="assessment.claim_calculated", recorded_at=later,
                      facts={"sheets": {}})  # fmt: skip
        settle_beside(entry)
    shadow.end_shadow(run.pk, by=MANAGER)
    decided()
    assert counts_of(run)["claims"] == 0
    with refused("shadow_not_found"):
        shadow.end_shadow(run.pk, by=MANAGER)


def test_a_candidate_that_fails_never_harms_settlement(department, editions):
    editions.lay()
    run = started()
    editions.lay(terms="no longer an edition = [")
    claim = decided()
    assert claim.stage == "approved"
    assert counts_of(run)["refused"] == 1
    assert "edition_changed" not in ShadowSum.objects.get().why["zh"]
    assert ShadowSum.objects.get().why["en"]
    assert not Parked.objects.exists()


def test_only_sums_of_its_own_product_are_counted(department, editions):
    editions.lay()
    run = started()
    claim = decided()
    assert claim.exposures.count() > 1
    assert {s.calculation.exposure.product for s in run.sums.all()} == {"own_damage"}


def test_days_that_are_past_or_taken_and_posts_without_the_duty_are_refused(department, editions):
    editions.lay()
    today = clock.today()
    past = today - timedelta(days=2)
    with refused("days_past"):
        shadow.start_shadow(CHANGED, from_on=past, to_on=past, by=MANAGER)
    with refused("days_upside_down"):
        shadow.start_shadow(CHANGED, from_on=today, to_on=past, by=MANAGER)
    with refused("duty_missing"):
        started(by=steps.CLERK)
    with refused("edition_unknown"):
        shadow.start_shadow("own_damage_1999", from_on=today, to_on=today, by=MANAGER)
    started()
    with refused("shadow_runs_already"):
        started()
