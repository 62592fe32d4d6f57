"""The endpoints of the living manual: clauses, their editions, and the changes of two persons."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import Field

from lipei.ch01_general import clauses, snapshot
from lipei.ch01_general.models import ClauseEdition
from lipei.kit import clock, fields
from lipei.kit.api import Answer, Body, Key, Told, answered_once, caller, scope
from lipei.kit.refusal import Refused
from lipei.manual import Clause, columns_of, installed
from lipei.manual.clauses import KINDS, OPERATORS, RANKS

router = Router()
"""The chapter's one router; `api.py` puts its own endpoints on it too."""
STAFF = "staff/"
MOST = 10**13
ClauseId = Annotated[str, fields.text(20, example="1.3-b"), Path(description="条款编号。")]
Edition = Annotated[str, fields.text(20, example="2025+1"), Path(description="版本。")]
Why = Annotated[str, fields.text(500, lines=True, example="道路拥堵，按季度复核")]
Number = Annotated[int, Field(ge=0, le=MOST)]


class ClauseNumberTold(Told):
    """One number of a clause."""

    name: str = Field(examples=["limit"])
    value: int
    unit: str = Field(examples=["hours"])
    operator: str = Field(examples=["<="])
    upper: int | None = None


class ClauseTold(Told):
    """A clause as it is in force today, in plain columns."""

    id: str = Field(examples=["1.3-b"])
    section: str
    kind: str
    origin: str
    article: str
    rank: int
    number_from: str
    limits: list[ClauseNumberTold]
    same_as: str
    awaits: str = Field(description="还没有建成时，由哪一节执行。")
    summary_zh: str
    summary_en: str
    effective_from: date
    effective_to: date | None
    edition: str


class ProposalTold(Told):
    """An edition that somebody proposed, and what became of it."""

    clause: str
    edition: str
    effective_from: date
    limits: list[ClauseNumberTold]
    article: str
    reason: str
    proposed_by: str
    proposed_at: datetime | None
    approved_by: str
    returned_by: str
    returned_why: str


class ClauseNumberBody(Body):
    """Another value, operator or upper end of one number; the unit stays."""

    name: Annotated[str, fields.text(20, example="limit")] = "limit"
    value: Number
    operator: Annotated[str, fields.one_of(*OPERATORS)] | None = None
    upper: Number | None = None


class ChangeBody(Body):
    """What is proposed: numbers, from which day, why; the article where the law itself changed."""

    limits: list[ClauseNumberBody] = Field(default_factory=list, max_length=20)
    effective_from: fields.Day
    article: Annotated[str, fields.text(60, example="保险法23")] | None = None
    reason: Why
    based_on: Annotated[str, fields.text(20, example="2025")] | None = None


class WhyBody(Body):
    """Why a proposal is returned."""

    why: Why


class WordBody(Body):
    """Nothing to say: the second person's word is the call itself."""


@router.get("/clauses", response=list[ClauseTold])
@scope("claims.read")
def list_clauses(
    request: HttpRequest,
    kind: Annotated[str, fields.one_of("", *sorted(KINDS)), Query("")],
    origin: Annotated[str, fields.one_of("", *sorted(RANKS)), Query("")],
    section: Annotated[str, fields.text(4, empty=True), Query("", description="章节号。")],
) -> list[dict[str, object]]:
    """活手册：今天有效的全部条款，可按种类、来源和章节筛选。"""
    of_the_house(request)
    snapshot.learn()
    today = clock.today()
    found = (installed().clause(id, at=today) for id in installed().ids())
    return [
        columns_of(one) for one in found
        if kind in ("", one.kind) and origin in ("", one.origin)
        and section in ("", one.section, one.section.split(".")[0])
    ]  # fmt: skip


@router.get("/clauses/{clause_id}", response=ClauseTold)
@scope("claims.read")
def read_clause(request: HttpRequest, clause_id: ClauseId) -> dict[str, object]:
    """一条条款，今天有效的版本。"""
    of_the_house(request)
    return columns_of(clause_today(clause_id))


