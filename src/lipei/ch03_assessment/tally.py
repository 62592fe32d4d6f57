"""What a replay counts: how many claims change, by how much, where, and the hardest of them.

Plain numbers in a plain dict, so that it can be kept after every chunk and taken up again; its
hash is the same whatever the order in which the claims came.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from lipei.ch03_assessment.resettling import Why

HARDEST = 10
FIRST_REFUSED = 5
AGES = ((17, "0-17"), (30, "18-30"), (45, "31-45"), (60, "46-60"))
OLDER, UNKNOWN = "61+", "unknown"
DIMENSIONS = ("line", "branch", "age", "month")
MODULUS = 2**256
Tally = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One settled exposure: where it belongs, and what it paid before and would pay now."""

    claim: str
    position: int
    branch_path: str
    groups: Mapping[str, str]
    before: Mapping[str, int]
    before_fen: int
    after: Mapping[str, int] | None
    after_fen: int
    why: Why | None = None

    @property
    def change_fen(self) -> int:
        """What the other edition pays more (or, negative, less)."""
        return self.after_fen - self.before_fen


def empty() -> Tally:
    """A tally in which nothing is counted yet."""
    return {
        "total": _counts(), "by": {name: {} for name in DIMENSIONS}, "steps": {},
        "hardest": [], "refused": {}, "unknown": {}, "lines": "0",
    }  # fmt: skip


def add(tally: Tally, lines: Iterable[Line], *, unknown: Mapping[str, int]) -> None:
    """Count some more settled exposures."""
    for line in lines:
        _count(tally["total"], line)
        for name in DIMENSIONS:
            _count(tally["by"][name].setdefault(line.groups[name], _counts()), line)
        if line.why is not None:
            _refuse(tally["refused"], line, line.why)
        else:
            _count_steps(tally["steps"], line)
            _keep_hardest(tally["hardest"], line)
        tally["lines"] = _joined(tally["lines"], line)
    for name, number in unknown.items():
        tally["unknown"][name] = tally["unknown"].get(name, 0) + number


def carry(tally: Tally, lines: Iterable[Line], *, left: int) -> None:
    """Count what changed sums mean for the cover that answers after: its settled parts that bear
    what they leave, and how many sums leave more than before to no settled part (`left`)."""
    told = tally.setdefault(
        "carried", {"total": _counts(), "left": 0, "hardest": [], "refused": {}, "lines": "0"}
    )
    told["left"] += left
    for line in lines:
        _count(told["total"], line)
        if line.why is not None:
            _refuse(told["refused"], line, line.why)
        else:
            _keep_hardest(told["hardest"], line)
        told["lines"] = _joined(told["lines"], line)


def report_hash(head: Mapping[str, object], tally: Tally) -> str:
    """The hash of a report: of what was asked (`head`) and everything that came of it."""
    whole = {"head": dict(head), "tally": tally}
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def age_group(born_on: date | None, *, on: date) -> str:
    """The age group of somebody on a day; "unknown" where the day of birth is not known."""
    if born_on is None or born_on > on:
        return UNKNOWN
    years = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    return next((words for oldest, words in AGES if years <= oldest), OLDER)


# The parts


def _counts() -> dict[str, int]:
    return {"claims": 0, "changed": 0, "refused": 0, "up": 0, "down": 0, "up_fen": 0,
            "down_fen": 0, "before_fen": 0, "after_fen": 0}  # fmt: skip


def _count(counts: dict[str, int], line: Line) -> None:
    counts["claims"] += 1
    if line.why is not None:
        counts["refused"] += 1
        return
    counts["before_fen"] += line.before_fen
    counts["after_fen"] += line.after_fen
    _add_change(counts, line.change_fen)


def _add_change(counts: dict[str, int], change_fen: int) -> None:
    if change_fen:
        way = "up" if change_fen > 0 else "down"
        counts["changed"] += 1
        counts[way] += 1
        counts[f"{way}_fen"] += abs(change_fen)


def _count_steps(steps: dict[str, dict[str, int]], line: Line) -> None:
    after = line.after or {}
    for name in {*line.before, *after}:
        change_fen = after.get(name, 0) - line.before.get(name, 0)
        if change_fen:
            plain = {"changed": 0, "up": 0, "down": 0, "up_fen": 0, "down_fen": 0}
            _add_change(steps.setdefault(name, plain), change_fen)


def _keep_hardest(hardest: list[dict[str, Any]], line: Line) -> None:
    """The largest changes, up or down; among equal ones those with the smaller number."""
    if not line.change_fen:
        return
    hardest.append({
        "claim": line.claim, "position": line.position, "branch_path": line.branch_path,
        "before_fen": line.before_fen, "after_fen": line.after_fen,
        "change_fen": line.change_fen,
    })  # fmt: skip
    hardest.sort(key=lambda one: (-abs(one["change_fen"]), one["claim"], one["position"]))
    del hardest[HARDEST:]


def _refuse(refused: dict[str, Any], line: Line, why: Why) -> None:
    one = refused.setdefault(
        f"{why.field} {why.reason}", {"claims": 0, "zh": why.zh, "en": why.en, "first": []}
    )
    one["claims"] += 1
    one["first"] = sorted({*one["first"], line.claim})[:FIRST_REFUSED]


def _joined(before: str, line: Line) -> str:
    """A sum over every line, in whatever order: it binds the report to each claim's figures."""
    told = [line.claim, line.position, line.before_fen,
            None if line.why else line.after_fen]  # fmt: skip
    digest = int(sha256(json.dumps(told).encode()).hexdigest(), 16)
    return format((int(before, 16) + digest) % MODULUS, "x")
