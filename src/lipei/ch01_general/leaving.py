"""1.2 Who goes elsewhere, is away or leaves the house, and what becomes of their work."""

from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q
from django_otp.plugins.otp_totp.models import TOTPDevice
from procrastinate.contrib.django import app

from lipei.ch01_general import events
from lipei.ch01_general.actors import actor, appointments_on, holding
from lipei.ch01_general.company import MANAGE, department_of, open_branch
from lipei.ch01_general.duties import at_work, qualified
from lipei.ch01_general.models import Absence, Appointment, Claim, Staff, Task
from lipei.ch01_general.people import DAY, ask_administrator_stays, person_for, posts_between
from lipei.ch01_general.process import open_case
from lipei.ch01_general.tokens import end_tokens
from lipei.kit import clock, jobs
from lipei.kit.journal import on, record
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused

OFFICERS = ("SP", "KC")
"""The posts that answer for a claim."""
HAND_OVER = "system/hand_over"

# Commands


def transfer(username: str, *, branch: str, department: str, by: str, to: str = "") -> None:
    """Somebody goes to another branch with their posts; their work there goes to `to`.

    What they had over the former branch ends at once; without a colleague it is unassigned.
    """
    with transaction.atomic():
        acting = holding(by, MANAGE)
        person = person_for(username, acting=acting)
        place = open_branch(branch, acting=acting)
        if place.pk == person.branch_id:
            raise Refused("branch_is_theirs", field="branch")
        ask_administrator_stays(person)
        department_of(place, department)
        deputy = successor(to, of=person)
        source, person.branch = person.branch.code, place
        person.save(update_fields=["branch"])
        held = _end_posts(person)
        for one in sorted(held, key=lambda one: one.level):
            Appointment.objects.update_or_create(
                staff=person, post=one.post, branch=place, since=max(one.since, clock.today()),
                defaults={"level": one.level, "department": department, "until": one.until},
            )  # fmt: skip
        record(person.reference, events.STAFF_TRANSFERRED, by=by, clause="1.2-k",
               source=source, branch=place.code, to=deputy.reference if deputy else "",
               posts=sorted({one.post for one in held}), open=open_work(person))  # fmt: skip


def plan_absence(
    username: str, *, from_on: date, to_on: date, by: str, deputy: str = ""
) -> Absence:
    """Somebody is away on some days, both included: no new work comes to them then.

    With a deputy their open work goes over on the first of them; it does not come back alone.
    """
    with transaction.atomic():
        person = person_for(username, acting=holding(by, MANAGE), own=True)
        if to_on < from_on or to_on < clock.today():
            raise Refused("days_out_of_order", field="to_on")
        open_ones = person.absences.filter(called_off_at=None)
        if open_ones.filter(from_on__lte=to_on, to_on__gte=from_on).exists():
            raise Refused("absence_overlaps", field="from_on")
        made = Absence.objects.create(
            staff=person, deputy=successor(deputy, of=person), from_on=from_on, to_on=to_on
        )
        at = datetime.combine(from_on, time(), clock.LOCAL)
        jobs.queue("lipei.begin_absence", at=max(at, clock.now()), absence=made.pk)
        record(person.reference, events.ABSENCE_PLANNED, by=by, clause="1.2-k",
               absence=made.pk, from_on=from_on.isoformat(), to_on=to_on.isoformat(),
               to=made.deputy.reference if made.deputy else "")  # fmt: skip
    return made


def call_off_absence(username: str, *, absence: int, by: str) -> None:
    """Somebody is not away after all, or back earlier."""
    with transaction.atomic():
        person = person_for(username, acting=holding(by, MANAGE), own=True)
        open_ones = person.absences.filter(pk=absence, called_off_at=None)
        if not open_ones.filter(to_on__gte=clock.today()).update(called_off_at=clock.now()):
            raise Refused("absence_not_found")
        record(person.reference, events.ABSENCE_CALLED_OFF, by=by, clause="1.2-k",
               absence=absence)  # fmt: skip


def begin_absence(absence: int, *, by: str) -> None:
    """The first day of an absence has come; a second call changes nothing."""
    with transaction.atomic():
        held = Absence.objects.select_for_update(of=("self",)).filter(
            pk=absence, called_off_at=None, begun_at=None, staff__is_active=True,
            from_on__lte=clock.today(),
        ).select_related("staff", "deputy").first()  # fmt: skip
        if held is None:
            return
        held.begun_at = clock.now()
        held.save(update_fields=["begun_at"])
        record(held.staff.reference, events.STAFF_AWAY, by=by, clause="1.2-k",
               absence=absence, to=held.deputy.reference if held.deputy else "")  # fmt: skip


