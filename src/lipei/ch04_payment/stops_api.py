"""The endpoints of what stops a payment: holds, an order sent back, a nil sum."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Router, Status
from pydantic import Field

from lipei.ch01_general import holds
from lipei.ch01_general.actors import actor
from lipei.ch01_general.api import Done, Number, Position, stands
from lipei.ch01_general.models import Hold
from lipei.ch01_general.reading import claim_seen
from lipei.ch04_payment import release, vouchers
from lipei.ch04_payment.models import Order
from lipei.kit import fields
from lipei.kit.api import Answer, Body, Key, Told, answered_once, caller, scope

router = Router()
"""The chapter's one router; `api.py` puts its own endpoints on it too."""
ORDER = "PO-2026-0501-000051-1-1"
OrderNumber = Annotated[str, fields.text(40, example=ORDER), Path(description="付款单号。")]
Why = Annotated[str, fields.text(200, example="已与开户银行核实。")]


class OrderMade(Told):
    """An order, and how it stands now."""

    order: str = Field(examples=[ORDER])
    state: str


class RejectionBody(Body):
    """Why the order goes back to whoever made it."""

    reason: Annotated[str, fields.text(300, example="账户不是收款人本人的。")]


class HoldBody(Body):
    """Which part is not to be paid for now, and why."""

    position: Position
    kind: Annotated[str, fields.one_of(*holds.KINDS)]
    reason: Why


class HoldTold(Told):
    """One hold in force; it is told to the house only."""

    hold: int
    position: int
    kind: str = Field(examples=["court"])
    reason: str
    placed_by: str = Field(examples=["staff/hege"])
    placed_at: datetime


class HoldPlaced(Told):
    """The hold is in force; this number lifts it."""

    hold: int


class LiftingBody(Body):
    """Which hold is lifted, and why."""

    hold: Annotated[int, Field(ge=1, le=2**53 - 1)]
    reason: Why


class NilBody(Body):
    """The approved part of which nothing is payable."""

    position: Position


@router.post("/orders/{order}/rejection", response=OrderMade)
@scope("payments.work")
def reject_payment(
    request: HttpRequest, order: OrderNumber, key: Key, body: RejectionBody
) -> Answer:
    """退回制单：付款单作废并写明理由，由制单人重新制单。"""

    def act() -> Answer:
        release.reject_payment(order, reason=body.reason, by=caller(request).reference)
        return state_of(order)

    return answered_once(request, "reject_payment", key=key, body=body, act=act, order=order)


@router.get("/claims/{number}/holds", response=list[HoldTold])
@scope("claims.work")
def list_holds(request: HttpRequest, number: Number) -> list[HoldTold]:
    """案件上未解除的中止事项。"""
    claim = claim_seen(number, acting=actor(caller(request).reference))
    found = Hold.objects.filter(exposure__claim=claim, lifted_at=None).order_by("pk")
    return [
        HoldTold(
            hold=one.pk, position=one.exposure.position, kind=one.kind, reason=one.reason,
            placed_by=one.placed_by, placed_at=one.placed_at,
        )
        for one in found.select_related("exposure")
    ]  # fmt: skip


@router.post("/claims/{number}/holds", response={201: HoldPlaced})
@scope("claims.work")
def place_hold(request: HttpRequest, number: Number, key: Key, body: HoldBody) -> Status[Answer]:
    """中止付款：写明种类和理由；法定时限不因此停止。"""

    def act() -> Answer:
        placed = holds.place_hold(number, **body.model_dump(), by=caller(request).reference)
        return {"hold": placed.pk}

    return Status(
        201, answered_once(request, "place_hold", key=key, body=body, act=act, number=number)
    )


@router.post("/claims/{number}/holds/lifting", response=Done)
@scope("claims.work")
def lift_hold(request: HttpRequest, number: Number, key: Key, body: LiftingBody) -> Answer:
    """解除中止：写明理由，由设置人以外的人办理。"""

    def act() -> Answer:
        holds.lift_hold(number, **body.model_dump(), by=caller(request).reference)
        return stands(number)

    return answered_once(request, "lift_hold", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/nil-closing", response=Done)
@scope("claims.work")
def close_nil(request: HttpRequest, number: Number, key: Key, body: NilBody) -> Answer:
    """零结案：核定后没有可赔金额的损失项目办结，并告知客户理由；客户仍可提出异议。"""

    def act() -> Answer:
        vouchers.close_nil(number, position=body.position, by=caller(request).reference)
        return stands(number)

    return answered_once(request, "close_nil", key=key, body=body, act=act, number=number)


def state_of(order: str) -> Answer:
    """How an order stands now, as commands answer it."""
    state = Order.objects.filter(number=order).values_list("state", flat=True).get()
    return {"order": order, "state": str(state)}
