"""The endpoints of a claim's letters: read them, send them, prove that they arrived."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Path, Query, Status
from pydantic import Field

from lipei.ch01_general import letters
from lipei.ch01_general.actors import actor
from lipei.ch01_general.api import Number
from lipei.ch01_general.models import Letter
from lipei.ch01_general.reading import claim_seen
from lipei.ch02_intake.callers_api import router
from lipei.kit import fields
from lipei.kit.api import Answer, Body, Key, Told, answered_once, caller, scope
from lipei.kit.refusal import Refused
from lipei.manual.letter_list import LANGUAGES

__all__ = ["router"]
PDF = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
Which = Annotated[int, Path(ge=1, le=9999, description="文书在本案中的序号。")]
Delivery = Annotated[int, Path(ge=1, le=2**53 - 1, description="寄送的编号。")]


class LetterTold(Told):
    """One letter, and when it first arrived."""

    letter: int
    number: str = Field(examples=["WS-02-CX-2026-0501-000051-1"])
    template: str = Field(examples=["one_notice"])
    title: str
    made_at: datetime
    arrived_at: datetime | None


class LettersTold(Told):
    """The letters of a claim that the caller may read, the newest first."""

    letters: list[LetterTold]


class SendBody(Body):
    """How it goes out on paper."""

    way: Annotated[str, fields.one_of("post", "hand")]
    reference: Annotated[str, fields.text(60, empty=True, example="SF1234567890")] = ""


class Sent(Told):
    """It is on its way; this number notes its arrival."""

    letter: int
    delivery: int


class ArrivalBody(Body):
    """When it arrived, and the file that proves it."""

    at: fields.PastInstant
    proof: int = Field(ge=1, le=2**53 - 1, description="凭证的上传编号。", examples=[17])


@router.get("/claims/{number}/letters", response=LettersTold)
@scope("claims.read")
def list_letters(request: HttpRequest, number: Number) -> Answer:
    """本案发给您（或由本机构发出）的文书。"""
    return {"letters": [_told(one) for one in _seen(request, number)]}


@router.get(
    "/claims/{number}/letters/{letter}/paper",
    openapi_extra={"responses": {200: {"description": "文书", "content": PDF}}},
)
@scope("claims.read")
def read_letter(
    request: HttpRequest, number: Number, letter: Which,
    language: Annotated[str, fields.one_of(*LANGUAGES), Query()] = "zh",
) -> HttpResponseBase:  # fmt: skip
    """一份文书的 PDF；本人第一次打开即为送达。"""
    claim = claim_seen(number, acting=actor(caller(request).reference))
    held = letters.open_letter(claim.number, letter=letter, by=caller(request).reference)
    response = HttpResponse(
        letters.letter_pdf(held, language=language), content_type="application/pdf"
    )
    name = f"{letters.number_of(held)}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@router.post("/claims/{number}/letters/{letter}/deliveries", response={201: Sent})
@scope("claims.work")
def send_letter(
    request: HttpRequest, number: Number, letter: Which, key: Key, body: SendBody
) -> Status[Answer]:
    """登记邮寄（附快递单号）或当面递交。"""

    def act() -> Answer:
        made = letters.send_letter(
            number, letter=letter, **body.model_dump(), by=caller(request).reference
        )
        return {"letter": letter, "delivery": made.pk}

    answer = answered_once(
        request, "send_letter", key=key, body=body, act=act, number=number, letter=letter
    )
    return Status(201, answer)


@router.post("/claims/{number}/letters/{letter}/deliveries/{delivery}/arrival", response=LetterTold)
@scope("claims.work")
def note_letter_arrival(
    request: HttpRequest, number: Number, letter: Which, delivery: Delivery, key: Key,
    body: ArrivalBody,
) -> Answer:  # fmt: skip
    """登记送达：时间以凭证为准，期限从这时起算。"""

    def act() -> Answer:
        letters.note_arrival(
            number, letter=letter, delivery=delivery, **body.model_dump(),
            by=caller(request).reference,
        )  # fmt: skip
        held = next((one for one in _seen(request, number) if one.position == letter), None)
        if held is None:
            raise Refused("letter_not_found")
        return _told(held)

    return answered_once(
        request, "note_letter_arrival", key=key, body=body, act=act, number=number,
        letter=letter, delivery=delivery,
    )  # fmt: skip


def _seen(request: HttpRequest, number: str) -> list[Letter]:
    acting = actor(caller(request).reference)
    claim = claim_seen(number, acting=acting)
    return list(letters.letters_of(claim, acting=acting))


def _told(letter: Letter) -> Answer:
    arrived = getattr(letter, "arrived_at", None)
    return {
        "letter": letter.position, "number": letters.number_of(letter),
        "template": letter.template, "title": letter.text[letters.language_read()]["title"],
        "made_at": letter.made_at.isoformat(),
        "arrived_at": arrived.isoformat() if arrived else None,
    }  # fmt: skip
