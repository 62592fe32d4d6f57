"""The people of a claim on its page; private values are hidden until a reason is given."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lipei.ch01_general.models import Party
from lipei.kit.refusal import Refused
from lipei.site.desk.scene import Scene
from lipei.site.faces import masked

REVEALERS = (
    "customers.contact", "review.decide", "pay.make", "pay.check", "privacy.answer",
    "audit.read",
)  # fmt: skip
"""Whose work needs a private value now and then; everybody else sees it hidden only."""
FIELDS = ("phone", "id_number")


@dataclass(frozen=True)
class Person:
    """One person of the claim; the addresses lead to the question for a reason."""

    role: str
    name: str
    phone: str
    phone_url: str
    identity: str
    identity_url: str


def people_of(scene: Scene) -> list[Person]:
    """Insured, reporter and payees, each once."""
    may = any(scene.may(duty) for duty in REVEALERS)
    return [_person(scene, role, party, may) for role, party in _roles(scene)]


def party_of(scene: Scene, pk: int) -> Party:
    """A person of this very claim; anybody else's data does not exist here."""
    for _role, party in _roles(scene):
        if party.pk == pk:
            return party
    raise Refused("claim_not_found")


def may_reveal(scene: Scene) -> None:
    """Refuse who has no work for which a private value is needed."""
    if not any(scene.may(duty) for duty in REVEALERS):
        raise Refused("duty_missing")


def contact_url(scene: Scene) -> str:
    """Where the telephone of whoever is to be called can be asked for; empty without one."""
    if not any(scene.may(duty) for duty in REVEALERS):
        return ""
    for _role, party in _roles(scene, reporter_first=True):
        if party.reached_at:
            return _url(scene, party, "phone")
    return ""


def _roles(scene: Scene, *, reporter_first: bool = False) -> Iterator[tuple[str, Party]]:
    claim = scene.claim
    insured = claim.policy_then.insured if claim.policy_then else None
    told = [(_("被保险人"), insured), (_("报案人"), claim.reporter)]
    if reporter_first:
        told.reverse()
    told += [(_("收款人"), e.payee) for e in scene.exposures]
    seen: set[int] = set()
    for role, party in told:
        if party is not None and party.pk not in seen:
            seen.add(party.pk)
            yield role, party


def _person(scene: Scene, role: str, party: Party, may: bool) -> Person:
    return Person(
        role=role, name=party.name or _("未留姓名"), phone=party.reached_at,
        phone_url=_url(scene, party, "phone") if may and party.reached_at else "",
        identity=f"**************{party.id_tail}" if party.id_tail else "",
        identity_url=_url(scene, party, "id_number") if may and party.id_sealed else "",
    )  # fmt: skip


def _url(scene: Scene, party: Party, field: str) -> str:
    return f"/claims/{scene.claim.number}/people/{party.pk}/{field}/"


def shown_hidden(party: Party, field: str) -> str:
    """The value with its middle hidden, for the question's heading."""
    if field == "phone":
        return masked(party.reached_at, kind="phone")
    return f"**************{party.id_tail}"
