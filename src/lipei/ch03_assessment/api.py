"""Chapter 3's endpoints: survey, loss list, sum and decision, objection."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from pydantic import Field

from lipei.ch01_general.actors import actor
from lipei.ch01_general.api import Done, Number, Position, stands
from lipei.ch01_general.models import Exposure
from lipei.ch01_general.reading import claim_seen
from lipei.ch03_assessment import adjudication, disputes, investigation, limits, verification
from lipei.ch03_assessment.facts import FAULTS
from lipei.ch03_assessment.facts_api import router
from lipei.ch03_assessment.models import LossLine
from lipei.kit import fields
from lipei.kit.api import Answer, Body, Key, Told, answered_once, caller, scope

THINGS = tuple(Exposure.Thing.values)


class DispatchBody(Body):
    """Who drives to the damage; without a place, to where the claim says it happened.

    How far it is, the place tells; to say otherwise wants the reason.
    """

    to: Annotated[str, fields.text(40, example="lijun")]
    place: Annotated[str, fields.text(200, empty=True)] = ""
    distance: Literal["", "city", "local", "remote"] = ""
    distance_reason: Annotated[str, fields.text(100, empty=True)] = ""


class StartBody(Body):
    """The assessor sets out; nothing more to say."""


class ArrivalBody(Body):
    """Where the assessor is, or why the position is not known."""

    where: Annotated[str, fields.text(60, empty=True, example="31.22,121.54")] = ""
    no_position_reason: Annotated[str, fields.text(100, empty=True)] = ""
    device_at: fields.Instant | None = Field(None, description="手机上的时间，仅作参考。")


class LineBody(Body):
    """One line of the loss list."""

    thing: Annotated[str, fields.one_of(*THINGS)]
    part: Annotated[str, fields.text(60, example="前保险杠")]
    action: Annotated[str, fields.one_of(*LossLine.Action.values)]
    unit_price_fen: fields.Fen
    quantity: Annotated[int, Field(ge=1, le=999)] = 1
    salvage_fen: fields.Fen = 0
    remark: Annotated[str, fields.text(100, empty=True)] = ""
    label: Annotated[str, fields.text(80, empty=True)] = Field(
        "", description="同类受损物不止一个时，写明是哪一个：责任项的称谓。"
    )


class LossesBody(Body):
    """The whole loss list anew."""

    lines: list[LineBody] = Field(min_length=1, max_length=investigation.MOST_LINES)


class Listed(Told):
    """What the loss list comes to."""

    total_fen: int = Field(examples=[180_000])


class FindingsBody(Body):
    """What was found, signed by the assessor."""

    findings: Annotated[str, fields.text(2000, lines=True, example="痕迹相符。")]
    signed_name: Annotated[str, fields.text(40, example="李军")]


class FaultBody(Body):
    """The fault that the certificate or the drivers' agreement names."""

    fault: Annotated[str, fields.one_of(*FAULTS)]


class CalculationBody(Body):
    """Nothing to say: the sum follows from the facts."""


class Sum(Told):
    """What one exposure is worth."""

    position: int
    benefit_fen: int


class Sums(Told):
    """What was calculated, by exposure."""

    sums: list[Sum]


class Answered(Told):
    """Whether straight-through review approved; if not, a reviewer decides."""

    approved: bool


class DecisionBody(Body):
    """A reviewer's word on one exposure: every question answered, or the reason of the return."""

    position: Position
    approve: bool = Field(examples=[True])
    answers: dict[Annotated[str, fields.one_of(*adjudication.QUESTIONS)], bool] = Field(
        default_factory=dict, examples=[dict.fromkeys(adjudication.QUESTIONS, True)]
    )
    remark: Annotated[str, fields.text(300, lines=True, empty=True)] = ""


