"""A settled file in Parquet, written as it comes: group after group, nothing packed.

Whole numbers, days and flags without a gap go into the file as they lie in memory, and a figure
that is the same in every row of a group as one value and how often it stands: packing or looking
for likeness would cost more than all that the rules do. Every other column is laid out by Polars
and put beside them; the kinds of all are told as Polars tells them, so that every reader finds
what Polars itself would have written.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import polars as pl

from lipei.rules.batch.thrift import (
    BINARY,
    I32,
    I64,
    LIST,
    RECORD,
    Reader,
    Record,
    Several,
    varint,
    written,
)
from lipei.rules.facts import Column

MAGIC = b"PAR1"
BOOLEAN, INT32, INT64 = 0, 1, 2
AS_THEY_LIE: dict[pl.DataType, tuple[int, np.dtype[Any]]] = {
    pl.Boolean(): (BOOLEAN, np.dtype(np.bool_)),
    pl.Date(): (INT32, np.dtype("<i4")),
    pl.Int64(): (INT64, np.dtype("<i8")),
}
"""The kinds that are written from memory: what Parquet calls them, and numpy."""
PLAIN, RUNS, PLACES = 0, 3, 8
DATA_PAGE, DICTIONARY_PAGE = 0, 2
MOST_PAGE = 2**31 - 1
# The fields of Parquet's own records that are read or written here.
ROWS, GROUPS = 3, 4
COLUMNS, IN_ALL, HEIGHT = 1, 2, 3
OFFSET, ABOUT = 2, 3
KIND, ENCODINGS, PATH, PACKING, VALUES, LAID, PACKED = range(1, 8)
DATA_AT, DICTIONARY_AT = 9, 11
TOLD = (KIND, ENCODINGS, PATH, PACKING, VALUES, LAID, PACKED, DATA_AT, DICTIONARY_AT)
Piece = bytes | memoryview


@dataclass(frozen=True, slots=True)
class Laid:
    """One column of a group, laid out: its pieces, how long they are, and what tells of it, as if
    it stood at the very beginning."""

    pieces: tuple[Piece, ...]
    size: int
    about: Record


@dataclass(frozen=True, slots=True)
class Group:
    """The columns of a group in the order of the file, and its rows."""

    columns: tuple[Laid, ...]
    height: int


def laid_out(
    columns: Mapping[str, Column | pl.Series], kinds: Mapping[str, pl.DataType], *, height: int
) -> Group:
    """A group of at least one row: a column of numbers each, or a series where the kind is none
    that is written from memory. What stands alone counts in every row."""
    others = {name: told for name, told in columns.items() if isinstance(told, pl.Series)}
    by_polars = _laid_by_polars(pl.DataFrame(others)) if others else {}
    laid: list[Laid] = []
    for name, kind in kinds.items():
        told = columns[name]
        if isinstance(told, pl.Series):
            laid += by_polars[name]
        else:
            laid.append(_laid(told, name, kind, height=height))
    return Group(tuple(laid), height)


def _laid(column: Column, name: str, kind: pl.DataType, *, height: int) -> Laid:
    called, wanted = AS_THEY_LIE[kind]
    values = column.astype(wanted, copy=False)
    run = varint(height << 1)
    levels = run + b"\1"
    nowhere_missing = len(levels).to_bytes(4, "little") + levels
    if called == BOOLEAN:
        bits = np.packbits(np.broadcast_to(values, height), bitorder="little")
        pages = _page(nowhere_missing, bits.data, rows=height, encoding=PLAIN)
    elif values.ndim:
        pages = _page(nowhere_missing, values.data, rows=height, encoding=PLAIN)
    else:
        one = values.tobytes()
        head = _head(DICTIONARY_PAGE, len(one), told=7, rows=1, encoding=PLAIN)
        same = nowhere_missing + b"\1" + run + b"\0"
        pages = (head + one, *_page(same, b"", rows=height, encoding=PLACES))
    is_alone = not values.ndim and called != BOOLEAN
    size = sum(map(_length, pages))
    about: Record = {
        KIND: (I32, called),
        ENCODINGS: (LIST, Several(I32, [PLAIN, RUNS, *([PLACES] if is_alone else [])])),
        PATH: (LIST, Several(BINARY, [name.encode()])),
        PACKING: (I32, 0),
        VALUES: (I64, height),
        LAID: (I64, size),
        PACKED: (I64, size),
        DATA_AT: (I64, len(pages[0]) if is_alone else 0),
    }
    if is_alone:
        about[DICTIONARY_AT] = (I64, 0)
    return Laid(pages, size, about)


def _length(piece: Piece) -> int:
    return piece.nbytes if isinstance(piece, memoryview) else len(piece)


def _page(levels: bytes, values: Piece, *, rows: int, encoding: int) -> tuple[Piece, ...]:
    size = len(levels) + _length(values)
    return _head(DATA_PAGE, size, told=5, rows=rows, encoding=encoding) + levels, values


def _head(kind: int, size: int, *, told: int, rows: int, encoding: int) -> bytes:
    """The head of a page; `told` is the field in which a page of this kind tells of its values."""
    assert size <= MOST_PAGE
    about: Record = {1: (I32, rows), 2: (I32, encoding)}
    if kind == DATA_PAGE:
        about |= {3: (I32, RUNS), 4: (I32, RUNS)}
    return written({1: (I32, kind), 2: (I32, size), 3: (I32, size), told: (RECORD, about)})


def _by_polars(frame: pl.DataFrame) -> bytes:
    whole = io.BytesIO()
    frame.write_parquet(
        whole, compression="uncompressed", statistics=False, row_group_size=max(frame.height, 1)
    )
    return whole.getvalue()


def _footer(whole: bytes) -> Record:
    size = int.from_bytes(whole[-8:-4], "little")
    return Reader(whole, at=len(whole) - 8 - size).record()


def _laid_by_polars(frame: pl.DataFrame) -> dict[str, list[Laid]]:
    """Columns as Polars lays them out; one of several parts has as many columns of the file."""
    whole = _by_polars(frame)
    (group,) = _footer(whole)[GROUPS][1].values
    laid: dict[str, list[Laid]] = {name: [] for name in frame.columns}
    for column in group[COLUMNS][1].values:
        about: Record = {n: told for n, told in column[ABOUT][1].items() if n in TOLD}
        begin = min(about[n][1] for n in (DATA_AT, DICTIONARY_AT) if n in about)
        size = about[PACKED][1]
        name = about[PATH][1].values[0].decode()
        laid[name].append(Laid((whole[begin : begin + size],), size, _moved(about, by=-begin)))
    return laid


def _moved(about: Record, *, by: int) -> Record:
    moved = {n: (I64, about[n][1] + by) for n in (DATA_AT, DICTIONARY_AT) if n in about}
    return about | moved


class ParquetFile:
    """A Parquet file that is being written; whole when it is closed without a fault."""

    def __init__(self, path: Path, kinds: Mapping[str, pl.DataType]) -> None:
        self.footer = _footer(_by_polars(pl.DataFrame(schema=dict(kinds))))
        self.groups: list[bytes] = []
        self.height = 0
        self.file = path.open("wb")
        self.at = self.file.write(MAGIC)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        with self.file:
            if fault is None:
                self._end()

    def add(self, group: Group) -> None:
        """Write a group behind the others."""
        chunks: list[Any] = []
        begin = self.at
        for laid in group.columns:
            about = _moved(laid.about, by=self.at)
            chunks.append({OFFSET: (I64, 0), ABOUT: (RECORD, about)})
            for piece in laid.pieces:
                self.file.write(piece)
            self.at += laid.size
        told: Record = {
            COLUMNS: (LIST, Several(RECORD, chunks)),
            IN_ALL: (I64, self.at - begin),
            HEIGHT: (I64, group.height),
        }
        self.groups.append(written(told))
        self.height += group.height

    def _end(self) -> None:
        groups = (LIST, Several(RECORD, self.groups))
        footer = written(self.footer | {ROWS: (I64, self.height), GROUPS: groups})
        self.file.write(footer + len(footer).to_bytes(4, "little") + MAGIC)
