"""`lipei bench`: the promised figures, measured on a database kept for that."""

import argparse
import subprocess
import sys

from lipei.run.database import database_of, surroundings
from lipei.run.home import CHECKOUT, DEFAULT, open_home
from lipei.run.migrate import migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    """Everything goes to the bench."""


def run(options: argparse.Namespace) -> int:
    """Run the bench with a home of its own, so that no other data are touched."""
    home = open_home(DEFAULT / "bench")
    with database_of(home) as database:
        migrate(database, home=home)
        environment = surroundings(database, home=home, url=database.app_url)
        environment["LIPEI_OWNER_DATABASE_URL"] = database.owner_url
        command = [sys.executable, "-m", "bench", *options.rest]
        return subprocess.run(command, env=environment, cwd=CHECKOUT, check=False).returncode