class LimitTold(Told):
    """A limit or deductible that several claims use up, beside a sum; amounts in its unit."""

    name: str = Field(examples=["yearly_limit"])
    zh: str = Field(examples=["年度限额"])
    en: str = Field(examples=["Limit of the year"])
    scope: str = Field(examples=["insured_year"])
    unit: str = Field(examples=["fen"])
    is_limited: bool = Field(description="否：保单没有这一限额。")
    limit: int = Field(examples=[2_000_000])
    used_before: int = Field(examples=[500_000])
    used: int = Field(examples=[600_000])
    left: int = Field(examples=[900_000])
    state: str = Field(
        examples=["counted"], description="waiting 待核赔通过；counted 已计入；given_back 已退回。"
    )


class SheetTold(Told):
    """The newest sum of an exposure, step by step, as the claimant may sign it."""

    position: int
    version: int
    made_at: datetime
    digest: str = Field(examples=["sha256:…"])
    benefit_fen: int
    limits: list[LimitTold]
    sheet: dict[str, Any] = Field(description="计算单：事实、条款、每一步及其依据。")


class ObjectionBody(Body):
    """What the claimant objects to; no form is needed."""

    position: Position
    words: Annotated[str, fields.text(2000, lines=True, example="工时费偏低。")]


class ObjectionAnswerBody(Body):
    """The written answer of another reviewer; `again`: the sum is worked out once more."""

    position: Position
    answer: Annotated[str, fields.text(2000, lines=True, example="已按最新工时标准复核。")]
    again: bool = Field(False)