@router.get("/clauses/{clause_id}/proposals", response=list[ProposalTold])
@scope("claims.read")
def list_clause_proposals(request: HttpRequest, clause_id: ClauseId) -> list[ProposalTold]:
    """一条条款上提出过的全部修改，最新的在前。"""
    of_the_house(request)
    clause_today(clause_id)
    return [told(one) for one in clauses.editions_of(clause_id)]


@router.post("/clauses/{clause_id}/proposals", response=ProposalTold)
@scope("claims.work")
def propose_clause(request: HttpRequest, clause_id: ClauseId, key: Key, body: ChangeBody) -> Answer:
    """提出修改一条条款，自某一天起；须由另一人批准后才适用。"""

    def act() -> Answer:
        made = clauses.propose_clause(
            clause_id, changes=changes_of(clause_today(clause_id), body),
            effective_from=body.effective_from, reason=body.reason,
            based_on=body.based_on or "", by=caller(request).reference,
        )  # fmt: skip
        return told(made).model_dump(mode="json")

    return answered_once(request, "propose_clause", key=key, body=body, act=act, clause=clause_id)


@router.post("/clauses/{clause_id}/proposals/{edition}/approval", response=ProposalTold)
@scope("claims.work")
def approve_clause(
    request: HttpRequest, clause_id: ClauseId, edition: Edition, key: Key, body: WordBody
) -> Answer:
    """批准别人提出的修改。"""

    def act() -> Answer:
        clauses.approve_clause(edition, clause_id=clause_id, by=caller(request).reference)
        return _now(clause_id, edition)

    return answered_once(
        request, "approve_clause", key=key, body=body, act=act, clause=clause_id, edition=edition
    )


@router.post("/clauses/{clause_id}/proposals/{edition}/return", response=ProposalTold)
@scope("claims.work")
def return_clause(
    request: HttpRequest, clause_id: ClauseId, edition: Edition, key: Key, body: WhyBody
) -> Answer:
    """退回一份修改并说明原因；提出人也可以撤回。"""

    def act() -> Answer:
        clauses.return_clause(
            edition, clause_id=clause_id, why=body.why, by=caller(request).reference
        )
        return _now(clause_id, edition)

    return answered_once(
        request, "return_clause", key=key, body=body, act=act, clause=clause_id, edition=edition
    )


# The parts


def clause_today(clause_id: str) -> Clause:
    """The clause in force today; refuses one that the manual does not have."""
    snapshot.learn()
    try:
        return installed().clause(clause_id, at=clock.today())
    except KeyError:
        raise Refused("clause_not_found") from None


def changes_of(row: Clause, body: ChangeBody) -> dict[str, object]:
    """A body as the command takes it: all numbers of the clause, those that were named changed."""
    limits: Any = columns_of(row)["limits"]
    held = {one["name"]: dict(one) for one in limits}
    for asked in body.limits:
        if asked.name not in held:
            raise Refused("choice_unknown", field="limits")
        held[asked.name] |= asked.model_dump(exclude_none=True)
    changes: dict[str, object] = {"limits": list(held.values())} if body.limits else {}
    return changes | ({"article": body.article} if body.article else {})


def told(held: ClauseEdition) -> ProposalTold:
    """A proposal as it is told."""
    return ProposalTold(
        clause=held.clause, edition=held.edition, effective_from=held.effective_from,
        limits=held.row["limits"], article=held.row["article"], reason=held.reason,
        proposed_by=held.proposed_by, proposed_at=held.proposed_at, approved_by=held.approved_by,
        returned_by=held.returned_by, returned_why=held.returned_why,
    )  # fmt: skip


def _now(clause_id: str, edition: str) -> Answer:
    held = ClauseEdition.objects.get(clause=clause_id, edition=edition)
    return told(held).model_dump(mode="json")


def of_the_house(request: HttpRequest) -> None:
    """Refuse whoever does not belong to the house."""
    if not caller(request).reference.startswith(STAFF):
        raise Refused("duty_missing")
