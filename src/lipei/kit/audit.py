"""Audit: prove that no entry was changed, lost or moved; anchor the heads outside the database."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from lipei.kit.clock import now
from lipei.kit.journal import ALGORITHM, canonical
from lipei.kit.models import Chain, Entry


@dataclass(frozen=True)
class Fault:
    """One place where the journal does not prove itself."""

    subject: str
    number: int
    kind: str

    def __str__(self) -> str:
        return f"{self.subject} #{self.number}: {self.kind}"


def verify(*, anchors: Path) -> list[Fault]:
    """Every fault in the journal: changed, missing, re-ordered, cut off or grown since anchored.

    What it proves, it proves since the last anchor: whoever can rewrite the whole database
    can rewrite a chain that was never anchored.
    """
    heads = {chain.subject: chain for chain in Chain.objects.iterator(2000)}
    known = _anchored(anchors)
    faults: list[Fault] = []
    for subject, entries in _by_subject():
        faults += _chain_faults(subject, entries, heads.pop(subject, None))
        faults += _anchor_faults(subject, entries, known.pop(subject, {}))
    faults += [Fault(s, c.number, "missing") for s, c in heads.items() if c.number]
    faults += [Fault(s, n, "missing") for s, marks in known.items() for n in marks]
    return faults


def anchor(*, anchors: Path) -> Path:
    """Write all heads to a dated file outside the database, with the root over all of them.

    The file names the one before it and its digest, so that anchors form a chain too.
    """
    anchors.mkdir(parents=True, exist_ok=True)
    before = sorted(anchors.glob("*.jsonl"))
    target = anchors / f"{now():%Y%m%dT%H%M%S%f}.jsonl"
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
    return target


def faults_of(subject: str) -> list[Fault]:
    """The faults of one subject's chain, without the anchors: quick enough for a gate."""
    entries = list(Entry.objects.filter(subject=subject).order_by("number"))
    head = Chain.objects.filter(subject=subject).first()
    return list(_chain_faults(subject, entries, head)) if entries else []


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


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
    before, expected = "", 1
    for entry in entries:
        if entry.number != expected:
            yield Fault(subject, expected, "missing")
            expected = entry.number
        if sha256(entry.line.encode()).hexdigest() != entry.hash:
            yield Fault(subject, entry.number, "changed")
        elif json.loads(entry.line)[1] != before:
            yield Fault(subject, entry.number, "re-ordered")
        elif canonical(before, entry) != entry.line:
            yield Fault(subject, entry.number, "changed")
        before, expected = entry.hash, expected + 1
    if head is None or (head.number, head.head) != (entries[-1].number, entries[-1].hash):
        yield Fault(subject, entries[-1].number + 1, "missing")


def _anchored(anchors: Path) -> dict[str, dict[int, str]]:
    known: dict[str, dict[int, str]] = {}
    for path in sorted(anchors.glob("*.jsonl")) if anchors.exists() else []:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if isinstance(row, list):
                known.setdefault(row[0], {})[row[1]] = row[2]
    return known


def _anchor_faults(
    subject: str, entries: list[Entry], marks: dict[int, str]
) -> Iterator[Fault]:
    by_number = {entry.number: entry.hash for entry in entries}
    for number, digest in marks.items():
        if by_number.get(number) != digest:
            yield Fault(subject, number, "not as anchored")
