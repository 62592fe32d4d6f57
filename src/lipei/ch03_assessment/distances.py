"""3.1 How far a survey is driven, which says how soon it begins (3.1-a), and who told so."""

from typing import NamedTuple

from lipei.ch01_general.models import Branch, Claim
from lipei.ch03_assessment.models import Survey
from lipei.kit.refusal import Refused


class Far(NamedTuple):
    """How far a survey is, what its place told of it (nothing: empty), and why it is not that."""

    distance: str
    told: str
    reason: str


def driven(claim: Claim, *, place: str, said: str, reason: str) -> Far:
    """What counts for a survey: what its place tells, or what is said instead with a reason.

    Where neither tells anything it is in town: silence gives nobody more time.
    """
    if said and said not in Survey.Distance.values:
        raise Refused("choice_unknown", field="distance")
    told = told_by(place or claim.place, branch_path=claim.branch_path)
    known = told or Survey.Distance.CITY.value
    if not said or said == known:
        return Far(known, told, "")
    if not reason.strip():
        raise Refused("distance_reason_missing", field="distance_reason")
    return Far(said, told, reason.strip())


def told_by(place: str, *, branch_path: str) -> str:
    """How far a place is from a branch, by the names in its address; empty if they do not tell.

    The branch nearest to the claim that knows places decides.
    """
    above = [branch_path[: n + 1] for n, sign in enumerate(branch_path) if sign == "/"]
    for branch in sorted(Branch.objects.filter(path__in=above), key=lambda b: -len(b.path)):
        if branch.in_town or branch.near_by:
            if _names(place, branch.in_town):
                return Survey.Distance.CITY.value
            return Survey.Distance.LOCAL.value if _names(place, branch.near_by) else ""
    return ""


def _names(place: str, known: list[str]) -> bool:
    return any(name in place for name in known)
