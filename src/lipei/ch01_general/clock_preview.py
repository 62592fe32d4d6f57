"""What another number of a clock would have meant for the claims of a month."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.case import spans_of
from lipei.ch01_general.models import Clock
from lipei.kit import clock
from lipei.manual import clause
from lipei.manual.clauses import Clause

MOST = 20_000
SHOWN = 10
KEPT, BROKEN, OPEN = "kept", "broken", "open"


@dataclass
class ClockPreview:
    """The claims whose clock began in a range of days: kept or broken, as it was and would be.

    A claim counts as broken when any of its clocks of the clause is. `is_cut`: only the newest
    clocks were counted.
    """

    from_on: date
    to_on: date
    is_cut: bool = False
    before: dict[str, int] = field(default_factory=lambda: {KEPT: 0, BROKEN: 0, OPEN: 0})
    after: dict[str, int] = field(default_factory=lambda: {KEPT: 0, BROKEN: 0, OPEN: 0})
    newly_broken: list[str] = field(default_factory=list)
    newly_kept: list[str] = field(default_factory=list)

    @property
    def claims(self) -> int:
        """How many claims were counted."""
        return sum(self.before.values())


def last_month() -> tuple[date, date]:
    """The first and the last day of the month before this one."""
    today = clock.today()
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def clock_preview(after: Clause, *, days: tuple[date, date], seen_by: Actor) -> ClockPreview:
    """How the claims of these days would have fared under another edition of their clock.

    Counts every claim; names only those that the reader may see.
    """
    told = ClockPreview(*days)
    began, end = (_midnight(days[0]), _midnight(days[1] + timedelta(days=1)))
    found = list(
        Clock.objects.filter(clause=after.id, started_at__gte=began, started_at__lt=end,
                             void=False)
        .select_related("claim").order_by("-started_at")[: MOST + 1]
    )  # fmt: skip
    told.is_cut = len(found) > MOST
    held: dict[int, list[Clock]] = {}
    for one in found[:MOST]:
        held.setdefault(one.claim_id, []).append(one)
    paths = tuple(seen_by.paths("claims.view"))
    for clocks in held.values():
        _count(told, clocks, after=after, paths=paths)
    return told


def stood(clause_id: str, *, days: tuple[date, date]) -> dict[str, int]:
    """How many clocks of a clause that began in a range of days are kept, broken and open."""
    began, end = (_midnight(days[0]), _midnight(days[1] + timedelta(days=1)))
    rows = Clock.objects.filter(clause=clause_id, started_at__gte=began, started_at__lt=end,
                                void=False)  # fmt: skip
    late = Q(breached_at__isnull=False) | Q(due_at__lt=clock.now(), stopped_at=None)
    broken = rows.filter(late).count()
    still = rows.filter(stopped_at=None).exclude(late).count()
    return {KEPT: rows.count() - broken - still, BROKEN: broken, OPEN: still}


# The parts


def _count(
    told: ClockPreview, clocks: Sequence[Clock], *, after: Clause, paths: tuple[str, ...]
) -> None:
    was = _worst([_as_it_was(one) for one in clocks])
    would = _worst([_as_it_would_be(one, after) for one in clocks])
    told.before[was] += 1
    told.after[would] += 1
    claim = clocks[0].claim
    name = claim.number if claim.branch_path.startswith(paths) else ""
    for listed, from_state, to_state in (
        (told.newly_broken, {KEPT, OPEN}, BROKEN), (told.newly_kept, {BROKEN}, KEPT),
    ):  # fmt: skip
        if was in from_state and would == to_state:
            listed.append(name)


def _worst(states: Sequence[str]) -> str:
    return next(one for one in (BROKEN, OPEN, KEPT) if one in states)


def _as_it_was(one: Clock) -> str:
    row = clause(one.clause, edition=one.edition)
    return _state(row, due=one.due_at, met=one.stopped_at, limit=one.limit or None)


def _as_it_would_be(one: Clock, after: Clause) -> str:
    limit = one.limit or None
    due = clock.due_at(after, one.started_at, pauses=spans_of(one), limit=limit)
    return _state(after, due=due, met=one.stopped_at, limit=limit)


def _state(row: Clause, *, due: datetime | None, met: datetime | None, limit: str | None) -> str:
    if due is None:
        return OPEN
    if met is None:
        return BROKEN if clock.now() > due else OPEN
    return KEPT if clock.is_kept(row, due=due, met=met, limit=limit) else BROKEN


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LOCAL)
