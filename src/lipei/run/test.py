"""`lipei test`: the whole suite on a real PostgreSQL and, where there is one, on Chromium."""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from lipei.run import frontend, postgres
from lipei.run.catalogues import compile_catalogues
from lipei.run.chromium import ensure_chromium
from lipei.run.database import database_of
from lipei.run.environment import environment_of
from lipei.run.home import CHECKOUT, DEFAULT, open_home
from lipei.run.steps import say

PREFIX = f"test_{postgres.DATABASE}_"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Everything goes to pytest."""


def run(options: argparse.Namespace) -> int:
    """Prepare what the tests stand on, then run them; pytest's closing line comes last."""
    compile_catalogues()
    built = frontend.build()
    if built not in {"built", "unchanged"}:
        say(f"front end: {built}")
    path, reason = ensure_chromium()
    if reason:
        say(f"without browser tests: {reason}")
    return run_pytest(options.rest, chromium=path or "", no_chromium=reason)


def run_pytest(words: Sequence[str], *, chromium: str = "", no_chromium: str = "") -> int:
    """pytest with a test database of this run's own name; its exit code."""
    home = open_home(DEFAULT / "test")
    with database_of(home) as database:
        if database.server:
            drop_leftovers(database.server)
        environment = environment_of(
            url=database.owner_url,
            data=home.path,
            LIPEI_TEST_DATABASE=f"{PREFIX}{os.getpid()}",
            LIPEI_CHROMIUM=chromium,
            LIPEI_NO_CHROMIUM=no_chromium,
        )
        command = [sys.executable, "-m", "pytest", *words]
        return subprocess.run(command, env=environment, cwd=CHECKOUT, check=False).returncode


def drop_leftovers(server: postgres.Server) -> None:
    """Remove the test databases of runs that ended before they could."""
    with psycopg.connect(server.url(postgres.OWNER), autocommit=True) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"]
        ).fetchall()
        for (name,) in names:
            pid = name.removeprefix(PREFIX).split("_")[0]
            if pid.isdigit() and not Path(f"/proc/{pid}").exists():
                line = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                connection.execute(line.format(sql.Identifier(name)))
