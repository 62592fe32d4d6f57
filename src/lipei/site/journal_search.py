"""Searching the whole journal: by subject, verb, actor and day, the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from lipei.kit import checks, clock
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused

PAGE = 50
LONGEST = 60
AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True)
class Asked:
    """What is looked for; empty fields ask for nothing. `before` is where the page begins."""

    subject: str = ""
    verb: str = ""
    actor: str = ""
    day: str = ""
    before: int = 0

    @property
    def on(self) -> date | None:
        """The day that is asked for; none for no day, or for what is no day."""
        try:
            return checks.day(self.day, field="day") if self.day else None
        except Refused:
            return None


def asked_of(told: Mapping[str, str]) -> Asked:
    """What the address asks for."""
    before = told.get("before", "")
    fits = before.isascii() and before.isdigit() and len(before) < len("1" * 18)
    words = {
        name: told.get(name, "").strip()[:LONGEST] for name in ("subject", "verb", "actor", "day")
    }
    return Asked(**words, before=int(before) if fits else 0)


def entries(asked: Asked) -> list[Entry]:
    """One page of entries and one more, where there are more."""
    found = Entry.objects.order_by("-pk")
    if asked.subject:
        found = found.filter(subject__gte=asked.subject, subject__lte=f"{asked.subject}{AFTER_ALL}")
    if asked.verb:
        found = found.filter(verb=asked.verb)
    if asked.actor:
        found = found.filter(actor=asked.actor)
    if asked.before:
        found = found.filter(pk__lt=asked.before)
    return list(_of_day(found, asked.on)[: PAGE + 1])


def _of_day(found: QuerySet[Entry], day: date | None) -> QuerySet[Entry]:
    if day is None:
        return found
    start = datetime.combine(day, time(), tzinfo=clock.LOCAL)
    return found.filter(recorded_at__gte=start, recorded_at__lt=start + timedelta(days=1))
