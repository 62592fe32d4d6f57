"""The journal: every command writes one entry; listeners follow it in their own time.

It is the audit log (6.1), the progress that the claimant sees (1.1-f), the outbox for
listeners, and the evidence behind every figure (1.4.1).
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction

from lipei.kit.clock import now
from lipei.kit.models import Cursor, Entry, Parked

Listener = Callable[[Entry], None]
ALGORITHM = "sha256"
CHUNK = 50
"""How many entries one listener hears in one transaction: what they lock is held so long."""
LAST_ID = 2**63 - 1


@dataclass(frozen=True)
class Ear:
    """A listener and the verbs that it hears."""

    name: str
    verbs: tuple[str, ...]
    listener: Listener


@dataclass(frozen=True)
class Composed:
    """An entry before it is written: its columns in their order, the facts as JSON's text."""

    subject: str
    number: int
    verb: str
    clause: str
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    facts: str
    line: str
    hash: str


Told = tuple[str, int, str, str, str, datetime, datetime]
"""The columns of an entry from its subject to its two instants."""
_ears: dict[str, Ear] = {}

_LOCK = """
INSERT INTO kit_chain (subject, number, head) VALUES (%s, 0, '')
ON CONFLICT (subject) DO UPDATE SET subject = EXCLUDED.subject
RETURNING number, head
"""
_APPEND = """
WITH entry AS (
  INSERT INTO kit_entry
    (subject, number, verb, clause, actor, occurred_at, recorded_at, facts, line, hash)
  VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s) RETURNING id, subject, number, hash
), chain AS (
  UPDATE kit_chain SET number = entry.number, head = entry.hash FROM entry
  WHERE kit_chain.subject = entry.subject
)
SELECT id FROM entry
"""


_APPEND_MANY = """
WITH entry AS (
  INSERT INTO kit_entry
    (subject, number, verb, clause, actor, occurred_at, recorded_at, facts, line, hash)
  SELECT e.subject, e.number, %s, %s, %s, e.at, e.at, e.facts::jsonb, e.line, e.hash
  FROM json_to_recordset(%s::json)
    AS e(subject text, number int, at timestamptz, facts text, line text, hash text)
  RETURNING subject, number, hash
)
UPDATE kit_chain SET number = entry.number, head = entry.hash FROM entry
WHERE kit_chain.subject = entry.subject
"""


def record(
    subject: str,
    verb: str,
    *,
    by: str,
    clause: str,
    occurred_at: datetime | None = None,
    **facts: object,
) -> Entry:
    """Add one entry to the chain of a claim, a person, a clause, a month.

    Facts hold references, amounts and digests, never a name, an identity number or a
    diagnosis: what they point to can be erased by law and the chain still verifies. Must be
    called inside the command's transaction; fails closed without an actor.
    """
    assert by, "an entry needs an actor"
    assert connection.in_atomic_block, "record() belongs inside a command's transaction"
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [subject])
        number, head = cursor.fetchone()
        kept = json.loads(json.dumps(facts))
        made = composed(
            subject, number + 1, head, verb=verb, by=by, clause=clause,
            occurred_at=occurred_at, facts=kept,
        )  # fmt: skip
        cursor.execute(_APPEND, list(vars(made).values()))
        return Entry(**{**vars(made), "pk": cursor.fetchone()[0], "facts": kept})


def composed(
    subject: str,
    number: int,
    head: str,
    *,
    verb: str,
    by: str,
    clause: str,
    occurred_at: datetime | None,
    facts: dict[str, object],
) -> Composed:
    """The entry with its line and hash, ready to be written under the chain's lock.

    Facts must be as JSON gives them back: what is hashed is what will be read.
    """
    at = now()
    told = (subject, number, verb, clause, by, occurred_at or at, at)
    text = _dumps(facts)
    line = _line(head, told, text)
    return Composed(*told, text, line, sha256(line.encode()).hexdigest())


def canonical(before: str, entry: Entry) -> str:
    """Every field of an entry and the hash before it, as the one text that is hashed."""
    told = (
        entry.subject, entry.number, entry.verb, entry.clause, entry.actor,
        entry.occurred_at, entry.recorded_at,
    )  # fmt: skip
    return _line(before, told, _dumps(entry.facts))


