"""Chapter 2's endpoints: report a claim, hand in its papers, check and register it."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import File, Status, UploadedFile
from pydantic import Field

from lipei.ch01_general.actors import actor
from lipei.ch01_general.api import NUMBER, Done, Number, Position, Reason, stands
from lipei.ch01_general.reading import claim_seen
from lipei.ch01_general.stages import Stage
from lipei.ch02_intake import channels, estimating, irregular, materials, registration
from lipei.ch02_intake.letters_api import router
from lipei.ch02_intake.models import Material
from lipei.ch02_intake.report_bodies import (
    DamageBody,
    KeyedReportBody,
    Kind,
    ReportBody,
    UploadBody,
    UploadId,
    report_of,
)
from lipei.kit import fields, uploads
from lipei.kit.api import Answer, Body, Key, Told, answered_once, caller, scope


class Filed(Told):
    """The report is taken; this is its number."""

    number: str = Field(examples=[NUMBER])
    stage: Stage


class UploadTold(Told):
    """A file that is kept; `upload` names it from now on."""

    upload: int
    sha256: str
    media_type: str = Field(examples=["image/jpeg"])
    size_bytes: int
    width: int | None
    height: int | None


class Paper(Told):
    """One paper that the claim needs, and how it stands."""

    kind: str = Field(examples=["driving_licence"])
    state: str = Field(examples=["wanted"])
    reason: str
    unlocks: list[int] = Field(description="交齐后可以推进的损失项目。")
    received_at: datetime | None


class DocumentBody(UploadBody):
    """A paper or photograph for a claim.

    Where it came in before, the house dates it back: with the reason, and an upload as proof.
    """

    received_at: fields.PastInstant | None = Field(
        None, description="只有内部人员可以补录，须有原因和凭证，不早于出险。"
    )
    reason: Reason = ""
    proof: UploadId | None = Field(None, description="证明收到时间的凭证（上传编号）。")


class Received(Told):
    """The paper is taken."""

    kind: str
    received_at: datetime


class CheckBody(Body):
    """A paper is good, or goes back with the reason that the claimant reads."""

    kind: Kind
    accepted: bool = Field(examples=[True])
    reason: Reason = ""


class NoticeBody(Body):
    """Ask once for everything that is missing; again only for new facts."""

    new_facts: Reason = ""


class Asked(Told):
    """What the one notice names."""

    kinds: list[str]


class ReserveBody(Body):
    """What is set aside for one exposure."""

    position: Position
    reserve_fen: fields.Fen


class RegistrationBody(Body):
    """The reserves with which the case is opened."""

    reserves: list[ReserveBody] = Field(min_length=1, max_length=99)


class Registered(Told):
    """The numbers of the opened exposures (立案号)."""

    numbers: list[str]


class PolicyBody(Body):
    """The policy that an unmatched report belongs to."""

    policy: Annotated[str, fields.text(40, example="PDAA202644030000000001")]


class EstimateBody(Body):
    """The damaged parts (those of the report, if none are named), or two sums with their basis."""

    damage: list[DamageBody] | None = Field(None, max_length=40)
    low_fen: fields.Fen | None = None
    high_fen: fields.Fen | None = None
    basis: Annotated[str, fields.text(300, lines=True, empty=True)] = ""


class FlagBody(Body):
    """Why the claim cannot flow straight."""

    kind: Annotated[str, fields.one_of(*irregular.KINDS)]


class SettlingBody(FlagBody):
    """What came of a flag, and why."""

    outcome: Annotated[str, fields.one_of(*irregular.OUTCOMES)]
    reason: Annotated[str, fields.text(200, example="与交警核实，属同一事故。")]


class WithdrawalBody(Body):
    """Why the claim is taken back."""

    reason: Annotated[str, fields.text(200, example="损失很小，自行处理。")]


@router.post("/uploads", response={201: UploadTold})
@scope("claims.report")
def take_upload(request: HttpRequest, key: Key, file: File[UploadedFile]) -> Status[Answer]:
    """上传一份照片、视频或文件；同一编号重发得到同一份。"""
    owner = caller(request).reference
    taken = uploads.take(file, owner=owner, client_id=key, filename=file.name or "")
    return Status(201, {
        "upload": taken.pk, "sha256": taken.sha256, "media_type": taken.media_type,
        "size_bytes": taken.size_bytes, "width": taken.width, "height": taken.height,
    })  # fmt: skip


@router.post("/claims", response={201: Filed})
@scope("claims.report")
def file_claim(request: HttpRequest, key: Key, body: ReportBody) -> Status[Answer]:
    """报案：立即得到案件号、损失项目、材料清单和时限。"""
    return Status(
        201,
        channels.file_claim(
            report_of(body),
            by=caller(request).reference,
            key=key,
            channel="api",
            another=body.another,
        ),
    )


@router.post("/reports", response={201: Filed})
@scope("claims.work")
def take_report(request: HttpRequest, key: Key, body: KeyedReportBody) -> Status[Answer]:
    """代录报案：来电或来访的人说的，由工作人员录入；案件属于报案人，时间以其告知时为准。"""
    return Status(
        201,
        channels.take_report(
            report_of(body),
            caller=body.caller,
            by=caller(request).reference,
            key=key,
            channel=body.channel,
            received_at=body.received_at,
            another=body.another,
        ),
    )


@router.get("/claims/{number}/papers", response=list[Paper])
@scope("claims.read")
def list_papers(request: HttpRequest, number: Number) -> list[Material]:
    """案件需要的材料，以及每份材料现在的情况。"""
    claim = claim_seen(number, acting=actor(caller(request).reference))
    return list(claim.materials.order_by("pk"))


@router.post("/claims/{number}/papers", response={201: Received})
@scope("claims.report")
def receive_document(
    request: HttpRequest, number: Number, key: Key, body: DocumentBody
) -> Status[Answer]:
    """补交一份材料或照片。"""
    who = caller(request)
    duty = "own.upload" if who.party_id else "materials.receive"

    def act() -> Answer:
        document = materials.receive_document(
            number, **body.model_dump(), by=who.reference, duty=duty
        )
        return {"kind": document.kind, "received_at": document.received_at.isoformat()}

    return Status(
        201, answered_once(request, "receive_document", key=key, body=body, act=act, number=number)
    )


@router.post("/claims/{number}/papers/check", response=Done)
@scope("claims.work")
def check_document(request: HttpRequest, number: Number, key: Key, body: CheckBody) -> Answer:
    """审核一份材料：合格，或写明理由退回。"""

    def act() -> Answer:
        materials.check_document(number, **body.model_dump(), by=caller(request).reference)
        return stands(number)

    return answered_once(request, "check_document", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/notice", response=Asked)
@scope("claims.work")
def request_materials(request: HttpRequest, number: Number, key: Key, body: NoticeBody) -> Answer:
    """一次性告知所缺的全部材料。"""

    def act() -> Answer:
        kinds = materials.request_materials(
            number, **body.model_dump(), by=caller(request).reference
        )
        return {"kinds": kinds}

    return answered_once(request, "request_materials", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/registration", response=Registered)
@scope("claims.work")
def register_claim(
    request: HttpRequest, number: Number, key: Key, body: RegistrationBody
) -> Answer:
    """立案：每个损失项目得到立案号和未决估损。"""
    reserves = {one.position: one.reserve_fen for one in body.reserves}

    def act() -> Answer:
        numbers = registration.register_claim(
            number, reserves=reserves, by=caller(request).reference
        )
        return {"numbers": numbers}

    return answered_once(request, "register_claim", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/policy", response=Done)
@scope("claims.work")
def link_policy(request: HttpRequest, number: Number, key: Key, body: PolicyBody) -> Answer:
    """为未匹配保单的报案关联保单。"""

    def act() -> Answer:
        registration.link_policy(number, policy=body.policy, by=caller(request).reference)
        return stands(number)

    return answered_once(request, "link_policy", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/withdrawal", response=Done)
@scope("claims.report")
def withdraw_claim(request: HttpRequest, number: Number, key: Key, body: WithdrawalBody) -> Answer:
    """核定之前撤回索赔；以后仍可再次提出。"""

    def act() -> Answer:
        irregular.withdraw_claim(number, reason=body.reason, by=caller(request).reference)
        return stands(number)

    return answered_once(request, "withdraw_claim", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/estimate", response=Done)
@scope("claims.work")
def give_estimate(request: HttpRequest, number: Number, key: Key, body: EstimateBody) -> Answer:
    """给出预估赔付区间：按受损部位，或写明上下限和依据；不是赔付承诺。"""

    def act() -> Answer:
        marks = body.damage
        damage = None if marks is None else [channels.Damage(**d.model_dump()) for d in marks]
        told = body.model_dump(exclude={"damage"})
        estimating.give_estimate(number, damage=damage, **told, by=caller(request).reference)
        return stands(number)

    return answered_once(request, "give_estimate", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/flags", response=Done)
@scope("claims.work")
def flag_claim(request: HttpRequest, number: Number, key: Key, body: FlagBody) -> Answer:
    """标记异常情形；法定时限不因此停止。"""

    def act() -> Answer:
        irregular.flag_claim(number, kind=body.kind, by=caller(request).reference)
        return stands(number)

    return answered_once(request, "flag_claim", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/flags/settling", response=Done)
@scope("claims.work")
def settle_flag(request: HttpRequest, number: Number, key: Key, body: SettlingBody) -> Answer:
    """处理异常标记：写明结论和理由，由标记人以外的人办理。"""

    def act() -> Answer:
        irregular.settle_flag(number, **body.model_dump(), by=caller(request).reference)
        return stands(number)

    return answered_once(request, "settle_flag", key=key, body=body, act=act, number=number)
