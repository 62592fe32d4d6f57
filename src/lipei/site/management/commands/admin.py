"""`lipei admin`: the first administrator, or one who is let in again."""

import json
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from lipei.ch01_general import naming
from lipei.ch01_general.models import Branch, Staff
from lipei.ch01_general.people import administrators
from lipei.ch06_systems.setup import Founder, make_administrator, recover_administrator
from lipei.kit.refusal import Refused

CONSOLE = "system/console"


class Command(BaseCommand):
    """What was asked at the terminal comes as one line of JSON, so that no list of processes
    shows a password."""

    help = "Make an administrator from a line of JSON, or tell what there is (--look)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only look, or do it."""
        parser.add_argument("--look", default="")

    def handle(self, *args: object, look: str, **options: object) -> None:
        """Tell what is to be asked, or make the administrator."""
        if look:
            self._tell(look)
            return
        told = json.loads(sys.stdin.readline())
        try:
            self._do(told)
        except Refused as no:
            raise CommandError(f"{no.words('en')} {no.next_step('en')}") from no

    def _tell(self, username: str) -> None:
        """What the terminal has to ask, as JSON."""
        told = {
            "administrators": administrators().exists(),
            "house": Branch.objects.filter(parent=None).exists(),
            "known": Staff.objects.filter(username=username).exists(),
        }
        self.stdout.write(json.dumps(told))

    def _do(self, told: dict[str, str]) -> None:
        username, recover = naming.username(told["username"]), bool(told["recover"])
        if recover and Staff.objects.filter(username=username).exists():
            recover_administrator(username, password=told["password"], by=CONSOLE)
            self.stdout.write(f"{username} comes in with the new password and a new authenticator.")
            return
        founder = Founder(
            username=username, name=naming.staff_name(told["name"]),
            number=naming.staff_number(told["number"]), password=told["password"],
        )  # fmt: skip
        house = naming.branch_name(told["house"], field="house")
        make_administrator(founder, house=house, by=CONSOLE, beside_others=recover)
        self.stdout.write(f"{username} is an administrator. At the first sign-in an authenticator "
                          "is taken up.")  # fmt: skip
