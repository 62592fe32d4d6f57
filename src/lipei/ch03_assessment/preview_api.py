"""The endpoint that tells what a change of a clause would have meant last month."""

from datetime import date

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from lipei.ch01_general import clauses
from lipei.ch01_general.actors import actor
from lipei.ch01_general.clock_preview import clock_preview, last_month
from lipei.ch01_general.manual_api import ChangeBody, ClauseId, changes_of, clause_today
from lipei.ch01_general.proposals import CHANGE, PROPOSE
from lipei.ch03_assessment.gate_preview import gate_preview
from lipei.kit.api import Key, Told, caller, scope
from lipei.kit.refusal import Refused
from lipei.manual import clause_from

router = Router()
"""The chapter's one router; `api.py` puts its own endpoints on it too."""


class PreviewTold(Told):
    """How last month's claims would have fared; `kind` none where nothing can be counted."""

    kind: str = Field(examples=["clock"], description="clock、gate，或 none（没有试算）。")
    from_on: date
    to_on: date
    claims: int = 0
    before: dict[str, int] = Field(default_factory=dict)
    after: dict[str, int] = Field(default_factory=dict)
    worse: list[str] = Field(
        default_factory=list, description="会超时，或不再通过的案件；别的机构的为空。"
    )
    better: list[str] = Field(default_factory=list)


@router.post("/clauses/{clause_id}/preview", response=PreviewTold)
@scope("claims.read")
def preview_clause(
    request: HttpRequest, clause_id: ClauseId, key: Key, body: ChangeBody,
) -> PreviewTold:  # fmt: skip
    """先看影响：上个月的案件按新数值会怎样；不留下任何改动。"""
    acting = actor(caller(request).reference)
    if not (acting.may(PROPOSE) or acting.may(CHANGE)):
        raise Refused("duty_missing")
    row = clause_today(clause_id)
    ground = clauses.ground_of(clause_id, effective_from=body.effective_from)
    drafted = clauses.drafted(
        ground, changes=changes_of(row, body), effective_from=body.effective_from, edition="+"
    )
    after, days = clause_from(drafted, edition="+"), last_month()
    told = PreviewTold(kind="none", from_on=days[0], to_on=days[1])
    if row.runs:
        one = clock_preview(after, days=days, seen_by=acting)
        told.kind, told.claims, told.before, told.after = "clock", one.claims, one.before, one.after
        told.worse, told.better = one.newly_broken, one.newly_kept
    elif (gate := gate_preview(row, after=after, days=days, seen_by=acting)) is not None:
        told.kind, told.claims = "gate", gate.claims
        told.worse, told.better = gate.outside, gate.inside
    return told
