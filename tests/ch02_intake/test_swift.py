"""The one statement of filing writes what the plain models would write."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from lipei.ch01_general.actors import actor
from lipei.ch01_general.models import Claim, Clock, Exposure, Party
from lipei.ch02_intake import swift
from lipei.ch02_intake.channels import file_claim
from lipei.ch02_intake.filing import Filing, planned
from lipei.ch02_intake.models import Document, Material
from lipei.kit import audit, clock
from lipei.kit.models import Answer, Chain, Entry
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


def plan(report, by: str) -> Filing:
    before = swift.look(report, by=by, key="unused")
    return planned(report, before.held, acting=actor(by), channel="app", branch="")


def write_plainly(filing: Filing, *, by: str, key: str, digest: str) -> None:
    """The same filing through the models, one table after the other."""
    Answer.objects.create(
        actor=by, command="file_claim", key=key, body_hash=digest, answer=filing.answer,
        at=clock.now(),
    )  # fmt: skip
    claim = Claim.objects.create(**vars(filing.claim))
    other = filing.other and Party.objects.create(**vars(filing.other))
    for exposure in filing.exposures:
        told = vars(exposure)
        if told.pop("to_other"):
            told["payee_id"] = other.pk
        Exposure.objects.create(claim=claim, **told)
    children = ((Material, filing.materials), (Document, filing.documents), (Clock, filing.clocks))
    for model, rows in children:
        for row in rows:
            model.objects.create(claim=claim, **vars(row))
    entry = filing.entry
    Entry.objects.create(**{**vars(entry), "facts": json.loads(entry.facts)})
    Chain.objects.create(subject=filing.claim.subject, number=1, head=filing.entry.hash)


def rows_of(model: type[models.Model], claim: Claim) -> list[dict[str, object]]:
    found = model.objects.filter(claim=claim).order_by("pk").values()
    return [
        {k: v for k, v in row.items() if k not in {"id", "claim_id", "payee_id"}} for row in found
    ]


def test_both_ways_write_the_same_rows(department):
    by, report = steps.claimant(), steps.report()
    with time_machine.travel(clock.now(), tick=False), transaction.atomic():
        fast = plan(report, by)
        assert swift.write(fast, by=by, key="fast", digest="d")
        slow = plan(report, by)
        write_plainly(slow, by=by, key="slow", digest="d")
    one, two = (Claim.objects.get(number=f.claim.number) for f in (fast, slow))
    for model in (Exposure, Material, Document, Clock):
        assert rows_of(model, one) == rows_of(model, two)
    assert [e.payee.name for e in one.exposures.order_by("position")] == ["周国栋", "王五"]
    assert (one.stage, one.estimate["parts"]) == (two.stage, two.estimate["parts"])
    entries = [Entry.objects.get(subject=c.subject) for c in (one, two)]
    assert entries[0].facts == entries[1].facts
    assert [e.hash for e in entries] == [fast.entry.hash, slow.entry.hash]


def test_what_was_written_at_once_proves_itself(department, settings):
    steps.filed()
    assert audit.verify(anchors=settings.LIPEI_ANCHORS) == []


def test_a_report_costs_a_handful_of_statements(department):
    by, report = steps.claimant(), steps.report(uploads=())
    file_claim(report, by=by, key="warm", another=True)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        file_claim(report, by=by, key="counted", another=True)
    assert len(queries) <= 6, [q["sql"][:80] for q in queries]


def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(department):
    by, report = steps.claimant(), steps.report(uploads=())
    first = file_claim(report, by=by, key="k1")
    assert file_claim(report, by=by, key="k1") == first
    with pytest.raises(Refused) as no:
        file_claim(steps.report(uploads=(), place="别处"), by=by, key="k1")
    assert no.value.slug == "request_repeated_otherwise"
    assert Claim.objects.count() == 1


@pytest.mark.clause("2.1-e")
def test_a_second_report_of_the_event_is_told_the_first_number(department):
    by = steps.claimant()
    first = file_claim(steps.report(uploads=()), by=by, key="k1")
    with pytest.raises(Refused) as no:
        file_claim(steps.report(uploads=()), by=by, key="k2")
    assert (no.value.slug, no.value.params["number"]) == ("report_duplicate", first["number"])
    file_claim(steps.report(uploads=()), by=by, key="k3", another=True)
    assert Claim.objects.count() == 2


@pytest.mark.parametrize("same_key", [True, False])
def test_a_report_sent_eight_times_in_parallel_is_one_claim(department, same_key):
    by, report = steps.claimant(), steps.report(uploads=())

    def send(n: int) -> str:
        try:
            return str(file_claim(report, by=by, key="k" if same_key else f"k{n}")["number"])
        except Refused as no:
            return str(no.params["number"])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = set(pool.map(send, range(8)))
    assert len(numbers) == 1
    assert Claim.objects.count() == 1


def test_a_report_without_a_policy_is_taken_and_marked(department):
    claim = steps.filed(policy="")
    assert claim.flags == ["unmatched"]
    assert claim.exposures.count() == 2


def test_another_persons_upload_is_refused_and_nothing_is_half_done(department):
    other = Party.objects.get(phone="13800006022")
    foreign = steps.upload(f"party/{other.pk}")
    with pytest.raises(Refused) as no:
        file_claim(steps.report(uploads=((foreign.pk, "scene"),)), by=steps.claimant(), key="k")
    assert no.value.slug == "file_not_found"
    assert (Claim.objects.count(), Clock.objects.count(), Answer.objects.count()) == (0, 0, 0)
