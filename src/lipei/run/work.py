"""`lipei work`: the jobs of an installation, told by LIPEI_* and DATABASE_URL."""

import argparse
import os
import sys

from lipei.run.serve import ensure_safe

CONCURRENCY = 2
GRACE_S = 15


CONNECTIONS = 6
"""Django's connections beside those of the jobs inside: two for jobs outside, the listeners,
the periodic jobs, and two to spare."""


def work_command(*, concurrency: int) -> list[str]:
    """The worker; a job that is running gets a moment to end when the worker is stopped."""
    words = ["--concurrency", str(concurrency), "--grace", str(GRACE_S)]
    return [sys.executable, "-m", "django", "work", *words]


def arguments(parser: argparse.ArgumentParser) -> None:
    """How many jobs at a time."""
    parser.add_argument("--concurrency", type=int, default=CONCURRENCY, help="jobs at a time")


def run(options: argparse.Namespace) -> int:
    """Become the worker."""
    os.environ.setdefault("LIPEI_POOL", str(options.concurrency + CONNECTIONS))
    environment = ensure_safe("worker")
    command = work_command(concurrency=options.concurrency)
    os.execve(command[0], command, environment)  # noqa: S606  no shell is wanted
