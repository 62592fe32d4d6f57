"""6.3 Maintenance and updates: the queue of jobs and the listeners, looked after by a person.

A job that failed is tried again or set aside, and an entry says by whom; what is set aside
stays to be seen for a while and is never run.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from lipei.ch01_general.actors import actor
from lipei.ch06_systems import events
from lipei.kit import clock, journal
from lipei.kit.journal import record
from lipei.kit.models import Cursor, Parked
from lipei.kit.refusal import Refused

SILENT = timedelta(seconds=60)
"""A worker that has not said for so long that it lives counts as dead, and its jobs as stalled."""
WHY_ASIDE = ("done_otherwise", "twice", "no_longer_wanted", "wrong")
HIGHEST = 2**63 - 1
MOST_BEHIND = 1000

# Commands


def try_job_again(job: int, *, by: str) -> None:
    """Let a job that failed, or waits for its next try, be done now."""
    with transaction.atomic():
        held = _held(job, by=by, states=("failed", "todo"))
        if held.status == "todo" and not held.attempts:
            raise Refused("job_not_there")
        try:
            with transaction.atomic():
                _queue_now(held)
        except (exceptions.AlreadyEnqueued, exceptions.UniqueViolation):
            raise Refused("job_waits_already") from None
        except exceptions.ConnectorException:
            raise Refused("job_not_there") from None
        record(f"job/{held.pk}", events.JOB_TRIED_AGAIN, by=by, clause="6.1-d",
               task=held.task_name, attempts=held.attempts)  # fmt: skip


def set_job_aside(job: int, *, why: str, by: str) -> None:
    """Never run a job any more that failed, or that waits for a further try."""
    if why not in WHY_ASIDE:
        raise Refused("choice_unknown", field="why")
    with transaction.atomic():
        held = _held(job, by=by, states=("failed", "aborted", "todo"))
        if held.status == "todo" and not held.attempts:
            raise Refused("job_not_there")
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'cancelled' WHERE id = %s", [held.pk]
            )
        record(f"job/{held.pk}", events.JOB_SET_ASIDE, by=by, clause="6.1-d",
               task=held.task_name, attempts=held.attempts, why=why)  # fmt: skip


def try_parked_again(listener: str = "", *, subject: str = "", by: str) -> int:
    """Let listeners hear now what is parked: all of it, or one subject; how many entries wait."""
    _ensure_operator(by)
    with transaction.atomic():
        waiting = Parked.objects.all()
        if listener:
            waiting = waiting.filter(listener=listener, subject=subject)
        hastened = waiting.update(next_try_at=clock.now())
        if not hastened:
            raise Refused("nothing_parked")
        record("system/listeners", events.PARKED_TRIED_AGAIN, by=by, clause="6.1-d",
               listener=listener, of=subject, entries=hastened)  # fmt: skip
    return hastened


# Queries


@dataclass(frozen=True, slots=True)
class TaskLine:
    """How the jobs of one task stand, and since when the oldest of those that could run waits."""

    task: str
    waiting: int
    later: int
    retried: int
    running: int
    stalled: int
    failed: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class TroubledJob:
    """A job that failed, stalls or waits for a further try, with why it last did not succeed."""

    job: int
    task: str
    state: str
    attempts: int
    next_at: datetime | None
    error: str
    place: str
    failed_at: datetime | None
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hearing:
    """How far one listener is behind: entries, since when the oldest waits, subjects parked."""

    listener: str
    entries: int
    oldest_at: datetime | None
    parked: int


_LINES = """
SELECT j.task_name,
  count(*) FILTER (WHERE todo AND ready AND j.attempts = 0),
  count(*) FILTER (WHERE todo AND NOT ready AND j.attempts = 0),
  count(*) FILTER (WHERE todo AND j.attempts > 0),
  count(*) FILTER (WHERE j.status = 'doing' AND lives),
  count(*) FILTER (WHERE j.status = 'doing' AND NOT lives),
  count(*) FILTER (WHERE j.status IN ('failed', 'aborted')),
  (SELECT coalesce(o.scheduled_at, min(e.at)) FROM procrastinate_jobs o
     LEFT JOIN procrastinate_events e ON e.job_id = o.id AND e.type = 'deferred'
    WHERE o.id = min(j.id) FILTER (WHERE todo AND ready) GROUP BY o.scheduled_at)
