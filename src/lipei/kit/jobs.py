"""Jobs: what must happen outside a command's transaction, at least once, in its own time.

A job is queued inside the transaction of the command that wants it, so it exists if and only
if the command happened. A job may run twice and must not mind.
"""

from datetime import datetime

from django.db import connection, transaction
from procrastinate import RetryStrategy, exceptions
from procrastinate.contrib.django import app

from lipei.kit import clock

OUTSIDE = "outside"
"""The queue of the jobs that speak to a party outside: they may wait, and keep none waiting."""
STUBBORN = RetryStrategy(max_attempts=8, exponential_wait=4)
"""For jobs that must not be lost: after a fault of ours again, with growing pauses, for a day."""


def hasten(lock: str) -> None:
    """Let the job that waits under this lock be done now and not at its later hour."""
    assert connection.in_atomic_block, "hasten() belongs inside a command's transaction"
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = NULL "
            "WHERE queueing_lock = %s AND status = 'todo' AND scheduled_at > %s",
            [lock, clock.now()],
        )


def queue(
    task: str, *, lock: str | None = None, at: datetime | None = None, **facts: str | int
) -> None:
    """Queue a job by name. With `lock` a second waiting job of the same kind is not made.

    A refused duplicate would abort the surrounding transaction, so it happens in a savepoint.
    """
    assert connection.in_atomic_block, "queue() belongs inside a command's transaction"
    deferrer = app.configure_task(task, queueing_lock=lock, schedule_at=at)
    try:
        with transaction.atomic():
            deferrer.defer(**facts)
    except exceptions.AlreadyEnqueued:
        return
