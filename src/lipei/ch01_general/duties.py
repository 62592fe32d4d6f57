"""1.2 Organisation and duties: posts, certificates, assignment, and codes sent to a phone."""

import hmac
import secrets
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from lipei.ch01_general import events
from lipei.ch01_general.actors import Actor, appointments_on, holding
from lipei.ch01_general.company import MANAGE, department_of
from lipei.ch01_general.models import (
    Absence,
    Appointment,
    Branch,
    Certificate,
    Claim,
    OneTimeCode,
    Party,
    Staff,
)
from lipei.ch01_general.process import open_case
from lipei.kit import clock, jobs, sealed
from lipei.kit.journal import record
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused
from lipei.manual import posts

NEEDED_CERTIFICATE = {"LA": "CDA", "SP": "claims_licence", "KC": "claims_licence"}
"""The certificate without which a post gets no work (1.2-k; A-12, A-13)."""
CODE_LIFE = timedelta(minutes=5)
CODES_AN_HOUR = 6
CODE_TRIES = 5
CODE_KEPT = timedelta(days=1)
CALLER_TRIES, TRIES_WITHIN = 5, timedelta(days=1)

# Commands


def assign_claim(number: str, *, to: str, by: str) -> None:
    """Give a claim to an officer, who must hold the certificate of the post (1.2-k)."""
    with open_case(number, by=by, duty="claims.assign") as case:
        officer = Staff.objects.filter(username=to, is_active=True).first()
        if officer is None or not qualified(officer, post="SP", on=clock.today()):
            raise Refused("assignee_not_qualified")
        case.claim.officer = officer
        case.claim.tasks.filter(done_at=None, assignee=None).update(assignee=officer)
        case.record(events.CLAIM_ASSIGNED, clause="1.2-k", to=officer.reference)


def add_staff(
    *, username: str, name: str, number: str, password: str, branch: Branch,
    held: list[tuple[str, int, str]], by: str, phone: str = "",
) -> Staff:  # fmt: skip
    """Add a person with posts (code, level, department); posts that clash are refused (0.4).

    The departments of the branch must be there; only the house itself lays them out as it goes.
    Without a password nobody comes in before an invitation is used.
    """
    known = posts().by_code
    if not all(code in known and known[code].side == "staff" for code, _, _ in held):
        raise Refused("choice_unknown", field="post")
    clash = posts().clash(code for code, _, _ in held)
    if clash:
        raise Refused("posts_clash", first=clash[0], second=clash[1])
    with transaction.atomic():
        acting = holding(by, MANAGE, branch_path=branch.path)
        ask_free(username=username, number=number)
        for department in {department for _, _, department in held}:
            department_of(branch, department, lay_out=acting.is_system)
        staff = Staff(username=username, name=name, number=number, branch=branch, phone=phone)
        staff.set_password(password or None)
        staff.save()
        Appointment.objects.bulk_create(
            Appointment(staff=staff, post=code, level=level, department=department,
                        branch=branch, since=clock.today())
            for code, level, department in held
        )  # fmt: skip
        record(staff.reference, events.STAFF_ADDED, by=by, clause="1.2-k",
               posts=[code for code, _, _ in held])  # fmt: skip
    return staff


def send_code(phone: str, *, purpose: str) -> str:
    """Send a one-time code to a phone; returns it for the demonstration's screen only.

    Six an hour for one phone; a code lives five minutes and bears five tries.
    """
    at = clock.now()
    with transaction.atomic():
        recent = OneTimeCode.objects.filter(phone=phone, made_at__gt=at - timedelta(hours=1))
        if recent.count() >= CODES_AN_HOUR:
            raise Refused("too_many_codes")
        code = f"{secrets.randbelow(10**6):06d}"
        made = OneTimeCode.objects.create(
            phone=phone, purpose=purpose, digest=sealed.digest(f"{phone}:{purpose}:{code}"),
            made_at=at, expires_at=at + CODE_LIFE,
        )  # fmt: skip
        jobs.queue("lipei.send_code", code_id=made.pk, phone=phone,
                   sealed_code=sealed.seal(code))  # fmt: skip
    return code if settings.LIPEI_DEMO else ""


