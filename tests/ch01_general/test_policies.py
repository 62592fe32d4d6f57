"""A policy answers as it stood at the loss, never as it stands now (2.3-e)."""

from datetime import timedelta

import pytest
import time_machine

from lipei.ch01_general.actors import actor
from lipei.ch01_general.endorsing import (
    Told,
    bring_policies_forward,
    change_policy,
    cover_period,
    take_premium,
)
from lipei.ch01_general.models import Cover, Party, Policy
from lipei.ch01_general.policies import covers_of, policies_of, policy_held
from lipei.ch01_general.reading import claims_seen
from lipei.ch02_intake.channels import file_claim
from lipei.kit import clock
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
CORE = "system/core"
DAY = timedelta(days=1)


def days_ago(days: float):
    return clock.now() - days * DAY


@pytest.fixture
def policy(department) -> Policy:
    return Party.objects.get(phone=steps.PHONE).policies.get()


def endorsed(policy: Policy, values, *, ago: float, reference: str = "", by: str = CORE) -> bool:
    told = Told("endorsed", values, days_ago(ago), reference)
    return change_policy(policy.number, told=told, by=by)


def limit_at(policy: Policy, ago: float) -> object:
    held = policy_held(policy.number, lost_at=days_ago(ago))
    terms = {product: terms for product, _, terms in held.covers}
    return terms.get("third_party", {}).get("limit_fen")


def third_party(policy: Policy, limit_fen: int) -> dict[str, object]:
    cover = policy.covers.filter(product="third_party").first()
    return {"cover:third_party": {
        "edition": cover.edition, "terms": {"limit_fen": limit_fen},
        "starts_at": policy.starts_at.isoformat(), "ends_at": policy.ends_at.isoformat(),
    }}  # fmt: skip


@pytest.mark.clause("2.3-e")
def test_an_endorsement_changes_nothing_before_its_day(policy):
    before = policy_held(policy.number, lost_at=days_ago(30))
    assert endorsed(policy, {"plate": "沪B99999", "region": "省内", "premium_paid": False}, ago=10)
    assert policy_held(policy.number, lost_at=days_ago(30)) == before
    after = policy_held(policy.number, lost_at=days_ago(9))
    assert (after.plate, after.premium_paid) == ("沪B99999", False)
    policy.refresh_from_db()
    assert (policy.plate, policy.at(days_ago(30)).plate) == ("沪B99999", before.plate)
    assert (policy.region, policy.at(days_ago(30)).region) == ("省内", "")


@pytest.mark.clause("2.3-e")
def test_one_that_is_booked_later_holds_from_its_own_day(policy):
    """Told last, effective first: it falls into its place, and what came after it stays."""
    endorsed(policy, third_party(policy, 300_000_000), ago=5)
    endorsed(policy, third_party(policy, 100_000_000), ago=20)
    endorsed(policy, {"plate": "沪B99999"}, ago=20)
    assert [limit_at(policy, ago) for ago in (21, 19, 6, 4)] == [
        200_000_000, 100_000_000, 100_000_000, 300_000_000,
    ]  # fmt: skip
    assert policy_held(policy.number, lost_at=days_ago(4)).plate == "沪B99999"


def test_a_change_keeps_its_two_times_and_one_entry_without_a_person(policy):
    new = Party.objects.create(name="新车主", phone="13911110000")
    endorsed(policy, {"insured_id": new.pk}, ago=10, reference="E-1")
    first, second = policy.changes.order_by("number")
    assert (first.kind, second.kind, second.reference) == ("issued", "endorsed", "E-1")
    assert second.effective_at < days_ago(9) < second.recorded_at
    entry = Entry.objects.get(verb="general.policy_changed")
    assert (entry.subject, entry.facts["fields"]) == (policy.subject, ["insured_id"])
    assert entry.occurred_at == second.effective_at
    assert "新车主" not in entry.line


def test_the_same_change_twice_is_taken_once_and_another_under_its_number_is_refused(policy):
    at = days_ago(10)
    told = Told("endorsed", {"plate": "沪B99999"}, at, "E-1")
    assert change_policy(policy.number, told=told, by=CORE)
    assert not change_policy(policy.number, told=told, by=CORE)
    with pytest.raises(Refused, match="reference_told_otherwise"):
        change_policy(
            policy.number, told=Told("endorsed", {"plate": "沪B11111"}, at, "E-1"), by=CORE
        )
    assert policy.changes.count() == 2
    assert Entry.objects.filter(verb="general.policy_changed").count() == 1


