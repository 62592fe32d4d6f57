"""What the core system tells of policies: taken in once, each from the day on which it holds.

A policy that is not here is fetched; an event of a policy that is not here fetches it, and is
taken in then. What the core system tells wrongly is refused by name and parked nowhere: it is
told again, or put right there.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from lipei.ch01_general import events
from lipei.ch01_general.actors import actor
from lipei.ch01_general.endorsing import COVER, Told, change_policy, instant_text, take_premium
from lipei.ch01_general.models import Policy
from lipei.ch01_general.policy_rows import Person, Record, edition_on
from lipei.ch01_general.policy_writing import Way, people_ids, write
from lipei.kit import clock, jobs, outside, sealed
from lipei.kit.core import (
    ENDORSED,
    NAME,
    CoreCover,
    CoreEvent,
    CorePerson,
    CorePolicy,
    CorePort,
    cover_told,
    part,
    person_told,
)
from lipei.kit.journal import record
from lipei.kit.outside import Reply
from lipei.kit.refusal import Refused
from lipei.rules import edition_names

BY = "system/core"

# Commands


def take_policy(told: CorePolicy, *, by: str = BY) -> bool:
    """Take a policy of the core system in; False if it is here already, however it stands."""
    with transaction.atomic():
        if Policy.objects.filter(number=told.number).exists():
            return False
        way = Way(None, actor(by), clock.now(), trial=False)
        done = write([_record(told)], way=way, columns={})
        if done.faults:
            fault = done.faults[0]
            raise Refused(fault.slug, **fault.params)
        made = Policy.objects.get(number=told.number)
        record(made.subject, events.POLICY_ISSUED, by=by, clause="2.3-e", source=NAME,
               digest=made.told_digest)  # fmt: skip
    return True


def follow_core(event: CoreEvent) -> None:
    """Take in what the core system tells of a policy; a copy does nothing.

    Of a policy that is not here, the policy is fetched first, by a job.
    """
    if not Policy.objects.filter(number=event.number).exists():
        with transaction.atomic():
            jobs.queue(
                "lipei.fetch_core_policy", lock=f"core/{event.number}/{event.reference}",
                number=event.number, told=_kept(event),
            )  # fmt: skip
        return
    _take(event)


# Jobs


@app.task(name="lipei.fetch_core_policy", queue=jobs.OUTSIDE, retry=jobs.STUBBORN)
def fetch_core_policy(number: str, told: str) -> None:
    """Fetch a policy of which the core system told something, and then take that in."""
    found = CorePort().by_number(number)
    if found is None:
        return
    bring(found)
    _take(_event(told))


# Queries


def asked_of_core(*, number: str, plate: str, id_number: str) -> list[CorePolicy]:
    """What the core system knows by number, else by plate, else by identity. Outage if silent."""
    port = CorePort()
    if number and (found := port.by_number(number)):
        return [found]
    if plate and (by_plate := port.by_plate(plate)):
        return by_plate
    return port.by_identity(id_number) if id_number else []


# The parts


def bring(told: CorePolicy) -> None:
    """Take a policy in; that another job did so at the same moment is the same."""
    try:
        take_policy(told)
    except IntegrityError:
        return


def _take(event: CoreEvent) -> None:
    if event.kind == ENDORSED:
        told = Told("endorsed", _values(event.values), event.at, event.reference, NAME)
        change_policy(event.number, told=told, by=BY)
        return
    take_premium(
        event.number, reference=event.reference, amount_fen=event.amount_fen, paid_at=event.at,
        settles=event.settles, by=BY,
    )  # fmt: skip


def _values(told: Mapping[str, object]) -> dict[str, object]:
    """The new values under the names of our fields. Outage where they are not understood."""
    reply = Reply(NAME, 200, told)
    values: dict[str, object] = {}
    for name in told:
        if name not in READ:
            raise outside.garbled(NAME, name)
        values |= READ[name](reply, name)
    return values


def _instant(reply: Reply, name: str) -> dict[str, object]:
    return {name: instant_text(reply.at(name))}


def _text(reply: Reply, name: str) -> dict[str, object]:
    return {name: reply.text(name)}


def _paid(reply: Reply, name: str) -> dict[str, object]:
    return {name: reply.body.get(name) is True}


def _vehicle(reply: Reply, name: str) -> dict[str, object]:
    return {"vehicle": {"class": reply.text(name)}}


def _party(reply: Reply, name: str) -> dict[str, object]:
    person = _person(person_told(part(reply, name)))
    return {f"{name}_id": people_ids([person])[person]}


def _covers(reply: Reply, name: str) -> dict[str, object]:
    covers = [cover_told(row) for row in reply.rows(name)]
    return {f"{COVER}{one.product}": _cover(one) for one in covers}


def _ended(reply: Reply, name: str) -> dict[str, object]:
    products = reply.body.get(name)
    if not isinstance(products, list):
        raise outside.garbled(NAME, name)
    return {f"{COVER}{product}": None for product in products}


READ: Mapping[str, Callable[[Reply, str], dict[str, object]]] = {
    **dict.fromkeys(("starts_at", "ends_at"), _instant), "premium_paid": _paid,
    **dict.fromkeys(("plate", "vin", "region"), _text), "vehicle_class": _vehicle,
    **dict.fromkeys(("insured", "holder"), _party), "covers": _covers, "ended_covers": _ended,
}  # fmt: skip
"""How each field of an endorsement is read."""


def _record(told: CorePolicy) -> Record:
    return Record(
        number=told.number, rows=(0,), line=told.line, branch=told.branch,
        insured=_person(told.insured), holder=_person(told.holder),
        values={
            "plate": told.plate, "vin": told.vin, "region": told.region, "drivers": [],
            "vehicle": {"class": told.vehicle_class} if told.vehicle_class else {},
            "premium_paid": told.premium_paid, "starts_at": told.starts_at.isoformat(),
            "ends_at": told.ends_at.isoformat(),
        },
        covers={one.product: _cover(one) for one in told.covers}, endorsement="",
        effective_at=None,
    )  # fmt: skip


def _cover(told: CoreCover) -> dict[str, object]:
    if told.edition and told.edition not in edition_names():
        raise outside.garbled(NAME, "edition")
    first_day = told.starts_at.astimezone(clock.LOCAL).date()
    return {
        "edition": told.edition or edition_on(told.product, first_day), "terms": told.terms,
        "starts_at": instant_text(told.starts_at), "ends_at": instant_text(told.ends_at),
    }  # fmt: skip


def _person(told: CorePerson) -> Person:
    return Person(told.name, told.id_number, told.id_type or "resident_id", told.phone)


def _kept(event: CoreEvent) -> str:
    """An event as a job keeps it: sealed, since it may name persons."""
    plain = {**asdict(event), "at": event.at.isoformat()}
    return sealed.seal(json.dumps(plain, ensure_ascii=False))


def _event(told: str) -> CoreEvent:
    plain = json.loads(sealed.unseal(told))
    return CoreEvent(**{**plain, "at": datetime.fromisoformat(plain["at"])})
