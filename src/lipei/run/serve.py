"""`lipei serve`: the web of a real installation, told by LIPEI_* and DATABASE_URL."""

import argparse
import importlib
import os
import sys
from pathlib import Path

from lipei.run.database import told_database
from lipei.run.environment import SETTINGS_MODULE, environment_of
from lipei.run.home import DEFAULT
from lipei.run.migrate import setup_code
from lipei.run.ports import ensure_free
from lipei.run.steps import say
from lipei.run.trouble import Trouble

THREADS = 2
MOST_WORKERS = 12
KILL_AFTER_S = 10


def workers_wanted() -> int:
    """One web process a core: Python's lock lets a process use no more."""
    return max(1, min(MOST_WORKERS, len(os.sched_getaffinity(0))))


def web_command(*, bind: str, port: int, workers: int) -> list[str]:
    """granian with few threads a process: a long queue of threads is a long tail of answers."""
    words = ["--interface", "wsgi", "--host", bind, "--port", str(port), "--no-ws"]
    words += ["--workers", str(workers), "--blocking-threads", str(THREADS)]
    words += ["--respawn-failed-workers", "--workers-kill-timeout", str(KILL_AFTER_S)]
    words += ["--log-level", "warning"]
    return [sys.executable, "-m", "granian", *words, "lipei.site.wsgi:application"]


def ensure_safe(role: str) -> dict[str, str]:
    """The surroundings of a real web or worker; refuses what would be unsafe.

    Errors: Trouble without DATABASE_URL; the guard's own exit with demonstration secrets.
    """
    database = told_database()
    if database is None:
        raise Trouble(
            f"DATABASE_URL is not set, and a real {role} starts no database of its own.",
            way_out="Set it to a PostgreSQL 15 or newer, or use `./lipei up` to try Lipei.",
        )
    os.environ["LIPEI_ROLE"] = role
    os.environ.setdefault("LIPEI_POOL", str(THREADS))
    importlib.import_module(SETTINGS_MODULE)
    data = Path(os.environ.get("LIPEI_DATA", DEFAULT))
    return environment_of(url=database.app_url, data=data)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and with how many processes."""
    parser.add_argument("--bind", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=workers_wanted(), help="web processes")


def run(options: argparse.Namespace) -> int:
    """Become the web server."""
    environment = ensure_safe("web")
    ensure_free(options.port, bind=options.bind)
    if first_start := setup_code(environment):
        say(first_start)
    command = web_command(bind=options.bind, port=options.port, workers=options.workers)
    os.execve(command[0], command, environment)  # noqa: S606  no shell is wanted
