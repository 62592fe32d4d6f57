"""What is told to people of the house: by the same gateway as claimants, to their own mobile."""

import json
from datetime import timedelta

from django.db import transaction
from procrastinate.contrib.django import app

from lipei.ch01_general.models import Staff
from lipei.ch01_general.wording import WORDINGS
from lipei.kit import clock, identity, jobs, messages, sealed
from lipei.kit.outside import Declined, Outage

TURNS = 6


def tell_staff(person: Staff, node: str, *, wording: str, **variables: str) -> bool:
    """Queue a text to somebody's mobile, in the command's own transaction; whether there is one.

    What goes into its blanks waits sealed: it may hold a link that opens an account.
    """
    if not identity.is_mobile(person.phone):
        return False
    blanks = {"name": person.name, **variables}
    jobs.queue("lipei.tell_staff", node=node, phone=person.phone, wording=wording,
               sealed_blanks=sealed.seal(json.dumps(blanks)))  # fmt: skip
    return True


@app.task(name="lipei.tell_staff", queue=jobs.OUTSIDE, retry=jobs.STUBBORN)
def send_to_staff(
    node: str, *, phone: str, wording: str, sealed_blanks: str, turn: int = 1
) -> None:
    """Send it; while the gateway is out of reach again, with growing pauses."""
    text = messages.Message(
        message_id=f"staff-{node}", to=phone, template=WORDINGS[wording].number,
        variables=json.loads(sealed.unseal(sealed_blanks)),
    )  # fmt: skip
    try:
        messages.MessagePort().send(text)
    except Declined:
        return
    except Outage:
        if turn < TURNS:
            with transaction.atomic():
                jobs.queue("lipei.tell_staff", node=node, phone=phone, wording=wording,
                           sealed_blanks=sealed_blanks, turn=turn + 1,
                           at=clock.now() + timedelta(seconds=5 * 2**turn))  # fmt: skip
