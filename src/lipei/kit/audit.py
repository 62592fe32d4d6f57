"""Audit: prove that no entry was changed, lost or moved; anchor the heads outside the database."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from django.db import connection, transaction

from lipei.kit.clock import now
from lipei.kit.journal import ALGORITHM, canonical, record
from lipei.kit.models import Chain, Entry

ANCHORED = "journal.anchored"
PROVED = "journal.proved"
SUBJECT = "journal/audit"
STAMP = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class Fault:
    """One place where the journal does not prove itself."""

    subject: str
    number: int
    kind: str

    def __str__(self) -> str:
        return f"{self.subject} #{self.number}: {self.kind}"


@dataclass(frozen=True)
class Anchor:
    """One file of anchored heads: its name, when it was made, the digest of its bytes."""

    name: str
    made_at: datetime
    digest: str


def verify(*, anchors: Path) -> list[Fault]:
    """Every fault in the journal: changed, missing, re-ordered, cut off or grown since anchored.

    What it proves, it proves since the last anchor: whoever can rewrite the whole database
    can rewrite a chain that was never anchored. It looks at one instant of the database, so
    that work may go on meanwhile.
    """
    known = _anchored(anchors)
    with _one_instant():
        heads = {chain.subject: chain for chain in Chain.objects.iterator(2000)}
        faults = _anchor_file_faults(anchors)
        for subject, entries in _by_subject():
            faults += _chain_faults(subject, entries, heads.pop(subject, None))
            faults += _anchor_faults(subject, entries, known.pop(subject, {}))
    faults += [Fault(s, c.number, "missing") for s, c in heads.items() if c.number]
    faults += [Fault(s, n, "missing") for s, marks in known.items() for n in marks if n]
    return faults


def prove(*, anchors: Path, by: str) -> list[Fault]:
    """Verify everything and write down, in the journal itself, what came of it (6.1-d)."""
    faults = verify(anchors=anchors)
    with transaction.atomic():
        record(SUBJECT, PROVED, by=by, clause="6.1-d", faults=len(faults),
               first=[str(fault) for fault in faults[:20]])  # fmt: skip
    return faults


def anchor(*, anchors: Path, by: str = "system/audit") -> Path:
    """Write all heads to a dated file outside the database, with the root over all of them.

    The file names the one before it and its digest, so that anchors form a chain too; the
    journal keeps the name and digest of each, so that none can be taken away unseen.
    """
    anchors.mkdir(parents=True, exist_ok=True)
    before = sorted(anchors.glob("*.jsonl"))
    target = anchors / f"{now().astimezone(UTC):{STAMP}}.jsonl"
    digest = sha256()
    scratch = target.with_suffix(".part")
    with scratch.open("w", encoding="utf-8") as out:
        if before:
            former = {"before": before[-1].name, "digest": _digest(before[-1])}
            out.write(json.dumps(former) + "\n")
        for chain in Chain.objects.order_by("subject").iterator(2000):
            line = json.dumps([chain.subject, chain.number, chain.head], ensure_ascii=False)
            digest.update(line.encode() + b"\n")
            out.write(line + "\n")
        out.write(json.dumps({"root": digest.hexdigest(), "algorithm": ALGORITHM}) + "\n")
        out.flush()
        os.fsync(out.fileno())
    scratch.rename(target)
    with transaction.atomic():
        record(SUBJECT, ANCHORED, by=by, clause="6.1-d", file=target.name,
               digest=_digest(target))  # fmt: skip
    return target


def anchors_made(anchors: Path) -> list[Anchor]:
    """The files of anchored heads, the newest first."""
    found = sorted(anchors.glob("*.jsonl"), reverse=True) if anchors.exists() else []
    return [Anchor(path.name, _made_at(path), _digest(path)) for path in found]


def faults_of(subject: str) -> list[Fault]:
    """The faults of one subject's chain, without the anchors: quick enough for a gate."""
    entries = list(Entry.objects.filter(subject=subject).order_by("number", "id"))
    head = Chain.objects.filter(subject=subject).first()
    if entries:
        return list(_chain_faults(subject, entries, head))
    return [Fault(subject, head.number, "missing")] if head and head.number else []


@contextmanager
def _one_instant() -> Iterator[None]:
    """All statements inside see the database as it was at the first of them."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _made_at(path: Path) -> datetime:
    return datetime.strptime(path.stem, STAMP).replace(tzinfo=UTC)


def _by_subject() -> Iterator[tuple[str, list[Entry]]]:
    subject, held = "", list[Entry]()
    ordered = Entry.objects.order_by("subject", "number", "id").iterator(chunk_size=5000)
    for entry in ordered:
        if entry.subject != subject and held:
            yield subject, held
            held = []
        subject = entry.subject
        held.append(entry)
    if held:
        yield subject, held


def _chain_faults(subject: str, entries: list[Entry], head: Chain | None) -> Iterator[Fault]:
    before, expected, wrong = "", 1, False
    for entry in entries:
        kind, told = _proof(entry)
        for number in range(expected, entry.number):
            yield Fault(subject, number, "missing")
        whole = entry.number == expected
        if kind:
            yield Fault(subject, entry.number, kind)
        elif whole and not wrong and told != before:
            yield Fault(subject, max(1, entry.number - 1), "changed")
        before, expected, wrong = entry.hash, entry.number + 1, bool(kind)
    last = entries[-1]
    if head is None or head.number < last.number:
        yield Fault(subject, last.number, "not in its head")
    elif head.number > last.number:
        yield from (Fault(subject, n, "missing") for n in _after(last.number, head.number))
    elif head.head != last.hash and not wrong:
        yield Fault(subject, last.number, "not as its head says")


def _proof(entry: Entry) -> tuple[str, str]:
    """What is wrong with an entry in itself ("" for nothing), and the hash that it names."""
    if sha256(entry.line.encode()).hexdigest() != entry.hash:
        return "changed", ""
    try:
        _, before, subject, number, *_ = json.loads(entry.line)
    except ValueError:
        return "changed", ""
    if (subject, number) != (entry.subject, entry.number):
        return "re-ordered", str(before)
    return ("" if canonical(before, entry) == entry.line else "changed"), str(before)


def _after(last: int, head: int) -> range:
    """The numbers that were cut off at the end; a forged head does not make a million of them."""
    return range(last + 1, min(head, last + 100) + 1)


def _anchored(anchors: Path) -> dict[str, dict[int, str]]:
    known: dict[str, dict[int, str]] = {}
    for path in sorted(anchors.glob("*.jsonl")) if anchors.exists() else []:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if isinstance(row, list):
                known.setdefault(row[0], {})[row[1]] = row[2]
    return known


def _anchor_faults(subject: str, entries: list[Entry], marks: dict[int, str]) -> Iterator[Fault]:
    by_number = {entry.number: entry.hash for entry in entries}
    for number, digest in marks.items():
        if number and by_number.get(number) != digest:
            yield Fault(subject, number, "not as anchored")


def _anchor_file_faults(anchors: Path) -> list[Fault]:
    """Anchors that were changed or taken away, by what the journal says of each."""
    told = Entry.objects.filter(subject=SUBJECT, verb=ANCHORED).order_by("number")
    kept = {made.name: made.digest for made in anchors_made(anchors)}
    faults = []
    for entry in told:
        name = str(entry.facts["file"])
        if kept.get(name) != entry.facts["digest"]:
            kind = "changed" if name in kept else "missing"
            faults.append(Fault(f"anchor/{name}", entry.number, kind))
    return faults
