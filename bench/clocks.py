"""A million due times, the fast count held against the slow one."""

import time

from bench import clock_count
from bench.table import Row

CASES = 1_000_000


def measure(small: bool) -> list[Row]:
    """Count due times both ways; the run fails if one differs."""
    cases = CASES // (100 if small else 1)
    began = time.perf_counter()
    differences = clock_count.main(["--cases", str(cases)])
    seconds = time.perf_counter() - began
    return [
        Row(f"due times that differ from the minute counter, of {cases:,}", differences, 0, ""),
        Row("  for which both counts took", seconds, None, "s"),
    ]
