"""The message gateway as the department sees it: send a registered template, ask what became.

The gateway sends only templates that were registered with it under a number; words that are not
registered cannot go out. ``outside.Outage``: unsettled, send again under the same message id.
``outside.Declined``: the gateway will never take this (wrong number, template or blanks).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from lipei.kit import outside
from lipei.kit.callbacks import Callback
from lipei.kit.outside import Declined, Reply

NAME = "messages"


class MessageStage(StrEnum):
    """Where a message stands at the gateway."""

    ACCEPTED = "ACCEPTED"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A text to a phone: the template's number, and what goes into each of its blanks."""

    message_id: str
    to: str
    template: str
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceipt:
    """What the gateway says of a message; a reason only when it failed."""

    message_id: str
    stage: MessageStage
    accepted_at: datetime
    settled_at: datetime | None
    reason: str | None


class MessagePort:
    """The gateway, spoken to. Its address comes from the settings."""

    def send(self, message: Message) -> MessageReceipt:
        """Send a message; sending it again changes nothing and returns its present state."""
        body = {
            "message_id": message.message_id,
            "to": message.to,
            "template": message.template,
            "variables": dict(message.variables),
        }
        reply = outside.party(NAME).ask("POST", path="", body=body, repeatable=True)
        reply.expect("message_id", value=message.message_id)
        return _receipt(reply)

    def status(self, message_id: str) -> MessageReceipt | None:
        """What became of a message; None if the gateway never took it."""
        try:
            reply = outside.party(NAME).ask(
                "GET", path=f"/{quote(message_id, safe='')}", repeatable=True
            )
        except Declined as no:
            if no.status == outside.NOT_FOUND:
                return None
            raise
        reply.expect("message_id", value=message_id)
        return _receipt(reply)


def message_told(callback: Callback) -> MessageReceipt:
    """The message that a callback of the gateway tells of. Outage if not understood."""
    return _receipt(callback.subject)


def _receipt(reply: Reply) -> MessageReceipt:
    return MessageReceipt(
        message_id=reply.text("message_id"),
        stage=MessageStage(reply.one_of("state", allowed=MessageStage)),
        accepted_at=reply.at("accepted_at"),
        settled_at=reply.at_or_none("settled_at"),
        reason=reply.text_or_none("reason"),
    )
