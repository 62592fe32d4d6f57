"""What we told a claimant, in the words of the registered texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lipei.ch01_general.models import Message, Party
from lipei.ch01_general.wording import WORDINGS

MOST_SHOWN = 200


@dataclass(frozen=True)
class Look:
    """How a kind of message is marked in the list."""

    icon: str = "bell"


LOOKS: Mapping[str, Look] = {
    "reported": Look(icon="receipt"),
    "estimate": Look(icon="calculator"),
    "one_notice": Look(icon="upload"),
    "registered": Look(icon="briefcase"),
    "survey": Look(icon="tools"),
    "assessed": Look(icon="clipboard-check"),
    "sheet_ready": Look(icon="signature"),
    "nil": Look(icon="info-circle"),
    "paid": Look(icon="cash-banknote"),
    "bounced": Look(icon="alert-circle"),
    "account_differs": Look(icon="alert-circle"),
    "closed": Look(icon="archive"),
}


@dataclass(frozen=True)
class Letter:
    """One message: what it says, about which claim, when; `state` is delivered, failed or sent."""

    pk: int
    words: str
    number: str
    at: datetime
    state: str
    icon: str


def letters(party: Party) -> list[Letter]:
    """A claimant's messages, the newest first; codes are not kept among them."""
    told = Message.objects.filter(party=party).exclude(template="code")
    newest = told.select_related("claim").order_by("-pk")[:MOST_SHOWN]
    return [_letter(one) for one in newest]


def _letter(message: Message) -> Letter:
    state = "delivered" if message.delivered_at else "failed" if message.failed_at else "sent"
    return Letter(
        pk=message.pk,
        words=str(WORDINGS[message.template].words),
        number=message.claim.number if message.claim else "",
        at=message.made_at,
        state=state,
        icon=LOOKS.get(message.template, Look()).icon,
    )
