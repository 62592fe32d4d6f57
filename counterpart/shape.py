"""The shape of what comes in and goes out: requests, answers, and named refusals."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")
IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")

Settings = dict[str, Any]
Body = dict[str, Any]


class Declined(Exception):
    """A named no to one request: HTTP status, a code for machines, a sentence for people."""

    def __init__(self, status: int, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail


@dataclass(frozen=True)
class Answer:
    """What goes back: an HTTP status and a JSON object."""

    body: Body
    status: int = 200


@dataclass(frozen=True)
class Event:
    """Something that the service's customer is told by callback."""

    kind: str
    body: Body


@dataclass(frozen=True)
class Call:
    """One request inside its own transaction: what was asked, of whom, and when."""

    book: sqlite3.Connection
    settings: Settings
    now_ms: int
    found: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Body = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """One door of a service: method, path as a pattern, and who answers."""

    method: str
    path: re.Pattern[str]
    answer: Callable[[Call], Answer]


@dataclass(frozen=True)
class Service:
    """One party of the outside world; a new one is a module and a line in ``services``."""

    name: str
    tables: str
    settings: Settings
    routes: tuple[Route, ...]
    settle: Callable[[Call], list[Event]]


def now_ms() -> int:
    """This moment in milliseconds since 1970, by the counterpart's own clock."""
    return int(datetime.now(UTC).timestamp() * 1000)


def moment(at_ms: int | None) -> str | None:
    """The moment as ISO 8601 in China's time, or None where there is none."""
    if at_ms is None:
        return None
    return datetime.fromtimestamp(at_ms / 1000, SHANGHAI).isoformat(timespec="milliseconds")


def day(at_ms: int) -> str:
    """The banking day of a moment, as YYYY-MM-DD in China's time."""
    return datetime.fromtimestamp(at_ms / 1000, SHANGHAI).date().isoformat()


def day_bounds(asked: str) -> tuple[int, int]:
    """The first and the last millisecond of a banking day given as YYYY-MM-DD."""
    try:
        start = datetime.strptime(asked, "%Y-%m-%d").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Declined(422, "bad_field", "day") from None
    first = int(start.timestamp() * 1000)
    return first, first + 86_400_000 - 1


def digest(body: Body) -> str:
    """SHA-256 of the body in one canonical form: equal bodies have equal digests."""
    line = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()


def only(body: Body, *names: str) -> None:
    """Refuse a body with any field beside those named."""
    unknown = sorted(set(body) - set(names))
    if unknown:
        raise Declined(422, "unknown_field", ", ".join(unknown))


def text(body: Body, name: str, *, longest: int) -> str:
    """A non-empty text of at most ``longest`` characters without control characters."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Declined(422, "missing_field", name)
    if len(value) > longest or CONTROL_CHARACTERS.search(value):
        raise Declined(422, "bad_field", name)
    return value


def identifier(body: Body, name: str) -> str:
    """A key made by the caller: 1 to 64 of letters, digits and ``._:-``."""
    value = text(body, name, longest=64)
    if not IDENTIFIER.fullmatch(value):
        raise Declined(422, "bad_field", name)
    return value


def whole(body: Body, name: str, *, lowest: int, highest: int) -> int:
    """A whole number within both bounds; a fraction, a text or a yes is none."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Declined(422, "bad_field", name)
    if not lowest <= value <= highest:
        raise Declined(422, "bad_field", name)
    return value
