"""A table opened: what it is told from its bytes, its head found, its rows counted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lipei.kit.checks import HIDDEN
from lipei.kit.refusal import Refused
from lipei.kit.tables import delimited, parquet, sheets
from lipei.kit.tables.faults import Fault, Row

MEGABYTE = 1024 * 1024
HEAD_BYTES = 8
PARQUET, ZIP, COMPOUND = b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEAD_AMONG = 10
ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{2,3}")
PAGE = b"<"
ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "########"})
Kind = Literal["csv", "xlsx", "parquet"]
Line = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is taken of a table. `unfolded_bytes` is what an XLSX may unfold to."""

    file_bytes: int = 200 * MEGABYTE
    unfolded_bytes: int = 1024 * MEGABYTE
    rows: int = 1_000_000
    columns: int = 200
    cell: int = 4_000


@dataclass(frozen=True)
class Table:
    """A table whose head is known: its columns, and how many rows stand below them."""

    path: Path
    kind: Kind
    columns: tuple[str, ...]
    height: int
    head_row: int
    limits: Limits

    def rows(self, *, after: int = 0) -> Iterator[Row]:
        """The rows below the head in their order, those after a row number; blank ones are
        passed over."""
        for number, cells in _lines(self.path, self.kind, self.limits):
            if number > max(self.head_row, after) and any(cells):
                yield self._row(number, cells)

    def _row(self, number: int, cells: Sequence[str]) -> Row:
        faults: list[Fault] = []
        width = len(self.columns)
        if self.kind != "xlsx" and len(cells) != width:
            faults.append(Fault(number, "", "row_fields", {"told": len(cells), "wanted": width}))
        if tuple(cells[:width]) == self.columns:
            faults.append(Fault(number, "", "row_is_head"))
        named = dict(zip(self.columns, [*cells, *[""] * width], strict=False))
        for column, cell in named.items():
            slug = self._wrong(cell)
            if slug:
                faults.append(Fault(number, column, slug, {"limit": self.limits.cell}))
        return Row(number, named, tuple(faults))

    def _wrong(self, cell: str) -> str:
        if len(cell) > self.limits.cell:
            return "text_too_long"
        if not cell or cell.isalnum():
            return ""
        if cell in ERRORS:
            return "cell_is_error"
        if ROUNDED.fullmatch(cell):
            return "cell_rounded"
        return "text_not_allowed" if HIDDEN.search(cell) else ""


def open_table(path: Path, *, limits: Limits | None = None) -> Table:
    """Look at the whole file once. Refused by name where it is no table that can be read."""
    most = limits or Limits()
    kind = _kind(path)
    if path.stat().st_size > most.file_bytes:
        raise Refused("table_too_large", limit=f"{most.file_bytes // MEGABYTE} MB")
    height = 0
    first: list[Line] = []
    for number, cells in _lines(path, kind, most):
        if len(first) < HEAD_AMONG:
            first.append((number, cells))
        height += any(cells)
        if height > most.rows + HEAD_AMONG:
            raise Refused("table_rows_too_many", limit=f"{most.rows:,}")
    head_row, columns, above = _head(first, most)
    return Table(path, kind, columns, height - above, head_row, most)


def _kind(path: Path) -> Kind:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise Refused("file_empty")
    if head.startswith(PARQUET):
        return "parquet"
    if head.startswith(ZIP):
        return "xlsx"
    if head.startswith(COMPOUND):
        raise Refused("file_encrypted" if sheets.is_locked(path) else "table_type_not_taken")
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(PAGE):
        raise Refused("table_type_not_taken")
    return "csv"


def _lines(path: Path, kind: Kind, limits: Limits) -> Iterator[Line]:
    if kind == "csv":
        return delimited.lines(path, cell=limits.cell)
    if kind == "parquet":
        return parquet.lines(path, cell=limits.cell, columns=limits.columns)
    return sheets.lines(path, unfolded=limits.unfolded_bytes, columns=limits.columns)


def _head(first: Sequence[Line], limits: Limits) -> tuple[int, tuple[str, ...], int]:
    """The row that names the columns: the first with at least as many names as any near it has
    cells. A title above it is passed over. With it, how many rows that are not blank end there."""
    told = [(number, cells) for number, cells in first if any(cells)]
    if not told:
        raise Refused("file_empty")
    widest = max(sum(map(bool, cells)) for _, cells in told)
    alone = 1 if widest > 1 else 0
    above, (number, cells) = next(
        (n, line) for n, line in enumerate(told, start=1) if sum(map(bool, line[1])) > alone
    )
    names = [str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > limits.columns:
        raise Refused("table_columns_too_many", limit=limits.columns)
    wrong = [str(n) for n, name in enumerate(names, start=1) if not name or names.count(name) > 1]
    if wrong:
        raise Refused("table_head_wrong", columns=", ".join(wrong))
    return number, tuple(names), above
