"""1.2 The people of the house: their posts, certificates, branch and days away.

Whoever changes what a person may do is somebody else, and it stands in that person's chain.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from lipei.ch01_general import events
from lipei.ch01_general.actors import Actor, appointments_on, holding
from lipei.ch01_general.company import MANAGE, branches_seen, department_of, open_branch
from lipei.ch01_general.models import Appointment, Branch, Certificate, Staff
from lipei.kit import clock
from lipei.kit.journal import record
from lipei.kit.refusal import Refused
from lipei.manual import posts

ADMINISTRATOR = "IT"
"""The post that lets others in."""
HIGHEST_LEVEL = 5
CERTIFICATES = ("CDA", "claims_licence", "insurance_basics")
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post as it is given: which, at what level, where, from when to when."""

    code: str
    department: str
    branch: str
    level: int = 0
    since: date | None = None
    until: date | None = None


# Commands


def give_post(username: str, *, post: Post, by: str) -> Appointment:
    """Give somebody a post from a day on; posts that clash on any day are refused (0.4)."""
    with transaction.atomic():
        acting = holding(by, MANAGE)
        person = person_for(username, acting=acting)
        place = open_branch(post.branch, acting=acting)
        department_of(place, post.department, lay_out=acting.is_system)
        since = post.since or clock.today()
        _ask_fits(person, post, place, since)
        made, _ = Appointment.objects.update_or_create(
            staff=person, post=post.code, branch=place, since=since,
            defaults={"level": post.level, "department": post.department, "until": post.until},
        )  # fmt: skip
        record(person.reference, events.POST_GIVEN, by=by, clause="1.2-k", post=post.code,
               level=post.level, branch=place.code, since=since.isoformat(),
               until=post.until.isoformat() if post.until else None)  # fmt: skip
    return made


def end_post(username: str, *, appointment: int, by: str, on: date | None = None) -> None:
    """End a post at once, or with a day that is its last. The last administrator keeps theirs."""
    with transaction.atomic():
        acting = holding(by, MANAGE)
        person = person_for(username, acting=acting)
        held = person.appointments.filter(pk=appointment).first()
        if held is None or (held.until and held.until < clock.today()):
            raise Refused("post_not_found")
        if on is not None and on < clock.today():
            raise Refused("post_dated_back", field="on")
        if on is not None and held.until is not None and on > held.until:
            raise Refused("days_out_of_order", field="on")
        if held.post == ADMINISTRATOR:
            ask_administrator_stays(person)
        held.until = on or clock.today() - DAY
        held.save(update_fields=["until"])
        record(person.reference, events.POST_ENDED, by=by, clause="1.2-k", post=held.post,
               until=held.until.isoformat())  # fmt: skip


def correct_person(username: str, *, name: str, phone: str, by: str) -> None:
    """Put somebody's name or telephone right; the username and number stay."""
    with transaction.atomic():
        person = person_for(username, acting=holding(by, MANAGE), own=True)
        person.name, person.phone = name, phone
        person.save(update_fields=["name", "phone"])
        record(person.reference, events.STAFF_CORRECTED, by=by, clause="1.2-k")


def file_certificate(
    username: str, *, kind: str, number: str, issuer: str, valid_from: date, valid_to: date,
    by: str,
) -> Certificate:  # fmt: skip
    """File a certificate with its days; a number that another holds is refused (1.2-k)."""
    with transaction.atomic():
        person = person_for(username, acting=holding(by, MANAGE))
        if kind not in CERTIFICATES:
            raise Refused("choice_unknown", field="kind")
        if valid_to < valid_from:
            raise Refused("days_out_of_order", field="valid_to")
        if Certificate.objects.filter(kind=kind, number=number).exists():
            raise Refused("certificate_number_taken", field="number")
        made = Certificate.objects.create(
            staff=person, kind=kind, number=number, issuer=issuer, valid_from=valid_from,
            valid_to=valid_to,
        )  # fmt: skip
        record(person.reference, events.CERTIFICATE_FILED, by=by, clause="1.2-k", kind=kind,
               certificate=made.pk, valid_to=valid_to.isoformat())  # fmt: skip
    return made


