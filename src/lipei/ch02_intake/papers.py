"""Which papers a claim needs: those of its exposures' products, each named once."""

from collections.abc import Iterable

from lipei.ch01_general.models import Exposure
from lipei.rules import edition

PROOF = {"certificate": "accident_certificate", "agreement": "self_settlement"}


def wanted_papers(exposures: Iterable[Exposure], *, proof: str) -> dict[str, list[int]]:
    """The kinds of paper that are needed, with the positions of the exposures that each unlocks.

    Proof of the accident (1.3-c) is the police certificate or a lawful self-settlement
    agreement, whichever the reporter has; without word of either, the certificate.
    """
    wanted: dict[str, list[int]] = {}
    for exposure in exposures:
        for paper in edition(exposure.edition).papers:
            kind = PROOF.get(proof, PROOF["certificate"]) if paper.slug in PROOF.values() else paper.slug
            positions = wanted.setdefault(kind, [])
            if exposure.position not in positions:
                positions.append(exposure.position)
    return wanted
