"""`lipei work`: the worker of an installation, until it is told to stop."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from lipei.kit.working import Hands, work

BROKEN = 1


class Command(BaseCommand):
    """Runs jobs, lets the listeners follow the journal, takes up what a dead worker left."""

    help = "Run the jobs and the listeners."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much at once, and how patient."""
        plain = Hands()
        parser.add_argument("--concurrency", type=int, default=plain.inside)
        parser.add_argument("--outside", type=int, default=plain.outside)
        parser.add_argument("--grace", type=float, default=plain.grace_s)
        parser.add_argument("--stalled-after", type=float, default=plain.stalled_after_s)

    def handle(self, *args: object, **told: object) -> None:
        """Work; the exit code is 1 when it ended unasked, so that it is started again."""
        hands = Hands(
            inside=int(str(told["concurrency"])), outside=int(str(told["outside"])),
            grace_s=float(str(told["grace"])), stalled_after_s=float(str(told["stalled_after"])),
        )  # fmt: skip
        if not work(hands):
            raise SystemExit(BROKEN)
