"""`lipei import staff FILE`: the staff of a house from a file, at the terminal."""

import csv
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lipei.ch06_systems.roll import BAD, MORE, NEW, SAME, Roll, read_roll, take_in
from lipei.kit.refusal import Refused
from lipei.kit.tables import safe_cell

CONSOLE = "system/console"
SOME_REFUSED = 2


class Command(BaseCommand):
    """Good rows in, bad rows listed; the exit code is 2 when rows were refused."""

    help = "Take the good rows of a file of staff in, or only try them (--dry-run)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, whether it is only tried, and where the refused rows go."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--rejects", type=Path)

    def handle(
        self, *args: object, file: Path, dry_run: bool, rejects: Path | None, **options: object
    ) -> None:
        """Say what each kind of rows came to, and what is wrong with the refused ones."""
        try:
            roll = (read_roll if dry_run else take_in)(file, by=CONSOLE)
        except Refused as no:
            raise CommandError(f"{no.words('en')} {no.next_step('en')}") from no
        done = "would be taken in" if dry_run else "taken in"
        self.stdout.write(
            f"{len(roll.of(NEW))} new people and {len(roll.of(MORE))} further rows {done}, "
            f"{len(roll.of(SAME))} rows change nothing, {len(roll.of(BAD))} are refused"
        )
        for one in roll.of(BAD):
            whys = "; ".join(f"{f.column} {f.words('en')}".strip() for f in one.faults)
            self.stdout.write(f"  row {one.row}: {whys}")
        if roll.of(BAD):
            self._keep(roll, rejects)
            raise SystemExit(SOME_REFUSED)

    def _keep(self, roll: Roll, place: Path | None) -> None:
        if place is None:
            return
        with place.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["row", "why", *roll.columns])
            for one in roll.of(BAD):
                why = "; ".join(f.words("en") for f in one.faults)
                cells = [safe_cell(one.cells.get(name, "")) for name in roll.columns]
                writer.writerow([one.row, why, *cells])
        self.stdout.write(f"The refused rows, each with its reason: {place}")
