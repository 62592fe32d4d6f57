"""The same rules on a cluster: Apache Spark hands each worker whole insured-years.

The editions of the installation's own folder travel with the work, so that no worker needs it.
Wants the optional packages of ``pip install lipei[spark]`` and Java. The result equals that of
one machine row by row, since the workers run the very same chunks through the very same rules.
"""

import tempfile
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as columns
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import (
    BooleanType,
    DataType,
    DateType,
    DoubleType,
    FloatType,
    LongType,
    StringType,
    StructField,
    StructType,
)

from lipei.rules.batch.checking import told_columns
from lipei.rules.batch.file import Batch, settle_chunk
from lipei.rules.batch.reading import ROW, cut, refuse_the_columns, sorting_keys
from lipei.rules.facts import FactRefused
from lipei.rules.products import places
from lipei.rules.products.load import edition as edition_named

REFUSED = ("refused_field", "refused_reason", "refused_zh", "refused_en")
ALONE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}
"""A Spark of this machine alone speaks to nobody else."""
KINDS: dict[pl.DataType, DataType] = {
    pl.Int64(): LongType(), pl.Boolean(): BooleanType(), pl.Date(): DateType(),
}  # fmt: skip


def session(url: str) -> SparkSession:
    """A session on the cluster at this address, for example local[2] or spark://host:7077."""
    wanted = SparkSession.builder.master(url).appName("lipei settle")
    if url.startswith("local"):
        for name, value in ALONE.items():
            wanted = wanted.config(name, value)
    return wanted.getOrCreate()


def settle_file(
    name: str, *, url: str, source: Path, target: Path, rejects: Path,
    carried: Sequence[str] = (), order: str = "",
) -> Batch:  # fmt: skip
    """Settle a Parquet file (or folder) on a cluster into a folder of Parquet files.

    Source and target lie where every worker sees them. Rejected rows stand in `rejects` as CSV.
    Raises FactRefused as `settle_spark`.
    """
    spark = session(url)
    try:
        made = settle_spark(name, spark.read.parquet(str(source)), carried=carried, order=order)
        made.write.mode("overwrite").parquet(str(target))
        written = spark.read.parquet(str(target))
        is_good = columns.col(REFUSED[0]).isNull()
        paid = columns.sum(columns.when(is_good, columns.col("benefit_fen")))
        counted = written.agg(
            columns.count(columns.when(is_good, True)), columns.count(REFUSED[0]), paid
        ).first()
        assert counted is not None
        refused = written.where(~is_good).select(*carried, *REFUSED)
        pl.DataFrame(pl.from_arrow(refused.toArrow())).write_csv(rejects, include_bom=True)
        return Batch(int(counted[0]), int(counted[1]), int(counted[2] or 0))
    finally:
        spark.stop()


def settle_spark(
    name: str, frame: DataFrame, *, carried: Sequence[str] = (), order: str = ""
) -> DataFrame:
    """Settle a Spark frame of claims by the edition of this name; one row comes out for each.

    Carried columns first, then facts, terms and what the rules made; in a refused row these
    are null, and the last four columns say field, reason and words. A cluster knows no order of
    rows: an edition whose limits are used up in turn wants the column `order`. Raises FactRefused
    for the columns of the frame as a file does, and "missing" for the order.
    """
    edition = edition_named(name)
    is_float = {f.name: isinstance(f.dataType, DoubleType | FloatType) for f in frame.schema}
    refuse_the_columns(edition, is_float, beside=(*carried, *((order,) if order else ())))
    keys = sorting_keys(edition)
    if edition.accumulators and not order:
        raise FactRefused("order", "missing", zh="结算顺序", en="Order of settlement")
    numbered = frame.withColumn(ROW, columns.monotonically_increasing_id())
    if keys:
        by = [*keys, *((order,) if order else ()), ROW]
        numbered = numbered.repartition(*keys).sortWithinPartitions(*by)
    held = {f.name: f for f in frame.schema}
    carried = [name for name in carried if name not in edition.columns]
    schema = StructType(
        [
            *(held[c] for c in carried),
            *(StructField(n, _kind_of(kind)) for n, kind in told_columns(edition).items()),
            *(StructField(n, StringType()) for n in REFUSED),
        ]
    )
    work = partial(
        _work, name=name, carried=tuple(carried), keys=keys, schema=to_arrow_schema(schema),
        files=places.own_files(),
    )  # fmt: skip
    return numbered.mapInArrow(work, schema)


def _kind_of(kind: pl.DataType) -> DataType:
    """What Spark calls a kind; a code is its text there."""
    return StringType() if isinstance(kind, pl.Enum) else KINDS[kind]


def _work(
    batches: Iterator[pa.RecordBatch], *, name: str, carried: tuple[str, ...],
    keys: tuple[str, ...], schema: pa.Schema, files: places.Files,
) -> Iterator[pa.RecordBatch]:  # fmt: skip
    """One partition: its chunks settled as those of a file."""
    if files:
        _taken_in(files)
    edition = edition_named(name)
    wanted = tuple(told_columns(edition))
    frames = (pl.DataFrame(pl.from_arrow(batch)) for batch in batches)
    for chunk in cut(frames, keys=keys):
        made = settle_chunk(chunk, edition, carried, wanted)
        told = [made.frame({**{c: chunk.schema[c] for c in carried}, **told_columns(edition)})]
        told += [
            rows.select(
                *(pl.col(c).cast(chunk.schema[c]) for c in carried),
                *(pl.col(c.removeprefix("refused_")).alias(c) for c in REFUSED),
            )
            for rows in made.rejects
        ]
        whole = pl.concat(told, how="diagonal").with_columns(pl.col(pl.Enum).cast(pl.String))
        absent = [pl.lit(None, pl.String).alias(c) for c in REFUSED if c not in whole.columns]
        table = whole.with_columns(absent).select(schema.names).to_arrow().cast(schema)
        yield from table.to_batches()


@cache
def _taken_in(files: places.Files) -> tempfile.TemporaryDirectory[str]:
    """The installation's own editions laid out where a worker runs, once for each worker."""
    folder = tempfile.TemporaryDirectory(prefix="lipei-editions-")
    places.lay_out(files, folder=Path(folder.name))
    return folder
