"""3.2 Re-check: a second pair of eyes on papers and sum."""

from lipei.ch01_general.models import Exposure
from lipei.ch01_general.process import open_case
from lipei.ch03_assessment import events
from lipei.ch03_assessment.adjudication import calculation_of, sheet_of
from lipei.ch03_assessment.facts import FAULTS
from lipei.kit.refusal import Refused

# Commands


def establish_fault(number: str, *, fault: str, by: str) -> None:
    """Write down the fault that the certificate or the drivers' agreement names (3.1-d).

    Kept as a fact of the claim; until it stands, no liability cover can be calculated.
    """
    if fault not in FAULTS:
        raise Refused("choice_unknown", field="fault")
    with open_case(number, by=by, duty="materials.check") as case:
        before = case.claim.facts.get("fault")
        case.claim.facts = {**case.claim.facts, "fault": fault}
        case.record(events.FAULT_ESTABLISHED, clause="3.1-d", fault=fault, before=before)


def establish_injury(number: str, *, injured: bool, by: str) -> None:
    """Correct whether anybody was hurt, as the papers show it (3.1-d).

    As long as somebody is said to be hurt, no liability cover is calculated without a victim.
    """
    with open_case(number, by=by, duty="materials.check") as case:
        before = case.claim.injured
        if not injured and any(e.thing == Exposure.Thing.PERSON for e in case.live()):
            raise Refused("victims_are_open", field="injured")
        case.claim.injured = injured
        case.record(events.INJURY_ESTABLISHED, clause="3.1-d", injured=injured, before=before)


# Queries


def proves_itself(number: str, *, by: str) -> list[dict[str, object]]:
    """Work every newest sheet of a claim out again and say whether it is the same (3.2-g)."""
    with open_case(number, by=by, duty="claims.view") as case:
        found: list[dict[str, object]] = []
        for exposure in case.exposures:
            calculation = calculation_of(exposure)
            if calculation:
                same = sheet_of(calculation).benefit_fen == calculation.benefit_fen
                found.append({"position": exposure.position, "same": same})
        case.record(events.SHEETS_PROVED, clause="3.2-g", sheets=found)
    return found
