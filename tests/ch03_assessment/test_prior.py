"""What was used up before Lipei counts as if the claims had been settled here."""

from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from lipei.ch01_general.models import Branch, Cover, Party
from lipei.ch03_assessment import prior
from lipei.ch03_assessment.limits import limit_faults, standings
from lipei.ch03_assessment.models import Accumulator, PriorBatch, PriorUse
from lipei.kit import sealed, uploads
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from tests import stays, steps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("department")]
CLERK, MANAGER, COMPLIANCE = "staff/wangmin", "staff/zhouwei", "staff/hege"
PAPER = {"source": "旧核心系统", "paper": "移交清单第 3 页", "reason": "系统切换"}
PRODUCT = stays.PRODUCT
IDENTITY = "11010519491231002X"


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def covered(party: Party, **more: object):
    policy = stays.policy_of(party)
    Cover.objects.create(
        policy=policy, product=PRODUCT, edition=stays.EDITION, terms=stays.TERMS,
        starts_at=policy.starts_at, ends_at=policy.ends_at,
    )  # fmt: skip
    return policy


@pytest.fixture
def policy():
    return covered(stays.insured("住院人"))


def told(policy, limit: str = "yearly_limit", units: int = 500_000, **more: object) -> prior.Told:
    return prior.Told(policy=policy.number, limit=limit, amount_units=units,
                      **({"year": 1} | more))  # type: ignore[arg-type]  # fmt: skip


def evidence(by: str = CLERK) -> int:
    photograph = BytesIO(steps.photograph(7).getvalue())
    return uploads.take(photograph, owner=by, client_id=f"proof-{by}", filename="list.jpg").pk


def proposed(*rows: prior.Told, by: str = CLERK) -> PriorBatch:
    return prior.propose_prior(rows, **PAPER, proof=evidence(by), by=by)


def brought(*rows: prior.Told) -> PriorBatch:
    made = proposed(*rows)
    return prior.approve_prior(made.pk, digest=made.digest, by=MANAGER)


def row(name: str = "yearly_limit", **more: object) -> Accumulator:
    return Accumulator.objects.get(name=name, **more)


def test_the_next_sum_is_the_same_as_if_the_claim_before_had_been_settled_here(policy):
    other = covered(stays.insured("另一人"))
    first = stays.settled_now(other, fen=800_000)
    here = stays.settled_now(other, fen=600_000)
    used = {"yearly_deductible": "deductible_used_fen", "stop_loss": "own_borne_fen",
            "yearly_limit": "benefit_fen"}  # fmt: skip
    brought(*(told(policy, name, first.columns[column]) for name, column in used.items()))
    there = stays.settled_now(policy, fen=600_000)
    keys = {"insured_year_key"}
    assert {k: v for k, v in there.columns.items() if k not in keys} == {
        k: v for k, v in here.columns.items() if k not in keys
    }
    assert row(key__contains=f"policy/{policy.pk}/").used_units == 1_100_000
    assert limit_faults() == []


def test_nothing_counts_before_a_second_person_has_approved_the_rows_that_were_read(policy):
    waiting = proposed(told(policy))
    assert not Accumulator.objects.exists()
    with refused("same_person_prior"):
        own = proposed(told(policy, units=400_000), by=MANAGER)
        prior.approve_prior(own.pk, digest=own.digest, by=MANAGER)
    with refused("duty_missing"):
        prior.approve_prior(waiting.pk, digest=waiting.digest, by="staff/wangmin")
    with refused("prior_changed"):
        prior.approve_prior(waiting.pk, digest="0" * 64, by=MANAGER)
    assert not Accumulator.objects.exists()
    held = prior.approve_prior(waiting.pk, digest=waiting.digest, by=COMPLIANCE)
    assert (held.state, held.decided_by) == ("approved", COMPLIANCE)
    assert row().used_units == 500_000
    with refused("prior_not_waiting"):
        prior.approve_prior(waiting.pk, digest=waiting.digest, by=MANAGER)
    assert row().used_units == 500_000


