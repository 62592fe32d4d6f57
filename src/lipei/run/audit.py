"""`lipei audit`: verify the journal, or anchor its heads outside the database."""

import argparse
import subprocess
import sys
from pathlib import Path

from lipei.run.database import database_of, ensure_tables, surroundings
from lipei.run.home import DEFAULT, open_home


def arguments(parser: argparse.ArgumentParser) -> None:
    """`verify` or `anchor`, and the data home."""
    parser.add_argument("what", choices=("verify", "anchor"))
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")


def run(options: argparse.Namespace) -> int:
    """Run the audit; its exit code is 1 when it finds a fault."""
    home = open_home(options.data)
    with database_of(home) as database:
        ensure_tables(database, home=home)
        environment = surroundings(database, home=home, url=database.app_url)
        command = [sys.executable, "-m", "django", "audit", options.what]
        return subprocess.run(command, env=environment, check=False).returncode
