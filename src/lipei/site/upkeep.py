"""Upkeep: what the house does for itself, day by day, without being asked.

Each job looks whether its work is done already: a worker that slept over the hour makes up for
it, and a second run does nothing.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from procrastinate.contrib.django import app

from lipei.ch01_general.duties import forget_old_codes
from lipei.ch02_intake.channels import forget_old_drafts
from lipei.ch06_systems.rolls import forget_old_rolls
from lipei.kit import audit, clock
from lipei.kit.models import Entry
from lipei.kit.once import forget_old_answers
from lipei.kit.parts import forget_old_parts

KEPT_JOBS = timedelta(days=30)

# Jobs


@app.periodic(cron="*/10 * * * *")
@app.task(name="lipei.anchor_journal", queueing_lock="anchor_journal")
def anchor_journal(timestamp: int = 0) -> bool:
    """Anchor all heads outside the database, once a day; whether that was now."""
    made = audit.anchors_made(settings.LIPEI_ANCHORS)
    if made and made[0].made_at.astimezone(clock.LOCAL).date() >= clock.today():
        return False
    audit.anchor(anchors=settings.LIPEI_ANCHORS)
    return True


@app.periodic(cron="*/30 * * * *")
@app.task(name="lipei.prove_journal", queueing_lock="prove_journal")
def prove_journal(timestamp: int = 0, *, asked: int = 0) -> bool:
    """Verify the whole journal once a day, or when asked, and write down what came of it."""
    last = Entry.objects.filter(verb=audit.PROVED).order_by("-recorded_at").first()
    if not asked and last and last.recorded_at.astimezone(clock.LOCAL).date() >= clock.today():
        return False
    audit.prove(anchors=settings.LIPEI_ANCHORS, by="system/audit")
    return True


@app.periodic(cron="20 * * * *")
@app.task(name="lipei.tidy", queueing_lock="tidy")
def tidy(timestamp: int = 0) -> dict[str, int]:
    """Forget what nobody needs any more; how many rows of each."""
    return {
        "codes": forget_old_codes(),
        "answers": forget_old_answers(),
        "drafts": forget_old_drafts(),
        "parts": forget_old_parts(),
        "rolls": forget_old_rolls(),
        "sessions": Session.objects.filter(expire_date__lt=clock.now()).delete()[0],
        "jobs": _forget_ended_jobs(),
    }


# The parts of the jobs


def _forget_ended_jobs() -> int:
    """Jobs that failed or were given up stay to be seen for thirty days, then go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE status IN "
            "('succeeded', 'failed', 'cancelled', 'aborted') AND NOT EXISTS "
            "(SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id AND e.at > %s)",
            [clock.now() - KEPT_JOBS],
        )
        return int(cursor.rowcount)
