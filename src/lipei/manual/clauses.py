"""One clause of the manual, of the law or of a contract, as a frozen row."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from operator import eq, ge, gt, le, lt

from lipei.manual.reading import Row

KINDS = frozenset({"clock", "gate", "record", "target", "report", "ban"})
RANKS = {"law": 10, "contract": 20, "manual": 30, "ours": 40}
TIME_UNITS = frozenset(
    {"seconds", "minutes", "hours", "days", "workdays", "months", "years", "day_of_month"}
)
UNITS = TIME_UNITS | {"fen", "bp", "persons", "times", "items"}
OPERATORS: dict[str, Callable[[int, int], bool]] = {
    "<=": le,
    "<": lt,
    ">=": ge,
    ">": gt,
    "=": eq,
}
BETWEEN = "between"
TRAITS = frozenset(
    {
        "compulsory",
        "motor",
        "property",
        "health",
        "inpatient",
        "life",
        "undisputed",
        "complex",
        "major",
        "small",
        "electronic",
    }
)
PAUSE_REASONS = frozenset({"supplement_notice"})
PERIODS = frozenset({"call", "claim", "day", "month", "year"})
LONGEST = {
    "seconds": 3_153_600_000,
    "minutes": 52_560_000,
    "hours": 876_000,
    "days": 36_500,
    "workdays": 25_000,
    "months": 1_200,
    "years": 100,
    "day_of_month": 31,
}
"""A hundred years: what is longer is a slip of the pen, and no calendar counts it."""
CLAUSE_ID = re.compile(r"(\d{1,2}\.[1-4]-[a-z]|K\d)(-[a-z_]+)?")
MOMENT = re.compile(r"[a-z]+\.[a-z_]+")
FULL_BP = 10_000


@dataclass(frozen=True, slots=True)
class Limit:
    """One number of a clause: how much, in what unit, and whether the number itself is allowed.

    `upper` is only set where the operator is "between"; both ends are then allowed.
    """

    name: str
    value: int
    unit: str
    operator: str
    upper: int | None = None

    def allows(self, measured: int) -> bool:
        """Whether a measured number in this unit keeps the limit (50,000.00 keeps "<=")."""
        if self.operator == BETWEEN:
            assert self.upper is not None
            return self.value <= measured <= self.upper
        return OPERATORS[self.operator](measured, self.value)


@dataclass(frozen=True, slots=True)
class Clause:
    """One obligation with its numbers, its origin and the time in which it is in force.

    `rank`: the smaller binds (law 10, contract 20, manual 30, ours 40); of running clocks the
    earliest due time is shown and rank only breaks ties. `number_from` says whose the number
    is where the duty and its number have two origins (the law says promptly, the manual one
    working day). `same_as` names the clause that this one repeats: it takes its numbers from
    there and runs no clock of its own. `warn_days` counts days from the start, or, if negative,
    before the end. `closes_at`: what comes in later counts as come in on the next working day.
    `applies` lists what an exposure must be ("compulsory") or must not be ("!inpatient");
    the clock starts at the moment `trigger` and stops at the first of the moments `ends`.
    `awaits` names the section that will carry the clause; empty where code carries it already.
    """

    id: str
    section: str
    kind: str
    origin: str
    article: str
    rank: int
    number_from: str
    limits: tuple[Limit, ...]
    same_as: str
    awaits: str
    applies: tuple[str, ...]
    trigger: str
    ends: tuple[str, ...]
    pauses: tuple[str, ...]
    rolls: bool
    pulls: bool
    closes_at: time | None
    warn_bp: int
    warn_days: tuple[tuple[str, int], ...]
    per: tuple[str, ...]
    who: tuple[str, ...]
    summary_zh: str
    summary_en: str
    effective_from: date
    effective_to: date | None
    edition: str

    @property
    def runs(self) -> bool:
        """Whether a clock is started for this clause (a repetition starts none)."""
        return self.kind == "clock" and not self.same_as

    def limit(self, name: str | None = None) -> Limit:
        """The number of this name, or the first where no name is given. KeyError if none."""
        for one in self.limits:
            if name is None or one.name == name:
                return one
        raise KeyError(f"clause {self.id} has no number {name or ''}".rstrip())

    @property
    def value(self) -> int:
        """The first number: fen, basis points, or units of time."""
        return self.limit().value

    @property
    def unit(self) -> str:
        """The unit of the first number."""
        return self.limit().unit

    @property
    def operator(self) -> str:
        """How the first number is compared: <=, <, >=, >, = or between."""
        return self.limit().operator

    def allows(self, measured: int) -> bool:
        """Whether a measured number keeps the clause's first number."""
        return self.limit().allows(measured)

    def applies_to(self, traits: Collection[str]) -> bool:
        """Whether the clause speaks of an exposure with these traits ("motor", "small")."""
        return all(
            (trait[1:] not in traits) if trait.startswith("!") else (trait in traits)
            for trait in self.applies
        )

    def in_force(self, at: date) -> bool:
        """Whether this version of the clause is in force on a day (both ends included)."""
        return self.effective_from <= at and (self.effective_to is None or at <= self.effective_to)


