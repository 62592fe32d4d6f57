"""What the processes of the house know of the parties outside, told to each other by rows.

A circuit lives in the memory of one process. The worker, which does most of the asking, writes
down every few seconds what it knows, so that a page and a monitor see it too.
"""

import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from lipei.kit import clock, outside
from lipei.kit.circuit import CircuitState, PartyStatus
from lipei.kit.models import PartySeen

FRESH = timedelta(minutes=1)
KEPT = timedelta(days=1)
WORST = (CircuitState.DOWN, CircuitState.TRIAL, CircuitState.UP)

_NOTE = """
INSERT INTO kit_partyseen (party, process, state, since, reason, failed_at, seen_at)
VALUES (%(party)s, %(process)s, %(state)s, %(since)s, %(reason)s, %(failed_at)s, %(at)s)
ON CONFLICT (party, process) DO UPDATE SET state = EXCLUDED.state, since = EXCLUDED.since,
  reason = coalesce(nullif(EXCLUDED.reason, ''), kit_partyseen.reason),
  failed_at = coalesce(EXCLUDED.failed_at, kit_partyseen.failed_at), seen_at = EXCLUDED.seen_at
"""


@dataclass(frozen=True, slots=True)
class PartyKnown:
    """What the house knows of a party: the worst that a living process says, and since when.

    `reason` and `failed_at` are those of the last trouble, also when it is over.
    """

    party: str
    state: CircuitState
    since: datetime | None
    reason: str
    failed_at: datetime | None


def process_name() -> str:
    """How this process signs: its machine and its number."""
    return f"{socket.gethostname()}/{os.getpid()}"[:80]


def note() -> None:
    """Write down what this process knows of each party; rows that nobody keeps up are let go."""
    at = clock.now()
    with connection.cursor() as cursor:
        for one in outside.status():
            cursor.execute(_NOTE, {
                "party": one.party, "process": process_name(), "state": one.state,
                "since": one.since, "reason": one.reason[:200],
                "failed_at": at if one.reason else None, "at": at,
            })  # fmt: skip
        cursor.execute("DELETE FROM kit_partyseen WHERE seen_at < %s", [at - KEPT])


def known() -> list[PartyKnown]:
    """Every party as the living processes and this one know it."""
    rows = list(PartySeen.objects.exclude(process=process_name()).order_by("seen_at"))
    return [_together(own, [row for row in rows if row.party == own.party])
            for own in outside.status()]  # fmt: skip


def _together(own: PartyStatus, rows: Iterable[PartySeen]) -> PartyKnown:
    at = clock.now()
    states, since, reason, failed_at = [own.state], own.since, own.reason, None
    if own.reason:
        failed_at = own.since
    for row in rows:
        if row.failed_at and (failed_at is None or row.failed_at > failed_at):
            reason, failed_at = row.reason, row.failed_at
        if row.seen_at >= at - FRESH:
            states.append(CircuitState(row.state))
            if row.since and (since is None or row.since < since):
                since = row.since
    return PartyKnown(own.party, min(states, key=WORST.index), since, reason, failed_at)