def use_code(phone: str, *, purpose: str, code: str) -> None:
    """Use a one-time code up. Refuses a wrong, old, spent or too often tried one.

    One that was made in the future is refused as an old one: the machine's clock went back, and
    would give it a second life.

    A wrong try is counted in a transaction of its own, so that a refusal cannot undo it.
    """
    with transaction.atomic():
        newest = OneTimeCode.objects.select_for_update().filter(
            phone=phone, purpose=purpose, used_at=None, expires_at__gt=clock.now(),
            made_at__lte=clock.now() + clock.SLACK,
        ).order_by("-pk").first()  # fmt: skip
        if newest is None or newest.tries >= CODE_TRIES:
            raise Refused("code_expired", field="code")
        right = hmac.compare_digest(newest.digest, sealed.digest(f"{phone}:{purpose}:{code}"))
        if right:
            newest.used_at = clock.now()
        else:
            newest.tries += 1
        newest.save(update_fields=["used_at", "tries"])
    if not right:
        raise Refused("code_wrong", field="code")


def forget_old_codes() -> int:
    """Forget the codes of yesterday and before; how many."""
    return OneTimeCode.objects.filter(expires_at__lt=clock.now() - CODE_KEPT).delete()[0]


def sign_in_party(phone: str, *, code: str) -> Party:
    """Sign a claimant in by phone and code; a phone that is new to us becomes a party.

    The phone is theirs from then on. Whom others wrote down under it (a caller, a third party)
    they are not yet: that wants a proof beside the phone (`know_caller`).
    """
    use_code(phone, purpose="sign_in", code=code)
    with transaction.atomic():
        party = _comes_in_by(phone)
        record(f"party/{party.pk}", events.PARTY_SIGNED_IN, by=f"party/{party.pk}",
               clause="1.1-f")  # fmt: skip
    return party


def identify_party(party_id: int, *, policy_id: int, name: str, id_number: str, by: str) -> None:
    """Somebody proved to be a person of a policy by that person's name and identity number.

    Their own row then carries both, so that they are known as the insured and sign under their
    name. Whoever is identified already stays who they are; without the proof nothing changes.
    """
    with transaction.atomic():
        party = Party.objects.select_for_update().get(pk=party_id)
        told = {"id_digest": sealed.digest(id_number), "name": name.strip()}
        on_policy = Q(policies=policy_id) | Q(policies_held=policy_id)
        proved = Party.objects.filter(on_policy, **told).first()
        if party.id_digest or proved is None:
            return
        for field in ("kind", "name", "id_type", "id_sealed", "id_digest", "id_tail"):
            setattr(party, field, getattr(proved, field))
        party.identified_at = clock.now()
        party.save()
        record(f"party/{party_id}", events.PARTY_IDENTIFIED, by=by, clause="2.3-d",
               policy=policy_id)  # fmt: skip


def know_caller(party_id: int, *, name: str, by: str) -> list[str]:
    """Somebody who proved a phone names the caller under whom a report from it was keyed.

    Then those claims are theirs; the numbers. Another name gives nothing and is counted: a
    phone that was mistyped must not open the claim of somebody else. Five tries a day.
    """
    with transaction.atomic():
        party = Party.objects.select_for_update().get(pk=party_id)
        _ask_tries_left(party)
        mine = reports_under(party).filter(reporter__name=name.strip())
        claims = list(mine.select_for_update(of=("self",)).order_by("pk"))
        numbers = [claim.number for claim in claims]
        for claim in claims:
            claim.reporter = party
            claim.save(update_fields=["reporter"])
        if claims and not party.name:
            party.name = name.strip()
            party.save(update_fields=["name"])
        record(f"party/{party_id}", events.CALLER_KNOWN if claims else events.CALLER_UNKNOWN,
               by=by, clause="1.4-f", claims=numbers)  # fmt: skip
    if not claims:
        raise Refused("caller_unknown", field="caller")
    return numbers


def sign_in_staff(username: str, *, enrolled: bool = False) -> None:
    """Somebody of the house came in with both factors; `enrolled` when the second was new."""
    reference = Staff.objects.get(username=username).reference
    with transaction.atomic():
        record(reference, events.STAFF_SIGNED_IN, by=reference, clause="6.1-a",
               enrolled=enrolled)  # fmt: skip


def note_export(*, by: str, view: str, searched: bool, filters: list[str]) -> None:
    """Somebody takes a list of claims out of the house as a file (1.4-f, 6.1-d)."""
    with transaction.atomic():
        record(by, events.LIST_EXPORTED, by=by, clause="6.1-d", view=view, searched=searched,
               filters=filters)  # fmt: skip


