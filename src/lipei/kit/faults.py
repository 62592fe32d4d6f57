"""Why a job did not succeed, kept where a person can read it: its kind and place, no content.

What an exception says may hold what somebody typed; so of the words only those of a refusal
and of an outage are kept, which are ours.
"""

from pathlib import Path
from traceback import extract_tb

from django.db import transaction

from lipei.kit import clock
from lipei.kit.models import JobFault
from lipei.kit.outside import Declined, Outage
from lipei.kit.refusal import Refused

LONGEST = 200


def note(job: int | None, error: Exception) -> None:
    """Keep why a job failed this time; the last reason stands."""
    if job is None:
        return
    told = {"error": told_of(error)[:LONGEST], "place": place_of(error)[-LONGEST:]}
    with transaction.atomic():
        JobFault.objects.update_or_create(job=job, defaults={**told, "at": clock.now()})


def told_of(error: Exception) -> str:
    """The kind of a fault, with those of its words that are ours."""
    if isinstance(error, Refused):
        return f"Refused: {error.slug}"
    if isinstance(error, Outage | Declined):
        return f"{type(error).__name__}: {error}"
    return type(error).__name__


def place_of(error: Exception) -> str:
    """Where in our own code it came up: module and line."""
    own = [one for one in extract_tb(error.__traceback__) if "/lipei/" in one.filename]
    if not own:
        return ""
    last = own[-1]
    module = Path(last.filename).with_suffix("").as_posix().rpartition("/lipei/")[2]
    return f"{module.replace('/', '.')}:{last.lineno}"
