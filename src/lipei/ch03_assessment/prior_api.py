"""The endpoints of what was used up of limits before Lipei: brought in, read, approved."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Path
from pydantic import Field

from lipei.ch01_general.actors import actor
from lipei.ch03_assessment import prior
from lipei.ch03_assessment.models import PriorBatch
from lipei.ch03_assessment.replay_api import router
from lipei.kit import fields
from lipei.kit.api import (
    Answer,
    Body,
    Cursor,
    Key,
    Limit,
    Told,
    answered_once,
    caller,
    paged,
    scope,
)
from lipei.kit.refusal import Refused

__all__ = ["router"]
MOST = 10**15
MOST_UNITS = 10**13
BatchNumber = Annotated[int, Path(ge=1, le=MOST, description="批次编号。")]


class PriorRow(Body):
    """How much of one limit was used up in all before Lipei, in the limit's own unit."""

    policy: Annotated[str, fields.text(40, example="PH2025110000176")]
    limit: Annotated[str, fields.text(60, example="yearly_limit")]
    amount_units: int = Field(ge=0, le=MOST_UNITS, description="分、天或次，视限额而定。")
    year: int | None = Field(None, ge=1, le=99, description="第几个保单年度，从 1 开始。")
    on: fields.Day | None = Field(None, description="也可以写年度内的任一日期。")
    product: Annotated[str, fields.text(40, empty=True)] = ""
    identity: fields.ResidentId | None = Field(
        None, description="团体、家庭保单写被保险人证件号码。"
    )


class PriorBody(Body):
    """What a paper of the former system tells, and the upload that proves it."""

    source: Annotated[str, fields.text(80, example="原核心系统")]
    paper: Annotated[str, fields.text(80, example="移交清单 2026-11 第 3 页")]
    reason: Annotated[str, fields.text(200, example="系统切换，承接年度累计")]
    proof: int = Field(ge=1, le=2**53 - 1, description="凭证的上传编号。", examples=[17])
    rows: list[PriorRow] = Field(min_length=1, max_length=500)


class DigestBody(Body):
    """The digest of the rows that the approver has read."""

    digest: Annotated[str, fields.text(64, example="9f86d081884c7d65…")]


class DropBody(Body):
    """Nothing to say: the batch is given up."""


class PriorUseTold(Told):
    """One limit of a batch: what was told, and by how much it moved what counts."""

    policy: str
    product: str
    limit: str
    year: int | None
    unit: str
    amount_units: int
    counted_units: int | None


class PriorTold(Told):
    """A batch: who brought it in, who decided, and its rows."""

    batch: int
    state: str = Field(examples=["waiting"])
    source: str
    paper: str
    digest: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    uses: list[PriorUseTold]
    settled_before: list[str] = Field(description="此前已核赔、金额未变、须逐件核对的案件。")


class PriorsTold(Told):
    """A page of batches, the newest first."""

    batches: list[PriorTold]
    next: str


@router.get("/prior-uses", response=PriorsTold)
@scope("claims.read")
def list_prior(request: HttpRequest, cursor: Cursor, limit: Limit) -> PriorsTold:
    """承接的已用额，最新的在前。"""
    seen = prior.seen_by(actor(caller(request).reference))
    found, following = paged(seen, kind="prior", cursor=cursor, limit=limit)
    return PriorsTold(batches=[_told(one) for one in found], next=following)


@router.post("/prior-uses", response=PriorTold)
@scope("claims.work")
def propose_prior(request: HttpRequest, key: Key, body: PriorBody) -> Answer:
    """提交被保险人在原系统已用的限额或免赔额；另一人批准后计入。"""

    def act() -> Answer:
        made = prior.propose_prior(
            [_row(one) for one in body.rows], source=body.source, paper=body.paper,
            reason=body.reason, proof=body.proof, by=caller(request).reference,
        )  # fmt: skip
        return _told(made).model_dump(mode="json")

    return answered_once(request, "propose_prior", key=key, body=body, act=act)


@router.get("/prior-uses/{batch}", response=PriorTold)
@scope("claims.read")
def read_prior(request: HttpRequest, batch: BatchNumber) -> PriorTold:
    """一批承接的已用额。"""
    return _told(prior.batch_seen(batch, by=actor(caller(request).reference)))


@router.post("/prior-uses/{batch}/approval", response=PriorTold)
@scope("claims.work")
def approve_prior(request: HttpRequest, batch: BatchNumber, key: Key, body: DigestBody) -> Answer:
    """批准计入：须由提交以外的人，针对所看的内容。"""

    def act() -> Answer:
        made = prior.approve_prior(batch, digest=body.digest, by=caller(request).reference)
        return _told(made).model_dump(mode="json")

    return answered_once(request, "approve_prior", key=key, body=body, act=act, batch=batch)


@router.post("/prior-uses/{batch}/drop", response=PriorTold)
@scope("claims.work")
def drop_prior(request: HttpRequest, batch: BatchNumber, key: Key, body: DropBody) -> Answer:
    """放弃一批还没有批准的已用额。"""

    def act() -> Answer:
        made = prior.drop_prior(batch, by=caller(request).reference)
        return _told(made).model_dump(mode="json")

    return answered_once(request, "drop_prior", key=key, body=body, act=act, batch=batch)


def _row(body: PriorRow) -> prior.Told:
    year: int | date | None = body.on if body.year is None else body.year
    if body.on is not None and body.year is not None:
        raise Refused("prior_year_twice", field="year")
    return prior.Told(policy=body.policy, limit=body.limit, amount_units=body.amount_units,
                      year=year, product=body.product, identity=body.identity or "")  # fmt: skip


def _told(held: PriorBatch) -> PriorTold:
    return PriorTold(
        batch=held.pk, state=held.state, source=held.source, paper=held.paper,
        digest=held.digest, proposed_by=held.proposed_by, proposed_at=held.proposed_at,
        decided_by=held.decided_by, settled_before=prior.settled_before(held),
        uses=[
            PriorUseTold(
                policy=use.policy.number, product=use.product, limit=use.name, year=use.year,
                unit=use.unit, amount_units=use.amount_units, counted_units=use.counted_units,
            )
            for use in prior.uses_of(held)
        ],
    )  # fmt: skip