def withdraw_certificate(username: str, *, certificate: int, by: str) -> None:
    """A certificate counts no longer: it was withdrawn, or filed wrongly."""
    with transaction.atomic():
        person = person_for(username, acting=holding(by, MANAGE))
        held = person.certificates.filter(pk=certificate, valid_to__gte=clock.today()).first()
        if held is None:
            raise Refused("certificate_not_found")
        held.valid_to = clock.today() - DAY
        held.save(update_fields=["valid_to"])
        record(person.reference, events.CERTIFICATE_WITHDRAWN, by=by, clause="1.2-k",
               kind=held.kind, certificate=held.pk)  # fmt: skip


# Queries


def person_for(username: str, *, acting: Actor, own: bool = False) -> Staff:
    """Somebody for a change, locked; unknown, gone and not yours get the same refusal.

    Nobody changes what they themselves may do, nor somebody with a post above their own
    branches; `own` is for what is no right.
    """
    found = Staff.objects.select_for_update(of=("self",)).select_related("branch")
    person = found.filter(username=username, is_active=True).first()
    if person is None or not acting.may(MANAGE, person.branch.path):
        raise Refused("person_not_found")
    if person.reference == acting.reference and not own:
        raise Refused("not_for_oneself")
    held = posts_between(person, clock.today(), None).select_related("branch")
    if not own and not all(acting.may(MANAGE, one.branch.path) for one in held):
        raise Refused("person_not_found")
    return person


def people_seen(acting: Actor) -> QuerySet[Staff]:
    """Whom this actor may see: the people of their branches, those who left too."""
    return Staff.objects.filter(branch__in=branches_seen(acting)).select_related("branch")


def found(rows: QuerySet[Staff], *, q: str) -> QuerySet[Staff]:
    """Those whose name, username, number or telephone holds the words."""
    for word in q.split():
        named = Q(name__icontains=word) | Q(username__icontains=word)
        rows = rows.filter(named | Q(number__icontains=word) | Q(phone__icontains=word))
    return rows


def person_seen(username: str, *, acting: Actor) -> Staff:
    """Somebody by their name; unknown and not yours get the same refusal."""
    found = people_seen(acting).filter(username=username).first()
    if found is None:
        raise Refused("person_not_found")
    return found


def administrators() -> QuerySet[Staff]:
    """Who may let others in today."""
    held = appointments_on(clock.today()).filter(post=ADMINISTRATOR)
    return Staff.objects.filter(pk__in=held.values("staff_id"))


def ask_administrator_stays(person: Staff) -> None:
    """Refuse where nobody else would be left who lets others in, today and without an end.

    The posts are locked: of two administrators who end each other's at once, one is refused.
    """
    lasting = Appointment.objects.select_for_update(of=("self",)).filter(
        post=ADMINISTRATOR, staff__is_active=True, since__lte=clock.today(), until=None
    )
    held = {one.staff_id for one in lasting.order_by("pk")}
    if person.pk in held and held == {person.pk}:
        raise Refused("last_administrator")


def posts_between(person: Staff, first: date, last: date | None) -> QuerySet[Appointment]:
    """The posts that somebody holds on any day of a span."""
    running = person.appointments.filter(Q(until=None) | Q(until__gte=first))
    return running.filter(since__lte=last) if last else running


# The parts of the commands


def _ask_fits(person: Staff, post: Post, place: Branch, since: date) -> None:
    if post.code not in posts().by_code or posts().by_code[post.code].side != "staff":
        raise Refused("choice_unknown", field="post")
    if not 0 <= post.level <= HIGHEST_LEVEL:
        raise Refused("choice_unknown", field="level")
    if since < clock.today():
        raise Refused("post_dated_back", field="since")
    if post.until and post.until < since:
        raise Refused("days_out_of_order", field="until")
    beside = posts_between(person, since, post.until)
    if beside.filter(post=post.code, branch=place).exists():
        raise Refused("post_held_already", field="post")
    clash = posts().clash([post.code, *beside.values_list("post", flat=True)])
    if clash:
        raise Refused("posts_clash", first=clash[0], second=clash[1])
