"""Passwords: what is strong enough (6.1-b), for whoever sets one by whatever door."""

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lipei.ch01_general.models import Staff
from lipei.kit.refusal import Refused
from lipei.manual import clause

LONGEST = 200
GENERATED_BYTES = 15


def ask_strong(password: str, *, of: Staff, field: str = "password") -> None:
    """Refuse a password that is short, common, or the person's own name."""
    if len(password) > LONGEST:
        raise Refused("text_too_long", field=field, limit=LONGEST)
    if not _strong(password, of):
        least = clause("6.1-b").limit("length").value
        raise Refused("password_weak", field=field, least=least)


def generated() -> str:
    """A password that nobody would think of, for whoever lets the machine choose."""
    return secrets.token_urlsafe(GENERATED_BYTES)


def _strong(password: str, of: Staff) -> bool:
    try:
        validate_password(password, user=of)
    except ValidationError:
        return False
    return of.username not in password.lower()
