"""Ten million inpatient stays with yearly accumulators: columns, files, and the same formulas told
otherwise (Polars expressions, SQL in DuckDB, a plain loop), every result equal to the fen."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench import rules_otherwise as otherwise
from bench.table import Row
from lipei.rules import Edition, edition, settle
from lipei.rules.batch import Room, settle_frame
from lipei.rules.facts import Column

EDITION, DAMAGE = "health_inpatient_2020", "own_damage_2020"
STAYS = 10_000_000
STAYS_A_YEAR = 4
LOOPED = 50_000
COMPARED = 2_000_000
"""How many the other tongues settle: each holds all of its columns in memory."""
SIZES = (10_000, 100_000, 1_000_000)
ALONE = 2_000
MIB = 2**20


def measure(small: bool) -> list[Row]:
    """Columns on one core, a file on all of them, and the comparisons, in one run."""
    number = STAYS // (10 if small else 1)
    stays = laid_out(number)
    rows = [*_columns(stays, number), *_alone(stays), *_otherwise(stays.head(COMPARED))]
    with tempfile.TemporaryDirectory(prefix="lipei-bench-") as folder:
        rows += _files(stays, number, Path(folder))
    return rows


def laid_out(number: int, *, seed: int = 1) -> pl.DataFrame:
    """Stays of insured years, sorted by them, as a nightly export lays them out."""
    random = np.random.default_rng(seed)
    year = np.sort(random.integers(0, number // STAYS_A_YEAR, number))
    year_from = 18_262 + (year % 5) * 365
    admitted = year_from + random.integers(0, 365, number)
    cost = random.integers(50_000, 6_000_000, number)
    social = (cost * random.integers(0, 70, number)) // 100
    return pl.DataFrame(
        {
            "insured_year_key": year,
            "insured_from_on": year_from,
            "year_from_on": year_from,
            "year_to_on": year_from + 364,
            "occurred_on": admitted,
            "admitted_on": admitted,
            "discharged_on": admitted + random.integers(1, 20, number),
            "was_settled_socially": social > 0,
            "catalogue_cost_fen": cost,
            "first_own_share_fen": random.integers(0, 200_000, number),
            "outside_cost_fen": random.integers(0, 100_000, number),
            "social_paid_fen": social,
            "other_paid_fen": np.where(random.random(number) < 0.1, 100_000, 0),
        }
    )


def complete(stays: pl.DataFrame) -> dict[str, Column]:
    """The stays as the rules read them, defaults filled in."""
    held = edition(EDITION)
    told: dict[str, Column] = {name: stays[name].to_numpy() for name in stays.columns}
    for name, fact in held.given.items():
        if name not in told:
            assert fact.default is not None, name
            told[name] = fact.alone(fact.default)
    return told


def _columns(stays: pl.DataFrame, number: int) -> list[Row]:
    held, columns = edition(EDITION), complete(stays)
    keys, room = ("insured_year_key",), Room()

    def settled(part: Mapping[str, Column]) -> dict[str, Column]:
        return settle_frame(held, part, keys=keys, room=room)

    settled(columns)
    seconds = timed(lambda: settled(columns), times=3)
    fresh = timed(lambda: settle_frame(held, columns, keys=keys), times=3)
    rate, made = number / seconds, len(held.rules)
    part = _first(columns, SIZES[0])
    held_once = [*part.values(), *settled(part).values()]
    moved = sum(c.nbytes for c in held_once if c.ndim) / SIZES[0] * number / seconds
    bandwidth = _bandwidth()
    rows = [
        Row(f"{number:,} stays, {made} columns, one core", rate / 1e6, 5, "M/s", at_least=True),
        Row("  into memory that nobody had before", number / fresh / 1e6, None, "M/s"),
        Row("  read and made a second", moved / 1e9, None, "GB/s"),
        Row("  copying memory on one core", bandwidth / 1e9, None, "GB/s"),
        Row("  the columns as a share of that", moved / bandwidth, None, "×"),
    ]
    for size in (s for s in SIZES if s < number):
        part = _first(columns, size)
        spent = timed(lambda part=part: settled(part), times=5)  # type: ignore[misc]  # bound now
        rows += [
            Row(f"  the same for {size:,} stays", size / spent / 1e6, None, "M/s"),
            Row(
                f"    a claim costs, against one of {size:,}",
                seconds / number * size / spent,
                None,
                "×",
            ),
        ]
    return rows


def _first(columns: Mapping[str, Column], size: int) -> dict[str, Column]:
    return {name: column[:size] if column.ndim else column for name, column in columns.items()}


def _bandwidth() -> float:
    """Bytes a second that one core reads and writes when it copies what no cache holds."""
    one = np.ones(64 * MIB, np.int64)
    other = np.empty_like(one)
    return 2 * one.nbytes / timed(lambda: np.copyto(other, one), times=3)


def _alone(stays: pl.DataFrame) -> list[Row]:
    held, rows = edition(EDITION), stays.head(ALONE).to_dicts()
    spent = timed(lambda: [settle(held, facts=row) for row in rows], times=3)
    damage = edition(DAMAGE)
    case = damage.cases[0].rows[0]
    one = timed(lambda: [settle(damage, facts=case.facts, terms=case.terms) for _ in rows], times=3)
    return [
        Row("one stay alone", spent / len(rows) * 1e6, 300, "µs"),
        Row("one own damage alone", one / len(rows) * 1e6, 300, "µs"),
    ]


def _otherwise(stays: pl.DataFrame) -> list[Row]:
    """The same formulas in other tongues, every column kept by each and equal to the fen."""
    held, columns, number = edition(EDITION), complete(stays), stays.height
    keys, ours, told = ("insured_year_key",), dict[str, Column](), dict[str, Any]()
    base = number / timed(lambda: ours.update(settle_frame(held, columns, keys=keys)), times=3)
    rows = [Row(f"ours for {number:,} stays, one core", base / 1e6, None, "M/s")]
    spent = timed(lambda: told.update(polars=otherwise.in_polars(stays)), times=3)
    _hold(ours, {name: told["polars"][name].to_numpy() for name in otherwise.MADE})
    rows += _beside("Polars expressions, all cores", number / spent, base)
    if otherwise.InDuckDb.is_there:
        with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
            stays.write_parquet(file.name, compression="lz4")
            table = otherwise.InDuckDb(Path(file.name))
        rows += _beside("DuckDB SQL, all cores", number / timed(table.settle), base)
        _hold(ours, table.columns())
    return rows + _looped(stays, columns, ours, base=base)


def _looped(
    stays: pl.DataFrame, columns: Mapping[str, Column], ours: Mapping[str, Column], *, base: float
) -> list[Row]:  # fmt: skip
    """A plain loop beside ours: every column kept by both, then the benefit alone, then two cores,
    and what of the ratio is the price of keeping the columns at all.

    The loop is told only what these stays need: terms that stand at their default are figures in
    it, where ours reads them, and its rows are dicts before the time begins.
    """
    held, number, told = edition(EDITION), stays.height, dict[str, Any]()
    keys, only, looped = ("insured_year_key",), ("benefit_fen",), stays.head(LOOPED).to_dicts()
    loop = LOOPED / timed(lambda: told.update(all=otherwise.in_a_loop(looped)), times=3)
    _hold(ours, dict(zip(otherwise.MADE, np.array(told["all"]).T, strict=True)))
    bare = LOOPED / timed(lambda: told.update(one=otherwise.benefits_in_a_loop(looped)), times=3)
    assert (ours["benefit_fen"][:LOOPED] == told["one"]).all()
    alone = number / timed(lambda: settle_frame(held, columns, keys=keys, wanted=only), times=3)
    both = number / timed(lambda: _on_two_cores(stays, held), times=3)
    why = _why_not(ours, base=base, loop=loop, number=number) + (
        f" With the benefit alone kept by both, ours is {alone / bare:.0f} times as fast; on two "
        f"cores, the loop counted twice, {both / loop / 2:.0f} times."
    )
    return [
        Row("  a plain Python loop", loop / 1e6, None, "M/s"),
        Row("    ours is so many times as fast", base / loop, 50, "×", at_least=True, why=why),
        Row("    the same, the benefit alone kept by both", alone / bare, None, "×"),
        Row("    the same on two cores, the loop counted twice", both / loop / 2, None, "×"),
    ]


def _why_not(ours: Mapping[str, Column], *, base: float, loop: float, number: int) -> str:
    """What keeping the columns costs beside what fifty times a loop would leave for everything."""
    size = sum(column.nbytes for column in ours.values() if column.ndim) / number
    bandwidth = _bandwidth()
    return (
        f"Not fifty times a plain loop: it takes {1e9 / loop:,.0f} ns a stay and ours "
        f"{1e9 / base:,.0f} ({1e9 / base / len(ours):.1f} for each column that is made), where "
        f"fifty times would leave {1e9 / loop / 50:,.0f}; moving the {size:.0f} bytes of the "
        f"{len(ours)} columns at the speed of copying memory ({bandwidth / 1e9:.1f} GB/s) would "
        f"take {size / bandwidth * 1e9:,.0f} of it, were nothing computed."
    )


def _on_two_cores(stays: pl.DataFrame, held: Edition) -> None:
    """Every column of two halves, each in a thread of its own, cut between two insured years."""
    year = stays["insured_year_key"].to_numpy()
    cut = int(np.searchsorted(year, year[year.size // 2]))
    halves = [complete(part) for part in (stays[:cut], stays[cut:])]
    with ThreadPoolExecutor(len(halves)) as pool:
        list(pool.map(lambda part: settle_frame(held, part, keys=("insured_year_key",)), halves))


def _hold(ours: Mapping[str, Column], theirs: Mapping[str, Any]) -> None:
    """Every column that we make is theirs too, to the fen."""
    assert ours.keys() == theirs.keys()
    for name, column in ours.items():
        told = theirs[name]
        assert ((column[: told.size] if column.ndim else column) == told).all(), name


def _beside(name: str, rate: float, base: float, *, limit: float = 1) -> list[Row]:
    return [
        Row(f"  {name}", rate / 1e6, None, "M/s"),
        Row("    ours is so many times as fast", base / rate, limit, "×", at_least=True),
    ]


def _files(stays: pl.DataFrame, number: int, folder: Path) -> list[Row]:
    """Parquet to Parquet by the command, in a process of its own, so that its memory is told."""
    source, target = folder / "stays.parquet", folder / "settled.parquet"
    stays.write_parquet(source, compression="lz4", row_group_size=262_144)
    rows = []
    for name, more in (("every column kept", []), ("the benefit alone", ["--only", "benefit_fen"])):
        seconds, memory = _command(source, target, more)
        limit = 2 if not more else None
        rate = number / seconds / 1e6
        rows += [
            Row(f"Parquet to Parquet, {name}", rate, limit, "M/s", at_least=True),
            Row("  most memory", memory / MIB, 2048, "MiB"),
        ]
        assert pl.scan_parquet(target).select(pl.len()).collect().item() == number
        target.unlink()
    return rows


OWN_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""The peak of a program counts that of whoever started it, so a small one starts the command."""


def _command(source: Path, target: Path, more: list[str]) -> tuple[float, float]:
    words = [
        sys.executable, "-c", OWN_PEAK,
        sys.executable, "-m", "lipei", "settle", "--product", "health_inpatient", "--edition",
        "2020", "--in", str(source), "--out", str(target), *more,
    ]  # fmt: skip
    began = time.perf_counter()
    told = subprocess.run(words, check=True, capture_output=True, text=True)
    return time.perf_counter() - began, int(told.stdout) * 1024


def timed(act: Callable[[], object], *, times: int = 1) -> float:
    """Seconds of one act, the best of several."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        act()
        best = min(best, time.perf_counter() - began)
    return best
