"""`lipei import`: a file of policies, of earned premium or of staff, brought in or only tried."""

import argparse
import subprocess
import sys
from datetime import date
from pathlib import Path

from lipei.run.database import database_of, ensure_tables, surroundings
from lipei.run.home import DEFAULT, open_home
from lipei.run.trouble import Trouble


def arguments(parser: argparse.ArgumentParser) -> None:
    """What, from which file, and whether it is only tried."""
    parser.add_argument("what", choices=["policies", "premiums", "staff"])
    parser.add_argument("file", type=Path, help="CSV, XLSX or Parquet")
    parser.add_argument("--dry-run", action="store_true", help="say what would come of it")
    parser.add_argument("--mapping", default="", help="a named mapping; guessed without it")
    parser.add_argument("--column", action="append", default=[], metavar="FIELD=COLUMN",
                        help="name one column; repeat it")  # fmt: skip
    parser.add_argument("--as-of", type=date.fromisoformat,
                        help="from when changes hold that name no day")  # fmt: skip
    parser.add_argument("--rejects", type=Path, help="a CSV for the refused rows")
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")


def run(options: argparse.Namespace) -> int:
    """0 when every row came in, 2 when some were refused, 1 when nothing was read."""
    if not options.file.is_file():
        raise Trouble(f"There is no file {options.file}.", way_out="Look at its name.")
    if options.what == "staff" and (options.mapping or options.column or options.as_of):
        raise Trouble(
            "A file of staff is read by the heads of its columns.",
            way_out="Name them as in the sample of the page, and leave the option out.",
        )
    if options.what == "premiums" and any(
        (options.mapping, options.column, options.as_of, options.rejects)
    ):
        raise Trouble(
            "A file of earned premium is read by the heads of its columns.",
            way_out="Name them 月份, 险类, 机构代码, 已赚保费, and leave the option out.",
        )
    home = open_home(options.data)
    words = [str(options.file.resolve()), *(["--dry-run"] if options.dry_run else [])]
    words += [f"--mapping={options.mapping}"] if options.mapping else []
    words += [f"--column={one}" for one in options.column]
    words += [f"--as-of={options.as_of}"] if options.as_of else []
    words += [f"--rejects={options.rejects.resolve()}"] if options.rejects else []
    with database_of(home) as database:
        ensure_tables(database, home=home)
        environment = surroundings(database, home=home, url=database.app_url)
        command = [sys.executable, "-m", "django", f"import_{options.what}", *words]
        return subprocess.run(command, env=environment, check=False).returncode
