"""One person's page: what they hold, held and will hold, and what is open in their hands."""

from collections.abc import Mapping
from datetime import date

from django_otp.plugins.otp_totp.models import TOTPDevice

from lipei.ch01_general.leaving import open_work
from lipei.ch01_general.models import Appointment, Certificate, Staff
from lipei.ch06_systems.invitations import last_invitation
from lipei.ch06_systems.security import EVIDENCE, last_reset
from lipei.kit import clock
from lipei.kit.models import Entry
from lipei.manual import clause
from lipei.site.desk.story import audit_lines, people_of
from lipei.site.people.listing import faces
from lipei.site.people.words import certificate_title, post_title

MOST_ENTRIES = 30


def shown(person: Staff) -> Mapping[str, object]:
    """What the page tells of somebody."""
    today = clock.today()
    newest = Entry.objects.filter(subject=person.reference).order_by("-number")
    entries = list(newest[:MOST_ENTRIES])[::-1]
    reset = last_reset(person)
    return {
        "person": person, "face": faces([_with_away(person, today)])[0],
        "posts": [_post(one, today) for one in person.appointments.select_related("branch")
                  .order_by("-since", "-pk")],
        "certificates": [_certificate(one, today) for one in person.certificates
                         .order_by("-valid_to")],
        "absences": person.absences.filter(called_off_at=None, to_on__gte=today)
        .select_related("deputy").order_by("from_on"),
        "work": open_work(person), "invitation": last_invitation(person), "reset": reset,
        "reset_evidence": EVIDENCE.get(reset.evidence, "") if reset else "",
        "factor": TOTPDevice.objects.filter(user=person, confirmed=True).exists(),
        "lines": audit_lines(entries, people_of(entries)),
    }  # fmt: skip


def _with_away(person: Staff, today: date) -> Staff:
    away = person.absences.filter(called_off_at=None, from_on__lte=today, to_on__gte=today)
    person.is_away = away.exists()  # type: ignore[attr-defined]  # as the list annotates it
    return person


def _post(one: Appointment, today: date) -> dict[str, object]:
    since, until = one.since, one.until
    runs = since <= today and (until is None or until >= today)
    return {"row": one, "title": post_title(one.post), "runs": runs,
            "ahead": since > today and (until is None or until >= since)}  # fmt: skip


def _certificate(one: Certificate, today: date) -> dict[str, object]:
    days = (one.valid_to - today).days
    soon = days <= clause("1.2-k").limit("expiring").value
    level = "bad" if days < 0 else "warn" if soon else "ok"
    return {"row": one, "title": certificate_title(one.kind),
            "level": level, "valid": days >= 0}  # fmt: skip
