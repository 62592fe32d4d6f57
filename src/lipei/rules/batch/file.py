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
from lipei.rules.batch.frame import settle_frame
from lipei.rules.batch.reading import ROW, Source, chunks, opened, sorting_keys
from lipei.rules.facts import Column
from lipei.rules.products.edition import Edition

Seen = Callable[[int, int], None]
CHUNK_ROWS = 131_072
ROW_GROUP = 262_144
"""Written as they are, without packing and without the least and most of each group: either costs
more than all that the rules do."""


@dataclass
class Batch:
    """How many rows were settled and rejected, and what is paid in all (fen)."""

    settled: int = 0
    rejected: int = 0
    paid_fen: int = 0


@dataclass(frozen=True)
class Made:
    """A settled chunk, its refused rows, and what it pays in all (fen)."""

    settled: pl.DataFrame
    rejects: tuple[pl.DataFrame, ...]
    paid_fen: int


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
        schema = _schema(opened_, edition, wanted)

        def frames(
            with_columns: list[str] | None, predicate: object, n_rows: int | None,
            size: int | None,
        ) -> Iterator[pl.DataFrame]:  # fmt: skip
            work = _settled(opened_, edition, wanted=tuple(schema), workers=workers)
            for made in work:
                _count(told, made, refused)
                if seen:
                    seen(told.settled + told.rejected, opened_.height)
                yield made.settled

        lazy = pl.io.plugins.register_io_source(frames, schema=schema)
        lazy.sink_parquet(
            partial, compression="uncompressed", statistics=False, row_group_size=ROW_GROUP
        )
    partial.replace(target)
    return told


def _schema(source: Source, edition: Edition, wanted: Sequence[str]) -> dict[str, pl.DataType]:
    """The columns of the settled file and their kinds, in order."""
    kinds = told_columns(edition)
    held = source.frame.collect_schema()
    carried = {name: held[name] for name in source.carried}
    return {**carried, **{name: kinds[name] for name in (wanted or kinds)}}


def _settled(
    source: Source, edition: Edition, *, wanted: tuple[str, ...], workers: int
) -> Iterator[Made]:
    """Chunks in the order of the file, worked on by as many threads as there are cores."""
    cores = workers or len(os.sched_getaffinity(0))
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(cores) as pool:
        for chunk in chunks(source, rows=CHUNK_ROWS):
            waiting.append(pool.submit(settle_chunk, chunk, edition, source.carried, wanted))
            if len(waiting) > cores:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def settle_chunk(
    chunk: pl.DataFrame, edition: Edition, carried: tuple[str, ...], wanted: tuple[str, ...]
) -> Made:
    """A chunk checked and settled; its refused rows beside it."""
    good = checked(chunk, edition)
    names = [name for name in wanted if name not in carried]
    made = {r.column for r in edition.rules}
    asked = [name for name in names if name in made]
    columns = dict(good.columns)
    if good.height:
        keys = sorting_keys(edition)
        columns |= settle_frame(edition, good.columns, keys=keys, wanted=[*asked, "benefit_fen"])
    kinds = told_columns(edition)
    told = {name: _series(columns, name, kinds[name], height=good.height) for name in names}
    frame = pl.DataFrame({**{name: good.kept[name] for name in carried}, **told})
    paid_fen = 0
    if good.height:
        paid_fen = int(np.broadcast_to(columns["benefit_fen"], good.height).sum())
    return Made(frame, tuple(good.rejects), paid_fen)


def _series(
    columns: Mapping[str, Column], name: str, kind: pl.DataType, *, height: int
) -> pl.Series:
    """A column as Polars holds it; a day number as a date, a code as its text. What stands
    alone gets its rows."""
    column = columns.get(name, np.zeros(0, np.int64))
    if not column.ndim:
        one = _series({name: column.reshape(1)}, name, kind, height=1)
        return one.new_from_index(0, height)
    series = pl.Series(name, column)
    if kind == pl.Date():
        return series.cast(pl.Int32).cast(pl.Date)
    if isinstance(kind, pl.Enum):
        return kind.categories.gather(series.cast(pl.UInt32)).alias(name).cast(kind)
    return series.cast(kind)


def _count(told: Batch, made: Made, refused: Path) -> None:
    told.settled += made.settled.height
    told.paid_fen += made.paid_fen
    if made.rejects:
        rows, is_first = pl.concat(made.rejects).sort(ROW), not told.rejected
        told.rejected += rows.height
        with refused.open("ab") as file:
            rows.write_csv(file, include_header=is_first, include_bom=is_first)
