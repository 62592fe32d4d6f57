"""The living manual as its pages show it: chapters, sections, clauses, and who carries each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lipei.ch01_general.models import ClauseEdition
from lipei.kit import clock
from lipei.manual import Clause, Limit, clause_from, installed, sections
from lipei.manual.clauses import BETWEEN, KINDS, RANKS
from lipei.site import carriers
from lipei.site.desk.words import ORIGINS, SPANS, is_english
from lipei.site.faces import yuan_words

Label = str | Promise
KIND_WORDS: Mapping[str, Label] = {
    "clock": pgettext_lazy("clause", "时限"),
    "gate": pgettext_lazy("clause", "关口"),
    "record": pgettext_lazy("clause", "留痕"),
    "target": pgettext_lazy("clause", "指标"),
    "report": pgettext_lazy("clause", "报送"),
    "ban": pgettext_lazy("clause", "禁止"),
}
ORIGIN_LEVELS: Mapping[str, str] = {
    "law": "law",
    "contract": "ok",
    "manual": "brand",
    "ours": "warn",
}
CHAPTERS: tuple[Label, ...] = (
    _("总则"), _("理赔申请接收"), _("理赔审核与调查"), _("理赔款支付"), _("客户咨询服务"),
    _("理赔信息系统管理"), _("培训与考核"), _("风险管理"), _("文件与档案管理"),
    _("合作单位管理"), _("疑难案件处理"), _("年度总结与计划"),
)  # fmt: skip
SIGNS: Mapping[str, str] = {"<=": "≤", "<": "<", ">=": "≥", ">": ">", "=": "="}
UNIT_WORDS: Mapping[str, Label] = {
    "seconds": _("秒"), "minutes": _("分钟"), "hours": _("小时"), "days": _("日"),
    "workdays": _("工作日"), "months": _("个月"), "years": pgettext_lazy("span", "年"),
    "day_of_month": _("日（当月）"), "fen": pgettext_lazy("money", "元"), "bp": "%",
    "persons": pgettext_lazy("count", "人"), "times": pgettext_lazy("count", "次"),
    "items": pgettext_lazy("count", "项"),
}  # fmt: skip
HUNDRED = 100


@dataclass(frozen=True)
class ClauseRow:
    """One clause on the list."""

    clause: Clause
    summary: str
    kind: str
    origin: str
    level: str
    numbers: list[str]
    functions: int
    tests: int | None
    waits: bool


@dataclass(frozen=True)
class SectionShown:
    """One section, whether its module is there, and those of its clauses that were asked for."""

    number: str
    title: str
    module: str
    is_built: bool
    rows: list[ClauseRow]


@dataclass(frozen=True)
class ChapterShown:
    """One chapter with its sections."""

    number: int
    title: str
    sections: list[SectionShown]


@dataclass(frozen=True)
class Asked:
    """What the reader looks for; empty parts ask for nothing."""

    q: str = ""
    kind: str = ""
    origin: str = ""
    chapter: str = ""

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> "Asked":
        """From an address; what no list knows is not asked."""
        chapters = {str(n) for n in range(1, len(CHAPTERS) + 1)}
        kind, origin, chapter = (str(query.get(n, "")) for n in ("kind", "origin", "chapter"))
        return cls(
            str(query.get("q", "")).strip()[:60], kind if kind in KINDS else "",
            origin if origin in RANKS else "", chapter if chapter in chapters else "",
        )  # fmt: skip

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return not (self.q or self.kind or self.origin or self.chapter)

    def wants(self, row: Clause) -> bool:
        """Whether a clause is one that was asked for."""
        told = " ".join(
            (row.id, row.summary_zh, row.summary_en, row.article, row.section)
        ).casefold()
        return (
            (not self.kind or row.kind == self.kind)
            and (not self.origin or row.origin == self.origin)
            and (not self.chapter or row.section.split(".")[0] == self.chapter)
            and all(part in told for part in self.q.casefold().split())
        )


def chapters(asked: Asked) -> list[ChapterShown]:
    """The manual from its first chapter to its last; an empty section stands only where
    everything was asked for."""
    waiting = set(ClauseEdition.objects.filter(approved_by="", returned_by="")
                  .values_list("clause", flat=True))  # fmt: skip
    found: list[ChapterShown] = []
    for number, title in enumerate(CHAPTERS, start=1):
        if asked.chapter in ("", str(number)):
            shown = [s for s in _sections(number, asked, waiting) if s.rows or asked.is_all]
            if shown:
                found.append(ChapterShown(number, str(title), shown))
    return found


def section_shown(number: str) -> SectionShown | None:
    """One section with all its clauses; none where the manual has no such section."""
    chapter = number.partition(".")[0]
    shown = _sections(int(chapter), Asked(), set()) if chapter.isdecimal() else ()
    return next((one for one in shown if one.number == number), None)


def limit_text(one: Limit) -> str:
    """A number as it is read: ≤ 30 日, 5,000.00 元, 95.00%–98.00%."""
    if one.operator == BETWEEN:
        assert one.upper is not None
        return f"{value_text(one.value, one.unit)}–{value_text(one.upper, one.unit)}"
    return f"{SIGNS[one.operator]} {value_text(one.value, one.unit)}"


def value_text(value: int, unit: str) -> str:
    """A number with its unit."""
    if unit in SPANS:
        return SPANS[unit](value) % {"n": value}
    if unit == "bp":
        return f"{value // HUNDRED}.{value % HUNDRED:02d}%"
    told = yuan_words(value) if unit == "fen" else str(value)
    return f"{told} {UNIT_WORDS[unit]}"


def summary_of(row: Clause) -> str:
    """Our own summary of what the clause asks for."""
    return row.summary_en if is_english() else row.summary_zh


def numbers_of(row: Clause) -> list[str]:
    """The numbers of a clause as they are read, each with its name where it has several."""
    if len(row.limits) == 1:
        return [limit_text(row.limits[0])]
    return [f"{one.name} {limit_text(one)}" for one in row.limits]


def facts_of(row: Clause) -> list[tuple[Label, str]]:
    """What stands beside a clause's words: where it comes from, and when it runs."""
    alarms = [f"{row.warn_bp // HUNDRED}%"] if row.warn_bp else []
    alarms += [f"{name} {day:+d}" for name, day in row.warn_days]
    until = row.effective_to.isoformat() if row.effective_to else ""
    told: list[tuple[Label, str]] = [
        (_("来源"), str(ORIGINS[row.origin])), (_("条文"), row.article),
        (_("数值出自"), str(ORIGINS[row.number_from])), (_("位阶"), str(row.rank)),
        (_("适用"), " · ".join(row.applies)), (_("起算"), row.trigger),
        (_("止算"), " · ".join(row.ends)), (_("可中止"), " · ".join(row.pauses)),
        (_("提醒"), " · ".join(alarms)), (_("责任岗位"), " · ".join(row.who)),
        (_("生效"), row.effective_from.isoformat()), (_("失效"), until),
    ]  # fmt: skip
    return [(name, said) for name, said in told if said]


