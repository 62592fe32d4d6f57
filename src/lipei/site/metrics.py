"""/metrics: how the house runs, in Prometheus' text form, without a name or a claim's number.

What concerns the whole house is asked of the database, so every process tells the same; what
one process counts of itself has `process` in its name and its number as a label.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import connection

from lipei.ch01_general.models import Claim, Clock
from lipei.ch06_systems import maintenance
from lipei.kit import audit, clock, parties
from lipei.kit.circuit import CircuitState
from lipei.kit.models import Entry
from lipei.site import measuring, standby

MOST_COUNTED = 100_001
SOON = timedelta(hours=1)
Sample = tuple[dict[str, str], float]


@dataclass(frozen=True)
class Figure:
    """One figure of the house: its name, what it says, and its samples."""

    name: str
    words: str
    samples: list[Sample]


def text() -> str:
    """Everything, one line a sample; without the database what needs none."""
    up = not standby.database_is_down()
    told = [Figure("lipei_database_up", "Whether this process reaches the database.", [({}, up)])]
    told += _outside_the_database()
    if up:
        for part in (_jobs, _listeners, _clocks, _parties, _journal):
            with suppress(DatabaseTrouble):
                told += part()
    lines = [line for figure in told for line in _lines(figure)]
    return "\n".join([*lines, *measuring.lines(), ""])


def _lines(figure: Figure) -> Iterator[str]:
    yield f"# HELP {figure.name} {figure.words}"
    yield f"# TYPE {figure.name} gauge"
    for labels, value in figure.samples:
        inner = ",".join(f'{name}="{_escaped(word)}"' for name, word in labels.items())
        shown = f"{{{inner}}}" if inner else ""
        yield f"{figure.name}{shown} {float(value):g}"


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


# The figures


def _outside_the_database() -> Iterable[Figure]:
    """What lies on the disk of this machine."""
    waiting, parked = standby.waiting()
    kept = [({"state": "waiting"}, float(waiting)), ({"state": "parked"}, float(parked))]
    yield Figure("lipei_reports_kept", "Reports that lie outside the database.", kept)
    anchors = audit.anchors_made(settings.LIPEI_ANCHORS)[:1]
    yield Figure("lipei_journal_anchor_age_seconds", "Since the heads were anchored.",
                 _ages(one.made_at for one in anchors))  # fmt: skip
    yield Figure("lipei_backup_age_seconds", "Since the last whole backup was begun.",
                 _ages(_last_backup()))  # fmt: skip


def _jobs() -> Iterable[Figure]:
    lines = maintenance.task_lines()
    states = ("waiting", "later", "retried", "running", "stalled", "failed")
    yield Figure("lipei_jobs", "Jobs by task and state.", [
        ({"task": one.task, "state": state}, getattr(one, state))
        for one in lines for state in states
    ])  # fmt: skip
    yield Figure("lipei_jobs_oldest_seconds", "How long the oldest job that could run waits.", [
        ({"task": one.task}, _seconds_since(one.oldest_at) if one.oldest_at else 0)
        for one in lines
    ])  # fmt: skip
    yield Figure("lipei_workers", "Queues that a living worker serves.", [({}, _workers())])


def _listeners() -> Iterable[Figure]:
    heard = maintenance.hearings()
    yield Figure("lipei_listener_behind_entries", "Entries not heard yet, up to a thousand.",
                 [({"listener": one.listener}, one.entries) for one in heard])  # fmt: skip
    yield Figure("lipei_listener_behind_seconds", "How long the oldest of them waits.", [
        ({"listener": one.listener}, _seconds_since(one.oldest_at) if one.oldest_at else 0)
        for one in heard
    ])  # fmt: skip
    yield Figure("lipei_listener_parked", "Subjects that a listener could not follow.",
                 [({"listener": one.listener}, one.parked) for one in heard])  # fmt: skip


def _clocks() -> Iterable[Figure]:
    """Due soon, due and not yet marked by the sweep, and open claims with a time limit missed."""
    at = clock.now()
    running = Clock.objects.filter(stopped_at=None, breached_at=None)
    soon = running.filter(due_at__gt=at, due_at__lte=at + SOON)
    late = Claim.objects.filter(is_open=True, next_due_at__lt=at)
    yield Figure("lipei_clocks", "Running time limits.", [
        ({"state": "due_in_an_hour"}, soon[:MOST_COUNTED].count()),
        ({"state": "due_and_not_marked"}, running.filter(due_at__lte=at)[:MOST_COUNTED].count()),
    ])  # fmt: skip
    yield Figure("lipei_claims_overdue", "Open claims whose nearest time limit has passed.",
                 [({}, late[:MOST_COUNTED].count())])  # fmt: skip


def _parties() -> Iterable[Figure]:
    known = parties.known()
    yield Figure("lipei_party_up", "Whether a party outside is asked: 1 yes, 0 no, 0.5 on trial.", [
        ({"party": one.party}, {CircuitState.UP: 1, CircuitState.TRIAL: 0.5}.get(one.state, 0))
        for one in known
    ])  # fmt: skip
    yield Figure("lipei_party_failing_seconds", "Since it began to fail; 0 while it does not.", [
        ({"party": one.party}, _seconds_since(one.since) if one.since else 0) for one in known
    ])  # fmt: skip


def _journal() -> Iterable[Figure]:
    last = Entry.objects.filter(verb=audit.PROVED).order_by("-recorded_at")[:1]
    proved = [(one.recorded_at, one.facts) for one in last]
    yield Figure("lipei_journal_proved_age_seconds", "Since the whole journal was verified.",
                 _ages(at for at, _facts in proved))  # fmt: skip
    newest = [one.recorded_at for one in Entry.objects.order_by("-pk")[:1]]
    yield Figure("lipei_clock_behind_seconds", "By how much the clock is behind the newest entry.",
                 [({}, max(0.0, (at - clock.now()).total_seconds())) for at in newest])  # fmt: skip
    yield Figure("lipei_journal_faults", "Faults that the last verification found.",
                 [({}, float(str(facts.get("faults", 0)))) for _at, facts in proved])  # fmt: skip


# The parts


def _workers() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > %s",
            [clock.now() - maintenance.SILENT],
        )
        return int(cursor.fetchone()[0])


def _last_backup() -> list[datetime]:
    """When the last backup was begun, as it noted itself; none where none did."""
    try:
        told = json.loads(settings.LIPEI_BACKUP_MARK.read_text("utf-8"))
        return [datetime.fromisoformat(told["made_at"])]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _ages(instants: Iterable[datetime]) -> list[Sample]:
    return [({}, _seconds_since(at)) for at in instants]


def _seconds_since(at: datetime) -> float:
    return max(0.0, (clock.now() - at).total_seconds())
