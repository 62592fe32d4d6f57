"""`lipei replay`: run an edition over what is settled, and tell what would change."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lipei.ch01_general.actors import actor
from lipei.ch03_assessment import replay
from lipei.ch03_assessment.models import Replay
from lipei.kit.bar import Bar
from lipei.kit.refusal import Refused
from lipei.site.faces import yuan_words

SOME_REFUSED = 2


class Command(BaseCommand):
    """The report is kept; going live wants a run that somebody of the house started."""

    help = "Run an edition over the claims that are settled, and tell what would change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which edition, over which days, told how."""
        parser.add_argument("edition")
        parser.add_argument("--from", dest="first", type=date.fromisoformat)
        parser.add_argument("--to", dest="last", type=date.fromisoformat)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, edition: str, **told: object) -> None:
        """Run it here, with a bar; the exit code is 2 when some claims cannot be settled."""
        first, last = told["first"], told["last"]
        try:
            made = replay.start_replay(
                edition, by="system/console",
                from_on=first if isinstance(first, date) else None,
                to_on=last if isinstance(last, date) else None,
            )  # fmt: skip
        except Refused as no:
            raise CommandError(f"{no.words('en')}\n       {no.next_step('en')}") from no
        replay.run_replay(made.pk, seen=Bar())
        held = replay.replay_of(made.pk)
        if held.state == Replay.State.FAILED:
            raise CommandError(f"The edition stumbled: {held.error}")
        if told["json"]:
            report = replay.report_of(held, seen_by=actor("system/console"))
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self._tell(held)
        if held.tally["total"]["refused"]:
            raise SystemExit(SOME_REFUSED)

    def _tell(self, held: Replay) -> None:
        """The report in a few lines."""
        total = held.tally["total"]
        say = self.stdout.write
        if not total["claims"]:
            say("No claim of this product is settled in this range: widen --from and --to.")
        say(f"{total['claims']:,} settled sums, {total['changed']:,} change: "
            f"{total['up']:,} up by {yuan_words(total['up_fen'])} yuan, "
            f"{total['down']:,} down by {yuan_words(total['down_fen'])} yuan")  # fmt: skip
        for one in held.tally["hardest"]:
            before, after = yuan_words(one["before_fen"]), yuan_words(one["after_fen"])
            say(f"  {one['claim']} · {one['position']}   {before} -> {after}")
        if carried := held.tally.get("carried"):
            self._tell_carried(carried)
        for why in held.tally["refused"].values():
            say(f"  {why['claims']:,} cannot be settled: {why['en']}, as {why['first'][0]}")
        for name, number in sorted(held.tally["unknown"].items()):
            say(f"  {name} was told {number:,} times and is unknown to this edition")
        say(f"report {held.report_hash}")

    def _tell_carried(self, carried: dict[str, Any]) -> None:
        """What the changes mean for the cover that answers after."""
        total, say = carried["total"], self.stdout.write
        say(f"Third-party cover: {total['claims']:,} settled sums bear what is left otherwise, "
            f"up by {yuan_words(total['up_fen'])} yuan, down by {yuan_words(total['down_fen'])} "
            f"yuan, {total['refused']:,} cannot be settled; {carried['left']:,} sums leave more "
            "and no settled part bears it")  # fmt: skip
