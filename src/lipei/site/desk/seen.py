"""Two people on one claim: whoever acts on what is no longer so is told first."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from lipei.ch01_general.models import Claim
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from lipei.site.desk.scene import last_number
from lipei.site.desk.words import people_words


@contextmanager
def as_seen(claim: Claim, seen: str, *, by: str) -> Iterator[None]:
    """Hold the claim as it was seen while a command runs.

    Refuses `claim_changed`, with the name of who was there, when somebody else has acted on the
    claim since the page was drawn. `seen` is the number of the last entry that the page knew.
    """
    with transaction.atomic():
        Claim.objects.select_for_update().get(pk=claim.pk)
        entries = history(claim.subject)
        known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < len("1" * 9) else 0
        newer = [e for e in entries if known < e.number <= last_number(entries)]
        others = [e.actor for e in newer if e.actor != by]
        if others:
            raise Refused("claim_changed", who=people_words({others[-1]}).get(others[-1], ""))
        yield
