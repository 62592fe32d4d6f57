"""The endpoints around a payment: on which account, what stands against it, its receipt."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Status
from pydantic import Field

from lipei.ch01_general.actors import actor
from lipei.ch01_general.api import Number, Position
from lipei.ch01_general.reading import claim_seen
from lipei.ch04_payment import accounts, beneficiaries, release
from lipei.ch04_payment.beneficiaries import RELATIONS
from lipei.ch04_payment.models import Account, Order, Voucher
from lipei.ch04_payment.stops_api import ORDER, OrderNumber, router
from lipei.ch04_payment.vouchers import receipt_of
from lipei.kit import fields
from lipei.kit.api import Answer, Body, Key, Told, answered_apart, answered_once, caller, scope
from lipei.kit.refusal import Refused

PDF = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}


class AccountBody(Body):
    """A bank account, in its holder's own name."""

    bank_name: Annotated[str, fields.text(60, example="中国工商银行")]
    number: fields.BankCard
    holder: fields.Name


class PartAccountBody(AccountBody):
    """The account of whoever one part is paid to."""

    position: Position


class AccountTold(Told):
    """An account as it is kept: by its last four digits."""

    account: int
    tail: str = Field(examples=["9012"])
    checked: str = Field(description="户名核对：open、matched。", examples=["matched"])


class BeneficiaryBody(Body):
    """Who takes a benefit whose insured has died, as the papers show it."""

    position: Position
    name: fields.Name
    id_number: fields.ResidentId
    relation: Annotated[str, fields.one_of(*RELATIONS)]
    phone_number: fields.Phone
    paper: Annotated[str, fields.text(40, example="beneficiary_proof")]


class BeneficiaryTold(Told):
    """The part whose benefit has somebody who takes it now."""

    position: int = Field(examples=[1])


class ClearanceBody(Body):
    """What a person of compliance looked at, and why nothing stands against the payment."""

    kind: Annotated[str, fields.one_of(*release.CLEARANCES)]
    reason: Annotated[str, fields.text(300, example="同名不同人，证件号已核对。")]


class Cleared(Told):
    """What is still to be cleared before the money may go out."""

    order: str = Field(examples=[ORDER])
    missing: list[str] = Field(examples=[["risk"]])


def account_told(account: Account) -> Answer:
    """An account in the words of an answer."""
    return {"account": account.pk, "tail": account.tail, "checked": str(account.checked)}


@router.post("/claims/{number}/account", response={201: AccountTold})
@scope("own.confirm")
def give_payee_account(
    request: HttpRequest, number: Number, key: Key, body: PartAccountBody
) -> Status[Answer]:
    """登记一个损失项目收款人的账户：本人的，或第三者的；户名须与收款人一致。"""

    def act() -> Answer:
        made = accounts.give_payee_account(
            number, position=body.position, bank_name=body.bank_name, card=body.number,
            holder=body.holder, by=caller(request).reference,
        )  # fmt: skip
        return account_told(made)

    answer = answered_apart(
        request, "give_payee_account", key=key, body=body, act=act, claim=number
    )
    return Status(201, answer)


@router.post("/claims/{number}/beneficiary", response=BeneficiaryTold)
@scope("claims.work")
def name_beneficiary(
    request: HttpRequest, number: Number, key: Key, body: BeneficiaryBody
) -> Answer:
    """被保险人身故的，凭身份和关系证明登记由谁领取保险金。"""

    def act() -> Answer:
        beneficiaries.name_beneficiary(number, **body.model_dump(), by=caller(request).reference)
        return {"position": body.position}

    return answered_apart(request, "name_beneficiary", key=key, body=body, act=act, claim=number)


@router.post("/claims/{number}/account/correction", response={201: AccountTold})
@scope("payments.work")
def correct_account(
    request: HttpRequest, number: Number, key: Key, body: PartAccountBody
) -> Status[Answer]:
    """退票后更正收款账户：重新付款的时限从此起算。"""

    def act() -> Answer:
        made = accounts.correct_account(
            number, position=body.position, bank_name=body.bank_name, card=body.number,
            holder=body.holder, by=caller(request).reference,
        )  # fmt: skip
        return account_told(made)

    answer = answered_apart(request, "correct_account", key=key, body=body, act=act, claim=number)
    return Status(201, answer)


@router.post("/orders/{order}/clearance", response=Cleared)
@scope("payments.work")
def clear_order(request: HttpRequest, order: OrderNumber, key: Key, body: ClearanceBody) -> Answer:
    """放行：由合规人员写明理由，说明付款单的一项审查没有问题。"""

    def act() -> Answer:
        release.clear_order(order, **body.model_dump(), by=caller(request).reference)
        return {"order": order, "missing": release.clearances_missing(_held(order))}

    return answered_once(request, "clear_order", key=key, body=body, act=act, order=order)


@router.get(
    "/orders/{order}/receipt",
    openapi_extra={"responses": {200: {"description": "电子回单", "content": PDF}}},
)
@scope("claims.read")
def read_receipt(request: HttpRequest, order: OrderNumber) -> HttpResponseBase:
    """已到账付款单的电子回单（PDF）。"""
    claim = claim_seen(release.number_of(order), acting=actor(caller(request).reference))
    held = Voucher.objects.filter(order__number=order, order__exposure__claim=claim).first()
    if held is None:
        raise Refused("file_not_found")
    response = HttpResponse(receipt_of(held), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{held}.pdf"'
    return response


def _held(order: str) -> Order:
    return Order.objects.get(number=order)
