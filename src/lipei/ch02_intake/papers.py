"""Which papers a claim needs: those of its exposures' products, each named once."""

from collections.abc import Iterable, Sequence

from lipei.ch01_general.models import Exposure
from lipei.ch02_intake.covers import DEATH
from lipei.ch02_intake.rows import NewExposure
from lipei.rules import Paper, edition

PROOF = {"certificate": "accident_certificate", "agreement": "self_settlement"}
PART = {
    "own_vehicle": "car",
    "other_vehicle": "property",
    "other_property": "property",
    "person": "medical",
    "own_property": "loss",
}
"""The part of a product's loss to which a damaged thing belongs."""
LIABILITY = "liability"
"""Papers that prove the accident of a vehicle; one of them is enough (1.3-c)."""
SUITED = {
    "death": "death_certificate",
    "fire": "authority_certificate",
    "storm": "authority_certificate",
    "theft": "authority_certificate",
    "water": "accident_report",
}
"""Which of several papers a cause asks for, where it is not the first."""
WHEN_LARGE = frozenset({"repair_invoice"})
"""Papers that a small loss does not need: the survey's loss list stands for them (2.2-c)."""
WHEN_DEAD = frozenset({"beneficiary_proof"})
"""Papers that show who takes the benefit of an insured who has died."""
BY_REPORT = frozenset({"claim_request"})
"""Papers that a report in the app is itself: an electronic request equals one on paper (2.2-h)."""
PHOTOGRAPHS = frozenset({"scene", "plate", "close"})
SHOWS_DAMAGE = PHOTOGRAPHS | {"damage_photos", "video"}
"""What an estimate can be made from: with the first of them its hours begin (1.3-b)."""
PHOTO_KINDS = PHOTOGRAPHS | {"other", "video", "survey"}
"""Pictures that anybody may add at any time; they are evidence, no paper that is asked for."""
AUTHORISATION = "authorisation"
"""The insured's written authorisation with both identities; who has it signs for them (4.1-d)."""
STAMP = "receipt_stamp"
"""What proves when something came in: a stamp, a courier's slip, the record of a call."""
PHONE_PROOF = "phone_proof"
"""What proves somebody's right phone: the record of a call, a signed note."""

RETENTION = {
    "driving_licence": "identity",
    "vehicle_licence": "identity",
    "identity_card": "identity",
    "identity": "identity",
}
"""The class in which a paper is kept (9.2-b); whatever is not named here is a claim document."""
CLAIM_DOCUMENT = "claim_document"
BY_HAND = "staff/"
"""Who took it in tells where it came from: what the house received was handed over on paper."""


def names_of(exposures: Iterable[Exposure]) -> dict[str, tuple[str, str]]:
    """The names of the papers that these exposures' products ask for, in Chinese and English."""
    bought = sorted({one.edition for one in exposures})
    return {paper.slug: (paper.zh, paper.en) for one in bought for paper in edition(one).papers}


def retention_of(kind: str) -> str:
    """The class of a paper or a picture, given to it when it is taken in."""
    return RETENTION.get(kind, CLAIM_DOCUMENT)


def on_paper(kind: str, received_from: str) -> bool:
    """Whether the original lies here on paper: a paper that the house took in by hand.

    Pictures, and what a claimant sends by phone, were born electronic (A-35).
    """
    return kind not in {*PHOTO_KINDS, STAMP, PHONE_PROOF} and received_from.startswith(BY_HAND)


def wanted_papers(
    exposures: Iterable[Exposure | NewExposure], *, proof: str, cause: str
) -> dict[str, list[int]]:
    """The kinds of paper that are needed (2.2-d), with the exposures that each unlocks.

    Proof of the accident (1.3-c) is the police certificate or a lawful self-settlement
    agreement, whichever the reporter has; without word of either, the certificate. Of other
    papers that stand for one another the one that suits the cause is asked for.
    """
    wanted: dict[str, list[int]] = {}
    for exposure in exposures:
        papers = edition(exposure.edition).papers_for(PART.get(exposure.thing, ""))
        for paper in papers:
            if paper.slug in WHEN_LARGE or (paper.slug in WHEN_DEAD and cause != DEATH):
                continue
            kind = paper.slug
            if paper.one_of == LIABILITY:
                kind = PROOF.get(proof, PROOF["certificate"])
            elif paper.one_of:
                kind = _suited(cause, papers, paper.one_of)
            positions = wanted.setdefault(kind, [])
            if exposure.position not in positions:
                positions.append(exposure.position)
    return wanted


def _suited(cause: str, papers: Sequence[Paper], one_of: str) -> str:
    """Of the papers that stand for one another, the one that a cause asks for."""
    group = [paper.slug for paper in papers if paper.one_of == one_of]
    wanted = SUITED.get(cause)
    return wanted if wanted in group else group[0]
