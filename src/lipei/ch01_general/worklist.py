"""The work list: which open claims wait for whom, the nearest limit first, whatever their number.

A page of claims is found by walks, each in the order of an index: by stage, by whether the
claimant holds the ball, by whether anybody answers for the claim, and, for few branches, by
branch; somebody's own claims are one walk more. Whatever a walk meets is wanted, no walk gives
more than a page, and they are merged. So a million open claims cost as much as ten thousand.
Counts end at 999.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from django.db import connection

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.stages import OPEN, Stage
from lipei.kit import clock

PAGE = 50
FIRST = 25
"""Rows that the list beside a claim begins with: more than a tall screen shows. The next pages
come as one reads on."""
MOST_COUNTED = 999
SOON = timedelta(hours=24)
Params = dict[str, Any]

STAGES_OF_DUTY: dict[str, tuple[Stage, ...]] = {
    "materials.check": (Stage.REPORTED, Stage.ESTIMATED, Stage.APPLIED, Stage.PENDING),
    "claims.register": (Stage.ACCEPTED,),
    "survey.dispatch": (Stage.REGISTERED,),
    "survey.do": (Stage.INVESTIGATING,),
    "calculate": (Stage.ASSESSED, Stage.RETURNED, Stage.CALCULATED),
    "review.decide": (Stage.CALCULATED, Stage.REVIEWING),
    "pay.make": (Stage.AGREED,),
    "pay.check": (Stage.PAYABLE,),
    "vouchers.file": (Stage.PAID,),
}
"""The stages at which somebody with this duty has to act. (An estimate is owed at any stage.)"""
OFFICERS_STAGES = frozenset(
    stage
    for duty in ("materials.check", "claims.register", "survey.dispatch", "calculate")
    for stage in STAGES_OF_DUTY[duty]
)
"""The stages at which a claim is its officer's work, once it has one."""


WITH_CLAIMANT = (
    Stage.REPORTED, Stage.ESTIMATED, Stage.APPLIED, Stage.PENDING, Stage.APPROVED, Stage.AGREED,
)  # fmt: skip
"""The stages at which the claimant may hold the ball: papers, confirmation, account."""


@dataclass(frozen=True)
class Places:
    """The branches whose claims are looked at; `many`: too many to walk one by one, so `paths`
    are the beginnings of their paths.

    To walk P branches costs P pages a stage; to walk all B in one go and to leave out what lies
    elsewhere costs about B / P pages. So they are too many when P x P is more than B.
    """

    paths: tuple[str, ...]
    many: bool = False


@dataclass(frozen=True)
class Wanted:
    """Which open claims are looked for.

    `estimates`: beside `stages`, what owes its reporter an estimate at these, whoever holds it.
    `me`: at the officers' stages only what is mine or nobody's. `officer`: only that person's.
    `holder`: who holds the ball; with "!" in front, anybody else. `ids`: only among these.
    """

    places: Places
    stages: tuple[Stage, ...] = OPEN
    estimates: tuple[Stage, ...] = ()
    me: int | None = None
    officer: int | None = None
    holder: str = ""
    due_from: datetime | None = None
    due_until: datetime | None = None
    line: str = ""
    ids: tuple[int, ...] | None = None

    def at(self, stage: str) -> "Wanted":
        """The same, at one stage only."""
        stages = tuple(s for s in self.stages if s == stage)
        return replace(
            self, stages=stages, estimates=tuple(s for s in self.estimates if s == stage)
        )


@dataclass(frozen=True)
class After:
    """The last claim of the page before: its due time (none: no clock runs) and its id."""

    due_at: datetime | None
    claim_id: int


@dataclass(frozen=True)
class WorkRow:
    """One claim of the list, with everything that its row shows. Sums in fen."""

    claim_id: int
    number: str
    line: str
    cause: str
    stage: str
    plate: str
    flags: list[str]
    holder: str
    holder_since: datetime
    due_at: datetime | None
    due_started_at: datetime | None
    due_clause: str
    branch: str
    officer: str
    officer_id: int | None
    name: str
    phone: str
    amount_fen: int | None
    estimate_fen: int | None
    awaits_estimate: bool
    tasks: list[str]


