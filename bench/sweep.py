"""A million running clocks, one in a hundred due, swept for warnings and breaches."""

import time

from django.db import connection

from bench import ground
from bench.table import Row
from lipei.ch01_general.aims import sweep_clocks

CLOCKS = 1_000_000
PROMISED_S = 5.0


def measure(small: bool) -> list[Row]:
    """Make the clocks, sweep once, and sweep again when nothing is due any more."""
    clocks = CLOCKS // (10 if small else 1)
    ground.lay()
    ground.open_claims(1, clocks // 4)
    ground.execute(
        """
        INSERT INTO general_clock (claim_id, clause, edition, started_at, due_at, warn_at, void,
          pauses)
        SELECT c.id, x.clause, '2025', now() - interval '1 day',
          CASE WHEN (c.id * 4 + x.n) % 100 = 0 THEN now() - interval '1 minute'
            ELSE now() + interval '9 days' END,
          CASE WHEN (c.id * 4 + x.n) % 100 = 50 THEN now() - interval '1 minute'
            ELSE now() + interval '8 days' END, false, '[]'
        FROM general_claim c, (VALUES (1, '2.3-a'), (2, '1.3-k'), (3, 'K2'), (4, 'K5'))
          AS x(n, clause) WHERE c.number LIKE 'B%'
        """
    )
    ground.execute("ANALYZE general_clock")
    found, seconds = _timed()
    idle_found, idle_seconds = _timed()
    assert idle_found == 0, idle_found
    assert found == clocks // 50, (found, clocks)
    connection.close()
    return [
        Row(f"{clocks:,} running clocks, {found:,} due or near, swept", seconds, PROMISED_S, "s"),
        Row("  a sweep that finds nothing", idle_seconds * 1000, None, "ms"),
    ]


def _timed() -> tuple[int, float]:
    began = time.perf_counter()
    return sweep_clocks(), time.perf_counter() - began