def read_private(
    subject: Party, *, field: str, reason: str, by: str, claim: Claim | None = None
) -> str:
    """Show a masked field in full; the reading and its reason are recorded (1.4-f)."""
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    with transaction.atomic():
        record(f"party/{subject.pk}", events.PRIVATE_FIELD_READ, by=by, clause="1.4-f",
               field=field, claim=claim.number if claim else None)  # fmt: skip
    if field == "id_number":
        return sealed.unseal(subject.id_sealed)
    assert field in {"phone", "name"}, field
    return subject.reached_at if field == "phone" else subject.name


# Queries


def reports_under(party: Party) -> QuerySet[Claim]:
    """The claims that were keyed for a caller under the phone by which this party comes in.

    Not yet theirs: the phone may have been mistyped.
    """
    if not party.signs_in_by:
        return Claim.objects.none()
    return Claim.objects.filter(
        reporter__phone=party.signs_in_by, reporter__signs_in_by=None, reporter__id_digest=""
    )


def ask_free(*, username: str, number: str) -> None:
    """Refuse a name or a number under which somebody of the house is known already, or was."""
    if Staff.objects.filter(username=username).exists():
        raise Refused("username_taken", field="username")
    if Staff.objects.filter(number=number).exists():
        raise Refused("staff_number_taken", field="number")


def qualified(staff: Staff, *, post: str, on: date) -> bool:
    """Whether somebody holds a post and the certificate that it needs, valid on the day.

    A certificate that ends today is still valid today.
    """
    if not appointments_on(on).filter(staff=staff, post=post).exists():
        return False
    kind = NEEDED_CERTIFICATE.get(post)
    valid = Certificate.objects.filter(staff=staff, kind=kind, valid_from__lte=on, valid_to__gte=on)
    return kind is None or valid.exists()


def at_work(day: date) -> QuerySet[Appointment]:
    """The posts held on a day by people who are on duty and not away."""
    away = Absence.objects.filter(from_on__lte=day, to_on__gte=day, called_off_at=None)
    held = appointments_on(day).filter(staff__on_duty=True)
    return held.exclude(staff__in=away.values("staff_id"))


def staff_for(post: str, *, branch_path: str) -> list[Staff]:
    """Who holds a post over a branch, is on duty and qualified today; least open claims first."""
    held = at_work(clock.today()).filter(post=post)
    fitting = [a.staff_id for a in held if branch_path.startswith(a.branch.path)]
    people = Staff.objects.filter(pk__in=fitting).order_by("number")
    return [s for s in people if qualified(s, post=post, on=clock.today())]


def officers_for(acting: Actor) -> list[Staff]:
    """Who may be given claims by this person: the qualified officers of their branches."""
    found = {s.pk: s for path in acting.paths("claims.assign")
             for s in officers_below(path)}  # fmt: skip
    return sorted(found.values(), key=lambda person: person.number)


def officers_below(path: str) -> list[Staff]:
    """The officers over a branch or below it who are on duty and qualified today."""
    held = at_work(clock.today()).filter(post="SP", branch__path__startswith=path)
    people = Staff.objects.filter(pk__in=held.values("staff_id"))
    return [s for s in people if qualified(s, post="SP", on=clock.today())]


# The parts of the commands


def _comes_in_by(phone: str) -> Party:
    """The party who proved this phone: before, or now for the first time.

    For the first time it is the one person of our policies whose phone it is; where it is
    nobody's there, or several persons', a new party that knows nothing of the others.
    """
    known = Party.objects.filter(signs_in_by=phone).first()
    if known is not None:
        return known
    unproved = Party.objects.filter(phone=phone, signs_in_by=None).exclude(id_digest="")
    insured = list(unproved.select_for_update().order_by("pk"))
    if len({one.id_digest for one in insured}) == 1:
        insured[0].signs_in_by = phone
        insured[0].save(update_fields=["signs_in_by"])
        return insured[0]
    made, _ = Party.objects.get_or_create(signs_in_by=phone, defaults={"phone": phone})
    return made


def _ask_tries_left(party: Party) -> None:
    since = clock.now() - TRIES_WITHIN
    tried = Entry.objects.filter(
        subject=f"party/{party.pk}", verb=events.CALLER_UNKNOWN, recorded_at__gt=since
    )
    if tried.count() >= CALLER_TRIES:
        raise Refused("caller_tries_spent", field="caller")
