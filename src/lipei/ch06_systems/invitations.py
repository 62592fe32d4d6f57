"""Invitations (6.2): a link that works once, by which somebody sets a password of their own.

Nobody knows another's password: who is added has none until the link is used.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from lipei.ch01_general.actors import actor, holding
from lipei.ch01_general.company import MANAGE, branch_for
from lipei.ch01_general.duties import add_staff
from lipei.ch01_general.models import Staff
from lipei.ch01_general.people import Post, person_for
from lipei.ch01_general.tokens import digest
from lipei.ch06_systems import events
from lipei.ch06_systems.models import Invitation
from lipei.ch06_systems.passwords import ask_strong
from lipei.ch06_systems.telling import tell_staff
from lipei.kit import clock
from lipei.kit.journal import record
from lipei.kit.refusal import Refused

LIFE = timedelta(hours=72)
HOURS = int(LIFE.total_seconds()) // 3600


@dataclass(frozen=True)
class Link:
    """An invitation as it is told, once: where it leads, until when, whether it was sent."""

    address: str
    expires_at: datetime
    sent: bool


# Commands


def admit(username: str, *, name: str, number: str, post: Post, by: str, phone: str = "") -> Staff:
    """Add a colleague to a branch with a first post; they come in by an invitation."""
    branch = branch_for(post.branch, acting=actor(by))
    return add_staff(
        username=username, name=name, number=number, phone=phone, password="", branch=branch,
        held=[(post.code, post.level, post.department)], by=by,
    )  # fmt: skip


def invite(username: str, *, by: str) -> Link:
    """Give somebody a link for a first or another password; the links before it die.

    Their authenticator stays: whoever finds the link alone does not come in by it.
    """
    text = secrets.token_urlsafe(32)
    with transaction.atomic():
        person = person_for(username, acting=holding(by, MANAGE))
        person.invitations.filter(used_at=None, voided_at=None).update(voided_at=clock.now())
        made = Invitation.objects.create(
            staff=person, digest=digest(text), made_by=by, expires_at=clock.now() + LIFE
        )
        address = f"{settings.LIPEI_PUBLIC_URL}/join/{text}/"
        sent = tell_staff(
            person, f"invitation-{made.pk}", wording="invited", link=address, hours=str(HOURS)
        )
        record(person.reference, events.INVITED, by=by, clause="6.1-a", invitation=made.pk,
               sent=sent)  # fmt: skip
    return Link(address, made.expires_at, sent)


def use_invitation(text: str, *, password: str) -> Staff:
    """Set a password of one's own by a link, which then is dead; sessions of the old one end."""
    with transaction.atomic():
        held = Invitation.objects.select_for_update(of=("self",)).filter(
            digest=digest(text)
        ).select_related("staff").first()  # fmt: skip
        if held is None or not is_alive(held):
            raise Refused("invitation_dead")
        ask_strong(password, of=held.staff)
        held.used_at = clock.now()
        held.save(update_fields=["used_at"])
        held.staff.set_password(password)
        held.staff.save(update_fields=["password"])
        TOTPDevice.objects.filter(user=held.staff, confirmed=False).delete()
        record(held.staff.reference, events.INVITATION_USED, by=held.staff.reference,
               clause="6.1-a", invitation=held.pk)  # fmt: skip
    return held.staff


# Queries


def invited_by(text: str) -> Staff:
    """Whom a link invites. A link that is used, too old, replaced or none is refused."""
    held = Invitation.objects.filter(digest=digest(text)).select_related("staff").first()
    if held is None or not is_alive(held):
        raise Refused("invitation_dead")
    return held.staff


def is_alive(held: Invitation) -> bool:
    """Whether a link still opens the door: to somebody of the house, in time, and once."""
    spent = held.used_at or held.voided_at or held.expires_at <= clock.now()
    return not spent and held.staff.is_active


def last_invitation(person: Staff) -> Invitation | None:
    """The newest link that somebody was given, if ever."""
    return person.invitations.order_by("-pk").first()
