"""``python -m tests.walks.bring STAGE PHONE``: bring a claim to a stage through the commands.

A program of its own, for walks and pictures whose beginning is walked elsewhere; it prints the
claim's number.
"""

import sys
import time
from collections.abc import Callable, Mapping
from itertools import count

import django

django.setup()

from lipei.ch01_general.models import Claim  # noqa: E402  once Django is ready
from tests import steps  # noqa: E402  once Django is ready

WAYS: Mapping[str, Callable[[Claim], Claim]] = {
    "accepted": steps.accepted,
    "registered": steps.registered,
    "surveyed": steps.surveyed,
    "agreed": steps.agreed,
    "paid": steps.paid,
    "closed": steps.closed,
    "archived": steps.archived,
}


def bring(stage: str, phone: str) -> str:
    """File a claim for the customer with this phone, and go on until the stage is reached."""
    steps.PHONE = phone
    steps._number = count(time.monotonic_ns())
    claim = steps.filed(phone=phone)
    for name, way in WAYS.items():
        if stage == "filed":
            break
        claim = way(claim)
        if name == stage:
            break
    return claim.number


if __name__ == "__main__":
    sys.stdout.write(f"{bring(*sys.argv[1:])}\n")
