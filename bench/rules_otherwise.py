"""The inpatient formula told in other tongues, for the bench to compare: the same columns of the
same stays, whose terms are those of the edition. Every tongue keeps every column."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

DEDUCTIBLE, LIMIT, WAIT, UNSETTLED, WHOLE = 1_000_000, 200_000_000, 30, 6_000, 10_000
MOST = 10**13
YEAR = "insured_year_key"
LAYERS: tuple[dict[str, str], ...] = (
    {
        "cost_fen": "catalogue_cost_fen + first_own_share_fen + outside_cost_fen",
        "is_in_year": "year_from_on <= admitted_on AND admitted_on <= year_to_on",
        "is_too_early": f"occurred_on - insured_from_on < {WAIT}",
        "stay_days": "greatest(discharged_on - admitted_on, 1)",
        "paid_bp": "CASE WHEN was_settled_socially OR social_paid_fen > 0"
        f" THEN {WHOLE} ELSE {UNSETTLED} END",
    },
    {
        "is_covered": "is_in_year AND NOT is_too_early",
        "other_hospital_fen": "0",
        "other_year_fen": "CASE WHEN is_in_year THEN 0 ELSE cost_fen END",
        "too_early_fen": "CASE WHEN is_in_year AND is_too_early THEN cost_fen ELSE 0 END",
    },
    {
        "outside_out_fen": "CASE WHEN is_covered THEN outside_cost_fen ELSE 0 END",
        "own_share_out_fen": "0",
        "bed_over_fen": f"CASE WHEN is_covered THEN greatest(0 - {MOST} * stay_days, 0) ELSE 0 END",
    },
    {
        "eligible_fen": "CASE WHEN is_covered THEN cost_fen ELSE 0 END"
        " - outside_out_fen - own_share_out_fen - bed_over_fen"
    },
    {"social_taken_fen": "least(eligible_fen, social_paid_fen)"},
    {"other_taken_fen": "least(eligible_fen - social_taken_fen, other_paid_fen)"},
    {"wrongdoer_taken_fen": "least(eligible_fen - social_taken_fen - other_taken_fen, 0)"},
    {
        "base_fen": "eligible_fen - social_taken_fen - other_taken_fen - wrongdoer_taken_fen",
        "met_by_others_fen": "other_taken_fen",
    },
    {"stay_deductible_taken_fen": "least(base_fen, 0)"},
    {"asked": "met_by_others_fen + base_fen - stay_deductible_taken_fen"},
    {"asked_before": "RUNNING asked"},
    {"deductible_left_fen": f"{DEDUCTIBLE} - least(asked_before, {DEDUCTIBLE})"},
    {"deductible_used_fen": "least(asked, deductible_left_fen)"},
    {"deductible_taken_fen": "greatest(deductible_used_fen - met_by_others_fen, 0)"},
    {"above": "base_fen - stay_deductible_taken_fen - deductible_taken_fen"},
    {"ratio_kept_fen": f"above - (above * paid_bp + {WHOLE // 2}) // {WHOLE}"},
    {"own_due_fen": "stay_deductible_taken_fen + deductible_taken_fen + ratio_kept_fen"},
    {"own_before": "RUNNING own_due_fen"},
    {"stop_loss_left_fen": f"{MOST} - least(own_before, {MOST})"},
    {"own_borne_fen": "least(own_due_fen, stop_loss_left_fen)"},
    {
        "stop_loss_back_fen": "own_due_fen - own_borne_fen",
        "over_stay_limit_fen": f"greatest(base_fen - own_borne_fen - {MOST}, 0)",
    },
    {"payable_fen": "base_fen - own_borne_fen - over_stay_limit_fen"},
    {"paid_before": "RUNNING payable_fen"},
    {"limit_left_fen": f"{LIMIT} - least(paid_before, {LIMIT})"},
    {
        "over_yearly_limit_fen": "greatest(payable_fen - limit_left_fen, 0)",
        "benefit_fen": "least(payable_fen, limit_left_fen)",
    },
)
"""The columns in layers, each of which reads those before it; RUNNING is what the earlier stays of
the year come to. Terms that the stays leave at their default stand as their figure."""

WORKING = ("asked", "asked_before", "above", "own_before", "paid_before")
MADE = tuple(name for layer in LAYERS for name in layer if name not in WORKING)


def in_polars(stays: pl.DataFrame) -> pl.DataFrame:
    """Every column of every stay by Polars expressions over sorted insured years."""
    frame = stays.lazy()
    for layer in LAYERS:
        frame = frame.with_columns(_expression(said).alias(name) for name, said in layer.items())
    return frame.select(MADE).collect()


def _expression(said: str) -> pl.Expr:
    if said.startswith("RUNNING "):
        amount = pl.col(said.removeprefix("RUNNING "))
        return amount.cum_sum().over(YEAR) - amount
    return pl.sql_expr(said)


class InDuckDb:
    """The stays as a table of DuckDB, where DuckDB is installed."""

    is_there = find_spec("duckdb") is not None

    def __init__(self, stays: Path) -> None:
        self.engine = import_module("duckdb").connect()
        self.engine.execute(
            "CREATE TABLE numbered AS SELECT *, row_number() OVER () AS n FROM read_parquet(?)",
            [str(stays)],
        )

    def settle(self) -> None:
        """Every column of every stay by SQL, kept as a table."""
        told = "numbered"
        for layer in LAYERS:
            made = ", ".join(f"{_sql(said)} AS {name}" for name, said in layer.items())
            told = f"(SELECT *, {made} FROM {told})"
        self.engine.execute(
            f"CREATE OR REPLACE TABLE made AS SELECT n, {', '.join(MADE)} FROM {told}"
        )

    def columns(self) -> Mapping[str, Any]:
        """What the table holds, in the order of the stays."""
        made: Mapping[str, Any] = self.engine.execute(
            f"SELECT {', '.join(MADE)} FROM made ORDER BY n"
        ).fetchnumpy()
        return made


def _sql(said: str) -> str:
    if said.startswith("RUNNING "):
        return (
            f"coalesce(sum({said.removeprefix('RUNNING ')}) OVER (PARTITION BY {YEAR} ORDER BY n"
            " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT"
        )
    return said


def in_a_loop(stays: Sequence[Mapping[str, Any]]) -> list[tuple[int, ...]]:
    """Every column of every stay, one after the other, in plain Python."""
    made: list[tuple[int, ...]] = []
    year, asked_before, own_before, paid_before = None, 0, 0, 0
    for stay in stays:
        if stay[YEAR] != year:
            year, asked_before, own_before, paid_before = stay[YEAR], 0, 0, 0
        scope = _in_scope(stay)
        eligible, paid_bp = scope[-1], scope[4]
        social = min(eligible, stay["social_paid_fen"])
        other = min(eligible - social, stay["other_paid_fen"])
        wrongdoer = min(eligible - social - other, 0)
        base = eligible - social - other - wrongdoer
        stay_deductible = min(base, 0)
        asked = other + base - stay_deductible
        left = DEDUCTIBLE - min(asked_before, DEDUCTIBLE)
        used = min(asked, left)
        taken = max(used - other, 0)
        above = base - stay_deductible - taken
        kept = above - (above * paid_bp + WHOLE // 2) // WHOLE
        own = stay_deductible + taken + kept
        own_left = MOST - min(own_before, MOST)
        borne = min(own, own_left)
        over_stay = max(base - borne - MOST, 0)
        payable = base - borne - over_stay
        limit_left = LIMIT - min(paid_before, LIMIT)
        made.append((
            *scope, social, other, wrongdoer, base, other, stay_deductible, left, used, taken,
            kept, own, own_left, borne, own - borne, over_stay, payable, limit_left,
            max(payable - limit_left, 0), min(payable, limit_left),
        ))  # fmt: skip
        asked_before, own_before = asked_before + asked, own_before + own
        paid_before += payable
    return made


def benefits_in_a_loop(stays: Sequence[Mapping[str, Any]]) -> list[int]:
    """The benefit of every stay and nothing else, one after the other, in plain Python."""
    made: list[int] = []
    year, asked_before, paid_before = None, 0, 0
    for stay in stays:
        if stay[YEAR] != year:
            year, asked_before, paid_before = stay[YEAR], 0, 0
        base = other = 0
        in_year = stay["year_from_on"] <= stay["admitted_on"] <= stay["year_to_on"]
        if in_year and stay["occurred_on"] - stay["insured_from_on"] >= WAIT:
            eligible = stay["catalogue_cost_fen"] + stay["first_own_share_fen"]
            left = max(eligible - stay["social_paid_fen"], 0)
            other = min(left, stay["other_paid_fen"])
            base = left - other
        used = min(other + base, DEDUCTIBLE - min(asked_before, DEDUCTIBLE))
        above = base - max(used - other, 0)
        if not (stay["was_settled_socially"] or stay["social_paid_fen"] > 0):
            above = (above * UNSETTLED + WHOLE // 2) // WHOLE
        made.append(min(above, LIMIT - min(paid_before, LIMIT)))
        asked_before, paid_before = asked_before + other + base, paid_before + above
    return made


def _in_scope(stay: Mapping[str, Any]) -> tuple[int, ...]:
    """The columns up to what of the invoice lies within the cover."""
    cost = stay["catalogue_cost_fen"] + stay["first_own_share_fen"] + stay["outside_cost_fen"]
    in_year = stay["year_from_on"] <= stay["admitted_on"] <= stay["year_to_on"]
    early = stay["occurred_on"] - stay["insured_from_on"] < WAIT
    days = max(stay["discharged_on"] - stay["admitted_on"], 1)
    settled = stay["was_settled_socially"] or stay["social_paid_fen"] > 0
    covered = in_year and not early
    outside = stay["outside_cost_fen"] if covered else 0
    bed = max(0 - MOST * days, 0) if covered else 0
    return (
        cost, in_year, early, days, WHOLE if settled else UNSETTLED, covered, 0,
        0 if in_year else cost, cost if in_year and early else 0, outside, 0, bed,
        (cost if covered else 0) - outside - bed,
    )  # fmt: skip
