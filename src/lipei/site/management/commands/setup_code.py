"""`lipei migrate` and `lipei serve` ask it: the code for a house in which nobody is yet."""

from django.conf import settings
from django.core.management.base import BaseCommand

from lipei.ch06_systems.setup import CODE_LIFE, new_setup_code


class Command(BaseCommand):
    """Only who can read the console makes the first administrator."""

    help = "Print a one-time code for the first administrator; nothing once somebody is there."

    def handle(self, *args: object, **options: object) -> None:
        """Tell the code and where it goes."""
        code = new_setup_code()
        if not code:
            return
        hours = int(CODE_LIFE.total_seconds()) // 3600
        self.stdout.write(
            "Nobody is in this house yet. Make the first administrator\n"
            f"  in the browser:  {settings.LIPEI_PUBLIC_URL}/setup/\n"
            f"                   with this code, once, within {hours} hours:  {code}\n"
            "  or here:         lipei admin"
        )
