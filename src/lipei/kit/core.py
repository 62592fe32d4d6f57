"""The core system, spoken to: asked for policies, and what it tells of them unasked.

Without an address in the settings there is none, and nobody asks it.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.conf import settings

from lipei.kit import outside
from lipei.kit.callbacks import Callback
from lipei.kit.outside import Declined, Outage, Reply

NAME = "core"
ENDORSED, PREMIUM = "policy.endorsed", "policy.premium"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorePerson:
    """A party of a policy; `id_type` is resident_id, credit_code or another."""

    name: str
    id_type: str
    id_number: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreCover:
    """One cover as the core system tells it."""

    product: str
    edition: str
    terms: dict[str, object]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorePolicy:
    """A policy as the core system tells it."""

    number: str
    line: str
    branch: str
    starts_at: datetime
    ends_at: datetime
    plate: str
    vin: str
    vehicle_class: str
    region: str
    premium_paid: bool
    insured: CorePerson
    holder: CorePerson
    covers: tuple[CoreCover, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreEvent:
    """An endorsement, or a payment of premium, of one policy under a reference."""

    kind: str
    number: str
    reference: str
    at: datetime
    values: dict[str, object]
    amount_fen: int
    settles: bool


def is_there() -> bool:
    """Whether this installation has a core system to ask."""
    return bool(settings.LIPEI_CORE_URL)


class CorePort:
    """The core system. Address from LIPEI_CORE_URL, patience from the kit."""

    def by_number(self, number: str) -> CorePolicy | None:
        """The policy of a number; none if it has none. Outage if it is silent."""
        path = f"/policies/{quote(number, safe='')}"
        try:
            reply = outside.party(NAME).ask("GET", path=path, repeatable=True)
        except Declined as no:
            if no.status == outside.NOT_FOUND:
                return None
            raise
        reply.expect("number", value=number)
        return _policy(reply)

    def by_plate(self, plate: str) -> list[CorePolicy]:
        """The policies of a number plate."""
        return self._search({"plate": plate})

    def by_identity(self, id_number: str) -> list[CorePolicy]:
        """The policies of a person or company, as insured or holder."""
        return self._search({"id_number": id_number})

    def _search(self, asked: dict[str, object]) -> list[CorePolicy]:
        party = outside.party(NAME)
        reply = party.ask("POST", path="/policies/search", body=asked, repeatable=True)
        return [_policy(row) for row in reply.rows("policies")]


def event_told(callback: Callback) -> CoreEvent:
    """What a callback of the core system tells. Outage if it is not understood."""
    told, kind = callback.subject, callback.event
    if kind not in {ENDORSED, PREMIUM}:
        raise _odd("event")
    values = told.body.get("values", {})
    if not isinstance(values, dict):
        raise _odd("values")
    return CoreEvent(
        kind=kind, number=told.text("number"), reference=told.text("reference"),
        at=told.at("effective_at" if kind == ENDORSED else "paid_at"), values=values,
        amount_fen=told.whole("amount_fen") if kind == PREMIUM else 0,
        settles=told.body.get("settles") is not False,
    )  # fmt: skip


def person_told(reply: Reply) -> CorePerson:
    """A party as an answer tells it."""
    return CorePerson(
        name=reply.text("name"), id_type=reply.text("id_type"),
        id_number=reply.text("id_number"), phone=reply.text("phone"),
    )  # fmt: skip


def cover_told(reply: Reply) -> CoreCover:
    """A cover as an answer tells it."""
    terms = reply.body.get("terms") or {}
    if not isinstance(terms, dict):
        raise _odd("terms")
    return CoreCover(
        product=reply.text("product"), edition=reply.text_or_none("edition") or "", terms=terms,
        starts_at=reply.at("starts_at"), ends_at=reply.at("ends_at"),
    )  # fmt: skip


def _policy(reply: Reply) -> CorePolicy:
    return CorePolicy(
        number=reply.text("number"), line=reply.text("line"), branch=reply.text("branch"),
        starts_at=reply.at("starts_at"), ends_at=reply.at("ends_at"), plate=reply.text("plate"),
        vin=reply.text("vin"), vehicle_class=reply.text("vehicle_class"),
        region=reply.text("region"), premium_paid=reply.body.get("premium_paid") is not False,
        insured=person_told(part(reply, "insured")), holder=person_told(part(reply, "holder")),
        covers=tuple(cover_told(row) for row in reply.rows("covers")),
    )  # fmt: skip


def part(reply: Reply, name: str) -> Reply:
    """An object within an answer, read like an answer itself. Outage if it is none."""
    body = reply.body.get(name)
    if not isinstance(body, dict):
        raise _odd(name)
    return Reply(NAME, reply.status, body)


def _odd(name: str) -> Outage:
    return outside.garbled(NAME, name)
