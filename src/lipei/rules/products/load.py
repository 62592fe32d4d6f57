"""A product edition is a folder `<product>_<edition>/`; here it is read and checked."""

import tomllib
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import numpy as np

from lipei.rules.days import Days, day_number
from lipei.rules.engine import Rule, ordered, rules_in
from lipei.rules.facts import LEAST, MOST, Code, Fact, FactRefused
from lipei.rules.money import Fen, positive
from lipei.rules.products import places
from lipei.rules.products.check import broken_promises
from lipei.rules.products.edition import (
    Accumulator,
    Case,
    CaseRow,
    Clause,
    Edition,
    Paper,
    Table,
    Words,
)

HERE = places.SHIPPED
Paperwork = dict[str, Any]
INHERITED = ("facts", "terms", "parts", "clauses", "accumulators", "tables", "dated", "papers")
TOLD = ("sign", "part", "clause", "not_before", "not_below", "alike", "unless", "later")
LISTS = ("needed_for", "whole_in", "part_in")
OF_A_FACT = {"kind", "zh", "en", "default", "least", "most", "codes", *LISTS, *TOLD}


class EditionBroken(ValueError):
    """A product folder that may not be used: the message names the folder and each fault."""


def edition_names() -> tuple[str, ...]:
    """The names of all product editions, those of the installation beside those that ship."""
    return tuple(sorted(places.folders()))


def edition(name: str) -> Edition:
    """The edition of this name, read once. Raises FactRefused("edition", "unknown").

    One of the installation's own folder is read again when a file of it has changed.
    """
    folder = places.folders().get(name)
    if folder is None:
        raise FactRefused("edition", "unknown", zh="条款版本", en="Edition")
    return _shipped(folder) if folder.parent == HERE else _own(folder, places.stamp_of(folder))


@cache
def _shipped(folder: Path) -> Edition:
    return read_edition(folder)


@lru_cache(maxsize=64)
def _own(folder: Path, stamp: places.Stamp) -> Edition:
    return read_edition(folder)


@cache
def _editions_of(product: str) -> tuple[Edition, ...]:
    """The editions of a product that its release approved, by the day on which they start."""
    shipped = [n for n, at in places.folders().items() if at.parent == HERE]
    found = (edition(n) for n in shipped if n.rpartition("_")[0] == product)
    by_start = tuple(sorted((e for e in found if not e.awaiting), key=lambda e: e.starts_on))
    for earlier, later in pairwise(by_start):
        if earlier.holds_on(later.starts_on):
            raise EditionBroken(f"{earlier.name} and {later.name} are in force together")
    return by_start


def is_awaiting(name: str) -> bool:
    """Whether an edition is live only once this installation approves it: one that it brought
    itself, or one whose terms say `awaiting`. Every other was approved by its release."""
    folder = places.folders().get(name)
    return folder is not None and (folder.parent != HERE or edition(name).awaiting)


def edition_for(
    product: str, *, lost_on: date, insured_from: date | None = None,
    approved: Collection[str] = (),
) -> Edition:  # fmt: skip
    """The edition that decides a loss of this day.

    A product chosen by the loss (compulsory motor cover) takes the edition of `lost_on`; one
    chosen by the policy takes that of `insured_from`, the first day of insurance. Those that
    await an approval count where they are among the `approved` names, and then stand above
    what shipped, the newest first. Raises FactRefused: "unknown" for the product, "missing"
    for the first day of insurance, "no_edition" where none was in force.
    """
    later = (edition(n) for n in approved if n.rpartition("_")[0] == product and is_awaiting(n))
    newest_first = sorted(later, key=lambda e: e.starts_on, reverse=True)
    candidates = (*newest_first, *_editions_of(product))
    if not candidates:
        raise FactRefused("product", "unknown", zh="险种", en="Product")
    if candidates[-1].chosen_by == "loss":
        day, field, zh, en = lost_on, "lost_on", "出险日期", "Day of loss"
    else:
        field, zh, en = "insured_from", "保险起期", "First day of insurance"
        if insured_from is None:
            raise FactRefused(field, "missing", zh=zh, en=en)
        day = insured_from
    for candidate in candidates:
        if candidate.holds_on(day):
            return candidate
    raise FactRefused(field, "no_edition", zh=zh, en=en)


