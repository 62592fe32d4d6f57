"""The endpoints of what ships as data: proposals, and the second person's word on them."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path
from pydantic import Field

from lipei.ch01_general import revisions, roster
from lipei.ch01_general.kinds import KINDS, kind_of
from lipei.ch01_general.manual_api import Why, WhyBody, WordBody, of_the_house, router
from lipei.ch01_general.models import Revision
from lipei.kit import fields
from lipei.kit.api import Answer, Body, Key, Told, answered_once, caller, scope

__all__ = ["router"]
KindName = Annotated[str, fields.one_of(*KINDS), Path(description="种类。")]
Thing = Annotated[str, fields.text(80, example="2027"), Path(description="哪一个。")]
EditionNumber = Annotated[int, Path(ge=1, le=10**9, description="版本。")]
Year = Annotated[int, Path(ge=1949, le=2199, description="年份。")]
Holiday = Annotated[str, fields.text(20, example="春节")]
Days = Annotated[dict[Holiday, list[fields.Day]], Field(max_length=40)]


class RevisionTold(Told):
    """An edition that somebody proposed, its content, and what became of it."""

    kind: str = Field(examples=["rest_year"])
    key: str
    edition: int
    row: dict[str, Any]
    effective_from: date
    reason: str
    proposed_by: str
    proposed_at: datetime | None
    approved_by: str
    returned_by: str
    returned_why: str


class RestYearBody(Body):
    """A year as it was announced: rest days and make-up days by holiday, and the papers."""

    rest: Days
    work: Days
    papers: Annotated[list[Annotated[str, fields.text(200)]], Field(max_length=20)]
    reason: Why


class RestYearTold(Told):
    """A year as it holds now; without rest days it is not announced, and nothing is guessed."""

    year: int
    is_announced: bool
    is_shipped: bool
    rest: dict[str, list[date]]
    work: dict[str, list[date]]
    papers: list[str]


@router.get("/rest-years/{year}", response=RestYearTold)
@scope("claims.read")
def read_rest_year(request: HttpRequest, year: Year) -> RestYearTold:
    """一年的节假日与调休安排；没有发布的年份不推算。"""
    of_the_house(request)
    one = roster.year_shown(year)
    return RestYearTold(
        year=year, is_announced=one.is_announced, is_shipped=one.is_shipped and one.is_announced,
        rest=dict(one.rest), work=dict(one.work), papers=list(one.papers),
    )  # fmt: skip


@router.post("/rest-years/{year}/proposals", response=RevisionTold)
@scope("claims.work")
def propose_rest_year(request: HttpRequest, year: Year, key: Key, body: RestYearBody) -> Answer:
    """提出一年的节假日安排；另一人批准后立即适用，在跑的时限重算。"""

    def act() -> Answer:
        row = body.model_dump(mode="json", include={"rest", "work", "papers"})
        made = roster.propose_rest_year(
            year, table={"year": year, **row}, reason=body.reason, by=caller(request).reference
        )
        return told(made)

    return answered_once(request, "propose_rest_year", key=key, body=body, act=act, year=year)


@router.get("/changes/{kind}/{thing}", response=list[RevisionTold])
@scope("claims.read")
def list_revisions(request: HttpRequest, kind: KindName, thing: Thing) -> list[Answer]:
    """对一项数据提出过的全部修改，最新的在前。"""
    of_the_house(request)
    return [told(one) for one in revisions.revisions_of(kind, thing)]


@router.post("/changes/{kind}/{thing}/{edition}/approval", response=RevisionTold)
@scope("claims.work")
def approve_revision(
    request: HttpRequest, kind: KindName, thing: Thing, edition: EditionNumber, key: Key,
    body: WordBody,
) -> Answer:  # fmt: skip
    """批准别人提出的修改。"""

    def act() -> Answer:
        return told(revisions.approve_revision(
            kind_of(kind), key=thing, edition=edition, by=caller(request).reference
        ))  # fmt: skip

    where = {"kind": kind, "thing": thing, "edition": edition}
    return answered_once(request, "approve_revision", key=key, body=body, act=act, **where)


@router.post("/changes/{kind}/{thing}/{edition}/return", response=RevisionTold)
@scope("claims.work")
def return_revision(
    request: HttpRequest, kind: KindName, thing: Thing, edition: EditionNumber, key: Key,
    body: WhyBody,
) -> Answer:  # fmt: skip
    """退回一份修改并说明原因；提出人也可以撤回。"""

    def act() -> Answer:
        return told(revisions.return_revision(
            kind_of(kind), key=thing, edition=edition, why=body.why, by=caller(request).reference
        ))  # fmt: skip

    where = {"kind": kind, "thing": thing, "edition": edition}
    return answered_once(request, "return_revision", key=key, body=body, act=act, **where)


def told(held: Revision) -> Answer:
    """A revision as it is told."""
    return RevisionTold(
        kind=held.kind, key=held.key, edition=held.edition, row=held.row,
        effective_from=held.effective_from, reason=held.reason, proposed_by=held.proposed_by,
        proposed_at=held.proposed_at, approved_by=held.approved_by, returned_by=held.returned_by,
        returned_why=held.returned_why,
    ).model_dump(mode="json")  # fmt: skip
