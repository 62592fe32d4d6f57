"""The rules on a real, local Spark: row by row what one machine makes of the same file."""

import os
import shutil
import sys
from argparse import ArgumentParser

import polars as pl
import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed (optional: lipei[spark])")
if not shutil.which("java"):
    pytest.skip("Spark runs on Java, and there is none here", allow_module_level=True)

from lipei.rules import FactRefused, edition, edition_names
from lipei.rules.batch import settle_file
from lipei.rules.spark import session, settle_spark
from lipei.run.settle import arguments, run
from tests.rules.random_claims import random_groups


@pytest.fixture(scope="module")
def spark():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    running = session("local[2]")
    yield running
    running.stop()


def claims_of(name, number=600):
    held = edition(name)
    rows = [row for group in random_groups(held, number=number, seed=4) for row in group]
    made = {n: [row[n] for row in rows] for n in held.given}
    flags = [n for n, fact in held.given.items() if fact.kind == "yes_no"]
    return pl.DataFrame(made).with_columns(
        pl.col(flags).cast(pl.Boolean), pl.int_range(pl.len()).alias("turn")
    )


@pytest.mark.parametrize("name", edition_names())
def test_a_cluster_settles_row_by_row_as_one_machine_does(spark, tmp_path, name):
    source, target = tmp_path / "claims.parquet", tmp_path / "settled.parquet"
    claims_of(name).write_parquet(source)
    settle_file(edition(name), source=source, target=target, carried=["turn"], order="turn")
    there = settle_spark(
        name, spark.read.parquet(str(source)), carried=["turn"], order="turn"
    ).toArrow()
    by_turn = pl.DataFrame(pl.from_arrow(there)).sort("turn")
    here = pl.read_parquet(target).sort("turn").with_columns(pl.col(pl.Enum).cast(pl.String))
    assert by_turn["refused_field"].null_count() == by_turn.height
    assert by_turn.select(here.columns).equals(here)


def test_a_refused_row_comes_out_with_its_reason(spark, tmp_path):
    rows = claims_of("own_damage_2020", number=50)
    cost = rows["repair_cost_fen"].to_list()
    cost[7] = -1
    source = tmp_path / "claims.parquet"
    rows.with_columns(pl.Series("repair_cost_fen", cost)).write_parquet(source)
    made = settle_spark("own_damage_2020", spark.read.parquet(str(source)), carried=["turn"])
    told = pl.DataFrame(pl.from_arrow(made.toArrow())).sort("turn").row(7, named=True)
    assert (told["refused_field"], told["refused_reason"]) == ("repair_cost_fen", "negative")
    assert told["benefit_fen"] is None


def test_a_column_that_nobody_knows_is_refused_before_anything_runs(spark, tmp_path):
    source = tmp_path / "claims.parquet"
    claims_of("own_damage_2020", number=10).write_parquet(source)
    with pytest.raises(FactRefused) as no:
        settle_spark("own_damage_2020", spark.read.parquet(str(source)))
    assert (no.value.field, no.value.reason) == ("turn", "unknown")


def test_an_edition_of_the_installation_reaches_the_workers(spark, tmp_path, editions):
    name = editions.lay(deductible_fen=50_000)
    source, target = tmp_path / "claims.parquet", tmp_path / "settled.parquet"
    claims_of("own_damage_2020", number=80).drop("deductible_fen").write_parquet(source)
    settle_file(edition(name), source=source, target=target, carried=["turn"])
    there = settle_spark(name, spark.read.parquet(str(source)), carried=["turn"]).toArrow()
    by_turn = pl.DataFrame(pl.from_arrow(there)).sort("turn")
    here = pl.read_parquet(target).sort("turn").with_columns(pl.col(pl.Enum).cast(pl.String))
    assert by_turn.select(here.columns).equals(here)
    assert here["deductible_fen"].to_list() == [50_000] * here.height
    editions.lay(deductible_fen=60_000)
    changed = settle_spark(name, spark.read.parquet(str(source)), carried=["turn"]).toArrow()
    assert set(changed["deductible_fen"].to_pylist()) == {60_000}


def test_the_command_settles_on_a_cluster_and_counts_what_it_refused(spark, tmp_path):
    rows = claims_of("own_damage_2020", number=80)
    cost = rows["repair_cost_fen"].to_list()
    cost[7] = -1
    source, target = tmp_path / "claims.parquet", tmp_path / "settled"
    rows.with_columns(pl.Series("repair_cost_fen", cost)).write_parquet(source)
    words = f"--product own_damage --edition 2020 --in {source} --out {target} --carry turn"
    parser = ArgumentParser()
    arguments(parser)
    assert run(parser.parse_args([*words.split(), "--spark", "local[2]"])) == 2
    told = pl.read_parquet(target / "*.parquet")
    assert told.height == rows.height
    assert told["refused_field"].drop_nulls().to_list() == ["repair_cost_fen"]
    rejected = (tmp_path / "settled.rejects.csv").read_text("utf-8-sig").splitlines()
    assert rejected[1].startswith("7,repair_cost_fen,negative")