def read_edition(folder: Path) -> Edition:
    """Read one product folder and check it whole. Raises EditionBroken naming every fault."""
    try:
        made = _made(folder, _paper_of(folder))
    except (OSError, KeyError, ValueError, TypeError, SyntaxError, ImportError) as fault:
        raise EditionBroken(f"{folder.name}: {type(fault).__name__}: {fault}") from fault
    faults = broken_promises(made)
    if faults:
        raise EditionBroken(f"{folder.name}: " + "; ".join(faults))
    return made


def _toml(path: Path) -> Paperwork:
    return tomllib.loads(path.read_text("utf-8"))


def _paper_of(folder: Path) -> Paperwork:
    """The terms of a folder, laid over those of the edition whose formula it keeps."""
    own = _toml(folder.joinpath("terms.toml"))
    if "formula" not in own:
        return own
    kept = _paper_of(places.kept_by(folder, own["formula"]))
    for table in INHERITED:
        under, over = kept.get(table, {}), own.get(table, {})
        own[table] = {k: under.get(k, {}) | over.get(k, {}) for k in {**under, **over}}
    return own


def _made(folder: Path, paper: Paperwork) -> Edition:
    facts = {k: _fact(k, row) for k, row in paper["facts"].items()}
    terms = {k: _fact(k, row) for k, row in paper["terms"].items()}
    parts = {k: Words(row["zh"], row["en"]) for k, row in paper["parts"].items()}
    tables = {k: _table(k, row, facts=facts) for k, row in paper.get("tables", {}).items()}
    looked_up = [_looked_up(t, paper["tables"][k]) for k, t in tables.items()]
    in_force = [_in_force(k, row) for k, row in paper.get("dated", {}).items()]
    rules = (*looked_up, *in_force, *_formula(folder, paper))
    return Edition(
        name=folder.name,
        product=paper["product"],
        title=Words(paper["title"]["zh"], paper["title"]["en"]),
        chosen_by=paper["chosen_by"],
        starts_on=paper["starts_on"],
        ends_on=paper.get("ends_on"),
        awaiting=paper.get("awaiting", False),
        facts=facts,
        terms=terms,
        parts=parts,
        clauses={k: _clause(k, row) for k, row in paper["clauses"].items()},
        accumulators=tuple(
            Accumulator(name=k, **row) for k, row in paper.get("accumulators", {}).items()
        ),
        tables=tuple(tables.values()),
        papers=tuple(_paper(k, row) for k, row in paper.get("papers", {}).items()),
        cases=_cases(_toml(folder.joinpath("cases.toml")), facts=facts, terms=terms),
        rules=ordered(rules, given=(*facts, *terms)),
        told=_told(facts, rules, parts),
    )


def _formula(folder: Path, paper: Paperwork) -> tuple[Rule, ...]:
    """The rules of the folder, or those of the edition whose formula it keeps: of rules.py, and
    where they are many, of rules_<what>.py beside it."""
    home = places.kept_by(folder, paper.get("formula", folder.name))
    paths = (home.joinpath("rules.py"), *sorted(home.glob("rules_*.py")))
    return tuple(r for path in paths for r in rules_in(_module(path)))


def _module(path: Path) -> ModuleType:
    """The module of a file of a product folder, in the package or outside of it."""
    if path.parent.parent == HERE:
        return import_module(f"lipei.rules.products.{path.parent.name}.{path.stem}")
    spec = spec_from_file_location(f"product_{path.parent.name}_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _cases(
    paper: Paperwork, *, facts: Mapping[str, Fact], terms: Mapping[str, Fact]
) -> tuple[Case, ...]:
    """The worked cases: what is neither a fact nor a term is a column that must come out. The
    `rows` of a case stand over its common values, these over the usual ones."""
    usual = paper.get("usual", {})
    made = []
    for common in (usual | row for row in paper["case"]):
        name, own = common.pop("name"), common.pop("rows", [{}])
        rows = (common | row for row in own)
        made.append(Case(name, tuple(_case_row(r, facts=facts, terms=terms) for r in rows)))
    return tuple(made)


def _case_row(row: Paperwork, *, facts: Mapping[str, Fact], terms: Mapping[str, Fact]) -> CaseRow:
    return CaseRow(
        facts={k: v for k, v in row.items() if k in facts},
        terms={k: v for k, v in row.items() if k in terms},
        expected={k: _whole(k, v) for k, v in row.items() if k not in facts and k not in terms},
    )


