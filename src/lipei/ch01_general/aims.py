"""1.1 Aims and principles: on time, visible at once, told at every key node."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app

from lipei.ch01_general import events
from lipei.ch01_general.models import Claim, Message, Party
from lipei.ch01_general.wording import WORDINGS
from lipei.kit import clock, jobs, messages, sealed
from lipei.kit.journal import record, record_many
from lipei.kit.messages import MessageStage
from lipei.kit.outside import Declined, Outage
from lipei.manual import clause

SWEEP_CHUNK = 5000
TRIES = 12
CODE_TURNS = 20
LONGEST_NUMBER = 18
CHASED_AFTER = timedelta(minutes=30)
GIVEN_UP_AFTER = timedelta(days=3)

# Commands


def tell(
    party: Party | None, node: str, *, wording: str, claim: Claim, **blanks: str
) -> Message | None:
    """Tell a claimant about a key node (1.1-g); once a node, with its own hour to arrive.

    Must be called inside a command: the message exists if and only if the node happened.
    Silent where the party has no telephone; the page shows the node all the same.
    """
    if party is None or not party.reached_at:
        return None
    at = clock.now()
    filled = {
        "claim_no": claim.number,
        "link": f"{settings.LIPEI_PUBLIC_URL}/m/claims/{claim.number}/",
        **blanks,
    }
    message, made = Message.objects.get_or_create(
        claim=claim, node=node, party=party,
        defaults={
            "phone": party.reached_at, "template": wording,
            "variables": {name: filled[name] for name in WORDINGS[wording].blanks},
            "made_at": at, "due_at": clock.due_at(clause("1.1-g"), at),
        },
    )  # fmt: skip
    if made:
        _queue_message(message.pk)
    return message


def note_delivery(message_id: int, *, delivered: bool, at: datetime) -> None:
    """The gateway says whether a message reached the phone; told once, kept once."""
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(of=("self",))
            .select_related("claim")
            .get(pk=message_id)
        )
        if message.delivered_at or (message.failed_at and not delivered):
            return
        if delivered:
            message.delivered_at = at
        else:
            message.failed_at = at
        message.save(update_fields=["delivered_at", "failed_at"])
        verb = events.MESSAGE_DELIVERED if delivered else events.MESSAGE_FAILED
        if message.claim:
            record(message.claim.subject, verb, by="system/gateway", clause="1.1-g",
                   occurred_at=at, message=message.pk, node=message.node)  # fmt: skip


def follow_message(receipt: messages.MessageReceipt) -> None:
    """What the gateway tells of a message unasked, followed as if it had been asked for."""
    kind, _, number = receipt.message_id.partition("-")
    settled = receipt.stage is not MessageStage.ACCEPTED
    if kind != "message" or not number.isascii() or not number.isdigit() or not settled:
        return
    if len(number) < LONGEST_NUMBER and Message.objects.filter(pk=int(number)).exists():
        note_delivery(int(number), delivered=receipt.stage is MessageStage.DELIVERED,
                      at=receipt.settled_at or clock.now())  # fmt: skip


# Jobs


@app.task(name="lipei.send_message", queue=jobs.OUTSIDE, retry=jobs.STUBBORN)
def send_message(message_id: int) -> None:
    """Hand one message to the gateway; when it is down, come back later with the same id."""
    message = Message.objects.get(pk=message_id)
    if message.sent_at:
        return
    try:
        messages.MessagePort().send(
            messages.Message(
                message_id=f"message-{message.pk}", to=message.phone,
                template=WORDINGS[message.template].number, variables=message.variables,
            )
        )  # fmt: skip
    except Outage:
        _send_later(message)
        return
    except Declined:
        note_delivery(message.pk, delivered=False, at=clock.now())
        return
    with transaction.atomic():
        Message.objects.filter(pk=message_id, sent_at=None).update(sent_at=clock.now())
        jobs.queue("lipei.ask_delivery", message_id=message_id, at=_later(seconds=3))


@app.task(name="lipei.ask_delivery", queue=jobs.OUTSIDE, retry=jobs.STUBBORN)
def ask_delivery(message_id: int, *, turn: int = 1) -> None:
    """Ask whether a message has arrived, less and less often, until it has or has not."""
    message = Message.objects.get(pk=message_id)
    if message.delivered_at or message.failed_at:
        return
    try:
        receipt = messages.MessagePort().status(f"message-{message_id}")
    except Outage:
        receipt = None
    if receipt and receipt.stage is not MessageStage.ACCEPTED:
        arrived = receipt.stage is MessageStage.DELIVERED
        note_delivery(message_id, delivered=arrived, at=receipt.settled_at or clock.now())
    elif turn < TRIES:
        with transaction.atomic():
            jobs.queue("lipei.ask_delivery", message_id=message_id, turn=turn + 1,
                       at=_later(seconds=3 * 2**turn))  # fmt: skip


@app.periodic(cron="*/10 * * * *")
@app.task(name="lipei.chase_messages", queueing_lock="chase_messages")
def chase_messages(timestamp: int = 0) -> int:
    """See that somebody sends each message that is still here; how many there are.

    However a job was lost, the claimant is told. A message that has a job gets no second one.
    """
    present = clock.now()
    late = Message.objects.filter(
        sent_at=None,
        failed_at=None,
        made_at__lt=present - CHASED_AFTER,
        made_at__gt=present - GIVEN_UP_AFTER,
    )
    numbers = list(late.values_list("pk", flat=True)[:SWEEP_CHUNK])
    for number in numbers:
        with transaction.atomic():
            _queue_message(number)
    return len(numbers)


def _queue_message(number: int, *, at: datetime | None = None) -> None:
    jobs.queue("lipei.send_message", lock=f"message/{number}", at=at, message_id=number)


def _send_later(message: Message) -> None:
    with transaction.atomic():
        tries = message.tries + 1
        Message.objects.filter(pk=message.pk).update(tries=tries)
        _queue_message(message.pk, at=_later(seconds=min(900, 5 * 2**tries)))


def _later(*, seconds: int) -> datetime:
    return clock.now() + timedelta(seconds=seconds)


_BREACHED = """
UPDATE general_clock k SET breached_at = k.due_at FROM general_claim c WHERE c.id = k.claim_id
AND k.id = ANY(ARRAY(
  SELECT id FROM general_clock WHERE stopped_at IS NULL AND breached_at IS NULL
  AND due_at <= %s ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING c.number, k.clause, k.due_at
"""
_WARNED = """
UPDATE general_clock k SET warned_at = %s FROM general_claim c WHERE c.id = k.claim_id
AND k.id = ANY(ARRAY(
  SELECT id FROM general_clock WHERE stopped_at IS NULL AND warned_at IS NULL
  AND warn_at <= %s ORDER BY warn_at LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING c.number, k.clause, k.due_at
"""


@app.task(name="lipei.send_code", queue=jobs.OUTSIDE, retry=False)
def send_code_text(code_id: int, *, sealed_code: str, phone: str, turn: int = 1) -> None:
    """Send a one-time code; a code that is too old to be used is not sent any more."""
    text = messages.Message(
        message_id=f"code-{code_id}", to=phone, template=WORDINGS["code"].number,
        variables={"code": sealed.unseal(sealed_code), "minutes": "5"},
    )  # fmt: skip
    try:
        messages.MessagePort().send(text)
    except Outage:
        if turn < CODE_TURNS:
            with transaction.atomic():
                jobs.queue("lipei.send_code", code_id=code_id, sealed_code=sealed_code,
                           phone=phone, turn=turn + 1, at=_later(seconds=5))  # fmt: skip


@app.periodic(cron="* * * * *")
@app.task(name="lipei.sweep_clocks", queueing_lock="sweep_clocks")
def sweep_clocks(timestamp: int = 0) -> int:
    """Find clocks that were breached or are near it; one entry a claim; return how many."""
    found = 0
    for verb, sql, arguments in (
        (events.CLOCKS_BREACHED, _BREACHED, 1),
        (events.CLOCKS_WARNED, _WARNED, 2),
    ):
        while chunk := _sweep(verb, sql, arguments):
            found += chunk
            if chunk < SWEEP_CHUNK:
                break
    return found


def _sweep(verb: str, sql: str, instants: int) -> int:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql, [*[clock.now()] * instants, SWEEP_CHUNK])
            rows = cursor.fetchall()
        facts = [
            (f"claim/{number}", {"clause": clause_id, "due_at": due.isoformat()})
            for number, clause_id, due in rows
        ]
        record_many(facts, verb, by="system/clocks", clause="1.1-b")
    return len(rows)
