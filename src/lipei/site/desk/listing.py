"""A page of the work list as it was asked for: its view, filters and place stand in the address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from lipei.ch01_general import worklist
from lipei.ch01_general.actors import Actor
from lipei.ch01_general.models import Branch
from lipei.ch01_general.stages import OPEN, Stage
from lipei.ch01_general.words import STAGE_WORDS
from lipei.ch01_general.worklist import After, Wanted
from lipei.kit.checks import plain_text
from lipei.kit.refusal import Refused
from lipei.site.choices import LINE_TITLES
from lipei.site.desk.find import claim_ids
from lipei.site.desk.rows import Row, faces_of

VIEWS: Mapping[str, str | Promise] = {
    "every": pgettext_lazy("view", "全部未结"),
    "todo": pgettext_lazy("view", "待办"),
    "mine": pgettext_lazy("view", "我的"),
    "all": pgettext_lazy("view", "全部"),
    "soon": pgettext_lazy("view", "将到期"),
    "overdue": pgettext_lazy("view", "已超时"),
    "waiting": pgettext_lazy("view", "等客户"),
}
HOT = frozenset({"overdue"})
AFTER = re.compile(r"([0-9T:.+-]{0,40})~([0-9]{1,18})")
LONGEST_SEARCH = 80


@dataclass(frozen=True)
class Asked:
    """What the address says of the list; whatever it says wrongly is as if it said nothing."""

    view: str = ""
    line: str = ""
    stage: str = ""
    branch: str = ""
    q: str = ""
    after: str = ""

    def query(self, **changes: str) -> str:
        """The address's query for this list, or for one that differs so; without its place."""
        told = {**vars(self), "after": "", **changes}
        return urlencode({name: value for name, value in told.items() if value})


@dataclass(frozen=True)
class Tab:
    """A view with its count."""

    label: str
    url: str
    count: str
    current: bool
    level: str = ""


@dataclass(frozen=True)
class Choice:
    """One choice of a filter."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Listing:
    """The list as the page shows it."""

    asked: Asked
    rows: list[Row]
    tabs: list[Tab]
    counts: dict[str, int]
    next_query: str
    stages: list[Choice]
    lines: list[Choice]
    branches: list[Choice]
    chips: list[dict[str, str]] = field(default_factory=list)

    @property
    def query(self) -> str:
        """The query of this list."""
        return self.asked.query()


def asked_of(told: Mapping[str, str], views: Mapping[str, Wanted]) -> Asked:
    """What an address asks for, in terms that this person has."""
    view = told.get("view", "")
    stage = told.get("stage", "")
    line = told.get("line", "")
    return Asked(
        view=view if view in views else next(iter(views)),
        line=line if line in LINE_TITLES else "",
        stage=stage if stage in {s.value for s in OPEN} else "",
        branch=_text(told.get("branch", ""), most=12),
        q=_text(told.get("q", ""), most=LONGEST_SEARCH),
        after=told.get("after", ""),
    )


def wanted_of(asked: Asked, acting: Actor, views: Mapping[str, Wanted]) -> Wanted:
    """The claims that are asked for, within what this person may see."""
    wanted = replace(views[asked.view], line=asked.line)
    if asked.branch:
        branch = Branch.objects.filter(code=asked.branch).first()
        places = worklist.places_of(acting, branch=branch.path) if branch else None
        wanted = replace(wanted, places=places or worklist.Places(()))
    if asked.stage:
        wanted = wanted.at(asked.stage)
    if asked.q:
        wanted = replace(wanted, ids=tuple(claim_ids(asked.q, acting)))
    return wanted


def rows_asked(
    asked: Asked,
    acting: Actor,
    views: Mapping[str, Wanted],
    *,
    current: str = "",
    most: int = worklist.PAGE,
) -> tuple[list[Row], str]:
    """The rows of one page, and the query of the next (empty: the end)."""
    wanted = wanted_of(asked, acting, views)
    rows, after = worklist.work_rows(wanted, after=_after(asked.after), most=most)
    faces = faces_of(rows, acting, query=asked.query(), current=current)
    return faces, asked.query(after=_mark(after)) if after else ""


def listing(
    told: Mapping[str, str], acting: Actor, *, path: str, current: str = "", every: bool = False
) -> Listing:
    """The list with its views, counts and filters, for this person; `every` puts a view of all
    open claims in front and brings whole pages."""
    views = worklist.views_of(acting)
    if every:
        views = {"every": worklist.every_open(acting), **views}
        views.pop("all", None)
    asked = asked_of(told, views)
    most = worklist.PAGE if every else worklist.FIRST
    rows, next_query = rows_asked(asked, acting, views, current=current, most=most)
    counts = worklist.counted(views)
    branches = _branches(acting, asked)
    return Listing(
        asked=asked, rows=rows, counts=counts, next_query=next_query,
        tabs=[_tab(view, counts[view], asked, path) for view in views],
        stages=[Choice(s.value, str(STAGE_WORDS[s]), s == asked.stage) for s in OPEN],
        lines=[Choice(line, str(words), line == asked.line) for line, words in LINE_TITLES.items()],
        branches=branches,
        chips=_chips(asked, branches, path),
    )  # fmt: skip


def count_words(count: int) -> str:
    """A count as it is shown: more than 999 is 999+."""
    return f"{worklist.MOST_COUNTED}+" if count > worklist.MOST_COUNTED else str(count)


def _tab(view: str, count: int, asked: Asked, path: str) -> Tab:
    query = urlencode({"view": view})
    level = "bad" if view in HOT and count else ""
    return Tab(str(VIEWS[view]), f"{path}?{query}", count_words(count), view == asked.view, level)


def _branches(acting: Actor, asked: Asked) -> list[Choice]:
    places = acting.paths("claims.view")
    found = [
        (b.code, b.name)
        for b in Branch.objects.order_by("path")[:500]
        if any(b.path.startswith(path) for path in places)
    ]
    return [Choice(code, name, code == asked.branch) for code, name in found]


def _chips(asked: Asked, branches: list[Choice], path: str) -> list[dict[str, str]]:
    """The filters in force, each with the address without it."""
    stage = str(STAGE_WORDS[Stage(asked.stage)]) if asked.stage else ""
    branch = next((b.label for b in branches if b.chosen), asked.branch)
    told = {"line": str(LINE_TITLES.get(asked.line, "")), "stage": stage, "branch": branch}
    return [
        {"value": words, "url": f"{path}?{asked.query(**{name: ''})}"}
        for name, words in told.items()
        if words
    ]


def _text(value: str, *, most: int) -> str:
    try:
        return plain_text(value, field="q", limit=most, lines=False)
    except Refused:
        return ""


def _mark(after: After) -> str:
    return f"{after.due_at.isoformat() if after.due_at else ''}~{after.claim_id}"


def _after(mark: str) -> After | None:
    found = AFTER.fullmatch(mark)
    if found is None:
        return None
    try:
        due_at = datetime.fromisoformat(found[1]) if found[1] else None
    except ValueError:
        return None
    if due_at is not None and due_at.tzinfo is None:
        return None
    return After(due_at, int(found[2]))