def places_of(acting: Actor, *, branch: str = "") -> Places:
    """The branches in which somebody may see claims; with `branch`, those below it only."""
    reach = acting.paths("claims.view")
    if branch:
        reach = [branch] if any(branch.startswith(path) for path in reach) else []
    if not reach:
        return Places(())
    paths = tuple(path for path in acting.branches if path.startswith(tuple(reach)))
    every = len(acting.branches)
    return Places(tuple(reach), many=True) if len(paths) ** 2 > every else Places(paths)


def todo_stages(acting: Actor) -> tuple[Stage, ...]:
    """The stages at which somebody's posts give them something to do."""
    mine = {s for duty in acting.duties for s in STAGES_OF_DUTY.get(duty, ())}
    return tuple(stage for stage in Stage if stage in mine)


def gives_estimates(acting: Actor) -> bool:
    """Whether an estimate that a claim owes its reporter is this person's to give (1.3-b)."""
    return acting.may("estimate.give")


def works_own(acting: Actor) -> bool:
    """Whether this person works claims of their own: an officer, not one who deals them out."""
    return acting.may("claims.register") and not acting.may("claims.assign")


def views_of(acting: Actor, *, branch: str = "") -> dict[str, Wanted]:
    """The views that this person has, by name, in the order of their tabs."""
    base = Wanted(places_of(acting, branch=branch))
    own = replace(base, me=acting.staff_id) if works_own(acting) else base
    now, stages = clock.now(), todo_stages(acting)
    found: dict[str, Wanted] = {}
    owed = OPEN if gives_estimates(acting) else ()
    if stages or owed:
        found["todo"] = replace(own, stages=stages, estimates=owed, holder="!claimant")
    if works_own(acting):
        found["mine"] = replace(base, officer=acting.staff_id)
    else:
        found["all"] = base
    found["soon"] = replace(own, due_from=now, due_until=now + SOON)
    found["overdue"] = replace(own, due_until=now)
    found["waiting"] = replace(own, holder="claimant", stages=WITH_CLAIMANT)
    return found


def every_open(acting: Actor) -> Wanted:
    """Every open claim that this person may see."""
    return Wanted(places_of(acting))


def work_rows(
    wanted: Wanted, *, after: After | None = None, most: int = PAGE
) -> tuple[list[WorkRow], After | None]:
    """A page of the list, nearest limit first, and where the next page begins (none: the end).

    What has no limit running comes last; it is only looked for when the rest is not a page.
    """
    rows: list[WorkRow] = []
    if after is None or after.due_at is not None:
        rows = _stretch(wanted, _dated(after), most=most + 1)
        after = None
    if len(rows) <= most and wanted.due_from is None and wanted.due_until is None:
        rows += _stretch(wanted, _undated(after), most=most + 1 - len(rows))
    if len(rows) <= most:
        return rows, None
    last = rows[most - 1]
    return rows[:most], After(last.due_at, last.claim_id)


def counted(views: dict[str, Wanted]) -> dict[str, int]:
    """How many claims each view holds, in one statement; 1,000 stands for more than 999."""
    parts, asked = [], Params()
    for n, wanted in enumerate(views.values()):
        walks, given = _walks(wanted, mark=f"v{n}_")
        asked |= given
        joined = _joined(walks, "c.id", limit=str(MOST_COUNTED + 1))
        parts.append(_COUNT.format(walks=joined, most=MOST_COUNTED + 1))
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), asked)
        return dict(zip(views, cursor.fetchone(), strict=True))


