"""One-time codes on a page: sent, how long until the next, and shown in the demonstration."""

from dataclasses import dataclass

from django.http import HttpRequest

from lipei.ch01_general.duties import send_code
from lipei.kit import clock, sealed

WAIT_SECONDS = 60


@dataclass(frozen=True)
class Sent:
    """A code that was sent: to which phone (masked), how many seconds until another may be
    asked for; `shown` is the code itself, in the demonstration only."""

    to: str
    wait: int
    shown: str


def send(request: HttpRequest, phone: str, *, purpose: str) -> None:
    """Send a code for a purpose and remember in the session that and when."""
    shown = send_code(phone, purpose=purpose)
    at = int(clock.now().timestamp())
    request.session[_key(purpose)] = {"phone": phone, "at": at, "shown": shown}


def sent(request: HttpRequest, *, purpose: str) -> Sent | None:
    """What was sent for a purpose in this session, if anything."""
    held = request.session.get(_key(purpose))
    if not held:
        return None
    passed = int(clock.now().timestamp()) - int(held["at"])
    wait = max(0, WAIT_SECONDS - passed)
    return Sent(to=sealed.masked(held["phone"]), wait=wait, shown=held["shown"])


def phone_of(request: HttpRequest, *, purpose: str) -> str:
    """The phone to which the session's code for a purpose went; empty if none did."""
    return str((request.session.get(_key(purpose)) or {}).get("phone", ""))


def forget(request: HttpRequest, *, purpose: str) -> None:
    """The code was used: nothing of it stays in the session."""
    request.session.pop(_key(purpose), None)


def _key(purpose: str) -> str:
    return f"code:{purpose}"
