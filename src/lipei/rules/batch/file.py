"""A whole file: chunks read, checked and settled on every core, and written as they come."""

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from lipei.rules.batch.checking import checked, told_columns
from lipei.rules.batch.frame import Room, settle_frame
from lipei.rules.batch.reading import ROW, Source, chunks, opened, sorting_keys
from lipei.rules.batch.writing import Group, ParquetFile, laid_out
from lipei.rules.facts import Column
from lipei.rules.products.edition import Edition

Seen = Callable[[int, int], None]
CHUNK_ROWS = 131_072


@dataclass
class Batch:
    """How many rows were settled and rejected, and what is paid in all (fen)."""

    settled: int = 0
    rejected: int = 0
    paid_fen: int = 0


@dataclass(frozen=True)
class Made:
    """A settled chunk by its columns, the refused rows, and what it pays in all (fen)."""

    columns: Mapping[str, Column | pl.Series]
    height: int
    rejects: tuple[pl.DataFrame, ...]
    paid_fen: int

    def frame(self, kinds: Mapping[str, pl.DataType]) -> pl.DataFrame:
        """The chunk as a frame of Polars, every column in its kind."""
        told = {n: _series(self.columns[n], n, kinds[n], height=self.height) for n in kinds}
        return pl.DataFrame(told)


def settle_file(
    edition: Edition, *, source: Path, target: Path, rejects: Path | None = None,
    carried: Sequence[str] = (), order: str = "", wanted: Sequence[str] = (),
    seen: Seen | None = None, workers: int = 0,
) -> Batch:  # fmt: skip
    """Settle a Parquet or CSV file of claims into a Parquet file.

    The target holds the carried columns, then facts, terms and what the rules made (or only
    the `wanted` ones); the rows of one key stand together. Rejected rows stand in
    `rejects` (beside the target, as CSV, without). `seen` is told rows done and rows in all.
    The target appears only when it is whole. Raises FactRefused where the file itself cannot
    be settled: an unknown or missing column.
    """
    told = Batch()
    partial = target.with_name(f".{target.name}.partial")
    refused = rejects or target.with_suffix(".rejects.csv")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".lipei-settle-") as room:
        opened_ = opened(source, edition, carried=carried, order=order, room=Path(room))
        refused.write_text("")
        partial, kinds = Path(room, target.name), _kinds(opened_, edition, wanted)
        with ParquetFile(partial, kinds) as file:
            for made, group in _settled(opened_, edition, kinds=kinds, workers=workers):
                if group:
                    file.add(group)
                _count(told, made, refused)
                if seen:
                    seen(told.settled + told.rejected, opened_.height)
        partial.replace(target)
    return told


def _kinds(source: Source, edition: Edition, wanted: Sequence[str]) -> dict[str, pl.DataType]:
    """The columns of the settled file and their kinds, in order."""
    kinds = told_columns(edition)
    held = source.frame.collect_schema()
    carried = {name: held[name] for name in source.carried}
    return {**carried, **{name: kinds[name] for name in (wanted or kinds)}}


def _settled(
    source: Source, edition: Edition, *, kinds: Mapping[str, pl.DataType], workers: int
) -> Iterator[tuple[Made, Group | None]]:
    """Chunks in the order of the file, worked on by as many threads as there are cores; each in
    a room that is taken again when the chunk was written."""
    cores = workers or len(os.sched_getaffinity(0))
    rooms = deque(Room() for _ in range(cores + 1))
    waiting: deque[tuple[Room, Future[tuple[Made, Group | None]]]] = deque()

    def settled(chunk: pl.DataFrame, room: Room) -> tuple[Made, Group | None]:
        made = settle_chunk(chunk, edition, source.carried, tuple(kinds), room=room)
        return made, laid_out(made.columns, kinds, height=made.height) if made.height else None

    with ThreadPoolExecutor(cores) as pool:
        for chunk in chunks(source, rows=CHUNK_ROWS):
            if not rooms:
                room, first = waiting.popleft()
                yield first.result()
                rooms.append(room)
            room = rooms.popleft()
            waiting.append((room, pool.submit(settled, chunk, room)))
        for _, last in waiting:
            yield last.result()


def settle_chunk(
    chunk: pl.DataFrame, edition: Edition, carried: tuple[str, ...], wanted: tuple[str, ...], *,
    room: Room | None = None,
) -> Made:  # fmt: skip
    """A chunk checked and settled, in fresh memory or in the `room`; its refused rows beside it."""
    good = checked(chunk, edition)
    names = [name for name in wanted if name not in carried]
    made = {r.column for r in edition.rules}
    asked = [name for name in names if name in made]
    columns, paid_fen = dict(good.columns), 0
    if good.height:
        keys = sorting_keys(edition)
        wanted = (*asked, "benefit_fen")
        columns |= settle_frame(edition, good.columns, keys=keys, wanted=wanted, room=room)
        paid_fen = int(np.broadcast_to(columns["benefit_fen"], good.height).sum())
    kinds = told_columns(edition)
    told = {name: _told(columns, name, kinds[name], height=good.height) for name in names}
    through = {name: good.kept[name] for name in carried}
    return Made({**through, **told}, good.height, tuple(good.rejects), paid_fen)


def _told(
    columns: Mapping[str, Column], name: str, kind: pl.DataType, *, height: int
) -> Column | pl.Series:
    """A column as its rules made it, a code as its text."""
    column = columns.get(name, np.zeros(0, np.int64))
    return _series(column, name, kind, height=height) if isinstance(kind, pl.Enum) else column


def _series(column: Column | pl.Series, name: str, kind: pl.DataType, *, height: int) -> pl.Series:
    """A column as Polars holds it; a day number as a date, a code as its text. What stands
    alone gets its rows."""
    if isinstance(column, pl.Series):
        return column
    if not column.ndim:
        return _series(column.reshape(1), name, kind, height=1).new_from_index(0, height)
    series = pl.Series(name, column)
    if kind == pl.Date():
        return series.cast(pl.Int32).cast(pl.Date)
    if isinstance(kind, pl.Enum):
        return kind.categories.gather(series.cast(pl.UInt32)).alias(name).cast(kind)
    return series.cast(kind)


def _count(told: Batch, made: Made, refused: Path) -> None:
    told.settled += made.height
    told.paid_fen += made.paid_fen
    if made.rejects:
        rows, is_first = pl.concat(made.rejects).sort(ROW), not told.rejected
        told.rejected += rows.height
        with refused.open("ab") as file:
            rows.write_csv(file, include_header=is_first, include_bom=is_first)
