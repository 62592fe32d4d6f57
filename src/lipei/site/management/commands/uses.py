"""`lipei uses`: bring in what was used up of limits before Lipei, for two persons to approve."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lipei.ch01_general.actors import actor
from lipei.ch03_assessment import prior, prior_tables
from lipei.kit.refusal import Refused

CONSOLE = "system/console"
SHOWN, WRONG_ROWS = 50, 2


class Command(BaseCommand):
    """Nothing counts until somebody of the house has answered for it and another has approved."""

    help = "Bring in a table of what was used up of limits before, for two persons to approve."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which table, on which paper it rests."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True)
        parser.add_argument("--paper", required=True)
        parser.add_argument("--reason", required=True)
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: object, file: Path, **told: object) -> None:
        """Read it whole; the exit code is 2 where a row is wrong, and then nothing came in."""
        try:
            read = prior_tables.read_prior(file, acting=actor(CONSOLE))
            for fault in read.faults[:SHOWN]:
                where = f"row {fault.row} {fault.column}".rstrip()
                self.stdout.write(f"  {where}: {fault.words('en')} {fault.next_step('en')}")
            if read.faults:
                self.stdout.write(f"{len(read.faults):,} faults; nothing was brought in.")
                raise SystemExit(WRONG_ROWS)
            if told["dry_run"]:
                self.stdout.write(f"{len(read.rows):,} rows can be brought in.")
                return
            made = prior.propose_prior(
                read.rows, source=str(told["source"]), paper=str(told["paper"]),
                reason=str(told["reason"]), by=CONSOLE,
                file_hash=hashlib.sha256(file.read_bytes()).hexdigest(),
            )  # fmt: skip
        except OSError as gone:
            raise CommandError(f"{file} cannot be read.") from gone
        except Refused as no:
            raise CommandError(f"{no.words('en')}\n       {no.next_step('en')}") from no
        self.stdout.write(
            f"{made.uses.count():,} rows wait as batch {made.pk}: one person answers for them at "
            f"/limits/{made.pk}/, another approves."
        )
