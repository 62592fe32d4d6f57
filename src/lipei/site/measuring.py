"""What one web process counts of its own requests: how many, how answered, how long they took.

The figures belong to the process and begin at nought with it; their names say so.
"""

import os
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_only_middleware

Next = Callable[[HttpRequest], HttpResponseBase]
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
NOWHERE = "none"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass
class Tally:
    """The requests of one route: by method and status, and how many took at most so long."""

    answers: dict[tuple[str, int], int] = field(default_factory=dict)
    within: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS_S) + 1))
    seconds: float = 0.0


_tallies: dict[str, Tally] = {}
_lock = threading.Lock()


@sync_only_middleware
def measured(get_response: Next) -> Next:
    """Count every request under the name of its route, never under its address."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        method = request.method if request.method in METHODS else "other"
        note(
            match.view_name if match else NOWHERE, method=method or "other",
            status=response.status_code, seconds=time.perf_counter() - began,
        )  # fmt: skip
        return response

    return answered


def note(route: str, *, method: str, status: int, seconds: float) -> None:
    """Count one request."""
    with _lock:
        tally = _tallies.setdefault(route, Tally())
        key = (method, status)
        tally.answers[key] = tally.answers.get(key, 0) + 1
        tally.within[bisect_left(BUCKETS_S, seconds)] += 1
        tally.seconds += seconds


def lines() -> Iterator[str]:
    """What this process has counted, in Prometheus' text form."""
    with _lock:
        kept = {
            route: Tally(dict(one.answers), list(one.within), one.seconds)
            for route, one in sorted(_tallies.items())
        }
    process = f'process="{os.getpid()}"'
    name = "lipei_process_requests_total"
    yield f"# HELP {name} Requests that this web process answered since it began."
    yield f"# TYPE {name} counter"
    for route, tally in kept.items():
        for (method, status), count in sorted(tally.answers.items()):
            labels = f'{process},route="{route}",method="{method}",status="{status}"'
            yield f"{name}{{{labels}}} {count}"
    name = "lipei_process_request_seconds"
    yield f"# HELP {name} How long this web process took for them."
    yield f"# TYPE {name} histogram"
    for route, tally in kept.items():
        yield from _histogram(name, f'{process},route="{route}"', tally)


def _histogram(name: str, labels: str, tally: Tally) -> Iterator[str]:
    count = 0
    for limit, within in zip((*map(str, BUCKETS_S), "+Inf"), tally.within, strict=True):
        count += within
        yield f'{name}_bucket{{{labels},le="{limit}"}} {count}'
    yield f"{name}_sum{{{labels}}} {tally.seconds:.6f}"
    yield f"{name}_count{{{labels}}} {count}"
