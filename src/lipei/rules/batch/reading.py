"""The claims of a file in chunks, sorted by their keys, the rows of one key never apart."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lipei.rules.facts import FactRefused
from lipei.rules.products.edition import Edition

ROW = "row"
"""The column of a chunk that holds the number of the row in the file, from 1."""
FIELDS = "fields"
CSV_ROWS = 100_000
PART_ROWS = 4_000_000
"""How many rows are sorted in memory at a time."""


@dataclass(frozen=True)
class Source:
    """A file of claims, laid out for an edition: what each row tells, and in which order.

    `carried` are columns that are no business of the edition and go through as they are;
    `order` is the column by which the rows of one key were settled (the file's order without).
    """

    frame: pl.LazyFrame
    height: int
    keys: tuple[str, ...]
    carried: tuple[str, ...]
    order: str


def opened(
    path: Path, edition: Edition, *, carried: Sequence[str], order: str, room: Path
) -> Source:
    """Open a Parquet or CSV file for an edition; a CSV is first laid out as text in `room`.

    Raises FactRefused: a column that the edition does not know and that is not carried
    ("unknown"), one that it needs and does not find ("missing"), a fraction where whole numbers
    must stand ("wrong_kind").
    """
    as_parquet = _laid_out(path, room) if path.suffix.lower() == ".csv" else path
    frame = pl.scan_parquet(as_parquet)
    is_float = {name: kind.is_float() for name, kind in frame.collect_schema().items()}
    refuse_the_columns(edition, is_float, beside=(*carried, *((order,) if order else ())))
    height = frame.select(pl.len()).collect().item()
    numbered = frame.with_row_index(ROW, offset=1).with_columns(_told_alike(frame, edition))
    through = tuple(name for name in carried if name not in edition.columns)
    return Source(numbered, height, sorting_keys(edition), through, order)


def _told_alike(frame: pl.LazyFrame, edition: Edition) -> list[pl.Expr]:
    """The keys that stand as text, each number written in one way: 7, 07 and " 7 " are one key,
    and its rows must come to stand together."""
    kinds = frame.collect_schema()
    texts = [name for name in edition.keys if kinds[name] == pl.String]
    numbers = {n: pl.col(n).str.strip_chars().cast(pl.Int64, strict=False) for n in texts}
    return [pl.coalesce(numbers[n].cast(pl.String), pl.col(n)).alias(n) for n in texts]


def refuse_the_columns(
    edition: Edition, is_float: Mapping[str, bool], *, beside: Sequence[str]
) -> None:
    """Refuse a table by its columns: one unknown to the edition and not `beside` it, one that
    is missing, one of fractions. Raises FactRefused."""
    for name in is_float:
        if name not in edition.given and name not in beside and name != FIELDS:
            raise FactRefused(name, "unknown")
    for name in beside:
        if name not in is_float:
            raise FactRefused(name, "missing")
    for name, fact in edition.given.items():
        is_needed = fact.default is None and fact.unless not in is_float
        if name not in is_float and (is_needed or fact.kind == "key"):
            raise fact.refused("missing")
        if is_float.get(name):
            raise fact.refused("wrong_kind")


def sorting_keys(edition: Edition) -> tuple[str, ...]:
    """The keys by which rows must stand together: of nested ones the widest, within which the
    order of settlement stays."""
    widest = dict.fromkeys(a.within or a.key for a in edition.accumulators)
    return tuple(widest) or edition.keys


def chunks(source: Source, *, rows: int) -> Iterator[pl.DataFrame]:
    """The rows in chunks of about so many; the rows of one (widest) key stand in one chunk."""
    parts = [source.frame] if not source.keys else _parts(source)
    for part in parts:
        batches = part.collect_batches(chunk_size=rows, maintain_order=True)
        yield from cut(batches, keys=source.keys)


def cut(batches: Iterable[pl.DataFrame], *, keys: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Batches of sorted rows, cut only where the widest key changes."""
    held: pl.DataFrame | None = None
    for batch in batches:
        chunk = batch if held is None else pl.concat([held, batch], rechunk=True)
        held = None
        if keys and chunk.height:
            key = chunk[keys[0]]
            last = chunk.height - int((key == key[-1]).sum())
            chunk, held = chunk[:last], chunk[last:]
        if chunk.height:
            yield chunk
    if held is not None and held.height:
        yield held


def _parts(source: Source) -> Iterator[pl.LazyFrame]:
    """The frame as it is where it stands sorted; else sorted part by part in memory.

    A part holds all rows of the keys that fall to it, so that memory stays bounded.
    """
    if is_sorted(source):
        yield source.frame
        return
    number = -(-source.height // PART_ROWS)
    by = [*source.keys, *((source.order,) if source.order else ()), ROW]
    for part in range(number):
        falls = pl.col(source.keys[0]).hash(seed=1) % number == part
        mine = source.frame.filter(falls) if number > 1 else source.frame
        yield mine.collect().sort(by).lazy()


def is_sorted(source: Source) -> bool:
    """Whether the rows already stand by key and order, so that nothing need be sorted."""
    by = [*source.keys, *((source.order,) if source.order else ())]
    last: tuple[object, ...] | None = None
    for batch in source.frame.select(by).collect_batches(chunk_size=PART_ROWS, maintain_order=True):
        if not batch.height:
            continue
        first = batch.row(0)
        if None in first or (last is not None and _later(last, first)) or not _stands(batch):
            return False
        last = batch.row(-1)
    return True


def _later(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return any(a > b for a, b in zip(one, other, strict=True) if a != b)  # type: ignore[operator]  # ints


def _stands(batch: pl.DataFrame) -> bool:
    """Whether every row of a batch stands at or after the one before it."""
    after = pl.lit(value=True)
    for name in reversed(batch.columns):
        column = pl.col(name)
        after = (column > column.shift()) | ((column == column.shift()) & after)
    return bool(batch.select(after.fill_null(value=False).slice(1).all()).item())


def _laid_out(path: Path, room: Path) -> Path:
    """A CSV as Parquet of texts, row by row; how many fields a row had is kept where it is not
    the number of the head."""
    target = room.joinpath(f"{path.stem}.parquet")

    def read(
        with_columns: list[str] | None, predicate: object, n_rows: int | None, size: int | None
    ) -> Iterator[pl.DataFrame]:
        for rows in _csv_rows(path):
            made = pl.DataFrame(rows, schema=_csv_schema(path), orient="row")
            yield made.select(with_columns) if with_columns else made

    source = pl.io.plugins.register_io_source(read, schema=_csv_schema(path))
    source.sink_parquet(target, compression="lz4")
    return target


def _csv_schema(path: Path) -> dict[str, pl.DataType]:
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as text:
        head = next(csv.reader(text), [])
    names = [name.strip() for name in head]
    if not names or len(set(names)) != len(names) or FIELDS in names:
        raise FactRefused(FIELDS, "wrong_kind", zh="表头", en="Head of the table")
    return {**dict.fromkeys(names, pl.String()), FIELDS: pl.Int64()}


def _csv_rows(path: Path) -> Iterator[list[tuple[str | int | None, ...]]]:
    width = len(_csv_schema(path)) - 1
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as text:
        reader = csv.reader(text)
        next(reader, None)
        held: list[tuple[str | int | None, ...]] = []
        for told in reader:
            if not told:
                continue
            short: list[str | None] = [*told, *[None] * width][:width]
            held.append((*short, len(told) if len(told) != width else None))
            if len(held) == CSV_ROWS:
                yield held
                held = []
        yield held