def joined(clause: Clause, *, origin: Clause) -> Clause:
    """A repetition with the numbers of the clause that it repeats."""
    return replace(
        clause,
        limits=origin.limits,
        closes_at=origin.closes_at,
        warn_bp=origin.warn_bp,
        warn_days=origin.warn_days,
    )


def clause_from(
    columns: Mapping[str, object], *, edition: str, effective_from: date | None = None
) -> Clause:
    """A clause from a row of the TOML file or of the database (`columns_of` is the way back).

    Raises ValueError naming the row when a column is missing, unknown or contradicts another.
    """
    row = Row(columns, name=f"clause {columns.get('id', '?')}")
    starts = row.day("effective_from", default=effective_from)
    if starts is None:
        raise row.wrong("effective_from is missing")
    clause = _built(row, edition=edition, starts=starts)
    row.done()
    _check_words(clause, row=row)
    _check_lists(clause, row=row)
    _check_time(clause, row=row)
    return clause


def _built(row: Row, *, edition: str, starts: date) -> Clause:
    origin = row.one_of("origin", allowed=RANKS)
    return Clause(
        id=row.text("id"),
        section=row.text("section"),
        kind=row.one_of("kind", allowed=KINDS),
        origin=origin,
        article=row.text("article", default=""),
        rank=row.whole("rank", default=RANKS[origin]),
        number_from=row.one_of("number_from", allowed=RANKS, default=origin),
        limits=_limits(row),
        same_as=row.text("same_as", default=""),
        awaits=row.text("awaits", default=""),
        applies=row.texts("applies"),
        trigger=row.text("trigger", default=""),
        ends=row.texts("ends"),
        pauses=row.texts("pauses"),
        rolls=row.flag("rolls"),
        pulls=row.flag("pulls"),
        closes_at=row.time_of_day("closes_at"),
        warn_bp=row.whole("warn_bp", default=0),
        warn_days=_warn_days(row),
        per=row.texts("per"),
        who=row.texts("who"),
        summary_zh=row.text("summary_zh"),
        summary_en=row.text("summary_en"),
        effective_from=starts,
        effective_to=row.day("effective_to"),
        edition=row.text("edition", default=edition),
    )


def columns_of(clause: Clause) -> dict[str, object]:
    """The clause as plain columns (texts, whole numbers, lists), fit for JSON.

    Numbers and alarms are lists here, since a database sorts the keys of a table.
    """
    return {
        "id": clause.id,
        "section": clause.section,
        "kind": clause.kind,
        "origin": clause.origin,
        "article": clause.article,
        "rank": clause.rank,
        "number_from": clause.number_from,
        "limits": [_limit_columns(one) for one in clause.limits],
        "same_as": clause.same_as,
        "awaits": clause.awaits,
        "applies": list(clause.applies),
        "trigger": clause.trigger,
        "ends": list(clause.ends),
        "pauses": list(clause.pauses),
        "rolls": clause.rolls,
        "pulls": clause.pulls,
        "closes_at": clause.closes_at and clause.closes_at.isoformat("minutes"),
        "warn_bp": clause.warn_bp,
        "warn_days": [{"name": name, "day": day} for name, day in clause.warn_days],
        "per": list(clause.per),
        "who": list(clause.who),
        "summary_zh": clause.summary_zh,
        "summary_en": clause.summary_en,
        "effective_from": clause.effective_from.isoformat(),
        "effective_to": clause.effective_to and clause.effective_to.isoformat(),
        "edition": clause.edition,
    }