@dataclass(frozen=True)
class EditionShown:
    """One edition of a clause in its history; `held` is the proposal behind it, if it was one."""

    edition: str
    effective_from: date
    numbers: list[str]
    article: str
    held: ClauseEdition | None
    is_now: bool


def history(clause_id: str, held: Sequence[ClauseEdition]) -> list[EditionShown]:
    """The editions in force, before and to come, and the proposals, the newest first."""
    now = installed().clause(clause_id, at=clock.today())
    shipped = [one for one in installed() if one.id == clause_id and "+" not in one.edition]
    made = [_edition(clause_from(one.row, edition=one.edition), one, now.edition) for one in held]
    return made + [_edition(one, None, now.edition) for one in shipped]


# The parts


def _edition(row: Clause, held: ClauseEdition | None, now: str) -> EditionShown:
    return EditionShown(
        row.edition, row.effective_from, numbers_of(row), row.article, held, row.edition == now
    )


def _sections(number: int, asked: Asked, waiting: set[str]) -> Iterator[SectionShown]:
    today = clock.today()
    for one in sections():
        if one.chapter == number:
            rows = [
                _row(row, waiting)
                for row in installed().of_section(one.number, at=today) if asked.wants(row)
            ]  # fmt: skip
            yield SectionShown(
                one.number, one.title_en if is_english() else one.title_zh,
                one.module.removeprefix("lipei."), carriers.is_built(one.module), rows,
            )  # fmt: skip


def _row(row: Clause, waiting: set[str]) -> ClauseRow:
    proofs = carriers.proved_by(row.id)
    return ClauseRow(
        row, summary_of(row), str(KIND_WORDS[row.kind]), str(ORIGINS[row.origin]),
        ORIGIN_LEVELS[row.origin], numbers_of(row), len(carriers.carried_by(row.id)),
        None if proofs is None else len(proofs), row.id in waiting,
    )  # fmt: skip
