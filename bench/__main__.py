"""The bench: every promised figure measured in one run, as ratios where a machine would tell.

./lipei bench                 everything
./lipei bench filing sweep    some of it
./lipei bench --small         a tenth of the rows, for a quick look
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from bench import (  # noqa: E402  Django first
    clocks,
    filing,
    importing,
    rules,
    running,
    sweep,
    worklist,
)
from bench.table import Row, printed  # noqa: E402

Part = Callable[[bool], list[Row]]
PARTS: dict[str, Part] = {
    "filing": filing.measure,
    "worklist": worklist.measure,
    "sweep": sweep.measure,
    "clocks": clocks.measure,
    "import": importing.measure,
    "rules": rules.measure,
    "restore": running.measure_restore,
    "upgrade": running.measure_upgrade,
    "recover": running.measure_recover,
}


def main(words: list[str]) -> int:
    """Run the asked parts and print one table; 1 if a promise was not kept."""
    parser = argparse.ArgumentParser(prog="lipei bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="what to measure")
    parser.add_argument("--small", action="store_true", help="a tenth of the rows")
    asked = parser.parse_args(words)
    print(machine())
    rows: list[Row] = []
    for name in asked.parts or PARTS:
        began = time.perf_counter()
        print(f"… {name}", flush=True)
        rows += PARTS[name](asked.small)
        print(f"  {name} took {time.perf_counter() - began:.0f} s", flush=True)
    print(printed(rows))
    return 0 if all(row.kept for row in rows) else 1


def machine() -> str:
    """The machine on which the figures were taken, in one line."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


sys.exit(main(sys.argv[1:]))
