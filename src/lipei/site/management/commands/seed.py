"""`lipei manage seed`: lay the demonstration out and print its sign-ins."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lipei.site import demonstration


class Command(BaseCommand):
    """Only for a demonstration: it makes people with a password that everybody can read."""

    help = "Lay out the demonstration company (LIPEI_DEMO=1 only)."

    def handle(self, *args: object, **options: object) -> None:
        """Make what is missing and print who may sign in."""
        if not settings.LIPEI_DEMO:
            raise CommandError("Not a demonstration: set LIPEI_DEMO=1 first.")
        demonstration.lay_out()
        self.stdout.write(f"staff password: {demonstration.PASSWORD}")
        for door, name, how, what in demonstration.sign_ins():
            self.stdout.write(f"{door:9} {how:12} {name}  {what}")
