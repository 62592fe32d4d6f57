"""What parties tell us unasked: believed only if signed with our secret, and fresh."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from lipei.kit import clock
from lipei.kit.outside import Outage, Reply, parsed

OLDEST = timedelta(minutes=5)
LONGEST_STAMP = 12


class CallbackRejected(Exception):
    """A callback that is forged, changed, too old or no callback at all."""


@dataclass(frozen=True, slots=True)
class Callback:
    """A callback that is proven to come from a party, now; ``event_id`` tells a copy."""

    event_id: str
    event: str
    occurred_at: datetime
    subject: Reply


def read_callback(body: bytes, *, headers: Mapping[str, str], sender: str) -> Callback:
    """The callback in these bytes, if its signature and its time are right.

    CallbackRejected otherwise; the caller answers 401 and does nothing. A copy of an earlier
    callback is right too: callers tell it by ``event_id``.
    """
    stamp = headers.get("X-Callback-Timestamp", "")
    told = headers.get("X-Callback-Signature", "")
    if not hmac.compare_digest(told.encode(), _signature(stamp, body).encode()):
        raise CallbackRejected("signature")
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > LONGEST_STAMP:
        raise CallbackRejected("timestamp")
    if abs(int(clock.now().timestamp()) - int(stamp)) > OLDEST.total_seconds():
        raise CallbackRejected("too old")
    reply = parsed(sender, status=200, raw=body)
    subject = reply.body.get("subject") if reply else None
    if reply is None or not isinstance(subject, dict):
        raise CallbackRejected("not understood")
    try:
        return Callback(
            event_id=reply.text("event_id"),
            event=reply.text("event"),
            occurred_at=reply.at("occurred_at"),
            subject=Reply(sender, reply.status, subject),
        )
    except Outage:
        raise CallbackRejected("not understood") from None


def _signature(stamp: str, body: bytes) -> str:
    secret = str(settings.LIPEI_CALLBACK_SECRET).encode()
    signed = stamp.encode() + b"." + body
    return "v1=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()