def test_the_journal_tells_what_counted_and_nobody_by_name_or_number(policy):
    made = brought(told(policy))
    entries = history(str(made))
    assert [e.verb.rpartition(".")[2] for e in entries] == [
        "prior_uses_proposed", "prior_uses_approved",
    ]  # fmt: skip
    key = f"policy/{policy.pk}/year/1/party/{policy.insured_id}"
    assert entries[1].facts["counted"] == [
        [0, key, PRODUCT, "yearly_limit", 1, 500_000, 2_000_000]
    ]  # fmt: skip
    assert policy.insured.name not in "".join(e.line for e in entries)
    said = StringIO()
    call_command("audit", "verify", stdout=said)
    assert "audit: clean" in said.getvalue()
    PriorUse.objects.update(counted_units=400_000)
    assert {fault.kind for fault in limit_faults()} == {"not as its uses say"}


def test_the_same_paper_again_is_nothing_new_and_while_it_waits_the_same_proposal(policy):
    first = proposed(told(policy))
    assert proposed(told(policy)).pk == first.pk
    assert len(history(str(first))) == 1
    prior.approve_prior(first.pk, digest=first.digest, by=MANAGER)
    with refused("prior_nothing_new"):
        proposed(told(policy))
    assert row().used_units == 500_000


def test_a_later_paper_corrects_forward_and_what_stood_stays(policy):
    brought(told(policy, units=500_000))
    settled = stays.settled_now(policy, fen=800_000)
    waiting = stays.calculated(stays.assessed(policy, fen=600_000))
    made = brought(told(policy, units=200_000))
    assert [use.counted_units for use in PriorUse.objects.order_by("turn")] == [500_000, -300_000]
    assert row().used_units == 200_000 + settled.benefit_fen
    assert prior.settled_before(made) == [settled.exposure.claim.number]
    with refused("limit_moved"):
        stays.approved(waiting.exposure.claim)
    assert limit_faults() == []
    shown = {s.rule.name: s for s in standings([settled])[settled.pk]}
    assert shown["yearly_limit"].before_units == 500_000


def test_more_than_the_limit_holds_is_refused_by_name(policy):
    with refused("prior_over_limit") as no:
        proposed(told(policy, units=2_000_001))
    assert "20,000.00" in no.value.words("zh")
    stays.settled_now(policy, fen=800_000)
    waiting = proposed(told(policy, units=1_600_000))
    with refused("prior_over_limit") as no:
        prior.approve_prior(waiting.pk, digest=waiting.digest, by=MANAGER)
    assert "15,000.00" in no.value.words("zh")
    assert PriorBatch.objects.get().state == "waiting"
    assert row().used_units == 500_000
    assert prior.drop_prior(waiting.pk, by=CLERK).state == "dropped"


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"policy": "PH-NO-SUCH"}, "prior_policy_unknown"),
        ({"limit": "monthly_limit"}, "prior_limit_unknown"),
        ({"product": "hospital_cash"}, "prior_limit_unknown"),
        ({"year": None}, "prior_year_needed"),
        ({"year": 0}, "prior_year_outside"),
        ({"year": 9}, "prior_year_outside"),
        ({"year": date(2024, 1, 1)}, "prior_year_outside"),
        ({"identity": IDENTITY}, "prior_insured_unlike"),
    ],
)
def test_a_row_that_means_no_limit_of_the_policy_is_refused_by_name(policy, change, slug):
    plain = {"policy": policy.number, "limit": "yearly_limit", "amount_units": 1, "year": 1}
    with refused(slug):
        prior.propose_prior([prior.Told(**(plain | change))], **PAPER, proof=evidence(), by=CLERK)
    assert not PriorBatch.objects.exists()


def test_a_limit_of_one_event_is_never_brought_in(policy):
    Cover.objects.filter(policy=policy).update(product="third_party", edition="third_party_2020")
    with refused("prior_of_event"):
        proposed(told(policy, "limit"))


