"""The auditor's pages: the journal searched and proved, and how the house runs."""

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from lipei.kit import audit, journal
from lipei.kit.models import Entry, Parked
from lipei.site.upkeep import anchor_journal, prove_journal, tidy
from tests.kit.test_audit import tamper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def entries(department) -> None:
    with transaction.atomic():
        for n in range(60):
            journal.record("claim/A", "test.told", by="staff/wangmin", clause="6.1-d", fen=n)
        journal.record("claim/B", "test.other", by="staff/lijun", clause="6.1-d")


@pytest.fixture
def auditor(staff_client):
    return staff_client("wutong")


def page(client, **asked: str) -> str:
    answer = client.get("/audit/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_journal_is_searched_by_subject_verb_actor_and_day(entries, auditor):
    assert page(auditor, subject="claim/B").count("test.other</div>") == 1
    assert "claim/A" not in page(auditor, verb="test.other").split("<tbody>")[1]
    assert "claim/B" in page(auditor, actor="staff/lijun")
    assert "没有找到记录" in page(auditor, day="2001-01-01")
    today = Entry.objects.latest("pk").recorded_at.astimezone().date().isoformat()
    assert "claim/B" in page(auditor, day=today) or "claim/B" in page(auditor)


def test_long_histories_come_in_pages(entries, auditor):
    first = page(auditor, subject="claim/A")
    assert first.count("test.told</div>") == 50
    before = Entry.objects.filter(subject="claim/A").order_by("-pk")[49].pk
    rest = page(auditor, subject="claim/A", before=str(before))
    assert rest.count("test.told</div>") == 10


def test_a_subject_is_verified_on_the_page(entries, auditor):
    assert "逐条验证无误" in page(auditor, subject="claim/A", verify="1")
    tamper("UPDATE kit_entry SET actor = 'staff/x' WHERE subject = 'claim/A' AND number = 7")
    told = page(auditor, subject="claim/A", verify="1")
    assert "claim/A #7：被改动" in told
    assert "逐条验证无误" not in told


@pytest.mark.parametrize(
    "odd", ["<script>alert(1)</script>", "'; --", "x" * 9999, "-1", "2026-99-99"]
)
def test_absurd_searches_find_nothing(entries, auditor, odd):
    for name in ("subject", "verb", "actor", "day", "before"):
        assert "<script>alert(1)" not in page(auditor, **{name: odd})


@pytest.mark.parametrize("username", ["wangmin", "lijun", "xujing", "zhaolin", "sunjie", "itadmin"])
def test_nobody_else_reads_the_journal(entries, staff_client, username):
    client = staff_client(username)
    assert client.get("/audit/").status_code == 403
    assert client.post("/audit/prove/").status_code == 403


def test_the_whole_journal_is_verified_when_asked(entries, auditor):
    assert "还没有全面验证过" in page(auditor)
    assert auditor.post("/audit/prove/").status_code == 303
    assert ProcrastinateJob.objects.filter(task_name="lipei.prove_journal").exists()
    prove_journal(asked=1)
    assert "全部无误" in page(auditor)


def test_the_daily_upkeep_does_its_work_once_a_day(entries, settings):
    assert [anchor_journal(), anchor_journal()] == [True, False]
    assert [prove_journal(), prove_journal()] == [True, False]
    assert len(audit.anchors_made(settings.LIPEI_ANCHORS)) == 1
    assert set(tidy()) >= {"codes", "answers", "drafts", "sessions", "jobs"}


def test_how_it_runs_is_shown_to_audit_and_changed_by_operators_only(entries, staff_client):
    heard: list[int] = []

    def stubborn(entry: Entry) -> None:
        if not heard:
            raise ValueError("not yet")

    journal.on("test.other")(stubborn)
    name = f"{stubborn.__module__}.{stubborn.__qualname__}"
    try:
        while journal.hear(name):
            pass
        auditor, operator = staff_client("wutong"), staff_client("itadmin")
        told = auditor.get("/audit/outside/").content.decode()
        assert "ValueError: not yet" in told
        assert "短信网关" in told
        assert auditor.post("/audit/outside/parked/").status_code == 403
        assert staff_client("wangmin").get("/audit/outside/").status_code == 403
        heard.append(1)
        assert operator.post("/audit/outside/parked/").status_code == 303
        assert not Parked.objects.exists()
        assert operator.post("/audit/outside/jobs/999999999999999999/retry/").status_code == 303
    finally:
        journal._ears.pop(name)
