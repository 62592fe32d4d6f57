"""Days of the department: a Monday on which its people begin, and the days after it.

A test takes them in with the fixture ``monday``.
"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from lipei.ch01_general.models import Claim
from lipei.kit import clock

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=clock.LOCAL)
LAST = timedelta(hours=14, minutes=59)
"""From nine in the morning to a minute before midnight."""


def morning() -> time_machine.travel:
    """Nine o'clock on the Monday."""
    return on(0, later=timedelta())


def on(days: int, *, later: timedelta = LAST) -> time_machine.travel:
    """The last minute of a day that lies so many days after Monday, or another time of it."""
    return time_machine.travel((MONDAY + timedelta(days=days) + later).astimezone(UTC), tick=False)


@pytest.fixture
def monday(request: pytest.FixtureRequest) -> None:
    """The company is laid out on the Monday, so that its people hold their posts by then."""
    with morning():
        request.getfixturevalue("department")


def broken(claim: Claim) -> set[str]:
    """The promises of a claim that were not kept."""
    return set(claim.clocks.exclude(breached_at=None).values_list("clause", flat=True))


def stopped(claim: Claim) -> set[str]:
    """The promises of a claim whose end has come, in time or late."""
    return set(claim.clocks.filter(stopped_at__isnull=False).values_list("clause", flat=True))