def _whole(what: str, value: object) -> int:
    """A value of a TOML file as a column holds it: a date is the number of its day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return day_number(value)
    if not isinstance(value, int):
        raise TypeError(f"{what} is {value!r}, no whole number")
    return value


def _fact(name: str, row: Paperwork) -> Fact:
    kind = row["kind"]
    limits: Paperwork = {"least": LEAST[kind], "most": MOST[kind]}
    codes = tuple(Code(k, w["zh"], w["en"]) for k, w in row.get("codes", {}).items())
    if kind == "code":
        limits["most"] = len(codes) - 1
    strange = row.keys() - OF_A_FACT
    if strange:
        raise TypeError(f"{name} says {', '.join(sorted(strange))}, which no fact has")
    numbers: Paperwork = {
        k: _number(f"{k} of {name}", row[k], kind=kind, codes=codes)
        for k in ("default", "least", "most")
        if k in row
    }
    told = {k: row[k] for k in TOLD if k in row}
    told |= {k: tuple(row.get(k, ())) for k in LISTS}
    return Fact(
        name=name, kind=kind, zh=row["zh"], en=row["en"], codes=codes, **(limits | numbers), **told
    )


def _number(what: str, value: object, *, kind: str, codes: Sequence[Code]) -> int:
    """A default or limit: a whole number, for a date the date itself, for a code its text."""
    if kind == "code":
        return [code.slug for code in codes].index(str(value))
    if isinstance(value, date) != (kind == "date"):
        raise TypeError(f"the {what} is no {'date' if kind == 'date' else 'whole number'}")
    return int(_whole(what, value))


def _table(name: str, row: Paperwork, *, facts: Mapping[str, Fact]) -> Table:
    """The figures of a table, one for each combination of codes that it lists."""
    by = [facts[fact] for fact in row["by"]]
    cells = np.full([len(fact.codes) for fact in by], -1, np.int64)
    for at, fact in enumerate(by):
        if fact.default is not None:
            np.moveaxis(cells, at, 0)[fact.default] = 0
    for codes, figure in _listed(row["rows"], depth=len(by)):
        place = tuple(fact.place_of(code) for fact, code in zip(by, codes, strict=True))
        if min(place) < 0:
            raise TypeError(f"{name} lists {' and '.join(codes)}, which is no code")
        cells[place] = _whole(name, figure)
    return Table(name, tuple(row["by"]), cells)


def _listed(rows: Paperwork, *, depth: int) -> Iterator[tuple[tuple[str, ...], object]]:
    for code, row in rows.items():
        if depth == 1:
            yield (code,), row
        else:
            yield from (((code, *codes), n) for codes, n in _listed(row, depth=depth - 1))


def _looked_up(table: Table, row: Paperwork) -> Rule:
    """The rule that looks a table up."""

    def figure(*codes: Fen) -> Fen:
        """The figure of the table for the codes of the claim."""
        return positive(table.found(*codes))

    return Rule(table.name, table.by, figure, row["clause"], row["zh"], row["en"], "", "", "", "")


def _in_force(name: str, row: Paperwork) -> Rule:
    """The rule that finds the figure in force on a day; there is none (0) before the first."""
    since = {date.fromisoformat(day): int(_whole(name, n)) for day, n in row["since"].items()}
    starts = np.array([day_number(day) for day in sorted(since)], np.int64)
    figures = np.array([0, *(since[day] for day in sorted(since))], np.int64)
    days = starts.tolist()

    def figure(on: Days) -> Fen:
        """The figure that was in force on the day."""
        if not on.ndim:
            return cast("Fen", figures[bisect_right(days, int(on))])
        found: Fen = figures[np.searchsorted(starts, on, side="right")]
        return found

    reads = (row["on"],)
    return Rule(name, reads, figure, row["clause"], row["zh"], row["en"], "", "", "", "")


def _clause(key: str, row: Paperwork) -> Clause:
    return Clause(key, row["zh"], row["en"], row.get("verified", True))


def _paper(slug: str, row: Paperwork) -> Paper:
    return Paper(slug, row["zh"], row["en"], row.get("part", ""), row.get("one_of", ""))


def _told(
    facts: Mapping[str, Fact], rules: tuple[Rule, ...], parts: Mapping[str, Words]
) -> tuple[Rule | Fact, ...]:
    """Part by part, what was asked first; within a part in the order of the file; the
    steps of the whole sheet last."""
    every: tuple[Rule | Fact, ...] = (*facts.values(), *rules)
    steps = [c for c in every if c.sign]
    place = {part: at for at, part in enumerate((*parts, ""))}
    return tuple(sorted(steps, key=lambda c: place.get(c.part, len(place))))
