"""The inpatient formula told in other tongues, for the bench to compare: stays of the bench only,
whose terms are those of the edition and which no limit but the yearly ones cuts."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

DEDUCTIBLE, LIMIT, WAIT, UNSETTLED = 1_000_000, 200_000_000, 30, 6_000


def in_polars(stays: pl.DataFrame) -> pl.Series:
    """The benefit of every stay by Polars expressions over sorted insured years."""
    cost = pl.col("catalogue_cost_fen") + pl.col("first_own_share_fen")
    in_year = pl.col("admitted_on").is_between(pl.col("year_from_on"), pl.col("year_to_on"))
    in_time = pl.col("occurred_on") - pl.col("insured_from_on") >= WAIT
    ratio = (
        pl.when(pl.col("was_settled_socially") | (pl.col("social_paid_fen") > 0))
        .then(10_000)
        .otherwise(UNSETTLED)
    )
    year = "insured_year_key"
    return (
        stays.lazy()
        .with_columns(eligible=pl.when(in_year & in_time).then(cost).otherwise(0), ratio=ratio)
        .with_columns(social=pl.min_horizontal("eligible", "social_paid_fen"))
        .with_columns(
            other=pl.min_horizontal(pl.col("eligible") - pl.col("social"), "other_paid_fen")
        )
        .with_columns(base=pl.col("eligible") - pl.col("social") - pl.col("other"))
        .with_columns(asked=pl.col("base") + pl.col("other"))
        .with_columns(before=(pl.col("asked").cum_sum().over(year) - pl.col("asked")))
        .with_columns(left=DEDUCTIBLE - pl.col("before").clip(upper_bound=DEDUCTIBLE))
        .with_columns(used=pl.min_horizontal("asked", "left"))
        .with_columns(over=pl.col("base") - (pl.col("used") - pl.col("other")).clip(lower_bound=0))
        .with_columns(payable=(pl.col("over") * pl.col("ratio") + 5_000) // 10_000)
        .with_columns(paid=pl.col("payable").cum_sum().over(year) - pl.col("payable"))
        .select(
            benefit=pl.min_horizontal("payable", LIMIT - pl.col("paid").clip(upper_bound=LIMIT))
        )
        .collect()["benefit"]
    )


SQL = f"""
WITH scoped AS (
  SELECT *, CASE WHEN admitted_on BETWEEN year_from_on AND year_to_on
    AND occurred_on - insured_from_on >= {WAIT}
    THEN catalogue_cost_fen + first_own_share_fen ELSE 0 END AS eligible,
    CASE WHEN was_settled_socially OR social_paid_fen > 0 THEN 10000 ELSE {UNSETTLED} END AS ratio
  FROM numbered
), taken AS (
  SELECT *, least(eligible, social_paid_fen) AS social FROM scoped
), others AS (
  SELECT *, least(eligible - social, other_paid_fen) AS other FROM taken
), asking AS (
  SELECT *, eligible - social - other AS base, eligible - social AS asked FROM others
), running AS (
  SELECT *, coalesce(sum(asked) OVER (PARTITION BY insured_year_key ORDER BY n
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before FROM asking
), used AS (
  SELECT *, least(asked, {DEDUCTIBLE} - least(before, {DEDUCTIBLE})) AS used FROM running
), payable AS (
  SELECT *, ((base - greatest(used - other, 0)) * ratio + 5000) // 10000 AS payable FROM used
), paid AS (
  SELECT *, coalesce(sum(payable) OVER (PARTITION BY insured_year_key ORDER BY n
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS paid FROM payable
)
SELECT n, least(payable, {LIMIT} - least(paid, {LIMIT}))::BIGINT AS benefit FROM paid ORDER BY n
"""


class InDuckDb:
    """The stays as a table of DuckDB, where DuckDB is installed."""

    is_there = find_spec("duckdb") is not None

    def __init__(self, stays: Path) -> None:
        self.engine = import_module("duckdb").connect()
        self.engine.execute(
            "CREATE TABLE numbered AS SELECT *, row_number() OVER () AS n FROM read_parquet(?)",
            [str(stays)],
        )

    def benefit(self) -> Any:  # noqa: ANN401  a column of numpy
        """The benefit of every stay by SQL."""
        return self.engine.execute(SQL).fetchnumpy()["benefit"]


def in_a_loop(stays: Sequence[Mapping[str, Any]]) -> list[int]:
    """The benefit of every stay, one after the other, in plain Python."""
    paid: list[int] = []
    year, used_before, paid_before = None, 0, 0
    for stay in stays:
        if stay["insured_year_key"] != year:
            year, used_before, paid_before = stay["insured_year_key"], 0, 0
        eligible = 0
        in_year = stay["year_from_on"] <= stay["admitted_on"] <= stay["year_to_on"]
        if in_year and stay["occurred_on"] - stay["insured_from_on"] >= WAIT:
            eligible = stay["catalogue_cost_fen"] + stay["first_own_share_fen"]
        social = min(eligible, stay["social_paid_fen"])
        other = min(eligible - social, stay["other_paid_fen"])
        base = eligible - social - other
        used = min(base + other, DEDUCTIBLE - used_before)
        used_before += used
        settled = stay["was_settled_socially"] or stay["social_paid_fen"] > 0
        ratio = 10_000 if settled else UNSETTLED
        payable = ((base - max(used - other, 0)) * ratio + 5_000) // 10_000
        benefit = min(payable, LIMIT - paid_before)
        paid_before += benefit
        paid.append(benefit)
    return paid
