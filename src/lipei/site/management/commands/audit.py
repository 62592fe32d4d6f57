"""`lipei audit`: prove the journal and the limits that claims use up, or anchor the heads."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from lipei.ch03_assessment.limits import limit_faults
from lipei.kit import audit

FAULTY = 1


class Command(BaseCommand):
    """`verify` names every entry that was tampered with, and every limit that is not as the
    journal says; `anchor` keeps the heads in a file."""

    help = "Verify the journal and the limits, or anchor its heads outside the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is to be done."""
        parser.add_argument("what", choices=("verify", "anchor"))

    def handle(self, *args: object, what: str, **options: object) -> None:
        """Do it; the exit code is 1 when there is a fault."""
        if what == "anchor":
            self.stdout.write(f"anchored: {audit.anchor(anchors=settings.LIPEI_ANCHORS)}")
            return
        faults = [*audit.verify(anchors=settings.LIPEI_ANCHORS), *limit_faults()]
        for fault in faults:
            self.stdout.write(str(fault))
        if faults:
            self.stdout.write(f"audit: {len(faults)} faults")
            raise SystemExit(FAULTY)
        self.stdout.write("audit: clean")
