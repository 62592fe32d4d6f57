"""Chapter 1's endpoints: who I am, the claims that I may see, and what happened to them."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Status
from pydantic import Field

from lipei.ch01_general import duties
from lipei.ch01_general.actors import actor
from lipei.ch01_general.duties import send_code, sign_in_party
from lipei.ch01_general.earned_api import router
from lipei.ch01_general.models import Claim, Clock, Cover, Exposure, Party, Policy
from lipei.ch01_general.policies import own_policies
from lipei.ch01_general.policies_api import CoverTold
from lipei.ch01_general.reading import Moment, claim_seen, claims_seen, moments
from lipei.ch01_general.stages import Stage
from lipei.ch01_general.tokens import PARTY_LIFE, PARTY_SCOPES, issue_token
from lipei.kit import fields, sealed
from lipei.kit.api import (
    Answer,
    Body,
    Cursor,
    Key,
    Limit,
    Told,
    answered_apart,
    answered_once,
    caller,
    paged,
    scope,
)
from lipei.kit.refusal import Refused

__all__ = ["router"]
NUMBER = "CX-2026-0501-000051"
Number = Annotated[str, fields.text(24, example=NUMBER), Path(description="案件号。")]
Position = Annotated[int, Field(ge=1, le=99, description="损失项目的序号。", examples=[1])]
Reason = Annotated[str, fields.text(200, empty=True)]


class PhoneBody(Body):
    """The phone that a claimant signs in with."""

    phone: fields.Mobile


class CodeSent(Told):
    """The code is on its way; the demonstration tells it here."""

    sent: bool
    code: str = Field(description="仅演示环境。", examples=[""])


class SignInBody(PhoneBody):
    """The phone and the code that came to it."""

    code: Annotated[str, fields.text(6, example="123456")]


class TokenTold(Told):
    """A token for twelve hours; it is told only here."""

    token: str
    reference: str = Field(examples=["party/12"])
    expires_in: int = Field(description="秒。", examples=[43_200])
    scopes: list[str]


class AssignmentBody(Body):
    """To whom the claim is given."""

    to: Annotated[str, fields.text(40, example="wangmin")]


class CallerBody(Body):
    """The name that was told when one reported by telephone or at the counter."""

    name: fields.Name


class CallerFound(Told):
    """The claims that are one's own from now on."""

    numbers: list[str] = Field(examples=[[NUMBER]])


class Me(Told):
    """Who the token belongs to, and what it may be used for."""

    reference: str = Field(examples=["party/12"])
    scopes: list[str] = Field(examples=[["claims.read", "claims.report"]])
    duties: list[str] = Field(examples=[[]])


class ClaimRow(Told):
    """A claim in a list."""

    number: str = Field(examples=[NUMBER])
    stage: Stage
    line: str = Field(examples=["motor"])
    plate: str = Field(examples=["粤B12345"])
    lost_at: datetime
    reported_at: datetime
    is_open: bool
    holder: str = Field(description="球在谁手里。", examples=["insurer"])
    next_due_at: datetime | None
    next_due_clause: str = Field(examples=["K6-decide"])


class Claims(Told):
    """One page of claims, the newest first."""

    items: list[ClaimRow]
    next: str = Field(description="下一页的 cursor；没有下一页时为空。", examples=[""])


class PolicyTold(Told):
    """One of the caller's own policies; its number is what a report names."""

    number: str = Field(examples=["PDAA202644030000000001"])
    line: str = Field(examples=["motor"])
    plate: str = Field(description="中间隐去。", examples=["粤B***45"])
    starts_at: datetime
    ends_at: datetime = Field(description="不含这一刻。")
    covers: list[CoverTold]


class Policies(Told):
    """One page of policies, the newest first."""

    items: list[PolicyTold]
    next: str = Field(description="下一页的 cursor；没有下一页时为空。", examples=[""])


