"""The endpoints that open a further part of a claim, and take one back."""

from typing import Annotated

from django.http import HttpRequest
from pydantic import Field

from lipei.ch01_general.api import Done, Number, Position, stands
from lipei.ch01_general.models import Exposure
from lipei.ch02_intake import irregular, registration
from lipei.ch02_intake.covers import ANSWERS_FOR
from lipei.ch02_intake.papers_api import router
from lipei.kit import fields
from lipei.kit.api import Answer, Body, Key, Told, answered_once, caller, scope

__all__ = ["router"]


class PartBody(Body):
    """A further victim or thing under a cover of the policy."""

    product: Annotated[str, fields.one_of(*ANSWERS_FOR)]
    thing: Annotated[str, fields.one_of(*Exposure.Thing.values)]
    label: Annotated[str, fields.text(80, example="伤者甲")]
    reserve_fen: fields.Fen
    payee_name: Annotated[str, fields.or_none(fields.Name)] = Field(
        "", description="第三者的损失赔给谁；还不知道的以后再写，被保险人自己的损失不写。"
    )
    payee_phone: Annotated[str, fields.or_none(fields.Phone)] = ""


class PartWithdrawnBody(Body):
    """Why one part of the claim is taken back."""

    reason: Annotated[str, fields.text(200, example="对方已自行修好。")]


class PartOpened(Told):
    """The position of the part that is open now."""

    position: int = Field(examples=[3])


@router.post("/claims/{number}/exposures", response=PartOpened)
@scope("claims.work")
def open_part(request: HttpRequest, number: Number, key: Key, body: PartBody) -> Answer:
    """在保单的险种下再开一个损失项目：另一位伤者，另一个标的。"""

    def act() -> Answer:
        told = body.model_dump()
        return {"position": registration.open_part(number, **told, by=caller(request).reference)}

    return answered_once(request, "open_part", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/exposures/{position}/withdrawal", response=Done)
@scope("claims.report")
def withdraw_part(
    request: HttpRequest, number: Number, position: Position, key: Key, body: PartWithdrawnBody
) -> Answer:
    """核定之前单独撤回一个损失项目；其余项目继续办理。"""

    def act() -> Answer:
        irregular.withdraw_part(
            number, position=position, reason=body.reason, by=caller(request).reference
        )
        return stands(number)

    return answered_once(
        request, "withdraw_part", key=key, body=body, act=act, number=number, position=position
    )
