"""The queue is looked after by a person, on a page, and an entry says by whom."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from lipei.ch06_systems import maintenance
from lipei.kit import faults, journal
from lipei.kit.clock import now
from lipei.kit.jobs import queue
from lipei.kit.models import Entry, JobFault, Parked
from lipei.kit.outside import Declined, Outage
from lipei.kit.refusal import Refused
from lipei.site.desk import tasks

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/audit/outside/"
OPERATOR = "staff/itadmin"


@pytest.fixture(autouse=True)
def empty_queue(transactional_db):
    """The queue's tables are the queue's own and keep what earlier tests left."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def job(status: str = "failed", *, attempts: int = 3, lock: str | None = None, **args) -> int:
    """A job as the worker leaves it when it does not succeed."""
    with transaction.atomic():
        queue("lipei.instruct_bank", lock=lock, **(args or {"order": "P1"}))
    made = ProcrastinateJob.objects.latest("id").pk
    with connection.cursor() as cursor:
        sql = "UPDATE procrastinate_jobs SET status = %s, attempts = %s WHERE id = %s"
        cursor.execute(sql, [status, attempts, made])
    return made


def state(number: int) -> str:
    return ProcrastinateJob.objects.get(pk=number).status


def last() -> tuple[str, str, str, object]:
    entry = Entry.objects.latest("pk")
    return entry.subject, entry.verb, entry.actor, entry.facts.get("why")


def shown(client, path: str = PAGE, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def operator(staff_client):
    return staff_client("itadmin")


def test_a_failed_job_is_tried_again_and_an_entry_says_by_whom(department, operator):
    number = job()
    faults.note(number, Outage("bank", reason="HTTP 503", since=now(), in_doubt=True))
    assert "银行没有应答（HTTP 503）" in shown(operator)
    assert operator.post(f"{PAGE}jobs/{number}/retry/").status_code == 303
    assert state(number) == "todo"
    assert last() == (f"job/{number}", "systems.job_tried_again", OPERATOR, None)
    again = operator.post(f"{PAGE}jobs/{number}/retry/", follow=True).content.decode()
    assert "任务已重新排队" in again, "it waits for a further try, which may come now"


def test_what_is_done_or_not_there_is_not_tried_again(department, operator):
    with pytest.raises(Refused, match="job_not_there"):
        maintenance.try_job_again(job("succeeded"), by=OPERATOR)
    told = operator.post(f"{PAGE}jobs/{10**18}/retry/", follow=True).content.decode()
    assert "已做完、正在做，或已搁置" in told
    assert operator.get(f"{PAGE}jobs/{10**18}/").status_code == 409


def test_a_job_whose_like_waits_already_is_not_queued_twice(department):
    first = job(lock="instruct/P1")
    with transaction.atomic():
        queue("lipei.instruct_bank", lock="instruct/P1", order="P1")
    with pytest.raises(Refused, match="job_waits_already"):
        maintenance.try_job_again(first, by=OPERATOR)
    assert state(first) == "failed"


def test_a_job_is_set_aside_for_a_reason_and_never_run(department, operator):
    number = job()
    refused = operator.post(f"{PAGE}jobs/{number}/aside/", {"why": "because"}, follow=True)
    assert "任务已搁置" not in refused.content.decode()
    assert state(number) == "failed"
    operator.post(f"{PAGE}jobs/{number}/aside/", {"why": "done_otherwise"})
    assert state(number) == "cancelled"
    assert last() == (f"job/{number}", "systems.job_set_aside", OPERATOR, "done_otherwise")
    assert maintenance.troubled_jobs(most=9) == []


def test_a_job_that_was_never_tried_is_not_set_aside(department):
    with pytest.raises(Refused, match="job_not_there"):
        maintenance.set_job_aside(job("todo", attempts=0), why="twice", by=OPERATOR)


@pytest.mark.parametrize("username", ["wangmin", "wutong", "zhouwei"])
def test_only_the_system_administrator_acts_on_the_queue(department, staff_client, username):
    number, client = job(), staff_client(username)
    assert client.post(f"{PAGE}jobs/{number}/retry/").status_code == 403
    assert client.post(f"{PAGE}jobs/{number}/aside/", {"why": "twice"}).status_code == 403
    assert client.post(f"{PAGE}parked/").status_code == 403
    with pytest.raises(Refused, match="duty_missing"):
        maintenance.try_job_again(number, by=f"staff/{username}")
    assert (state(number), Entry.objects.filter(verb__startswith="systems.").count()) == (
        "failed", 0,
    )  # fmt: skip


def test_the_page_counts_by_task_and_says_what_stalls_and_what_waits_longest(department, operator):
    job()
    job("todo", attempts=0)
    job("doing", attempts=0)
    line = next(x for x in maintenance.task_lines() if x.task == "lipei.instruct_bank")
    assert (line.waiting, line.failed, line.stalled, line.running) == (1, 1, 1, 0)
    assert line.oldest_at is not None
    told = shown(operator)
    assert "向银行发送付款指令" in told
    assert "停滞" in told
    assert "任务进程中途停止" in told
    assert "在等它：向银行发送付款指令 2 项" in told
    told = shown(operator, **{"Accept-Language": "en"})
    assert "Send the order to the bank" in told
    assert "waits for it: Send the order to the bank 2" in told


def test_one_parked_subject_is_tried_again_without_the_others(department, operator):
    heard: list[str] = []
    mended: list[str] = []

    def stubborn(entry: Entry) -> None:
        if entry.subject not in mended:
            raise ValueError("not yet")
        heard.append(entry.subject)

    journal.on("test.parked")(stubborn)
    name = f"{stubborn.__module__}.{stubborn.__qualname__}"
    try:
        with transaction.atomic():
            for subject in ("claim/A", "claim/B"):
                journal.record(subject, "test.parked", by="staff/wangmin", clause="6.1-d")
        while journal.hear(name):
            pass
        assert Parked.objects.count() == 2
        Parked.objects.update(next_try_at=now() + timedelta(hours=1))
        mended += ["claim/A", "claim/B"]
        operator.post(f"{PAGE}parked/", {"listener": name, "subject": "claim/B"})
        assert heard == ["claim/B"]
        assert last()[1] == "systems.parked_tried_again"
        operator.post(f"{PAGE}parked/")
        assert heard == ["claim/B", "claim/A"]
        told = operator.post(f"{PAGE}parked/", follow=True).content.decode()
        assert "没有停放的事项" in told
    finally:
        journal._ears.pop(name)


def test_why_a_job_failed_is_kept_without_what_was_typed(department):
    number = job()
    try:
        raise ValueError("13800138000 周晓芸")
    except ValueError as error:
        faults.note(number, error)
    kept = JobFault.objects.get(job=number)
    assert (kept.error, kept.place) == ("ValueError", "")
    faults.note(number, Declined("bank", status=422, code="ACCOUNT", detail="周晓芸"))
    assert JobFault.objects.get(job=number).error == "Declined: bank: 422 ACCOUNT"
    assert "周晓芸" not in str(JobFault.objects.values())


def test_every_task_of_the_house_has_words():
    told = {name for name in app.tasks if name.startswith("lipei.")}
    assert told - set(tasks.TASKS) == set()
    assert set(tasks.TASKS) - told == set()


def test_every_reason_to_set_aside_has_words():
    assert set(tasks.WHY_ASIDE) == set(maintenance.WHY_ASIDE)
