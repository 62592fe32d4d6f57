"""What happened to a claim, from its journal: as a timeline and as the audit reads it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lipei.ch01_general.stages import Stage
from lipei.ch01_general.words import STAGE_WORDS
from lipei.kit import clock
from lipei.kit.models import Entry
from lipei.site.choices import FAULTS, paper_title, title_of
from lipei.site.desk.words import people_words
from lipei.site.faces import yuan_words
from lipei.site.verbs import verb

LATE = timedelta(minutes=5)
SHORT_HASH = 12


@dataclass(frozen=True)
class Line:
    """One entry of the timeline, as `c/timeline.html` shows it."""

    title: str
    note: str
    when: str
    icon: str
    level: str


@dataclass(frozen=True)
class AuditLine:
    """One entry as the audit reads it: both times, who, by which clause, what, and its hash."""

    number: int
    subject: str
    words: str
    verb: str
    actor: str
    reference: str
    clause: str
    occurred_at: datetime
    recorded_at: datetime
    dated_back: bool
    facts: str
    hash: str
    short_hash: str


def timeline(entries: Sequence[Entry], people: Mapping[str, str], *, most: int = 0) -> list[Line]:
    """The newest entries first, in words; all of them unless `most` says otherwise."""
    chosen = list(reversed(entries))
    return [_line(entry, people) for entry in (chosen[:most] if most else chosen)]


def audit_lines(entries: Sequence[Entry], people: Mapping[str, str]) -> list[AuditLine]:
    """Every entry with everything in it, the newest first."""
    return [_audit(entry, people) for entry in reversed(entries)]


def people_of(entries: Sequence[Entry]) -> dict[str, str]:
    """The names of everybody who acts in these entries."""
    references = {entry.actor for entry in entries}
    return people_words(references | {str(e.facts["to"]) for e in entries if "to" in e.facts})


def _line(entry: Entry, people: Mapping[str, str]) -> Line:
    told = verb(entry.verb)
    note = " · ".join(filter(None, (people.get(entry.actor, entry.actor), *_facts(entry, people))))
    when = entry.occurred_at.astimezone(clock.LOCAL)
    return Line(str(told.words), note, f"{when:%m-%d %H:%M}", told.icon, told.level)


def _facts(entry: Entry, people: Mapping[str, str]) -> list[str]:
    """What an entry says beside its verb, in words: kind, sums, person, outcome, stages."""
    facts = entry.facts
    told = [
        (paper_title(str(facts["kind"])) if _names_a_paper(entry) else ""),
        (_("退回") if facts.get("accepted") is False else ""),
        (people.get(str(facts["to"]), str(facts["to"])) if "to" in facts else ""),
        (title_of(FAULTS, str(facts["fault"])) if "fault" in facts else ""),
        (_asked(len(facts["kinds"])) if "kinds" in facts else ""),
    ]
    return [*filter(None, told), *_sums(facts), *_moves(entry)]


def _asked(n: int) -> str:
    return ngettext("%(n)s 份材料", "%(n)s 份材料", n) % {"n": n}


def _names_a_paper(entry: Entry) -> bool:
    return "kind" in entry.facts and entry.verb.startswith(("intake.document", "intake.materials"))


def _sums(facts: Mapping[str, object]) -> list[str]:
    said = []
    if "low_fen" in facts:
        low, high = (yuan_words(_fen(facts[name]), sign=True) for name in ("low_fen", "high_fen"))
        said.append(f"{low} – {high}")
    for name in ("total_fen", "amount_fen", "paid_fen"):
        if name in facts:
            said.append(yuan_words(_fen(facts[name]), sign=True))
    for name in ("sums", "assessed", "reserves"):
        parts = facts.get(name)
        if isinstance(parts, dict):
            said.append(yuan_words(sum(map(_fen, parts.values())), sign=True))
    return said


def _fen(value: object) -> int:
    return value if isinstance(value, int) else 0


def _moves(entry: Entry) -> list[str]:
    targets = [str(move[2]) for move in entry.facts.get("moves", [])]
    return [f"→ {STAGE_WORDS[Stage(targets[-1])]}"] if targets else []


def _audit(entry: Entry, people: Mapping[str, str]) -> AuditLine:
    return AuditLine(
        number=entry.number, subject=entry.subject, verb=entry.verb,
        words=str(verb(entry.verb).words),
        actor=people.get(entry.actor, entry.actor), reference=entry.actor, clause=entry.clause,
        occurred_at=entry.occurred_at, recorded_at=entry.recorded_at,
        dated_back=entry.recorded_at - entry.occurred_at > LATE,
        facts=json.dumps(entry.facts, ensure_ascii=False, sort_keys=True),
        hash=entry.hash, short_hash=entry.hash[:SHORT_HASH],
    )  # fmt: skip