FROM procrastinate_jobs j
LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
CROSS JOIN LATERAL (SELECT j.status = 'todo' AS todo,
  coalesce(j.scheduled_at <= %(now)s, true) AS ready,
  coalesce(w.last_heartbeat > %(silent)s, false) AS lives) s
WHERE j.status NOT IN ('succeeded', 'cancelled')
GROUP BY j.task_name ORDER BY j.task_name
"""
_TROUBLED = """
SELECT j.id, j.task_name,
  CASE WHEN j.status = 'doing' THEN 'stalled' WHEN j.status = 'todo' THEN 'retried'
       ELSE j.status::text END,
  j.attempts, j.scheduled_at, coalesce(f.error, ''), coalesce(f.place, ''), f.at, j.args::text
FROM procrastinate_jobs j
LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
LEFT JOIN kit_jobfault f ON f.job = j.id
WHERE j.status IN ('failed', 'aborted') OR (j.status = 'todo' AND j.attempts > 0)
   OR (j.status = 'doing' AND coalesce(w.last_heartbeat, '-infinity') <= %(silent)s)
ORDER BY j.status = 'todo', j.id DESC LIMIT %(most)s
"""
_BEHIND = """
SELECT count(*), min(recorded_at) FROM (
  SELECT recorded_at FROM kit_entry WHERE (transaction, id) > (%s, %s) AND verb = ANY(%s) LIMIT %s
) AS waiting
"""


def task_lines() -> list[TaskLine]:
    """Every task of which jobs are there, by name."""
    return [TaskLine(*row) for row in _rows(_LINES, most=0)]


def troubled_jobs(*, most: int) -> list[TroubledJob]:
    """The jobs that a person should look at, those that gave up first."""
    found = [(*row[:-1], json.loads(row[-1])) for row in _rows(_TROUBLED, most=most)]
    return [TroubledJob(*row) for row in found]


def hearings() -> list[Hearing]:
    """How far each listener of the journal has come; entries are counted up to a thousand."""
    held = {one.listener: one for one in Cursor.objects.all()}
    parked: dict[str, set[str]] = {}
    for listener, subject in Parked.objects.values_list("listener", "subject"):
        parked.setdefault(listener, set()).add(subject)
    found = []
    with connection.cursor() as cursor:
        for ear in journal.ears():
            at = held.get(ear.name) or Cursor(listener=ear.name)
            reached = [at.reached_transaction, at.reached_id]
            cursor.execute(_BEHIND, [*reached, list(ear.verbs), MOST_BEHIND])
            entries, oldest_at = cursor.fetchone()
            found.append(Hearing(ear.name, entries, oldest_at, len(parked.get(ear.name, ()))))
    return found


def jobs_in_queue(queue: str) -> dict[str, int]:
    """How many jobs of each task of a queue are not done yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, count(*) FROM procrastinate_jobs WHERE queue_name = %s "
            "AND status IN ('todo', 'doing') GROUP BY task_name", [queue],
        )  # fmt: skip
        return {str(task): int(count) for task, count in cursor.fetchall()}


# The parts


def _ensure_operator(by: str) -> None:
    if not actor(by).may("system.operate"):
        raise Refused("duty_missing")


def _held(job: int, *, by: str, states: Sequence[str]) -> ProcrastinateJob:
    """A job in one of these states, its row locked for the command."""
    _ensure_operator(by)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM procrastinate_jobs WHERE id = %s AND status = ANY(%s"
            "::procrastinate_job_status[]) FOR UPDATE", [min(job, HIGHEST), list(states)],
        )  # fmt: skip
        if cursor.fetchone() is None:
            raise Refused("job_not_there")
    held: ProcrastinateJob = ProcrastinateJob.objects.get(pk=job)
    return held


def _queue_now(held: ProcrastinateJob) -> None:
    if held.status == "failed":
        app.job_manager.retry_job_by_id(held.pk, retry_at=clock.now())
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = %s WHERE id = %s",
            [clock.now(), held.pk],
        )


def _rows(sql: str, *, most: int) -> list[tuple[Any, ...]]:
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(sql, {"now": at, "silent": at - SILENT, "most": most})
        return list(cursor.fetchall())