@router.post("/claims/{number}/survey", response=Done)
@scope("claims.work")
def dispatch_survey(request: HttpRequest, number: Number, key: Key, body: DispatchBody) -> Answer:
    """派查勘：查勘员须持有有效证书。"""

    def act() -> Answer:
        investigation.dispatch_survey(number, **body.model_dump(), by=caller(request).reference)
        return stands(number)

    return answered_once(request, "dispatch_survey", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/survey/start", response=Done)
@scope("claims.work")
def start_survey(request: HttpRequest, number: Number, key: Key, body: StartBody) -> Answer:
    """查勘员出发。"""

    def act() -> Answer:
        investigation.start_survey(number, by=caller(request).reference)
        return stands(number)

    return answered_once(request, "start_survey", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/survey/arrival", response=Done)
@scope("claims.work")
def arrive_at_survey(request: HttpRequest, number: Number, key: Key, body: ArrivalBody) -> Answer:
    """查勘员到达：完成查勘的时限从此刻起算。"""

    def act() -> Answer:
        investigation.arrive_at_survey(number, **body.model_dump(), by=caller(request).reference)
        return stands(number)

    return answered_once(request, "arrive_at_survey", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/losses", response=Listed)
@scope("claims.work")
def list_losses(request: HttpRequest, number: Number, key: Key, body: LossesBody) -> Answer:
    """录入损失清单（整单替换）。"""
    lines = [investigation.Line(**one.model_dump()) for one in body.lines]

    def act() -> Answer:
        total_fen = investigation.list_losses(number, lines=lines, by=caller(request).reference)
        return {"total_fen": total_fen}

    return answered_once(request, "list_losses", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/survey/finish", response=Done)
@scope("claims.work")
def finish_survey(request: HttpRequest, number: Number, key: Key, body: FindingsBody) -> Answer:
    """查勘完成并签名：损失定妥。"""

    def act() -> Answer:
        investigation.finish_survey(number, **body.model_dump(), by=caller(request).reference)
        return stands(number)

    return answered_once(request, "finish_survey", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/fault", response=Done)
@scope("claims.work")
def establish_fault(request: HttpRequest, number: Number, key: Key, body: FaultBody) -> Answer:
    """记下事故责任。"""

    def act() -> Answer:
        verification.establish_fault(number, fault=body.fault, by=caller(request).reference)
        return stands(number)

    return answered_once(request, "establish_fault", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/calculation", response=Sums)
@scope("claims.work")
def calculate_claim(
    request: HttpRequest, number: Number, key: Key, body: CalculationBody
) -> Answer:
    """理算：每一步都留下，随时可以复算。"""

    def act() -> Answer:
        sums = adjudication.calculate_claim(number, by=caller(request).reference)
        return {"sums": [{"position": p, "benefit_fen": fen} for p, fen in sums.items()]}

    return answered_once(request, "calculate_claim", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/straight-through", response=Answered)
@scope("claims.work")
def review_straight_through(
    request: HttpRequest, number: Number, key: Key, body: CalculationBody
) -> Answer:
    """线上核赔：逐条检查，全部通过才批准，否则转人工。"""

    def act() -> Answer:
        approved = adjudication.review_straight_through(number, by=caller(request).reference)
        return {"approved": approved}

    return answered_once(
        request, "review_straight_through", key=key, body=body, act=act, number=number
    )


@router.post("/claims/{number}/review", response=Done)
@scope("claims.work")
def submit_for_review(
    request: HttpRequest, number: Number, key: Key, body: CalculationBody
) -> Answer:
    """提交核赔：由另一人审核理算结果。"""

    def act() -> Answer:
        adjudication.submit_for_review(number, by=caller(request).reference)
        return stands(number)

    return answered_once(request, "submit_for_review", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/decisions", response=Done)
@scope("claims.work")
def decide_claim(request: HttpRequest, number: Number, key: Key, body: DecisionBody) -> Answer:
    """核赔：在权限内批准一个损失项目，或写明理由退回。"""

    def act() -> Answer:
        adjudication.decide_claim(number, **body.model_dump(), by=caller(request).reference)
        return stands(number)

    return answered_once(request, "decide_claim", key=key, body=body, act=act, number=number)


@router.get("/claims/{number}/sums", response=list[SheetTold])
@scope("claims.read")
def list_sums(request: HttpRequest, number: Number) -> list[SheetTold]:
    """每个损失项目最新的计算单，一步一步。"""
    claim = claim_seen(number, acting=actor(caller(request).reference))
    found = [(e, adjudication.calculation_of(e)) for e in claim.exposures.order_by("position")]
    held = limits.standings([c for _, c in found if c is not None])
    return [
        SheetTold(
            position=e.position, version=c.version, made_at=c.made_at, digest=c.sheet_hash,
            benefit_fen=c.benefit_fen, limits=[_limit_told(one) for one in held[c.pk]],
            sheet=dict(adjudication.sheet_of(c).as_json()),
        )
        for e, c in found if c is not None
    ]  # fmt: skip


def _limit_told(one: limits.Standing) -> LimitTold:
    rule = one.rule
    return LimitTold(
        name=rule.name, zh=rule.zh, en=rule.en, scope=rule.scope, unit=one.unit,
        is_limited=one.is_limited, limit=one.limit_units, used_before=one.before_units,
        used=one.used_units, left=one.left_units, state=one.state,
    )  # fmt: skip


@router.post("/claims/{number}/objections", response=Done)
@scope("own.confirm")
def object_to(request: HttpRequest, number: Number, key: Key, body: ObjectionBody) -> Answer:
    """对金额提出异议；无争议的部分照常支付。"""

    def act() -> Answer:
        disputes.object_to(number, **body.model_dump(), by=caller(request).reference)
        return stands(number)

    return answered_once(request, "object_to", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/human-review", response=Done)
@scope("own.confirm")
def ask_for_person(request: HttpRequest, number: Number, key: Key, body: CalculationBody) -> Answer:
    """要求由人工作出决定，不由程序决定。"""

    def act() -> Answer:
        disputes.ask_for_person(number, by=caller(request).reference)
        return stands(number)

    return answered_once(request, "ask_for_person", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/objections/answer", response=Done)
@scope("claims.work")
def answer_dispute(
    request: HttpRequest, number: Number, key: Key, body: ObjectionAnswerBody
) -> Answer:
    """由另一位核赔人书面答复异议。"""

    def act() -> Answer:
        disputes.answer_dispute(number, **body.model_dump(), by=caller(request).reference)
        return stands(number)

    return answered_once(request, "answer_dispute", key=key, body=body, act=act, number=number)
