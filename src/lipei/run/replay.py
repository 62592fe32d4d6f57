"""`lipei replay`: a changed edition run over every claim that is settled, and what would change."""

import argparse
import subprocess
import sys
from datetime import date
from pathlib import Path

from lipei.run.database import database_of, ensure_tables, surroundings
from lipei.run.home import DEFAULT, open_home


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which edition, over which days, told how, and the data home."""
    parser.add_argument("--product", required=True, help="for example own_damage")
    parser.add_argument("--edition", required=True, help="for example 2026")
    parser.add_argument("--from", dest="first", type=date.fromisoformat,
                        help="settled from this day on: 2026-01-01")  # fmt: skip
    parser.add_argument("--to", dest="last", type=date.fromisoformat, help="until this day")
    parser.add_argument("--json", action="store_true", help="the whole report as JSON")
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")


def run(options: argparse.Namespace) -> int:
    """0 when every claim was settled again, 2 when some cannot be, 1 when nothing was run."""
    home = open_home(options.data)
    words = [f"{options.product}_{options.edition}"]
    words += [f"--from={options.first}"] if options.first else []
    words += [f"--to={options.last}"] if options.last else []
    words += ["--json"] if options.json else []
    with database_of(home) as database:
        ensure_tables(database, home=home)
        environment = surroundings(database, home=home, url=database.app_url)
        command = [sys.executable, "-m", "django", "replay", *words]
        return subprocess.run(command, env=environment, check=False).returncode