class ExposureTold(Told):
    """One cover x one damaged thing or person, with its own stage and sums."""

    position: int
    number: str | None = Field(description="立案号。")
    product: str = Field(examples=["own_damage"])
    thing: str = Field(examples=["own_vehicle"])
    label: str = Field(examples=["粤B12345"])
    stage: Stage
    sides: list[str]
    assessed_fen: int | None
    benefit_fen: int | None
    agreed_fen: int
    paid_fen: int


class ClockTold(Told):
    """One clock that runs: by which clause, since when, until when (none while it pauses)."""

    clause: str = Field(examples=["K6-decide"])
    limit: str = Field(
        description="条款有几个时限时，按哪一个计时；空为唯一的一个。", examples=[""]
    )
    position: int = Field(description="0 表示整案。")
    started_at: datetime
    due_at: datetime | None


class ClaimTold(ClaimRow):
    """One claim with its exposures and running clocks."""

    place: str
    cause: str
    story: str
    injured: bool
    estimate_low_fen: int | None
    estimate_high_fen: int | None
    exposures: list[ExposureTold]
    clocks: list[ClockTold]


class Move(Told):
    """An exposure went from one stage to another."""

    position: int
    source: Stage | None = Field(description="新产生的损失项目没有前一状态。")
    target: Stage


class MomentTold(Told):
    """One thing that happened; `occurred_at` is the legal instant."""

    number: int
    verb: str = Field(examples=["intake.claim_reported"])
    clause: str = Field(examples=["2.1-a"])
    occurred_at: datetime
    recorded_at: datetime
    by: str = Field(examples=["claimant"])
    moves: list[Move]


class Done(Told):
    """It is done; this is where the claim stands now."""

    number: str = Field(examples=[NUMBER])
    stage: Stage


def stands(number: str) -> Answer:
    """Where a claim stands now, as commands answer it."""
    stage = Claim.objects.filter(number=number).values_list("stage", flat=True).get()
    return {"number": number, "stage": stage}


@router.post("/codes", response={201: CodeSent}, auth=None)
def send_sign_in_code(request: HttpRequest, body: PhoneBody) -> Status[Answer]:
    """向手机发送登录验证码；每小时不超过六次。"""
    return Status(201, {"sent": True, "code": send_code(body.phone, purpose="sign_in")})


@router.post("/tokens", response={201: TokenTold}, auth=None)
def sign_in(request: HttpRequest, body: SignInBody) -> Status[Answer]:
    """凭手机号和验证码换取访问令牌。"""
    party = sign_in_party(body.phone, code=body.code)
    scopes = list(PARTY_SCOPES)
    reference = f"party/{party.pk}"
    token = issue_token(party, scopes=scopes, life=PARTY_LIFE, by=reference)
    life = int(PARTY_LIFE.total_seconds())
    return Status(
        201, {"token": token, "reference": reference, "expires_in": life, "scopes": scopes}
    )


@router.get("/me", response=Me)
def me(request: HttpRequest) -> Me:
    """令牌属于谁，可以做什么。"""
    who = caller(request)
    held = actor(who.reference)
    duties = sorted({duty for duty, _ in held.reach})
    return Me(reference=who.reference, scopes=sorted(who.scopes), duties=duties)


@router.post("/me/caller", response=CallerFound)
@scope("claims.report")
def know_caller(request: HttpRequest, key: Key, body: CallerBody) -> Answer:
    """说出电话或柜面报案时登记的姓名，认领用本人手机号登记的报案；一天可以试五次。"""
    who = caller(request)
    if who.party_id is None:
        raise Refused("duty_missing", duty="own.confirm")
    party_id = who.party_id

    def act() -> Answer:
        return {"numbers": duties.know_caller(party_id, name=body.name, by=who.reference)}

    return answered_apart(request, "know_caller", key=key, body=body, act=act)


