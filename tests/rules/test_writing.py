"""A settled file in Parquet: what one program wrote, every other reads, kind for kind."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import numpy as np
import polars as pl
import pytest

from lipei.rules.batch import file as batch_file
from lipei.rules.batch import settle_file
from lipei.rules.batch.thrift import BINARY, DOUBLE, I32, I64, LIST, Reader, Several, written
from lipei.rules.batch.writing import ParquetFile, laid_out
from tests.rules.test_batch import CARE, care_rows

KINDS = {
    "amount_fen": pl.Int64(),
    "is_covered": pl.Boolean(),
    "lost_on": pl.Date(),
    "stage_code": pl.Enum(["early", "severe"]),
}


def columns(height, *, seed):
    random = np.random.default_rng(seed)
    return {
        "amount_fen": random.integers(-(2**62), 2**62, height),
        "is_covered": random.random(height) < 0.4,
        "lost_on": random.integers(-40_000, 40_000, height),
        "stage_code": pl.Series(
            random.choice(["early", "severe"], height), dtype=KINDS["stage_code"]
        ),
    }


def as_frame(told):
    frame = pl.DataFrame({name: told[name] for name in KINDS})
    return frame.with_columns(pl.col("lost_on").cast(pl.Int32).cast(pl.Date))


def write(path, groups):
    with ParquetFile(path, KINDS) as file:
        for group in groups:
            height = group["stage_code"].len()
            file.add(laid_out(group, KINDS, height=height))
    return path


@pytest.mark.parametrize("heights", [(1,), (7, 8, 9), (300, 1), (128, 127, 129), (70_000, 16)])
def test_what_was_written_is_read_again_to_the_bit(tmp_path, heights):
    groups = [columns(height, seed=height) for height in heights]
    path = write(tmp_path / "one.parquet", groups)
    whole = pl.concat(as_frame(group) for group in groups)
    assert pl.read_parquet(path).equals(whole)
    assert pl.read_parquet(path).schema == whole.schema
    told = duckdb.sql(f"SELECT * FROM '{path}'").fetchall()
    assert told == whole.rows()


def test_a_figure_that_is_the_same_in_every_row_of_a_group_counts_in_each(tmp_path):
    same = {
        "amount_fen": np.int64(-5), "is_covered": np.bool_(1), "lost_on": np.int64(18_262),
        "stage_code": pl.Series(["early"] * 200, dtype=KINDS["stage_code"]),
    }  # fmt: skip
    other = columns(9, seed=1)
    path = write(tmp_path / "one.parquet", [same, other, same])
    row = (-5, True, date(2020, 1, 1), "early")
    rows = [row] * 200 + as_frame(other).rows() + [row] * 200
    assert pl.read_parquet(path).rows() == rows
    assert duckdb.sql(f"SELECT * FROM '{path}'").fetchall() == rows
    kept = pl.scan_parquet(path).filter(pl.col("amount_fen") == -5).select(pl.len()).collect()
    assert kept.item() == 400


def test_a_file_to_which_nothing_was_added_has_its_columns_and_no_row(tmp_path):
    path = write(tmp_path / "none.parquet", [])
    assert pl.read_parquet(path).schema == pl.Schema(KINDS)
    assert duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall() == [(0,)]


def test_a_fault_on_the_way_leaves_nothing_that_looks_like_a_whole_file(tmp_path):
    path = tmp_path / "half.parquet"

    def broken():
        yield columns(9, seed=1)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="the power went"):
        write(path, broken())
    with pytest.raises(pl.exceptions.PolarsError):
        pl.read_parquet(path)


def test_a_carried_column_of_any_kind_goes_through_as_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(batch_file, "CHUNK_ROWS", 100)
    rows = care_rows(600)
    at = [datetime(2026, 1, 1, 8, n % 60, tzinfo=UTC) for n in range(600)]
    carried = pl.DataFrame(
        {
            "note": [None if n % 7 == 0 else f"第{n}次" for n in range(600)],
            "city": pl.Series([("成都", "重庆")[n % 2] for n in range(600)], dtype=pl.Categorical),
            "premium": pl.Series([Decimal(n) / 4 for n in range(600)], dtype=pl.Decimal(12, 2)),
            "score": [None if n % 5 == 0 else n / 3 for n in range(600)],
            "seen_at": pl.Series(at, dtype=pl.Datetime("us", "UTC")),
            "visits": [[n, None] if n % 3 else None for n in range(600)],
            "place": [{"x": n, "y": None if n % 2 else str(n)} for n in range(600)],
            "grade": pl.Series([None if n % 9 == 0 else n % 10 for n in range(600)], dtype=pl.Int8),
            "is_old": [None if n % 4 == 0 else n % 4 == 1 for n in range(600)],
        }
    )
    source, target = tmp_path / "claims.parquet", tmp_path / "settled.parquet"
    rows.hstack(carried).write_parquet(source)
    names = ["claim_number", *carried.columns]
    settle_file(CARE, source=source, target=target, carried=names)
    settled = pl.read_parquet(target)
    assert settled.select(carried.columns).equals(carried)
    assert settled.select(carried.columns).schema == carried.schema
    counted = duckdb.sql(f"SELECT sum(place.x), sum(visits[1]), count(note) FROM '{target}'")
    assert counted.fetchall() == [(179_700, 179_700 - sum(range(0, 600, 3)), 514)]


def test_a_record_is_written_again_as_it_was_read():
    record = {
        1: (I32, -7),
        2: (LIST, Several(I32, list(range(-20, 20)))),
        40: (BINARY, "理赔".encode()),
        41: (I64, 2**62),
        300: (DOUBLE, b"12345678"),
        301: (LIST, Several(BINARY, [])),
    }
    told = written(record)
    assert Reader(told).record() == record
    footer = io.BytesIO()
    care_rows(60).write_parquet(footer)
    whole = footer.getvalue()
    size = int.from_bytes(whole[-8:-4], "little")
    assert written(Reader(whole, at=len(whole) - 8 - size).record()) == whole[-8 - size : -8]
