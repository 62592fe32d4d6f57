"""What the pages of rule change show: editions, runs, and the rows of a report."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general import editions
from lipei.ch01_general.actors import Actor
from lipei.ch01_general.models import Branch, EditionApproval
from lipei.ch03_assessment.models import Replay, Shadow, ShadowSum
from lipei.ch03_assessment.replay import hardest_seen
from lipei.kit import clock
from lipei.rules import edition, edition_names, is_awaiting
from lipei.rules.products.load import EditionBroken
from lipei.site.desk import charts
from lipei.site.desk.words import line_words

WHOLE = 100
DIMENSIONS: Mapping[str, Promise] = {
    "line": _("按险种"), "branch": _("按机构"), "age": _("按年龄段"), "month": _("按出险月份"),
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """An edition on the list: its title, whether it is live, who let it in."""

    name: str
    title: str
    fault: str
    is_live: bool
    approval: EditionApproval | None


@dataclass(frozen=True)
class Row:
    """One line of a table of changes; `share` is how many of a hundred change."""

    label: str
    counts: Mapping[str, int]
    share: int


@dataclass(frozen=True)
class Table:
    """One way to look at the changes: row by row, and drawn. By month it is the money, elsewhere
    how many sums change."""

    title: Promise | str
    rows: list[Row]
    is_money: bool

    @property
    def chart(self) -> charts.Chart | None:
        """The same figures as a drawing; none where nothing changes."""
        unit, draw = ("_fen", charts.columns) if self.is_money else ("", charts.rows)
        return draw([(r.label, r.counts[f"up{unit}"], r.counts[f"down{unit}"]) for r in self.rows])


def awaiting() -> list[Shown]:
    """The editions that this installation lets in by itself."""
    return [_shown(name) for name in edition_names() if is_awaiting(name)]


def choices() -> list[tuple[str, str]]:
    """Every edition that can be run, those that wait first."""
    names = sorted(edition_names(), key=lambda n: (not is_awaiting(n), n))
    return [(name, edition_words(name)) for name in names]


def edition_words(name: str) -> str:
    """The title of an edition; its name where it is gone or broken."""
    return _named(name)[0] if name in edition_names() else name


def tables(replay: Replay) -> list[Table]:
    """The changes by line, branch, age and month."""
    by = replay.tally["by"]
    branches = dict(Branch.objects.filter(code__in=by["branch"]).values_list("code", "name"))
    return [
        Table(title, [
            _row(_label(name, key, branches), counts) for key, counts in sorted(by[name].items())
        ], is_money=name == "month")
        for name, title in DIMENSIONS.items()
    ]  # fmt: skip


def steps(replay: Replay) -> list[Row]:
    """The changes of each step of the sheet, in the order of the sheet."""
    told = replay.tally["steps"]
    try:
        known = edition(replay.edition).columns if replay.edition in edition_names() else {}
    except EditionBroken:
        known = {}
    names = sorted(told, key=lambda n: (list(known).index(n) if n in known else len(known), n))
    english = _is_english()
    return [
        Row((known[n].en if english else known[n].zh) if n in known else n, told[n], 0)
        for n in names
    ]  # fmt: skip


def hardest(replay: Replay, *, by: Actor) -> list[dict[str, Any]]:
    """The largest changes, each as an amount up or down."""
    return _hardest(replay.tally, by=by)


def refused(replay: Replay) -> Iterator[tuple[str, int]]:
    """Why the edition cannot settle some claims, and how many each."""
    return _refused(replay.tally)


def carried(replay: Replay, *, by: Actor) -> dict[str, Any] | None:
    """What the changes mean for the cover that answers after; none where no cover does."""
    told = replay.tally.get("carried")
    if told is None:
        return None
    return {
        "total": told["total"], "left": told["left"], "hardest": _hardest(told, by=by),
        "refused": list(_refused(told)),
    }  # fmt: skip


def runs(shadow: Shadow) -> bool:
    """Whether an edition runs beside the live one today."""
    return shadow.ended_at is None and shadow.from_on <= clock.today() <= shadow.to_on


def unlike_rows(sums: Iterable[ShadowSum]) -> list[dict[str, Any]]:
    """Sums that differ: claim, what the live edition paid, what the other would, or why not."""
    language = "en" if _is_english() else "zh"
    return [
        {
            "claim": one.calculation.exposure.claim.number,
            "position": one.calculation.exposure.position,
            "before_fen": one.calculation.benefit_fen, "after_fen": one.after_fen,
            "why": one.why.get(language, ""),
        }
        for one in sums
    ]  # fmt: skip


# The parts


def _hardest(told: Mapping[str, Any], *, by: Actor) -> list[dict[str, Any]]:
    return [{**one, "by_fen": abs(one["change_fen"])} for one in hardest_seen(dict(told), by=by)]


def _refused(told: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for why in sorted(told["refused"].values(), key=lambda one: -one["claims"]):
        yield (why["en"] if _is_english() else why["zh"]), why["claims"]


def _named(name: str) -> tuple[str, str]:
    """The title of an edition, and what is wrong with its files."""
    try:
        words = edition(name).title
    except EditionBroken as broken:
        return name, str(broken)
    return (words.en if _is_english() else words.zh), ""


def _shown(name: str) -> Shown:
    title, fault = _named(name)
    live = not fault and editions.is_live(name)
    held = EditionApproval.objects.filter(edition=name).order_by("-pk").first() if live else None
    return Shown(name, title, fault, live, held)


def _label(dimension: str, key: str, branches: Mapping[str, str]) -> str:
    if dimension == "line":
        return line_words(key)
    if dimension == "branch":
        return branches.get(key, key)
    if key == "unknown":
        return str(_("未知"))
    return key


def _row(label: str, counts: Mapping[str, int]) -> Row:
    return Row(label, counts, WHOLE * counts["changed"] // max(counts["claims"], 1))


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
