"""`lipei token`: give somebody of the house a token for the API."""

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from lipei.ch01_general.models import Staff
from lipei.ch01_general.tokens import LONGEST_LIFE, SCOPES, issue_token


class Command(BaseCommand):
    """The token's text goes to the terminal once and is kept nowhere, only its digest is."""

    help = "Give somebody of the house a token for named uses and a number of days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For whom, for what, for how long."""
        parser.add_argument("username")
        parser.add_argument("--scope", action="append", required=True, choices=sorted(SCOPES))
        parser.add_argument("--days", type=int, required=True)

    def handle(
        self, *args: object, username: str, scope: list[str], days: int, **options: object
    ) -> None:
        """Tell the token; refuse who is not of the house, and a life that is too long."""
        person = Staff.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody of the house is called {username}.")
        if not 1 <= days <= LONGEST_LIFE.days:
            raise CommandError(f"A token lives from 1 to {LONGEST_LIFE.days} days.")
        text = issue_token(person, scopes=scope, life=timedelta(days=days), by="system/console")
        self.stdout.write(text)
