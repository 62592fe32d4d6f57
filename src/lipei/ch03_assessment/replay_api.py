"""The endpoints of rule change: editions that wait, a replay, its report, its approval."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path
from pydantic import Field

from lipei.ch01_general import editions
from lipei.ch01_general.actors import actor
from lipei.ch03_assessment import peers, replay, shadow
from lipei.ch03_assessment.models import Replay
from lipei.ch03_assessment.preview_api import router
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
from lipei.rules import edition_names, is_awaiting

__all__ = ["router"]
MOST = 10**15
RunNumber = Annotated[int, Path(ge=1, le=MOST, description="回放编号。")]


class EditionTold(Told):
    """An edition that this installation approves by itself, and whether it is live."""

    edition: str = Field(examples=["own_damage_2026"])
    content: str = Field(description="全部文件的哈希；文件读不出时为空。")
    live: bool


class ReplayBody(Body):
    """Which edition, over the claims that were settled from one day to another."""

    edition: Annotated[str, fields.text(60, example="own_damage_2026")]
    from_on: fields.Day | None = None
    to_on: fields.Day | None = None


class ApprovalBody(Body):
    """The hash of the report that the approver has read."""

    report_hash: Annotated[str, fields.text(80, example="sha256:…")]


class ReplayTold(Told):
    """A replay: what was asked, how far it is, and what was counted."""

    replay: int
    product: str
    edition: str
    content: str
    state: str = Field(examples=["done"])
    error: str
    from_on: date | None
    to_on: date | None
    whole: int = Field(description="已结算的金额数。")
    done: int
    report_hash: str
    report: dict[str, Any] = Field(description="合计，以及按险种、机构、年龄段、月份的变化。")


class ShadowBody(Body):
    """Which edition runs beside the live one, from which day to which."""

    edition: Annotated[str, fields.text(60, example="own_damage_2026")]
    from_on: fields.Day
    to_on: fields.Day


class EndBody(Body):
    """Nothing to say: the run ends now."""


class ShadowTold(Told):
    """An edition beside the live one: its days, and what was worked out by both so far."""

    shadow: int
    edition: str
    content: str
    from_on: date
    to_on: date
    ended_at: datetime | None
    claims: int
    changed: int
    refused: int
    up: int
    down: int
    up_fen: int
    down_fen: int


class UnlikeTold(Told):
    """A sum whose share of the loss is not that of its peers."""

    claim: str
    position: int
    product: str
    peers: int = Field(description="同组案件数。")
    assessed_fen: int
    benefit_fen: int
    share_bp: int
    median_bp: int = Field(description="同组的中位赔付比例。")


class ReplaysTold(Told):
    """A page of replays, the newest first."""

    replays: list[ReplayTold]
    next: str


class ApprovalTold(Told):
    """An edition that went live, on the ground of which report."""

    edition: str
    content: str
    report_hash: str


@router.get("/editions", response=list[EditionTold])
@scope("claims.read")
def list_editions(request: HttpRequest) -> list[EditionTold]:
    """等待本机构批准的条款版本，以及是否已经生效。"""
    _seen_by(request)
    return [
        EditionTold(edition=name, content=replay.content_or_none(name), live=editions.is_live(name))
        for name in edition_names() if is_awaiting(name)
    ]  # fmt: skip


@router.get("/replays", response=ReplaysTold)
@scope("claims.read")
def list_replays(request: HttpRequest, cursor: Cursor, limit: Limit) -> ReplaysTold:
    """规则回放，最新的在前。"""
    _seen_by(request)
    found, following = paged(Replay.objects.all(), kind="replays", cursor=cursor, limit=limit)
    return ReplaysTold(replays=[_told(one, request) for one in found], next=following)


@router.post("/replays", response=ReplayTold)
@scope("claims.work")
def start_replay(request: HttpRequest, key: Key, body: ReplayBody) -> Answer:
    """用一个条款版本重新结算已结算的案件，看有哪些变化；后台进行。"""

    def act() -> Answer:
        made = replay.start_replay(
            body.edition, from_on=body.from_on, to_on=body.to_on, by=caller(request).reference
        )
        return _told(made, request).model_dump(mode="json")

    return answered_once(request, "start_replay", key=key, body=body, act=act)


@router.get("/replays/{run}", response=ReplayTold)
@scope("claims.read")
def read_replay(request: HttpRequest, run: RunNumber) -> ReplayTold:
    """一次回放的进度和报告。"""
    _seen_by(request)
    return _told(replay.replay_of(run), request)


@router.post("/replays/{run}/approval", response=ApprovalTold)
@scope("claims.work")
def approve_replay(request: HttpRequest, run: RunNumber, key: Key, body: ApprovalBody) -> Answer:
    """批准条款版本生效：须由发起回放以外的人，针对所看的报告。"""

    def act() -> Answer:
        made = replay.approve_replay(
            run, report_hash=body.report_hash, by=caller(request).reference
        )
        return {"edition": made.edition, "content": made.content, "report_hash": made.report_hash}

    return answered_once(request, "approve_replay", key=key, body=body, act=act, run=run)


@router.post("/shadows", response=ShadowTold)
@scope("claims.work")
def start_shadow(request: HttpRequest, key: Key, body: ShadowBody) -> Answer:
    """并行试算：在一段时间里，每笔新理算同时用候选版本再算一次。"""

    def act() -> Answer:
        made = shadow.start_shadow(
            body.edition, from_on=body.from_on, to_on=body.to_on, by=caller(request).reference
        )
        return ShadowTold.model_validate(shadow.shadow_told(made)).model_dump(mode="json")

    return answered_once(request, "start_shadow", key=key, body=body, act=act)


@router.get("/shadows/{run}", response=ShadowTold)
@scope("claims.read")
def read_shadow(request: HttpRequest, run: RunNumber) -> ShadowTold:
    """一次并行试算到目前为止的结果。"""
    _seen_by(request)
    return ShadowTold.model_validate(shadow.shadow_told(shadow.shadow_of(run)))


@router.post("/shadows/{run}/end", response=ShadowTold)
@scope("claims.work")
def end_shadow(request: HttpRequest, run: RunNumber, key: Key, body: EndBody) -> Answer:
    """提前结束并行试算；已算的结果保留。"""

    def act() -> Answer:
        shadow.end_shadow(run, by=caller(request).reference)
        told = shadow.shadow_told(shadow.shadow_of(run))
        return ShadowTold.model_validate(told).model_dump(mode="json")

    return answered_once(request, "end_shadow", key=key, body=body, act=act, run=run)


@router.get("/unlike-peers", response=list[UnlikeTold])
@scope("claims.read")
def list_unlike(request: HttpRequest) -> list[UnlikeTold]:
    """同案同赔：与同组案件赔付比例相差超过条款幅度的金额，只列您能看到的案件。"""
    acting = actor(caller(request).reference)
    if not any(acting.may(duty) for duty in peers.SEEN_BY):
        raise Refused("duty_missing")
    found = peers.unlike_their_peers(acting)
    return [UnlikeTold.model_validate(one, from_attributes=True) for one in found]


def _seen_by(request: HttpRequest) -> None:
    acting = actor(caller(request).reference)
    if not any(acting.may(duty) for duty in replay.SEEN_BY):
        raise Refused("duty_missing")


def _told(held: Replay, request: HttpRequest) -> ReplayTold:
    acting = actor(caller(request).reference)
    return ReplayTold.model_validate(replay.report_of(held, seen_by=acting))
