"""`lipei import premiums`: the earned premium of months, lines and branches, from a file."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lipei.ch01_general.earned import read_figures, tell_earned_premium
from lipei.kit.refusal import Refused

SOME_REFUSED = 2
BY = "system/console"


class Command(BaseCommand):
    """Told again it changes nothing; told otherwise it is put right forward."""

    help = "Bring earned premium in from a CSV, XLSX or Parquet file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, and whether it is only looked at."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: object, file: Path, dry_run: bool, **told: object) -> None:
        """Take every figure in; the exit code is 2 when some were refused."""
        try:
            figures, faults = read_figures(file)
        except Refused as no:
            field = f" ({no.params['field']})" if "field" in no.params else ""
            words = f"{no.words('en')}{field} {no.next_step('en')}"
            raise CommandError(words) from no
        changed, refused = 0, len(faults)
        for fault in faults:
            self.stdout.write(f"  row {fault.row}, {fault.column}: {fault.words('en')} "
                              f"{fault.next_step('en')}")  # fmt: skip
        for figure in [] if dry_run else figures:
            try:
                changed += bool(tell_earned_premium(figure, by=BY))
            except Refused as no:
                refused += 1
                self.stdout.write(f"  {figure.month:%Y-%m} {figure.line} {figure.branch}: "
                                  f"{no.words('en')}")  # fmt: skip
        self.stdout.write(f"{len(figures):,} figures read, {changed:,} taken in or put right, "
                          f"{refused:,} refused")  # fmt: skip
        if refused:
            raise SystemExit(SOME_REFUSED)
