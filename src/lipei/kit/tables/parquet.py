"""Parquet, read in slices as texts; its numbers and days are exact."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from lipei.kit.refusal import Refused

SLICE = 20_000
PLAIN = (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime, pl.Decimal, pl.Null)


def lines(path: Path, *, cell: int, columns: int) -> Iterator[tuple[int, list[str]]]:
    """The names of the columns as line 0, then every row with its number from 1.

    Refuses a file that is cut or broken, columns that are no plain values, and texts that
    unfold to far more than their file.
    """
    try:
        frame = pl.scan_parquet(path)
        schema = frame.collect_schema()
        if len(schema) > columns:
            raise Refused("table_columns_too_many", limit=columns)
        if not all(kind.is_numeric() or kind in PLAIN for kind in schema.values()):
            raise Refused("table_column_nested")
        yield 0, [name.strip() for name in schema.names()]
        _refuse_bomb(frame, schema, cell)
        height = frame.select(pl.len()).collect().item()
        texts = [_text(name, kind) for name, kind in schema.items()]
        for start in range(0, height, SLICE):
            rows = frame.slice(start, SLICE).select(texts).collect()
            for number, told in enumerate(rows.iter_rows(), start=start + 1):
                yield number, [value.strip() if value else "" for value in told]
    except (PolarsError, PanicException, OSError):
        raise Refused("file_broken") from None


def _refuse_bomb(frame: pl.LazyFrame, schema: pl.Schema, cell: int) -> None:
    texts = [name for name, kind in schema.items() if kind == pl.String]
    if not texts:
        return
    longest = frame.select(pl.col(name).str.len_bytes().max() for name in texts).collect().row(0)
    if max((length or 0 for length in longest), default=0) > 4 * cell:
        raise Refused("file_bomb")


def _text(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(kind, pl.Datetime):
        zoned = column.dt.convert_time_zone("Asia/Shanghai") if kind.time_zone else column
        return zoned.dt.strftime("%Y-%m-%d %H:%M:%S")
    if kind.is_float():
        whole = column.cast(pl.Int64, strict=False)
        return (
            pl.when(whole == column).then(whole.cast(pl.String)).otherwise(column.cast(pl.String))
        )
    return column.cast(pl.String)
