"""A roster of rest days as a file: one day a row, rest or make-up work, and the holiday."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from lipei.kit import checks
from lipei.kit.refusal import Refused
from lipei.kit.tables import Fault, Limits, Reading, Row, code_cell, day_cell, guessed, open_table

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "day": ("日期", "date", "day"),
    "nature": ("性质", "类型", "kind", "type"),
    "holiday": ("节日", "节假日", "holiday", "name"),
    "paper": ("文件", "依据", "paper", "source"),
}
NATURES: Mapping[str, str] = {
    "休息": "rest", "放假": "rest", "休": "rest", "rest": "rest", "off": "rest",
    "上班": "work", "调休上班": "work", "补班": "work", "班": "work", "work": "work",
}  # fmt: skip
LIMITS = Limits(file_bytes=1024 * 1024, unfolded_bytes=8 * 1024 * 1024, rows=400, columns=20)
Days = dict[str, list[str]]


def read_roster(path: Path) -> dict[str, object]:
    """The roster of a file as a row of its year; nothing of a file with a wrong row is taken.

    Refuses a file that is no table, one without the two columns, and names the first wrong row.
    """
    table = open_table(path, limits=LIMITS)
    mapping = guessed(table.columns, known=COLUMNS)
    if not {"day", "nature"} <= set(mapping):
        raise Refused("roster_columns", field="file")
    rest: Days = {}
    work: Days = {}
    papers: dict[str, None] = {}
    faults: list[Fault] = []
    seen: dict[date, int] = {}
    for row in table.rows():
        faults += _read(row, mapping, rest=rest, work=work, papers=papers, seen=seen)
    if faults:
        raise Refused("roster_file_faults", n=len(faults), first=_first(faults), field="file")
    years = [day.year for day in seen]
    year = max(years, default=0)
    return {"year": year, "papers": list(papers), "rest": rest, "work": work}


def _read(
    row: Row, mapping: Mapping[str, str], *, rest: Days, work: Days, papers: dict[str, None],
    seen: dict[date, int],
) -> list[Fault]:  # fmt: skip
    told = Reading(row, mapping=mapping)
    day = told.needed("day", day_cell)
    nature = told.needed("nature", _nature)
    name = told.told("holiday", _name) or "—"
    paper = told.told("paper", _name)
    if day and day in seen:
        told.wrong("day", Refused("row_repeated", row=seen[day]))
    if told.faults or day is None:
        return told.faults
    seen[day] = row.number
    (rest if nature == "rest" else work).setdefault(name, []).append(day.isoformat())
    if paper:
        papers[paper] = None
    return []


def _nature(value: object, *, field: str) -> str:
    return code_cell(value, field=field, codes=NATURES)


def _name(value: object, *, field: str) -> str:
    return checks.plain_text(value, field=field, limit=200, lines=False)


def _first(faults: list[Fault]) -> tuple[str, str]:
    one = faults[0]
    return (
        f"第 {one.row} 行 {one.column} {one.words('zh')}", f"row {one.row} {one.column}: "
        f"{one.words('en')}",
    )  # fmt: skip