_dumps = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def _line(before: str, told: Told, facts: str) -> str:
    """The canonical text of the columns from the subject to the two instants, and the facts."""
    *plain, occurred_at, recorded_at = told
    head = _dumps([ALGORITHM, before, *plain, _instant(occurred_at), _instant(recorded_at)])
    return f"{head[:-1]},{facts}]"


def _instant(at: datetime) -> str:
    return str(int(at.timestamp() * 1_000_000))


def record_many(
    rows: Sequence[tuple[str, dict[str, object]]], verb: str, *, by: str, clause: str
) -> int:
    """One entry each for many subjects, in two statements: for sweeps, never for commands."""
    if not rows:
        return 0
    merged: dict[str, dict[str, object]] = {}
    for subject, facts in rows:
        merged.setdefault(subject, {"of": []})["of"].append(facts)  # type: ignore[attr-defined]
    subjects = sorted(merged)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_chain (subject, number, head) SELECT unnest(%s::text[]), 0, '' "
            "ON CONFLICT DO NOTHING",
            [subjects],
        )
        cursor.execute(
            "SELECT subject, number, head FROM kit_chain WHERE subject = ANY(%s) "
            "ORDER BY subject FOR UPDATE",
            [subjects],
        )
        at, rows_made = now(), []
        for subject, number, head in cursor.fetchall():
            told = (subject, number + 1, verb, clause, by, at, at)
            text = _dumps(merged[subject])
            line = _line(head, told, text)
            rows_made.append({
                "subject": subject, "number": number + 1, "at": at.isoformat(), "facts": text,
                "line": line, "hash": sha256(line.encode()).hexdigest(),
            })  # fmt: skip
        cursor.execute(_APPEND_MANY, [verb, clause, by, _dumps(rows_made)])
    return len(rows_made)


# Listeners


def on(*verbs: str) -> Callable[[Listener], Listener]:
    """Let the function hear every entry with these verbs, in order, after its commit."""

    def register(listener: Listener) -> Listener:
        name = f"{listener.__module__}.{listener.__qualname__}"
        _ears[name] = Ear(name, verbs, listener)
        return listener

    return register


def hear(name: str, *, at_most: int = CHUNK) -> int:
    """Bring one listener forward by a chunk; return how many entries it heard.

    It may hear an entry twice and must not mind. Ids are given out before they are
    committed, so it reads in the order of transactions and only such as are older than
    every open one; within a subject it hears in the order of the chain.
    """
    ear = _ears[name]
    with transaction.atomic():
        held = _cursor_of(name)
        if held is None:
            return 0
        horizon = _horizon()
        entries = _waiting(ear, held, horizon, at_most)
        _tell_all(ear, sorted(entries + _overtaken(ear, entries), key=lambda e: e.pk))
        _advance(held, entries, reached=horizon if len(entries) < at_most else None)
    return len(entries)


def _cursor_of(name: str) -> Cursor | None:
    """The locked cursor of a listener; none while another worker brings it forward."""
    mine = Cursor.objects.select_for_update(skip_locked=True).filter(listener=name)
    held = mine.first()
    if held is None and Cursor.objects.get_or_create(listener=name)[1]:
        held = mine.first()
    return held


def newest() -> tuple[int, int]:
    """The newest entry that may be heard: its transaction and id; nought before the first.

    One look into an index: what has not changed since the last look needs no other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT transaction, id FROM kit_entry "
            "WHERE transaction < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint "
            "ORDER BY transaction DESC, id DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _horizon() -> int:
    """The oldest transaction that is still open: everything below it is finished."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint")
        return int(cursor.fetchone()[0])


def _advance(held: Cursor, entries: list[Entry], *, reached: int | None) -> None:
    """Keep how far a listener came: to its last entry, or, with none left, to the horizon.

    Without the second, a listener of a rare verb would read all others again each time.
    """
    if reached is not None:
        held.reached_transaction, held.reached_id = reached - 1, LAST_ID
    else:
        held.reached_transaction, held.reached_id = entries[-1].transaction, entries[-1].pk
    held.save(update_fields=["reached_transaction", "reached_id"])


def _waiting(ear: Ear, held: Cursor, horizon: int, at_most: int) -> list[Entry]:
    """The next chunk in commit order, below the oldest transaction that is still open."""
    return list(
        Entry.objects.raw(
            "SELECT * FROM kit_entry WHERE (transaction, id) > (%s, %s) AND verb = ANY(%s) "
            "AND transaction < %s ORDER BY transaction, id LIMIT %s",
            [held.reached_transaction, held.reached_id, list(ear.verbs), horizon, at_most],
        )
    )


