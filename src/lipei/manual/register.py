"""The register of clauses: editions in force by date, one snapshot in memory."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from lipei.manual.clauses import Clause, clause_from, joined
from lipei.manual.reading import HERE, Row, distinct, rows, tables

SHIPPED = "2025"
SECTION_NUMBER = re.compile(r"(1[0-2]|[1-9])\.[1-4]")
SECTION_MODULE = re.compile(r"lipei\.ch(\d\d)_[a-z]+\.[a-z]+")


@dataclass(frozen=True, slots=True)
class Section:
    """One of the manual's 48 sections and the module that carries it."""

    number: str
    title_zh: str
    title_en: str
    module: str

    @property
    def chapter(self) -> int:
        """The chapter's number, 1 to 12."""
        return int(self.number.split(".")[0])


class Register:
    """Every version of every clause that the department knows; nothing in it changes.

    `version` is the number of the snapshot (the shipped edition is 0); web and worker compare
    it to learn that somebody changed a clause.
    """

    def __init__(
        self, clauses: Iterable[Clause], *, sections: Iterable[Section], version: int = 0
    ) -> None:
        """Raises ValueError naming the row: unknown section, overlap, repetition of nothing."""
        self.version = version
        self.sections = tuple(sections)
        self._versions: dict[str, tuple[Clause, ...]] = {}
        self._joined: dict[tuple[str, str, str], Clause] = {}
        distinct((section.number for section in self.sections), what="section")
        numbers = {section.number for section in self.sections}
        for clause in sorted(clauses, key=lambda one: one.effective_from):
            if clause.section not in numbers:
                raise ValueError(f"clause {clause.id}: unknown section {clause.section!r}")
            if clause.awaits and clause.awaits not in numbers:
                raise ValueError(f"clause {clause.id}: awaits unknown section {clause.awaits!r}")
            before = self._versions.get(clause.id, ())
            if before:
                _check_follows(clause, before=before[-1])
            self._versions[clause.id] = (*before, clause)
        self._begins = min((one.effective_from for one in self), default=date.min)
        for clause in self:
            if clause.same_as and clause.same_as not in self._versions:
                raise ValueError(f"clause {clause.id}: repeats unknown {clause.same_as!r}")

    def __iter__(self) -> Iterator[Clause]:
        """Every version of every clause, as its row stands (repetitions without numbers)."""
        return (clause for versions in self._versions.values() for clause in versions)

    def ids(self) -> tuple[str, ...]:
        """The ids of all clauses, in the order in which they were written."""
        return tuple(self._versions)

    def clause(self, id: str, *, at: date | None = None, edition: str | None = None) -> Clause:
        """The clause in force on a day, or of a named edition (for a clock that runs on).

        Without both, the newest. A day before the oldest edition held is answered from that
        one. KeyError for an unknown id, or when none was in force.
        """
        at = max(at, self._begins) if at else None
        found = self._pick(id, at=at, edition=edition)
        if not found.same_as:
            return found
        origin = self.clause(found.same_as, at=at if edition is None else None)
        key = (id, found.edition, origin.edition)
        if key not in self._joined:
            self._joined[key] = joined(found, origin=origin)
        return self._joined[key]

    def _pick(self, id: str, *, at: date | None, edition: str | None) -> Clause:
        versions = self._versions.get(id)
        if versions is None:
            raise KeyError(f"no clause {id}")
        for clause in reversed(versions):
            if (edition is None or clause.edition == edition) and (
                at is None or clause.in_force(at)
            ):
                return clause
        raise KeyError(f"clause {id} not in force (at={at}, edition={edition})")

    def of_section(self, number: str, *, at: date | None = None) -> tuple[Clause, ...]:
        """The clauses of one section that are in force on a day, in the manual's order."""
        at = max(at, self._begins) if at else None
        held = [id for id, found in self._versions.items() if found[-1].section == number]
        return tuple(
            self.clause(id, at=at)
            for id in held
            if at is None or any(one.in_force(at) for one in self._versions[id])
        )


def _check_follows(clause: Clause, *, before: Clause) -> None:
    if clause.edition == before.edition:
        raise ValueError(f"clause {clause.id}: stands twice in edition {clause.edition}")
    if before.effective_to is None or before.effective_to >= clause.effective_from:
        raise ValueError(f"clause {clause.id}: edition {clause.edition} overlaps {before.edition}")


def read_edition(path: Path) -> Register:
    """The register of one edition file. ValueError names the row that is wrong."""
    source = tables(path)
    head = Row(_table(source, "edition"), name=f"edition in {path.name}")
    name, starts = head.text("name"), head.day("effective_from")
    head.done()
    listed = rows(source, "clause")
    distinct((str(row.get("id")) for row in listed), what="clause")
    return Register(
        [clause_from(row, edition=name, effective_from=starts) for row in listed],
        sections=[_section(row) for row in rows(source, "section")],
    )


@cache
def shipped() -> Register:
    """The edition that ships with Lipei, read once."""
    return read_edition(HERE / f"edition_{SHIPPED}.toml")


class _Installed:
    """The snapshot that this process asks; exchanged whole, so a reader sees old or new.

    `today` tells the present day; the manual itself reads no clock.
    """

    register: Register | None = None
    today: Callable[[], date] | None = None


def install(register: Register) -> None:
    """Let this process ask another snapshot from now on (the hub's rows, newly read)."""
    _Installed.register = register


def installed() -> Register:
    """The snapshot in use: the hub's last one, or the shipped edition before that."""
    return _Installed.register or shipped()


def tell_today(today: Callable[[], date]) -> None:
    """Let the manual ask for the present day here from now on (the kit's clock)."""
    _Installed.today = today


def today() -> date | None:
    """The present day, where somebody tells it; the manual itself reads no clock."""
    return _Installed.today() if _Installed.today is not None else None


def clause(id: str, *, at: date | None = None, edition: str | None = None) -> Clause:
    """The clause in force on the day `at`, or of a named edition; without both, today's.

    An edition that begins tomorrow is no reason to refuse anything today. Where nobody tells
    the day, the newest. KeyError for an unknown id: our own mistake.
    """
    if at is None and edition is None:
        at = today()
    return installed().clause(id, at=at, edition=edition)


def sections() -> tuple[Section, ...]:
    """The manual's 48 sections in order."""
    return installed().sections


def section(number: str) -> Section:
    """The section of this number ("2.2"). KeyError if there is none."""
    for one in sections():
        if one.number == number:
            return one
    raise KeyError(f"no section {number}")


def _table(source: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = source.get(key)
    if not isinstance(found, Mapping):
        raise ValueError(f"{key}: must be a table")
    return found


def _section(columns: Mapping[str, object]) -> Section:
    row = Row(columns, name=f"section {columns.get('number', '?')}")
    found = Section(
        number=row.text("number"),
        title_zh=row.text("title_zh"),
        title_en=row.text("title_en"),
        module=row.text("module"),
    )
    row.done()
    if not SECTION_NUMBER.fullmatch(found.number):
        raise row.wrong("number must run from 1.1 to 12.4")
    chapter = SECTION_MODULE.fullmatch(found.module)
    if chapter is None or int(chapter[1]) != found.chapter:
        raise row.wrong(f"module {found.module!r} does not belong to the chapter")
    return found
