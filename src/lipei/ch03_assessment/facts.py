"""The facts that a product's rules read, taken from the claim; one function a product."""

from collections.abc import Callable, Mapping

from lipei.ch01_general.case import Case
from lipei.ch01_general.models import Exposure
from lipei.ch03_assessment.models import LossLine
from lipei.kit.refusal import Refused
from lipei.manual import clause
from lipei.rules import edition

FAULT_SHARE = {"full": 10_000, "main": 7_000, "equal": 5_000, "minor": 3_000, "none": 0}
"""Fault share in basis points where police or parties named only the degree (benefit_rules D2)."""

AFTER = {"third_party": "compulsory_motor"}
"""A cover that answers for what another cover of the same event leaves, and that cover."""


def facts_of(case: Case, exposure: Exposure) -> dict[str, object]:
    """The facts of one exposure, for the rules of its product. Raises `facts_missing`."""
    reader = READERS.get(exposure.product)
    if reader is None:
        raise Refused("facts_missing", fact=exposure.product)
    return reader(case, exposure)


def reads_other_sums(name: str) -> bool:
    """Whether a formula asks what another cover of the same event pays: it comes after that."""
    return edition(name).product in AFTER


def gross_fen(case: Case, thing: str) -> tuple[int, int]:
    """The loss of a thing and the salvage kept of it, in fen."""
    lines = list(LossLine.objects.filter(claim=case.claim, thing=thing))
    return sum(line.amount_fen for line in lines), sum(line.salvage_fen for line in lines)


def _own_damage(case: Case, exposure: Exposure) -> dict[str, object]:
    repair_fen, salvage_fen = gross_fen(case, exposure.thing)
    return {
        "repair_cost_fen": repair_fen,
        "salvage_kept_fen": salvage_fen,
        "recovered_fen": int(case.claim.facts.get("recovered_fen", 0)),
    }


def _compulsory(case: Case, exposure: Exposure) -> dict[str, object]:
    """In the small walk nobody is hurt: the heads of injury are nil (1.3-e)."""
    loss_fen, salvage_fen = gross_fen(case, exposure.thing)
    return {
        "is_at_fault": _share(case) > 0,
        "property_loss_fen": loss_fen - salvage_fen,
        "medical_loss_fen": 0,
        "death_loss_fen": 0,
    }


def _third_party(case: Case, exposure: Exposure) -> dict[str, object]:
    """What the compulsory cover leaves of the third party's loss, by share of fault."""
    loss_fen, salvage_fen = gross_fen(case, exposure.thing)
    first = next((e for e in case.live() if e.product == "compulsory_motor"), None)
    return {
        "fault_share_bp": _share(case),
        "property_loss_fen": loss_fen - salvage_fen,
        "property_compulsory_fen": (first.benefit_fen or 0) if first else 0,
        "medical_loss_fen": 0,
        "medical_compulsory_fen": 0,
        "death_loss_fen": 0,
        "death_compulsory_fen": 0,
    }


def _share(case: Case) -> int:
    share = FAULT_SHARE.get(str(case.claim.facts.get("fault")))
    if share is None:
        raise Refused("fault_unknown")
    return share


READERS: Mapping[str, Callable[[Case, Exposure], dict[str, object]]] = {
    "own_damage": _own_damage,
    "compulsory_motor": _compulsory,
    "third_party": _third_party,
}


def is_small(total_loss_fen: int) -> bool:
    """Whether the assessed loss of the whole event is small: 5,000.00 itself is (1.3-e, A-09)."""
    return clause("1.3-e").allows(total_loss_fen)