def test_the_same_limit_twice_in_one_paper_is_refused(policy):
    with refused("prior_twice"):
        proposed(told(policy), told(policy, units=1))


def test_without_evidence_or_the_duty_nothing_is_brought_in(policy):
    with refused("prior_needs_proof"):
        prior.propose_prior([told(policy)], **PAPER, by=CLERK)
    with refused("file_not_found"):
        prior.propose_prior([told(policy)], **PAPER, proof=evidence(MANAGER), by=CLERK)
    with refused("duty_missing"):
        proposed(told(policy), by="staff/zhaolin")
    with refused("prior_policy_unknown"):
        policy.branch = Branch.objects.get(code="00")
        policy.save()
        proposed(told(policy))
    assert not PriorBatch.objects.exists()


def test_a_day_of_the_year_means_the_year_and_words_mean_the_limit(policy):
    brought(told(policy, "年度限额", year=date(2026, 3, 1)))
    assert row().key == f"policy/{policy.pk}/year/2/party/{policy.insured_id}"


def test_under_a_policy_of_a_company_each_insured_person_is_told_by_identity():
    company = covered(stays.insured("公司", kind=Party.Kind.COMPANY))
    with refused("prior_insured_needed"):
        proposed(told(company))
    brought(told(company, identity=IDENTITY))
    person = stays.insured("员工")
    person.id_digest = sealed.digest(IDENTITY)
    person.save()
    made = stays.settled_now(company, fen=2_500_000, reporter=person)
    assert made.columns["paid_before_fen"] == 500_000
    assert made.benefit_fen == 1_500_000


def test_what_came_in_at_the_console_is_answered_for_by_one_and_approved_by_another(
    policy, tmp_path
):
    table = tmp_path / "uses.csv"
    table.write_text(f'保单号,限额,已用,保单年度\n{policy.number},年度限额,"5,000.00",1\n', "gbk")
    said = StringIO()
    words = [f"--{name}={value}" for name, value in PAPER.items()]
    call_command("uses", str(table), *words, "--dry-run", stdout=said)
    assert not PriorBatch.objects.exists()
    call_command("uses", str(table), *words, stdout=said)
    held = PriorBatch.objects.get()
    assert "1 rows wait" in said.getvalue()
    with refused("prior_of_nobody"):
        prior.approve_prior(held.pk, digest=held.digest, by=MANAGER)
    prior.vouch_prior(held.pk, proof=evidence(), by=CLERK)
    prior.approve_prior(held.pk, digest=held.digest, by=MANAGER)
    assert row().used_units == 500_000


def test_a_table_with_wrong_rows_brings_in_nothing_and_names_each(policy, tmp_path):
    table = tmp_path / "uses.csv"
    table.write_text(
        "保单号,限额,已用,保单年度\n"
        f"{policy.number},年度限额,5000,1\n"
        f"{policy.number},年度限额,6000,1\n"
        f"{policy.number},年度限额,很多,2\n"
        f"{policy.number},年度限额,,3\n"
        "PH-NO-SUCH,年度限额,5000,1\n"
    )
    said = StringIO()
    words = [f"--{name}={value}" for name, value in PAPER.items()]
    with pytest.raises(SystemExit):
        call_command("uses", str(table), *words, stdout=said)
    told_of = [line.split(":")[0].strip() for line in said.getvalue().splitlines()[:-1]]
    assert told_of == ["row 3 限额", "row 4 已用", "row 5 已用", "row 6 保单号"]
    assert not PriorBatch.objects.exists()
    table.write_text("保单号,年度\nA,1\n")
    with pytest.raises(CommandError, match="lacks these columns: 限额、已用"):
        call_command("uses", str(table), *words)


def test_the_database_itself_refuses_a_use_that_counts_without_a_turn(policy):
    made = proposed(told(policy))
    with pytest.raises(IntegrityError), transaction.atomic():
        made.uses.update(counted_units=500_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        made.uses.update(amount_units=-1)