def _limit_columns(limit: Limit) -> dict[str, object]:
    columns: dict[str, object] = {
        "name": limit.name,
        "value": limit.value,
        "unit": limit.unit,
        "operator": limit.operator,
    }
    return columns if limit.upper is None else {**columns, "upper": limit.upper}


def _limits(row: Row) -> tuple[Limit, ...]:
    named = row.named("limits", short_for="value")
    if row.has("value"):
        if named:
            raise row.wrong("value and limits exclude each other")
        return (_limit("limit", row),)
    found = []
    for name, columns in named:
        inner = Row(columns, name=f"{row.name}, limit {name}")
        found.append(_limit(name, inner))
        inner.done()
    return tuple(found)


def _limit(name: str, row: Row) -> Limit:
    operator = row.one_of("operator", allowed={*OPERATORS, BETWEEN}, default="<=")
    value = row.whole("value")
    upper = row.whole("upper") if operator == BETWEEN else None
    if value < 0 or (upper is not None and upper < value):
        raise row.wrong("a number is negative or its upper end is below its lower one")
    unit = row.one_of("unit", allowed=UNITS)
    if unit in LONGEST and max(value, upper or 0) > LONGEST[unit]:
        raise row.wrong(f"{value} {unit} are more than a hundred years")
    if unit == "day_of_month" and not value:
        raise row.wrong("no month has a day 0")
    return Limit(name, value, unit, operator, upper)


def _warn_days(row: Row) -> tuple[tuple[str, int], ...]:
    found = []
    for name, columns in row.named("warn_days", short_for="day"):
        inner = Row(columns, name=f"{row.name}, warn_days {name}")
        day = inner.whole("day")
        inner.done()
        if not day:
            raise inner.wrong("the start day gives no warning")
        found.append((name, day))
    return tuple(found)


def _check_words(clause: Clause, *, row: Row) -> None:
    if not CLAUSE_ID.fullmatch(clause.id):
        raise row.wrong("id must look like 1.3-b, 1.3-k-final, K2 or K6-list")
    if clause.id[0] != "K" and clause.id.split("-")[0] != clause.section:
        raise row.wrong(f"id does not belong to section {clause.section}")
    for moment in filter(None, (clause.trigger, *clause.ends)):
        if not MOMENT.fullmatch(moment):
            raise row.wrong(f"moment {moment!r} must look like intake.claim_reported")
    if clause.origin in {"law", "manual"} and not clause.article:
        raise row.wrong("article is missing: what comes from law or manual names its place")


def _check_lists(clause: Clause, *, row: Row) -> None:
    listed = (
        ("trait", TRAITS, [trait.removeprefix("!") for trait in clause.applies]),
        ("pause", PAUSE_REASONS, clause.pauses),
        ("period", PERIODS, clause.per),
    )
    for what, known, found in listed:
        if unknown := sorted(set(found) - known):
            raise row.wrong(f"unknown {what} {unknown[0]!r}")


def _check_time(clause: Clause, *, row: Row) -> None:
    timed = [one for one in clause.limits if one.unit in TIME_UNITS]
    if clause.runs and not (timed and clause.trigger and clause.ends):
        raise row.wrong("a clock needs a time, a trigger and an end")
    if clause.runs and any(one.operator not in {"<=", "<"} for one in timed):
        raise row.wrong("the time of a clock has an upper end")
    if clause.kind in {"target", "report"} and not (clause.limits or clause.same_as):
        raise row.wrong(f"a {clause.kind} needs a number")
    if clause.same_as and clause.limits:
        raise row.wrong("a repetition takes its numbers from the clause that it repeats")
    if clause.rolls and clause.origin != "law":
        raise row.wrong("only clocks of law roll over rest days")
    if clause.effective_to is not None and clause.effective_to < clause.effective_from:
        raise row.wrong("effective_to lies before effective_from")
    if not 0 <= clause.warn_bp < FULL_BP:
        raise row.wrong("warn_bp is a share of the time, from 0 (none) to 9999")
