"""`lipei uses`: what was used up of limits before Lipei, brought in from a table."""

import argparse
import subprocess
import sys
from pathlib import Path

from lipei.run.database import database_of, ensure_tables, surroundings
from lipei.run.home import DEFAULT, open_home


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which table, on which paper it rests, and the data home."""
    parser.add_argument("file", type=Path, help="CSV, XLSX or Parquet")
    parser.add_argument("--source", required=True, help="the former system")
    parser.add_argument("--paper", required=True, help="the paper that the table rests on")
    parser.add_argument("--reason", required=True, help="why it is brought in")
    parser.add_argument("--dry-run", action="store_true", help="read every row, keep nothing")
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")


def run(options: argparse.Namespace) -> int:
    """0 when the table waits for two persons, 2 when a row is wrong, 1 when it is refused."""
    home = open_home(options.data)
    words = [str(options.file.resolve()), f"--source={options.source}"]
    words += [f"--paper={options.paper}", f"--reason={options.reason}"]
    words += ["--dry-run"] if options.dry_run else []
    with database_of(home) as database:
        ensure_tables(database, home=home)
        environment = surroundings(database, home=home, url=database.app_url)
        command = [sys.executable, "-m", "django", "uses", *words]
        return subprocess.run(command, env=environment, check=False).returncode