def _overtaken(ear: Ear, chunk: list[Entry]) -> list[Entry]:
    """Entries before one in the chunk in its chain, written by a transaction begun later."""
    if not chunk:
        return []
    last = (chunk[-1].transaction, chunk[-1].pk)
    return list(
        Entry.objects.raw(
            "SELECT DISTINCT e.* FROM kit_entry e JOIN unnest(%s::text[], %s::int[]) "
            "AS c(subject, number) ON c.subject = e.subject AND e.number < c.number "
            "WHERE (e.transaction, e.id) > (%s, %s) AND e.verb = ANY(%s)",
            [[e.subject for e in chunk], [e.number for e in chunk], *last, list(ear.verbs)],
        )
    )


def _tell_all(ear: Ear, entries: list[Entry]) -> None:
    """Tell a chunk at once; where anything in it fails, again and one by one."""
    subjects = {entry.subject for entry in entries}
    parked = Parked.objects.filter(listener=ear.name, subject__in=subjects)
    if subjects and not parked.exists():
        with suppress(Exception), transaction.atomic():
            for entry in entries:
                ear.listener(entry)
            return
    for entry in entries:
        _tell(ear, entry)


def _tell(ear: Ear, entry: Entry) -> None:
    """A subject that fails is parked with its error, and its later entries behind it."""
    if Parked.objects.filter(listener=ear.name, subject=entry.subject).exists():
        _park(ear, entry, "behind an entry that is parked")
        return
    try:
        with transaction.atomic():
            ear.listener(entry)
    except Exception as error:
        _park(ear, entry, f"{type(error).__name__}: {error}")


def _park(ear: Ear, entry: Entry, error: str) -> None:
    Parked.objects.get_or_create(
        listener=ear.name, entry=entry,
        defaults={"subject": entry.subject, "error": error[:400]},
    )  # fmt: skip


def retry_parked(*, at_most: int = CHUNK) -> int:
    """Try parked entries again, in order, with growing pauses; return how many went through."""
    through = 0
    due = Parked.objects.filter(next_try_at__lte=now()).order_by("entry_id")
    for parked in list(due.select_related("entry")[:at_most]):
        ear = _ears.get(parked.listener)
        line = Parked.objects.filter(listener=parked.listener, subject=parked.subject)
        first = line.order_by("entry_id").values_list("id", flat=True).first()
        if ear is None or first != parked.pk:
            continue
        try:
            with transaction.atomic():
                ear.listener(parked.entry)
                parked.delete()
            through += 1
        except Exception as error:
            wait = timedelta(seconds=min(3600, 5 * 2**parked.tries))
            Parked.objects.filter(pk=parked.pk).update(
                tries=parked.tries + 1, next_try_at=now() + wait,
                error=f"{type(error).__name__}: {error}"[:400],
            )  # fmt: skip
    return through


def hear_all(verbs: frozenset[str] | None = None) -> int:
    """Bring every listener forward by a chunk, or those of some verbs; the most that one heard."""
    concerned = [e.name for e in _ears.values() if verbs is None or not verbs.isdisjoint(e.verbs)]
    return max((hear(name) for name in concerned), default=0)


def verbs_after(place: tuple[int, int]) -> frozenset[str]:
    """The verbs of all entries that came after a place in the order of commits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT verb FROM kit_entry WHERE (transaction, id) > (%s, %s)", list(place)
        )
        return frozenset(verb for (verb,) in cursor.fetchall())


def ears() -> Iterator[Ear]:
    """Every listener, for the page that shows how far each has come."""
    yield from _ears.values()


def behind(ear: Ear, *, at_most: int = 1000) -> int:
    """How many entries a listener has not heard yet, those still being written included."""
    held = Cursor.objects.filter(listener=ear.name).first() or Cursor(listener=ear.name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM kit_entry WHERE (transaction, id) > (%s, %s) "
            "AND verb = ANY(%s) LIMIT %s) AS waiting",
            [held.reached_transaction, held.reached_id, list(ear.verbs), at_most],
        )
        return int(cursor.fetchone()[0])


def history(subject: str) -> list[Entry]:
    """All entries of one subject, the oldest first."""
    return list(Entry.objects.filter(subject=subject).order_by("number"))
