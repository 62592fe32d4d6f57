"""`lipei work`: the jobs of an installation, told by LIPEI_* and DATABASE_URL."""

import argparse
import os
import sys

from lipei.run.serve import ensure_safe

CONCURRENCY = 2
GRACE_S = 15


def work_command(*, concurrency: int) -> list[str]:
    """The worker; a job that is running gets a moment to end when the worker is stopped."""
    words = ["--concurrency", str(concurrency), "--shutdown-graceful-timeout", str(GRACE_S)]
    return [sys.executable, "-m", "django", "procrastinate", "worker", *words]


def arguments(parser: argparse.ArgumentParser) -> None:
    """How many jobs at a time."""
    parser.add_argument("--concurrency", type=int, default=CONCURRENCY, help="jobs at a time")


def run(options: argparse.Namespace) -> int:
    """Become the worker."""
    environment = ensure_safe("worker")
    command = work_command(concurrency=options.concurrency)
    os.execve(command[0], command, environment)  # noqa: S606  no shell is wanted
