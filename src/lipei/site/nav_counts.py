"""The numbers beside the places of the navigation: what waits there for this reader."""

from collections.abc import Mapping
from dataclasses import replace

from lipei.ch01_general import worklist
from lipei.ch01_general.actors import Actor
from lipei.ch01_general.stages import Stage
from lipei.ch03_assessment.investigation import surveys_of

APPROVALS = (Stage.CALCULATED, Stage.REVIEWING)
PAYMENTS = {"pay.make": Stage.AGREED, "pay.check": Stage.PAYABLE}


def nav_counts(
    acting: Actor, *, known: Mapping[str, int] | None = None
) -> dict[str, tuple[int, bool]]:
    """By counter name: how many wait (1,000 for more than 999), and whether one is overdue.

    `known`: counts of views that the page has already.
    """
    if not acting.may("claims.view"):
        return {}
    held = {n: c for n, c in (known or {}).items() if n in {"todo", "overdue"}}
    views = worklist.views_of(acting)
    every = worklist.every_open(acting)
    asked: dict[str, worklist.Wanted] = {
        name: wanted for name, wanted in views.items() if name in {"todo", "overdue"} - held.keys()
    }
    if acting.may("review.decide"):
        asked["approvals"] = replace(every, stages=APPROVALS)
    payable = tuple(stage for duty, stage in PAYMENTS.items() if acting.may(duty))
    if payable:
        asked["payments"] = replace(every, stages=payable)
    counts = {**held, **worklist.counted(asked)}
    late = counts.pop("overdue", 0) > 0
    told = {name: (count, late and name == "todo") for name, count in counts.items()}
    if acting.may("survey.do") and acting.staff_id:
        told["survey"] = (surveys_of(acting.staff_id).count(), False)
    return told
