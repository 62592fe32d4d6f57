"""`lipei manage …`: Django's own commands on the database of this home."""

import argparse
import os
import sys
from pathlib import Path

from lipei.run.database import database_for
from lipei.run.environment import environment_of
from lipei.run.home import DEFAULT, open_home


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--data`; everything else goes to Django."""
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")


def run(options: argparse.Namespace) -> int:
    """Become the management command, as the owner of the tables."""
    home = open_home(options.data)
    environment = environment_of(url=database_for(home).owner_url, data=home.path)
    os.execve(  # noqa: S606  no shell is wanted
        sys.executable, [sys.executable, "-m", "django", *options.rest], environment
    )
