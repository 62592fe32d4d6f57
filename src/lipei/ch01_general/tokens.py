"""API tokens: given to one person for named uses and a time, kept only as a digest."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.db import connection, transaction

from lipei.ch01_general import events
from lipei.ch01_general.models import Party, Staff, Token
from lipei.kit import clock
from lipei.kit.journal import record
from lipei.kit.refusal import Refused

SCOPES = {
    "claims.read": "查看案件",
    "claims.report": "报案与上传",
    "claims.work": "办理案件",
    "payments.work": "办理支付",
    "own.confirm": "本人确认",
    "people.manage": "管理机构和人员",
}
PARTY_SCOPES = ("claims.read", "claims.report", "own.confirm")
PARTY_LIFE = timedelta(hours=12)
LONGEST_LIFE = timedelta(days=366)
PREFIX = "lipei_"

# Commands


def issue_token(person: Staff | Party, *, scopes: list[str], life: timedelta, by: str) -> str:
    """Give a token for some uses and a time; its text is told once and kept nowhere.

    Refuses a use that is not known, or a life of more than a year.
    """
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Refused("choice_unknown", field="scopes")
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise Refused("choice_unknown", field="life")
    text = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        made = Token.objects.create(
            digest=digest(text),
            staff=person if isinstance(person, Staff) else None,
            party=None if isinstance(person, Staff) else person,
            scopes=sorted(set(scopes)),
            expires_at=clock.now() + life,
        )
        record(owner(made), events.ACCESS_GIVEN, by=by, clause="6.1-a",
               token=made.pk, scopes=made.scopes)  # fmt: skip
    return text


def revoke_token(token: int, *, by: str) -> None:
    """End a token before its time; a second call changes nothing."""
    with transaction.atomic():
        held = Token.objects.select_for_update().filter(pk=token).first()
        if held is None or held.revoked_at:
            return
        held.revoked_at = clock.now()
        held.save(update_fields=["revoked_at"])
        record(owner(held), events.ACCESS_ENDED, by=by, clause="6.1-a", token=held.pk)


def end_tokens(person: Staff) -> int:
    """End every token of somebody, as a part of a command that tells of it; how many."""
    alive = Token.objects.filter(staff=person, revoked_at=None, expires_at__gt=clock.now())
    return alive.update(revoked_at=clock.now())


# Queries


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token speaks for, and what it may be used for."""

    reference: str
    staff_id: int | None
    party_id: int | None
    scopes: frozenset[str]


_BEARER = """
SELECT s.username, t.staff_id, t.party_id, t.scopes
FROM general_token t LEFT JOIN general_staff s ON s.id = t.staff_id
WHERE t.digest = %s AND t.revoked_at IS NULL AND t.expires_at > %s
AND (t.party_id IS NOT NULL OR s.is_active)
"""


def bearer_of(text: str) -> Bearer | None:
    """Whom a token's text speaks for, if it may be used now; one statement, on every request."""
    with connection.cursor() as cursor:
        cursor.execute(_BEARER, [digest(text), clock.now()])
        row = cursor.fetchone()
    if row is None:
        return None
    username, staff_id, party_id, scopes = row
    reference = f"staff/{username}" if staff_id else f"party/{party_id}"
    return Bearer(reference, staff_id, party_id, frozenset(scopes))


def owner(token: Token) -> str:
    """The reference of the person to whom a token belongs."""
    if token.party_id:
        return f"party/{token.party_id}"
    username = getattr(token, "username", "") or (token.staff and token.staff.username)
    return f"staff/{username}"


def digest(text: str) -> str:
    """The digest under which a token is kept; a long random text needs no salt."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
