"""`lipei manage …`: Django's own commands on the database of this home."""

import argparse
import subprocess
import sys
from pathlib import Path

from lipei.run.database import database_of, surroundings
from lipei.run.home import DEFAULT, open_home


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--data`; everything else goes to Django."""
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")


def run(options: argparse.Namespace) -> int:
    """Run the management command as the owner of the tables; its exit code."""
    home = open_home(options.data)
    with database_of(home) as database:
        environment = surroundings(database, home=home, url=database.owner_url)
        command = [sys.executable, "-m", "django", *options.rest]
        return subprocess.run(command, env=environment, check=False).returncode