@router.get("/policies", response=Policies)
@scope("claims.read")
def list_policies(request: HttpRequest, cursor: Cursor, limit: Limit) -> Policies:
    """本人作为投保人或被保险人的保单，新的在前；内部人员没有本人的保单。"""
    party = Party.objects.filter(pk=caller(request).party_id or 0).first()
    rows = own_policies(party).prefetch_related("covers") if party else Policy.objects.none()
    found, following = paged(rows, kind="policies", cursor=cursor, limit=limit)
    return Policies(items=[_policy(one) for one in found], next=following)


@router.get("/claims", response=Claims)
@scope("claims.read")
def list_claims(
    request: HttpRequest,
    cursor: Cursor,
    limit: Limit,
    stage: Annotated[Stage | None, Query(description="只看这个状态。")] = None,
    is_open: Annotated[bool | None, Query(description="只看未结或已结。")] = None,
) -> Claims:
    """可以查看的案件，新的在前。"""
    rows = claims_seen(actor(caller(request).reference))
    if stage is not None:
        rows = rows.filter(stage=stage)
    if is_open is not None:
        rows = rows.filter(is_open=is_open)
    found, following = paged(rows, kind="claims", cursor=cursor, limit=limit)
    return Claims(items=[ClaimRow.model_validate(claim) for claim in found], next=following)


@router.get("/claims/{number}", response=ClaimTold)
@scope("claims.read")
def read_claim(request: HttpRequest, number: Number) -> ClaimTold:
    """一个案件：各损失项目、金额和正在走的时限。"""
    claim = claim_seen(number, acting=actor(caller(request).reference))
    exposures = {e.pk: e for e in claim.exposures.order_by("position")}
    running = claim.clocks.filter(stopped_at=None).order_by("due_at", "clause")
    told: dict[str, object] = {n: getattr(claim, n, None) for n in ClaimTold.model_fields}
    told["exposures"] = [ExposureTold.model_validate(e) for e in exposures.values()]
    told["clocks"] = [_clock(c, exposures) for c in running]
    return ClaimTold.model_validate(told)


@router.get("/claims/{number}/timeline", response=list[MomentTold])
@scope("claims.read")
def read_timeline(request: HttpRequest, number: Number) -> list[MomentTold]:
    """案件的全部经过，旧的在前。"""
    claim = claim_seen(number, acting=actor(caller(request).reference))
    return [_moment(one) for one in moments(claim)]


@router.post("/claims/{number}/assignment", response=Done)
@scope("claims.work")
def assign_claim(request: HttpRequest, number: Number, key: Key, body: AssignmentBody) -> Answer:
    """把案件交给一位持证的理赔人员。"""

    def act() -> Answer:
        duties.assign_claim(number, to=body.to, by=caller(request).reference)
        return stands(number)

    return answered_once(request, "assign_claim", key=key, body=body, act=act, number=number)


def _policy(one: Policy) -> PolicyTold:
    covers: list[Cover] = sorted(one.covers.all(), key=lambda cover: cover.pk)
    return PolicyTold(
        number=one.number, line=one.line, plate=sealed.masked(one.plate, head=2, tail=2),
        starts_at=one.starts_at, ends_at=one.ends_at,
        covers=[CoverTold.model_validate(cover) for cover in covers],
    )  # fmt: skip


def _clock(clock: Clock, exposures: dict[int, Exposure]) -> ClockTold:
    position = exposures[clock.exposure_id].position if clock.exposure_id else 0
    return ClockTold(
        clause=clock.clause, limit=clock.limit, position=position, started_at=clock.started_at,
        due_at=clock.due_at,
    )  # fmt: skip


def _moment(one: Moment) -> MomentTold:
    moves = [
        Move(position=p, source=Stage(f) if f else None, target=Stage(t)) for p, f, t in one.moves
    ]
    return MomentTold(
        number=one.number, verb=one.verb, clause=one.clause, occurred_at=one.occurred_at,
        recorded_at=one.recorded_at, by=one.by, moves=moves,
    )  # fmt: skip
