"""`lipei test`: the whole suite on a real PostgreSQL and, where there is one, on Chromium."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from lipei.run import postgres
from lipei.run.database import database_for
from lipei.run.environment import environment_of
from lipei.run.home import CHECKOUT, DEFAULT, open_home

PREFIX = f"test_{postgres.DATABASE}_"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Everything goes to pytest."""


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


def run(options: argparse.Namespace) -> int:
    """Run pytest with a test database of this run's own name; its closing line comes last."""
    home = open_home(DEFAULT / "test")
    database = database_for(home)
    if database.server:
        drop_leftovers(database.server)
    environment = environment_of(
        url=database.owner_url,
        data=home.path,
        LIPEI_TEST_DATABASE=f"{PREFIX}{os.getpid()}",
    )
    command = [sys.executable, "-m", "pytest", *options.rest]
    return subprocess.run(command, env=environment, cwd=CHECKOUT, check=False).returncode