def let_go(username: str, *, by: str, to: str = "") -> None:
    """Somebody leaves the house: every right ends at once, sessions and tokens too.

    Their open work goes to a qualified colleague, or is unassigned and listed as such.
    """
    with transaction.atomic():
        person = person_for(username, acting=holding(by, MANAGE))
        ask_administrator_stays(person)
        deputy = successor(to, of=person)
        ended = _end_posts(person)
        TOTPDevice.objects.filter(user=person).delete()
        person.is_active = person.on_duty = False
        person.left_at = clock.now()
        person.set_unusable_password()
        person.save(update_fields=["is_active", "on_duty", "left_at", "password"])
        record(person.reference, events.STAFF_LEFT, by=by, clause="6.1-a",
               posts=sorted(one.post for one in ended), tokens=end_tokens(person),
               to=deputy.reference if deputy else "", open=open_work(person))  # fmt: skip


def hand_over_claim(number: str, *, away: Staff, to: Staff | None, asked_by: str, by: str) -> None:
    """A claim goes from who is away to a colleague who may work it there, else to nobody yet."""
    with open_case(number, by=by, duty="claims.assign") as case:
        path = case.claim.branch_path
        heir = to if to and covers(to, path) else None
        if case.claim.officer_id == away.pk:
            case.claim.officer = heir
        theirs = Task.objects.filter(claim=case.claim, assignee=away, done_at=None)
        for one in theirs:
            one.assignee = to if to and actor(to.reference).may(one.duty, path) else None
            one.save(update_fields=["assignee"])
        case.record(events.CLAIM_HANDED_OVER, clause="1.2-k", source=away.reference,
                    to=heir.reference if heir else "", asked_by=asked_by)  # fmt: skip


# Queries


def open_work(person: Staff) -> dict[str, int]:
    """How much is open in somebody's hands: claims that they answer for, and tasks."""
    return {
        "claims": Claim.objects.filter(officer=person, is_open=True).count(),
        "tasks": Task.objects.filter(assignee=person, done_at=None).count(),
    }


def successor(username: str, *, of: Staff) -> Staff | None:
    """The colleague who takes over: at work, and qualified for a post that both hold."""
    if not username:
        return None
    found = next((one for one in successors(of) if one.username == username), None)
    if found is None:
        raise Refused("successor_not_qualified", field="to")
    return found


def successors(of: Staff) -> list[Staff]:
    """Who may take over somebody's work today, in the order of their numbers."""
    today = clock.today()
    theirs = set(posts_between(of, today, None).values_list("post", flat=True))
    held = at_work(today).filter(post__in=theirs).exclude(staff=of).select_related("staff")
    fitting = {one.staff for one in held if qualified(one.staff, post=one.post, on=today)}
    return sorted(fitting, key=lambda person: person.number)


def covers(person: Staff, branch_path: str) -> bool:
    """Whether somebody may answer for a claim of a branch today."""
    held = appointments_on(clock.today()).filter(staff=person, post__in=OFFICERS)
    over = {one.post for one in held if branch_path.startswith(one.branch.path)}
    return any(qualified(person, post=post, on=clock.today()) for post in over)


# Listeners


@on(events.STAFF_LEFT, events.STAFF_TRANSFERRED, events.STAFF_AWAY)
def hand_over_work(entry: Entry) -> None:
    """Each open claim of who went goes over; of who is away only where somebody takes it."""
    away, to = _named(entry.subject), _named(str(entry.facts.get("to", "")))
    if away is None or (entry.verb == events.STAFF_AWAY and to is None):
        return
    mine = Q(officer=away) | Q(pk__in=Task.objects.filter(assignee=away, done_at=None)
                               .values("claim_id"))  # fmt: skip
    for claim in Claim.objects.filter(mine, is_open=True).order_by("pk"):
        if entry.verb == events.STAFF_TRANSFERRED and covers(away, claim.branch_path):
            continue
        hand_over_claim(
            claim.number, away=away, to=to, asked_by=entry.actor, by=HAND_OVER
        )  # fmt: skip


# Jobs


@app.task(name="lipei.begin_absence", retry=jobs.STUBBORN)
def begin_absence_today(absence: int) -> None:
    """The day has come on which somebody is away."""
    begin_absence(absence, by="system/absence")


# The parts of the commands


def _end_posts(person: Staff) -> list[Appointment]:
    """End every post that somebody holds or was to hold; they were these."""
    held = list(posts_between(person, clock.today(), None))
    yesterday = clock.today() - DAY
    Appointment.objects.filter(pk__in=[one.pk for one in held]).update(until=yesterday)
    return held


def _named(reference: str) -> Staff | None:
    return Staff.objects.filter(username=reference.partition("/")[2]).first()