def test_premium_that_was_paid_after_the_loss_was_not_paid_at_it(policy):
    endorsed(policy, {"premium_paid": False}, ago=60)
    paid = {"reference": "R-1", "amount_fen": 350_000, "paid_at": days_ago(10), "settles": True}
    assert take_premium(policy.number, by=CORE, **paid)
    assert not take_premium(policy.number, by=CORE, **paid)
    with pytest.raises(Refused, match="reference_told_otherwise"):
        take_premium(policy.number, by=CORE, **{**paid, "amount_fen": 1})
    claim = steps.filed(lost_at=days_ago(20))
    assert claim.flags == ["premium_unpaid"]
    assert steps.filed(lost_at=days_ago(9)).flags == []
    assert steps.filed(lost_at=days_ago(61)).flags == []


def test_a_cover_that_ended_answers_for_what_happened_before(policy):
    endorsed(policy, {"cover:own_damage": None}, ago=10)
    products = [[c.product for c in covers_of(policy, at=days_ago(ago))] for ago in (11, 9)]
    assert products == [
        ["compulsory_motor", "own_damage", "third_party"], ["compulsory_motor", "third_party"],
    ]  # fmt: skip
    assert Cover.objects.filter(policy=policy).count() == 3


def test_a_claim_belongs_to_who_was_insured_at_the_loss(policy):
    """The car is sold: its new owner sees nothing of the losses before, and reports the next."""
    claim = steps.filed(lost_at=days_ago(20))
    said = steps.report(lost_at=days_ago(5), uploads=())
    old = Party.objects.get(phone=steps.PHONE)
    new = Party.objects.create(name="新车主", phone="13911110000", signs_in_by="13911110000")
    endorsed(policy, {"insured_id": new.pk, "holder_id": new.pk}, ago=10)
    assert list(claims_seen(actor(f"party/{new.pk}"))) == []
    assert claim in claims_seen(actor(f"party/{old.pk}"))
    assert steps.again(claim).policy_then.insured == old
    assert list(policies_of(new, at=days_ago(20))) == []
    assert list(policies_of(old, at=days_ago(20))) == [policy]
    assert list(policies_of(new, at=days_ago(5))) == [policy]
    answer = file_claim(said, by=f"party/{new.pk}", key="key-of-new-owner", another=True)
    steps.hear()
    (mine,) = claims_seen(actor(f"party/{new.pk}"))
    assert (mine.number, mine.policy) == (answer["number"], policy)
    stranger = file_claim(said, by=f"party/{old.pk}", key="key-of-old-owner", another=True)
    steps.hear()
    theirs = claims_seen(actor(f"party/{old.pk}")).get(number=stranger["number"])
    assert theirs.policy is None


def test_endorsing_the_terms_of_a_cover_begins_no_new_period_of_insurance(policy):
    before = policy.covers.get(product="third_party")
    bought = (before.starts_at, before.ends_at)
    assert endorsed(policy, third_party(policy, 300_000_000), ago=10)
    policy.refresh_from_db()
    for ago in (20, 5):
        at = days_ago(ago)
        cover = covers_of(policy, at=at).get(product="third_party")
        assert cover_period(cover, at=at) == bought


def test_a_later_change_that_comes_first_is_not_forgotten(policy):
    own = policy.plate
    assert endorsed(policy, {"plate": own}, ago=5, reference="E-2")
    assert endorsed(policy, {"plate": "沪B00001"}, ago=20, reference="E-1")
    assert policy_held(policy.number, lost_at=days_ago(10)).plate == "沪B00001"
    assert policy_held(policy.number, lost_at=days_ago(2)).plate == own


def test_a_change_told_ahead_shows_from_its_day(policy):
    endorsed(policy, {"plate": "沪B99999"}, ago=-3)
    policy.refresh_from_db()
    assert policy.plate != "沪B99999"
    with time_machine.travel(clock.now() + timedelta(days=3, hours=1), tick=False):
        bring_policies_forward()
    policy.refresh_from_db()
    assert policy.plate == "沪B99999"


def test_a_change_whose_day_nobody_worked_on_is_brought_forward_later_and_once(policy):
    endorsed(policy, {"plate": "沪B99999"}, ago=-3)
    with time_machine.travel(clock.now() + timedelta(days=13), tick=False):
        assert bring_policies_forward() == 1
        assert bring_policies_forward() == 0
    policy.refresh_from_db()
    assert policy.plate == "沪B99999"


def test_days_out_of_order_are_refused_and_nothing_changes(policy):
    with pytest.raises(Refused, match="days_upside_down"):
        endorsed(policy, {"ends_at": days_ago(400).isoformat()}, ago=10)
    assert policy.changes.count() == 0
    assert policy.stretches.count() == 0


def test_who_may_not_bring_policies_in_changes_none(policy):
    with pytest.raises(Refused, match="policy_not_found"):
        endorsed(policy, {"plate": "沪B99999"}, ago=1, by=steps.CLERK)
    with pytest.raises(Refused, match="policy_not_found"):
        change_policy("NONE", told=Told("endorsed", {}, clock.now()), by=CORE)
