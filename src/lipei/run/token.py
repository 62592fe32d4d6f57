"""`lipei token`: give somebody of the house a token for the API, told once."""

import argparse
import subprocess
import sys
from pathlib import Path

from lipei.run.database import database_of, ensure_tables, surroundings
from lipei.run.home import DEFAULT, open_home

DAYS = 30


def arguments(parser: argparse.ArgumentParser) -> None:
    """For whom, for what, for how long, and the data home."""
    parser.add_argument("username", help="somebody of the house, for example wangmin")
    parser.add_argument(
        "--scope", action="append", required=True, help="a use, for example claims.work; repeat it"
    )
    parser.add_argument("--days", type=int, default=DAYS, help="how long it lives; 366 at most")
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")


def run(options: argparse.Namespace) -> int:
    """Print the token's text; its exit code is 1 when it is refused."""
    home = open_home(options.data)
    uses = [word for scope in options.scope for word in ("--scope", scope)]
    with database_of(home) as database:
        ensure_tables(database, home=home)
        environment = surroundings(database, home=home, url=database.app_url)
        command = [sys.executable, "-m", "django", "token", options.username, *uses]
        command += ["--days", str(options.days)]
        return subprocess.run(command, env=environment, check=False).returncode