_KEYS = "SELECT * FROM ({walks}) t ORDER BY next_due_at, id LIMIT %(most)s"
_COUNT = "(SELECT count(*) FROM (SELECT 1 FROM ({walks}) t LIMIT {most}) u)"
_KEY = "c.id, c.next_due_at"
_IN_ORDER = "ORDER BY c.next_due_at, c.id"
_ROWS = """
WITH keys AS MATERIALIZED ({keys})
SELECT c.id, c.number, c.line, c.cause, c.stage, c.plate, c.flags, c.holder, c.holder_since,
  c.next_due_at, c.next_due_started_at, c.next_due_clause, b.name, coalesce(o.name, ''),
  c.officer_id, coalesce(nullif(i.name, ''), r.name, ''), c.phone,
  (SELECT sum(t.fen)::bigint FROM (SELECT CASE WHEN max(e.benefit_fen) IS NULL
    THEN max(coalesce(e.assessed_fen, nullif(e.reserve_fen, 0)))
    ELSE sum(coalesce(nullif(e.agreed_fen, 0), e.benefit_fen, 0)) END AS fen
    FROM general_exposure e WHERE e.claim_id = c.id GROUP BY e.thing) t),
  c.estimate_high_fen, c.awaits_estimate,
  coalesce((SELECT array_agg(t.kind ORDER BY t.id) FROM general_task t
    WHERE t.claim_id = c.id AND t.done_at IS NULL), '{{}}')
FROM keys k JOIN general_claim c ON c.id = k.id
JOIN general_branch b ON b.id = c.branch_id
LEFT JOIN general_staff o ON o.id = c.officer_id
LEFT JOIN general_policy p ON p.id = c.policy_id
LEFT JOIN general_stretch s ON p.versions > 1 AND s.policy_id = p.id
  AND s.from_at <= c.lost_at AND c.lost_at < s.until_at
LEFT JOIN general_party i ON i.id = coalesce(s.insured_id, p.insured_id)
LEFT JOIN general_party r ON r.id = c.reporter_id
ORDER BY k.next_due_at, k.id
"""


def _dated(after: After | None) -> tuple[str, Params]:
    if after is None:
        return "c.next_due_at IS NOT NULL", {}
    asked: Params = {"after_due": after.due_at, "after_id": after.claim_id}
    return "(c.next_due_at, c.id) > (%(after_due)s, %(after_id)s)", asked


def _undated(after: After | None) -> tuple[str, Params]:
    asked: Params = {"after_id": after.claim_id if after else 0}
    return "c.next_due_at IS NULL AND c.id > %(after_id)s", asked


