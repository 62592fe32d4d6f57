"""The numbers beside the places of the navigation: what waits there for this reader."""

from dataclasses import replace

from lipei.ch01_general import worklist
from lipei.ch01_general.actors import Actor
from lipei.ch01_general.stages import Stage
from lipei.ch03_assessment.investigation import surveys_of

APPROVALS = (Stage.CALCULATED, Stage.REVIEWING)
PAYMENTS = {"pay.make": Stage.AGREED, "pay.check": Stage.PAYABLE}


def nav_counts(acting: Actor) -> dict[str, tuple[int, bool]]:
    """By counter name: how many wait (1,000 for more than 999), and whether one is overdue."""
    if not acting.may("claims.view"):
        return {}
    views = worklist.views_of(acting)
    every = worklist.every_open(acting)
    asked: dict[str, worklist.Wanted] = {
        name: wanted for name, wanted in views.items() if name in {"todo", "overdue"}
    }
    if acting.may("review.decide"):
        asked["approvals"] = replace(every, stages=APPROVALS)
    payable = tuple(stage for duty, stage in PAYMENTS.items() if acting.may(duty))
    if payable:
        asked["payments"] = replace(every, stages=payable)
    counts = worklist.counted(asked)
    late = counts.pop("overdue", 0) > 0
    told = {name: (count, late and name == "todo") for name, count in counts.items()}
    if acting.may("survey.do") and acting.staff_id:
        told["survey"] = (surveys_of(acting.staff_id).count(), False)
    return told
