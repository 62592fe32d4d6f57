"""Sensitive texts: kept encrypted, found by a keyed digest, shown masked."""

import hmac
from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256

from cryptography.fernet import Fernet
from django.conf import settings


@cache
def _box(key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(key.encode()).digest()))


def seal(text: str) -> str:
    """The text encrypted for the database; empty stays empty."""
    return _box(settings.FIELD_KEY).encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text again. Whoever calls this for a person must record that it was read."""
    return _box(settings.FIELD_KEY).decrypt(sealed.encode()).decode() if sealed else ""


def digest(text: str) -> str:
    """A keyed digest under which an identity or account number can be found, not read."""
    plain = text.strip().upper().encode()
    return hmac.new(settings.FIELD_KEY.encode(), plain, sha256).hexdigest()


def masked(text: str, *, head: int = 3, tail: int = 4) -> str:
    """The text with its middle hidden: 138****6021."""
    if len(text) <= head + tail:
        return "*" * len(text)
    return f"{text[:head]}{'*' * (len(text) - head - tail)}{text[-tail:]}"


def masked_name(name: str) -> str:
    """A name with its given part hidden: 周**."""
    return name[:1] + "*" * (len(name) - 1)