def _stretch(wanted: Wanted, begin: tuple[str, Params], *, most: int) -> list[WorkRow]:
    """The rows of one stretch of the order: its walks, merged, with what the rows show."""
    walks, asked = _walks(wanted, mark="w_")
    begun = [replace(walk, where=f"{walk.where} AND {begin[0]}") for walk in walks]
    keys = _KEYS.format(walks=_joined(begun, _KEY, order=_IN_ORDER, limit="%(most)s"))
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(keys=keys), {**asked, **begin[1], "most": most})
        return [WorkRow(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class _Walk:
    """A way through the claims: the steps it takes one by one (none: in one go), and what is
    wanted of each. `again`: it may meet what another walk has met."""

    where: str
    steps: str = ""
    again: bool = False


def _joined(walks: list[_Walk], wanted: str, *, limit: str, order: str = "") -> str:
    """The walks as one statement, each of its steps ended after `limit`."""
    told = []
    for walk in walks:
        one = _ONE.format(wanted=wanted, where=walk.where, order=order, limit=limit)
        told.append(_STEPWISE.format(steps=walk.steps, one=one) if walk.steps else f"({one})")
    return (" UNION " if any(walk.again for walk in walks) else " UNION ALL ").join(told)


_ONE = "SELECT {wanted} FROM general_claim c WHERE {where} {order} LIMIT {limit}"
_STEPWISE = "(SELECT k.* FROM {steps} LATERAL ({one}) k)"


def _walks(wanted: Wanted, *, mark: str) -> tuple[list[_Walk], Params]:
    """The walks that find these claims, and their values under names of their own."""
    named = _Named(mark)
    if not wanted.places.paths:
        return [_Walk("false")], {}
    found = _staged(wanted, named) if wanted.stages else [_Walk("false")]
    if wanted.estimates:
        found.append(_owed(wanted, named))
    return found, named.given


def _owed(wanted: Wanted, named: "_Named") -> _Walk:
    """What owes its reporter an estimate, in the order of indexes of these alone."""
    owed = replace(wanted, stages=wanted.estimates, holder="", me=None)
    where = ["c.is_open", "c.awaits_estimate", *_filters(owed, named), *_one_by_one(owed, named)]
    if wanted.places.many or wanted.ids is not None:
        return _Walk(" AND ".join([*where, _within(wanted, named)]), again=True)
    steps = f"unnest({named(list(wanted.places.paths), 'text[]')}) AS p(path),"
    return _Walk(" AND ".join([*where, "c.branch_path = p.path"]), steps, again=True)


def _within(wanted: Wanted, named: "_Named") -> str:
    return f"c.branch_path LIKE ANY({named([f'{p}%' for p in wanted.places.paths], 'text[]')})"


def _staged(wanted: Wanted, named: "_Named") -> list[_Walk]:
    common = ["c.is_open", *_filters(wanted, named)]
    one_by_one = wanted.ids is not None or wanted.officer is not None
    places = "" if wanted.places.many or one_by_one else named(list(wanted.places.paths), "text[]")
    within = _within(wanted, named)
    if one_by_one:
        return [_Walk(" AND ".join([*common, within, *_one_by_one(wanted, named)]))]
    where = [
        "c.stage = s.stage",
        "(c.holder = 'claimant') = s.waits",
        "(c.officer_id IS NULL) = s.free",
    ]
    steps = zip(*_steps(wanted), strict=True)
    kinds = ("text[]", "bool[]", "bool[]")
    arrays = ", ".join(named(list(part), kind) for part, kind in zip(steps, kinds, strict=True))
    walk = f"unnest({arrays}) AS s(stage, waits, free),"
    if places:
        walk = f"unnest({places}) AS p(path), {walk}"
        where.append("c.branch_path = p.path")
    else:
        where.append(within)
    found = [_Walk(" AND ".join([*common, *where]), walk)]
    own = [stage for stage in wanted.stages if stage in OFFICERS_STAGES]
    if wanted.me is not None and own:
        mine = replace(wanted, stages=tuple(own), officer=wanted.me)
        found.append(_Walk(" AND ".join([*common, within, *_one_by_one(mine, named)])))
    return found


def _steps(wanted: Wanted) -> Iterator[tuple[str, bool, bool]]:
    """Stage, whether the claimant holds the ball, whether nobody answers for the claim: what the
    indexes are ordered by."""
    waits: tuple[bool, ...] = (True, False)
    if wanted.holder:
        waits = (wanted.holder == "claimant",)
    for stage, waiting, free in product(wanted.stages, waits, (True, False)):
        if free or wanted.me is None or stage not in OFFICERS_STAGES:
            yield stage.value, waiting, free


def _one_by_one(wanted: Wanted, named: "_Named") -> list[str]:
    """What is asked of claims that are few anyhow: somebody's own, or those of a search."""
    found = [f"c.stage = ANY({named([s.value for s in wanted.stages], 'text[]')})"]
    if wanted.ids is not None:
        found.append(f"c.id = ANY({named(list(wanted.ids), 'bigint[]')})")
    if wanted.officer is not None:
        found.append(f"c.officer_id = {named(wanted.officer)}")
    elif wanted.me is not None:
        stages = named([s.value for s in OFFICERS_STAGES], "text[]")
        free = f"c.officer_id IS NULL OR c.officer_id = {named(wanted.me)}"
        found.append(f"(c.stage <> ALL({stages}) OR {free})")
    return found


class _Named:
    """Values that a statement is given, each under a name of its own."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.given: Params = {}

    def __call__(self, value: object, kind: str = "") -> str:
        """The place of a value in the statement."""
        name = f"{self.mark}{len(self.given)}"
        self.given[name] = value
        return f"%({name})s::{kind}" if kind else f"%({name})s"


def _filters(wanted: Wanted, named: _Named) -> list[str]:
    return [
        f"c.{column} {sign} {named(value)}"
        for column, sign, value in (
            ("next_due_at", ">=", wanted.due_from),
            ("next_due_at", "<", wanted.due_until),
            ("line", "=", wanted.line or None),
            (
                "holder",
                "<>" if wanted.holder[:1] == "!" else "=",
                wanted.holder.lstrip("!") or None,
            ),
        )
        if value is not None
    ]
