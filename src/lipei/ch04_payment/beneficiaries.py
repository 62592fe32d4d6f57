"""4.1 Who takes the benefit of an insured who has died (4.1-b, 保险法42)."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.models import Claim, Exposure, Party
from lipei.ch01_general.policies import insures, party_by_identity
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import ORDER, Stage, living
from lipei.ch01_general.words import stage_words
from lipei.ch02_intake.materials import handed_kinds
from lipei.ch04_payment import events
from lipei.kit import clock, sealed
from lipei.kit.checks import choice, person_name, phone, resident_id
from lipei.kit.refusal import Refused

RELATIONS: dict[str, str | Promise] = {
    "spouse": _("配偶"),
    "child": _("子女"),
    "parent": _("父母"),
    "heir": _("其他法定继承人"),
    "other": _("保单指定的其他人"),
}
"""What a beneficiary is to the insured."""

# Commands


def name_beneficiary(
    number: str, *, position: int, name: str, id_number: str, relation: str, phone_number: str,
    paper: str, by: str,
) -> int:  # fmt: skip
    """Say who takes a benefit whose insured has died: identity, relation, and the paper of it.

    Until the sum is agreed it may be put right; a payment is cleared for its payee alone. The
    reporter who is the beneficiary goes on under their own sign-in. Returns the party.
    """
    person = person_name(name, field="name")
    identity = resident_id(id_number, field="id_number")
    choice(relation, allowed=tuple(RELATIONS), field="relation")
    called = phone(phone_number, field="phone_number")
    with open_case(number, by=by, duty="claims.register") as case:
        exposure = case.exposure(position)
        if not is_of_the_dead(exposure):
            raise Refused("payee_named_already", field="position")
        if ORDER[Stage(exposure.stage)] >= ORDER[Stage.AGREED]:
            raise Refused.stage(stage_words(exposure.stage))
        if paper not in handed_kinds(case.claim):
            raise Refused("paper_not_handed", field="paper")
        party = _identified(case.claim, name=person, id_number=identity, called=called)
        exposure.payee_id = party.pk
        case.record(events.PAYEE_NAMED, clause="4.1-b", positions=[position], relation=relation,
                    paper=paper, payee=f"party/{party.pk}")  # fmt: skip
    return party.pk


# Queries


def is_of_the_dead(exposure: Exposure) -> bool:
    """Whether the insured of a benefit has died, so that somebody else takes it."""
    claim, payee = exposure.claim, exposure.payee_id
    if exposure.thing != Exposure.Thing.INSURED or claim.policy_id is None:
        return False
    return payee is None or not insures(claim.policy_id, party_id=payee, at=claim.lost_at)


def parts_of_the_dead(exposures: Sequence[Exposure]) -> list[Exposure]:
    """The benefits of a dead insured for which it may still be said who takes them."""
    early = [one for one in exposures if ORDER[Stage(one.stage)] < ORDER[Stage.AGREED]]
    return [one for one in early if is_of_the_dead(one)]


def takers(exposures: Sequence[Exposure]) -> set[int | None]:
    """Who takes the benefits of an insured who has died; nobody where the insured lives."""
    return {one.payee_id for one in exposures if living(one.sides) and is_of_the_dead(one)}


# The parts of the command


def _identified(claim: Claim, *, name: str, id_number: str, called: str) -> Party:
    """The party of this identity; the dead insured is refused, whatever they are called."""
    assert claim.policy_then is not None
    dead, digest = claim.policy_then.insured, sealed.digest(id_number)
    if digest == dead.id_digest or (not dead.id_digest and name == dead.name):
        raise Refused("deceased_not_payee", field="id_number")
    found = party_by_identity(name=name, id_number=id_number) or _reporter(claim, name, called)
    if found is None:
        found = Party(name=name, phone=called)
    if not found.id_digest:
        found.name, found.id_sealed, found.id_digest = name, sealed.seal(id_number), digest
        found.id_tail, found.identified_at = id_number[-4:], clock.now()
        found.save()
    return found


def _reporter(claim: Claim, name: str, called: str) -> Party | None:
    """The reporter, if it is they: called at this phone, and nobody has said otherwise."""
    told = claim.reporter
    if told is None or told.id_digest or told.reached_at != called:
        return None
    return told if told.name in {"", name} else None
