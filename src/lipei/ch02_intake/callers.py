"""2.1 Who called: a phone that the house wrote down wrongly is put right, with what proves it."""

from lipei.ch01_general.case import Case
from lipei.ch01_general.models import Claim, Exposure, Party
from lipei.ch01_general.process import open_case
from lipei.ch02_intake import events
from lipei.ch02_intake.materials import own_upload
from lipei.ch02_intake.models import Document
from lipei.ch02_intake.papers import PHONE_PROOF, retention_of
from lipei.kit import clock, sealed
from lipei.kit.models import Upload
from lipei.kit.refusal import Refused

REPORTER = 0
"""Whose phone: that of whoever reported; else the position of the part whose payee is meant."""

# Commands


def correct_phone(
    number: str, *, position: int, phone: str, reason: str, proof: int, by: str
) -> None:  # fmt: skip
    """Put right a phone that the house wrote down wrongly, with the reason and what proves it.

    A phone that somebody proved by signing in is theirs, and that of a person whose identity is
    known is the policy's: neither is changed here. The journal keeps both numbers as digests.
    """
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    with open_case(number, by=by, duty="claims.correct") as case:
        party = _written_down(case, position)
        before, case_phone = party.phone, case.claim.phone
        party.phone = phone
        if position == REPORTER:
            case.claim.phone = phone
        if (party.phone, case.claim.phone) == (before, case_phone):
            raise Refused("phone_unchanged", field="phone")
        party.save(update_fields=["phone"])
        _keep_proof(case, proof, reason=reason.strip())
        case.record(events.PHONE_CORRECTED, clause="2.1-a", position=position,
                    party=f"party/{party.pk}", before=sealed.digest(before),
                    after=sealed.digest(phone), proof=proof, reason_given=True)  # fmt: skip


# Queries


def people_written_down(claim: Claim, exposures: list[Exposure]) -> list[tuple[int, Party]]:
    """Whoever reported and the payees, each once, by the position that names them."""
    told = [(REPORTER, claim.reporter), *((e.position, e.payee) for e in exposures)]
    found: dict[int, tuple[int, Party]] = {}
    for position, party in told:
        if party is not None:
            found.setdefault(party.pk, (position, party))
    return list(found.values())


def why_not(party: Party) -> str:
    """The slug of the refusal to change somebody's phone; empty where it may be changed."""
    if party.signs_in_by:
        return "phone_proved"
    return "phone_of_the_policy" if party.id_digest else ""


# The parts of the command


def _written_down(case: Case, position: int) -> Party:
    """The person at a position, locked; refuses one whose phone is not ours to change."""
    found = case.claim.reporter_id if position == REPORTER else case.exposure(position).payee_id
    party = Party.objects.select_for_update().filter(pk=found or 0).first()
    if party is None:
        raise Refused("choice_unknown", field="position")
    slug = why_not(party)
    if slug:
        raise Refused(slug, field="position")
    return party


def _keep_proof(case: Case, proof: int, *, reason: str) -> None:
    upload = own_upload(proof, by=case.actor.reference, field="proof")
    Document.objects.get_or_create(
        claim=case.claim, kind=PHONE_PROOF, upload=upload,
        defaults={"received_at": clock.now(), "received_from": case.actor.reference,
                  "received_why": reason},
    )  # fmt: skip
    Upload.objects.filter(pk=upload.pk).update(retention=retention_of(PHONE_PROOF))
