"""The endpoint that opens a further part of a claim."""

from typing import Annotated

from django.http import HttpRequest
from pydantic import Field

from lipei.ch01_general.api import Number
from lipei.ch01_general.models import Exposure
from lipei.ch02_intake import registration
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
