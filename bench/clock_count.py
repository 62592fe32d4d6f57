"""The fast count of time against the minute-by-minute one, a million random questions.

    python -m bench.clock_count [--cases 1000000] [--seed 20250101] [--workers 2]

Prints how many questions were asked, whether every answer was the same, and what one fast count
costs. Ends with 1 and the question (chunk seed and number) when an answer differs.
"""

import argparse
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from random import Random
from time import perf_counter, process_time
from typing import NamedTuple

from lipei.kit.clock import due_at
from tests.kit.slow_clock import random_case, slow_due

CHUNK = 5_000
CASES = 1_000_000
SEED = 20250101


class Counted(NamedTuple):
    """What a chunk found: how many were asked, seconds of fast and slow, what differed."""

    cases: int
    fast_s: float
    slow_s: float
    wrong: tuple[str, ...]


def count_chunk(chunk: tuple[int, int]) -> Counted:
    """Ask both counters the questions of one seed, as many as the chunk says."""
    seed, size = chunk
    random = Random(seed)
    cases = [random_case(random) for _ in range(size)]
    begun = process_time()
    fast = [due_at(case.clause, case.start, pauses=case.pauses) for case in cases]
    between = process_time()
    slow = [slow_due(case) for case in cases]
    ended = process_time()
    wrong = tuple(
        f"seed {seed}, case {number}: fast {one}, slow {other}, {case}"
        for number, (case, one, other) in enumerate(zip(cases, fast, slow, strict=True))
        if one != other
    )
    return Counted(size, between - begun, ended - between, wrong)


def run(*, cases: int = CASES, seed: int = SEED, workers: int = 2) -> Counted:
    """Count all chunks in parallel. One seed and number of cases always ask the same."""
    sizes = [CHUNK] * (cases // CHUNK) + ([cases % CHUNK] if cases % CHUNK else [])
    chunks = [(seed + place, size) for place, size in enumerate(sizes)]
    total = Counted(0, 0.0, 0.0, ())
    with get_context("spawn").Pool(workers) as pool:
        for found in pool.imap_unordered(count_chunk, chunks):
            total = Counted(
                total.cases + found.cases,
                total.fast_s + found.fast_s,
                total.slow_s + found.slow_s,
                total.wrong + found.wrong,
            )
            print(f"\r{total.cases:,} of {cases:,}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return total


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. 0 when every answer was the same."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args(arguments)
    begun = perf_counter()
    found = run(cases=chosen.cases, seed=chosen.seed, workers=chosen.workers)
    took = perf_counter() - begun
    print(f"time limits counted twice: {found.cases:,} (seed {chosen.seed}) in {took:.0f} s")
    print(f"fast count: {found.fast_s / found.cases * 1e6:.1f} µs each")
    print(f"minute by minute: {found.slow_s / found.cases * 1e6:.0f} µs each")
    print(f"answers that differ: {len(found.wrong)}")
    for line in found.wrong[:10]:
        print(f"  {line}")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
