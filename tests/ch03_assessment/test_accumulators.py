"""Limits of several claims: counted once, in the order of approval, and never overdrawn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from io import StringIO
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction

from lipei.ch01_general.models import Party
from lipei.ch02_intake.irregular import withdraw_claim
from lipei.ch03_assessment.accumulators import policy_year
from lipei.ch03_assessment.adjudication import review_straight_through
from lipei.ch03_assessment.limits import limit_faults, standings
from lipei.ch03_assessment.models import Accumulator, AccumulatorUse, Calculation
from lipei.kit import clock
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from lipei.rules import edition, edition_names, settle_together
from tests import stays

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("department")]
MOVING = {"limit_moved", "limit_used_up"}


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def row(name: str = "yearly_limit") -> Accumulator:
    return Accumulator.objects.get(name=name)


@pytest.fixture
def policy():
    return stays.policy_of(stays.insured("住院人"))


# One after the other


def test_what_one_stay_used_up_is_gone_for_the_next(policy):
    first = stays.settled_now(policy, fen=1_300_000)
    second = stays.settled_now(policy, fen=1_300_000)
    assert [c.benefit_fen for c in (first, second)] == [1_000_000, 1_000_000]
    assert (row().used_units, row().limit_units, row().turns) == (2_000_000, 2_000_000, 2)
    assert row("yearly_deductible").used_units == 300_000
    assert stays.settled_now(policy, fen=1_300_000).benefit_fen == 0
    assert limit_faults() == []


def test_a_sum_that_is_not_approved_takes_nothing_from_others(policy):
    waiting = stays.assessed(policy, fen=2_300_000)
    assert stays.calculated(waiting).benefit_fen == 2_000_000
    assert row().used_units == 0
    assert stays.settled_now(policy, fen=800_000).benefit_fen == 500_000


def test_a_sum_that_saw_more_than_is_left_is_worked_out_again_and_never_cut(policy):
    early = stays.assessed(policy, fen=2_300_000)
    seen = stays.calculated(early)
    stays.settled_now(policy, fen=800_000)
    with refused("limit_used_up") as no:
        stays.approved(early)
    assert "「年免赔额」只剩 0.00 元，这份理算要用 3,000.00 元" in no.value.words("zh")
    assert '"Yearly deductible" only CNY 0.00 is left' in no.value.words("en")
    assert early.exposures.get().stage == "calculated"
    assert row().used_units == 500_000
    stays.returned(early)
    stays.calculated(early)
    made = stays.approved(early)
    assert (seen.benefit_fen, made.benefit_fen) == (2_000_000, 1_500_000)
    assert row().used_units == 2_000_000


def test_a_sum_that_would_fit_but_tells_another_use_is_worked_out_again(policy):
    early = stays.assessed(policy, fen=500_000, terms={"yearly_deductible_fen": 0})
    stays.calculated(early)
    stays.settled_now(policy, fen=400_000, terms={"yearly_deductible_fen": 0})
    with refused("limit_moved") as no:
        stays.approved(early)
    assert "由 0.00 元 变为" in no.value.words("zh")
    assert "from CNY 0.00 to" in no.value.words("en")
    stays.returned(early)
    stays.calculated(early)
    assert stays.approved(early).benefit_fen == 500_000


def test_a_program_hands_a_sum_whose_limits_moved_to_a_person(policy):
    early = stays.assessed(policy, fen=900_000)
    stays.calculated(early)
    stays.settled_now(policy, fen=800_000)
    assert not review_straight_through(early.number)
    last = history(early.subject)[-1]
    assert ["limits_stand", False] in last.facts["reasons"]
    assert early.exposures.get().stage == "reviewing"


def test_two_years_of_a_policy_have_a_limit_each(policy):
    stays.settled_now(policy, fen=2_300_000)
    stays.settled_now(policy, fen=2_300_000, lost_on=date(2026, 2, 28))
    assert stays.settled_now(policy, fen=2_300_000, lost_on=date(2026, 3, 1)).benefit_fen > 0
    used = Accumulator.objects.filter(name="yearly_limit").order_by("key")
    assert [a.used_units for a in used] == [2_000_000, 2_000_000]


@pytest.mark.parametrize(
    ("starts", "lost", "year"),
    [
        ((2025, 3, 1), (2026, 2, 28), 1),
        ((2025, 3, 1), (2026, 3, 1), 2),
        ((2024, 2, 29), (2025, 2, 27), 1),
        ((2024, 2, 29), (2025, 2, 28), 2),
        ((2025, 3, 1), (2025, 2, 1), 1),
    ],
)
def test_a_year_of_a_policy_begins_on_its_anniversary(starts, lost, year):
    policy = stays.policy_of(stays.insured("某人"), starts_at=datetime(*starts, tzinfo=clock.LOCAL))
    claim = stays.assessed(policy, fen=1, lost_on=date(*lost))
    assert policy_year(policy, claim) == year


def test_an_endorsement_that_raised_the_limit_counts_from_then_on(policy):
    stays.settled_now(policy, fen=2_300_000)
    raised = stays.TERMS | {"yearly_limit_fen": 3_000_000}
    assert stays.settled_now(policy, fen=500_000, terms=raised).benefit_fen == 500_000
    assert (row().used_units, row().limit_units) == (2_500_000, 3_000_000)
    assert stays.settled_now(policy, fen=500_000).benefit_fen == 0, "a loss under the old limit"
    assert stays.settled_now(policy, fen=900_000, terms=raised).benefit_fen == 500_000
    assert limit_faults() == []


def test_the_insured_of_a_company_have_a_limit_each_and_must_be_known():
    policy = stays.policy_of(stays.insured("某公司", kind=Party.Kind.COMPANY))
    for name in ("甲", "乙"):
        person = stays.insured(name)
        assert stays.settled_now(policy, fen=2_300_000, reporter=person).benefit_fen == 2_000_000
        assert stays.settled_now(policy, fen=1_000_000, reporter=person).benefit_fen == 0
    unknown = stays.assessed(policy, fen=1, reporter=stays.insured("丙", identified=False))
    with refused("insured_unknown"):
        stays.calculated(unknown)
    assert not Calculation.objects.filter(exposure__claim=unknown).exists()


# Given back, once, or not at all


FAMILY = {
    "edition": "health_inpatient_family_2020",
    "terms": {"yearly_deductible_fen": 300_000, "family_deductible_fen": 400_000,
              "yearly_limit_fen": 2_000_000, "family_limit_fen": 2_500_000},
}  # fmt: skip


def test_a_family_shares_deductible_and_limit_and_each_member_has_their_own_beside():
    father, child = stays.insured("父亲"), stays.insured("孩子")
    policy = stays.policy_of(father)

    def paid(fen: int, reporter: Party) -> int:
        return stays.settled_now(policy, fen=fen, reporter=reporter, **FAMILY).benefit_fen

    assert paid(1_300_000, father) == 1_000_000
    assert paid(1_300_000, child) == 1_200_000
    assert paid(900_000, father) == 300_000
    assert paid(900_000, child) == 0
    own = Accumulator.objects.filter(name="yearly_limit").order_by("used_units")
    assert [one.used_units for one in own] == [1_200_000, 1_300_000]
    assert (row("family_limit").used_units, row("family_deductible").used_units) == (
        2_500_000, 400_000,
    )  # fmt: skip
    assert row("family_limit").key == f"policy/{policy.pk}/year/1/family"
    assert limit_faults() == []
    stranger = stays.assessed(
        policy, fen=1, reporter=stays.insured("?", identified=False), **FAMILY
    )
    with refused("insured_unknown"):
        stays.calculated(stranger)


def test_the_same_yes_twice_counts_once(policy):
    claim = stays.assessed(policy, fen=800_000)
    stays.calculated(claim)
    stays.approved(claim)
    with refused("stage_not_reached"):
        stays.approved(claim)
    assert (row().used_units, row().turns) == (500_000, 1)


def killed_after_approval(claim) -> None:
    with transaction.atomic():
        stays.approved(claim)
        raise KeyboardInterrupt


def test_an_act_that_dies_in_the_middle_leaves_nothing(policy):
    claim = stays.assessed(policy, fen=800_000)
    stays.calculated(claim)
    with pytest.raises(KeyboardInterrupt):
        killed_after_approval(claim)
    assert (row().used_units, row().turns) == (0, 0)
    assert not AccumulatorUse.objects.filter(counted_at__isnull=False).exists()
    assert claim.exposures.get().stage == "calculated"
    stays.approved(claim)
    assert (row().used_units, limit_faults()) == (500_000, [])


def test_a_claim_that_is_withdrawn_used_up_nothing(policy):
    policy.insured.phone = "13800001111"
    policy.insured.save()
    claim = stays.assessed(policy, fen=2_300_000)
    stays.calculated(claim)
    withdraw_claim(claim.number, by=f"party/{policy.insured_id}", reason="不再申请")
    assert stays.settled_now(policy, fen=2_300_000).benefit_fen == 2_000_000


@pytest.mark.parametrize("change", ["used_units = 1", "used_units = -1", "limit_units = -1"])
def test_the_database_itself_refuses_an_overdraft(policy, change):
    stays.calculated(stays.assessed(policy, fen=800_000))
    overdrawn = pytest.raises(IntegrityError, match="accumulator_never_overdrawn")
    with overdrawn, connection.cursor() as cursor:
        cursor.execute(f"UPDATE assessment_accumulator SET {change}")


# Shown and proved


def test_beside_a_sum_stands_what_was_used_before_by_it_and_is_left(policy):
    stays.settled_now(policy, fen=800_000)
    made = stays.calculated(stays.assessed(policy, fen=600_000))
    told = {s.rule.name: s for s in standings([made])[made.pk]}
    limit = told["yearly_limit"]
    assert (limit.before_units, limit.used_units, limit.left_units) == (500_000, 600_000, 900_000)
    assert (limit.state, told["yearly_deductible"].left_units) == ("waiting", 0)
    assert not told["stop_loss"].is_limited
    stays.approved(made.exposure.claim)
    assert {s.state for s in standings([made])[made.pk]} == {"counted"}


def test_the_audit_rebuilds_every_limit_and_names_one_that_was_changed(policy):
    stays.settled_now(policy, fen=800_000)
    said = StringIO()
    call_command("audit", "verify", stdout=said)
    assert "audit: clean" in said.getvalue()
    Accumulator.objects.filter(name="yearly_limit").update(used_units=400_000)
    with pytest.raises(SystemExit):
        call_command("audit", "verify", stdout=said)
    assert "yearly_limit #1: not as its uses say" in said.getvalue()
    assert "yearly_limit #1: not as the journal says" in said.getvalue()


@pytest.mark.parametrize("name", [n for n in edition_names() if edition(n).accumulators])
def test_no_worked_case_uses_more_than_is_left(name):
    made = edition(name)
    for case in made.cases:
        rows = settle_together(
            made, rows=[r.facts for r in case.rows], terms=[r.terms for r in case.rows]
        )
        for one in made.accumulators:
            used: dict[int, int] = {}
            for columns in (r.columns for r in rows):
                before = used.get(columns[one.key], columns[one.opening])
                used[columns[one.key]] = before + columns[one.used]
                fits = before + columns[one.used] <= columns[one.limit]
                assert fits or not columns[one.used], (case.name, one.name)


# All at once

WRITERS, POLICIES = 64, 10


@pytest.fixture
def own_connections():
    """Every thread has a connection of its own: a pool would let only a few write at once."""
    connection.close()
    options = connections.settings["default"]["OPTIONS"]
    pool, options["pool"] = options["pool"], False
    yield
    connection.close()
    options["pool"] = pool


def settle_until_done(claim) -> None:
    """Work out and approve, as often as others come between."""
    stays.calculated(claim)
    while refusal := moved(claim):
        assert refusal in MOVING
        stays.returned(claim)
        stays.calculated(claim)


def moved(claim) -> str:
    """Approve the sum; empty where it was, else the refusal."""
    try:
        stays.approved(claim)
    except Refused as no:
        return no.slug
    return ""


@pytest.mark.usefixtures("own_connections")
def test_sixty_four_writers_on_ten_policies_never_overdraw_and_settle_as_one_by_one():
    policies = [stays.policy_of(stays.insured(f"被保险人{n}")) for n in range(POLICIES)]
    shares = [
        [stays.assessed(policies[n % POLICIES], fen=150_000 + 7_001 * n + 90_007 * k)
         for k in range(2)]
        for n in range(WRITERS)
    ]  # fmt: skip
    start = Barrier(WRITERS)

    def write(claims) -> None:
        try:
            start.wait(60)
            for claim in claims:
                settle_until_done(claim)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as hands:
        list(hands.map(write, shares))

    for policy in policies:
        uses = AccumulatorUse.objects.filter(
            accumulator__name="yearly_limit", calculation__exposure__claim__policy=policy,
            counted_at__isnull=False,
        ).select_related("calculation").order_by("turn")  # fmt: skip
        settled = [use.calculation for use in uses]
        assert [use.turn for use in uses] == list(range(1, len(settled) + 1))
        assert len(settled) == sum(len(s) for n, s in enumerate(shares) if n % POLICIES ==
                                   policies.index(policy))  # fmt: skip
        facts = [stays.WHEN | c.exposure.claim.facts for c in settled]
        frame = settle_together(stays.EDITION, rows=facts, terms=stays.TERMS)
        for name in ("benefit_fen", "deductible_used_fen", "own_borne_fen"):
            assert [c.columns[name] for c in settled] == [row.columns[name] for row in frame]
        assert sum(c.benefit_fen for c in settled) == 2_000_000, "used up, and not a fen more"
    assert limit_faults() == []
    said = StringIO()
    call_command("audit", "verify", stdout=said)
    assert "audit: clean" in said.getvalue()


WRITING, FAMILIES, MEMBERS = 64, 4, 4


@pytest.mark.usefixtures("own_connections")
def test_sixty_four_writers_on_four_families_never_overdraw_what_a_family_shares():
    families = [[stays.insured(f"家庭{n}成员{m}") for m in range(MEMBERS)] for n in range(FAMILIES)]
    policies = [stays.policy_of(members[0]) for members in families]
    claims = [
        stays.assessed(
            policies[n % FAMILIES], fen=150_000 + 7_001 * n,
            reporter=families[n % FAMILIES][n // FAMILIES % MEMBERS], **FAMILY,
        )
        for n in range(WRITING)
    ]  # fmt: skip
    start = Barrier(WRITING)

    def write(claim) -> None:
        try:
            start.wait(60)
            settle_until_done(claim)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITING) as hands:
        list(hands.map(write, claims))

    formula = edition(str(FAMILY["edition"]))
    for policy in policies:
        uses = AccumulatorUse.objects.filter(
            accumulator__name="family_limit", calculation__exposure__claim__policy=policy,
            counted_at__isnull=False,
        ).select_related("calculation").order_by("turn")  # fmt: skip
        settled = [use.calculation for use in uses]
        assert len(settled) == WRITING // FAMILIES
        nothing_before = dict.fromkeys((a.opening for a in formula.accumulators), 0)
        alone = [
            one.facts | nothing_before | {"insured_year_key": one.exposure.claim.reporter_id}
            for one in settled
        ]
        together = settle_together(formula, rows=alone, terms=[one.terms for one in settled])
        assert [one.benefit_fen for one in together] == [one.benefit_fen for one in settled]
        assert sum(one.benefit_fen for one in settled) == 2_500_000
        (shared,) = Accumulator.objects.filter(name="family_limit", key__contains=f"/{policy.pk}/")
        assert shared.used_units == shared.limit_units == 2_500_000
    assert limit_faults() == []
