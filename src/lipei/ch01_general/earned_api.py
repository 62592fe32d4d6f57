"""Earned premium over the API: told by month, line and branch, and read."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from lipei.ch01_general import earned
from lipei.ch01_general.actors import actor
from lipei.ch01_general.policies_api import router
from lipei.kit import fields
from lipei.kit.api import Answer, Body, Key, Told, answered_once, caller, scope

__all__ = ["router"]
MONTH = "2026-05-01"


class EarnedBody(Body):
    """The earned premium of a month; told again otherwise it is put right forward."""

    month: fields.Day = Field(description="该月第一天。", examples=[MONTH])
    line: Annotated[str, fields.text(20, example="motor")]
    branch: Annotated[str, fields.text(12, example="3101")]
    amount_fen: int = Field(ge=-(10**15), le=10**15, examples=[123_456_700])


class EarnedTold(Told):
    """What the figure changed."""

    change_fen: int = Field(description="与先前相比的差额；相同为 0。", examples=[0])


class Earned(Told):
    """Earned premium over some months; none where a month has no figure."""

    first: date
    last: date
    line: str = Field(examples=["motor"])
    earned_fen: int | None = Field(description="有月份没有数据时为空，不是零。")


@router.put("/earned-premium", response=EarnedTold)
@scope("claims.work")
def tell_earned_premium(request: HttpRequest, key: Key, body: EarnedBody) -> Answer:
    """登记一个月、一个险类、一个机构的已赚保费（分）；再次登记按差额更正。"""

    def act() -> Answer:
        figure = earned.Figure(body.month, body.line, body.branch, body.amount_fen)
        change_fen = earned.tell_earned_premium(figure, by=caller(request).reference)
        return {"change_fen": change_fen}

    return answered_once(request, "tell_earned_premium", key=key, body=body, act=act)


@router.get("/earned-premium", response=Earned)
@scope("claims.read")
def read_earned_premium(
    request: HttpRequest,
    first: Annotated[fields.Day, Query(description="第一个月的第一天。", examples=[MONTH])],
    last: Annotated[fields.Day, Query(description="最后一个月的第一天。", examples=[MONTH])],
    line: Annotated[str, fields.text(20, empty=True), Query(description="险类；不填为全部。")] = "",
) -> Earned:
    """若干个月的已赚保费；只给有报表权限的内部人员，按其机构。"""
    found = earned.earned_seen(first, last, line=line, acting=actor(caller(request).reference))
    return Earned(first=first, last=last, line=line, earned_fen=found)
