"""The endpoint that puts a wrongly written phone right."""

from typing import Annotated

from django.http import HttpRequest
from pydantic import Field

from lipei.ch01_general.api import Done, Number, stands
from lipei.ch02_intake import callers
from lipei.ch02_intake.parts_api import router
from lipei.kit import fields
from lipei.kit.api import Answer, Body, Key, answered_once, caller, scope

__all__ = ["router"]


class PhoneCorrectionBody(Body):
    """Whose phone, the right one, why, and what proves it."""

    position: int = Field(ge=0, le=99, description="0 为报案人，其他为该损失项目的收款人。")
    phone: fields.Phone
    reason: Annotated[str, fields.text(200, example="录音核对，记错一位")]
    proof: int = Field(ge=1, le=2**53 - 1, description="凭证的上传编号。", examples=[17])


@router.post("/claims/{number}/phone-correction", response=Done)
@scope("claims.work")
def correct_phone(
    request: HttpRequest, number: Number, key: Key, body: PhoneCorrectionBody
) -> Answer:
    """更正登记错的电话，写明原因并附凭证；本人登录证明过的电话和保单上的电话不在此更改。"""

    def act() -> Answer:
        callers.correct_phone(number, **body.model_dump(), by=caller(request).reference)
        return stands(number)

    return answered_once(request, "correct_phone", key=key, body=body, act=act, number=number)
