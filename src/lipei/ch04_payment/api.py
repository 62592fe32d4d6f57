"""Chapter 4's endpoints: the claimant's word, accounts, payment orders, closing."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Status
from pydantic import Field

from lipei.ch01_general.actors import actor
from lipei.ch01_general.api import CodeSent, Done, Number, Position, stands
from lipei.ch01_general.duties import send_code
from lipei.ch01_general.models import Party
from lipei.ch01_general.reading import claim_seen
from lipei.ch03_assessment.adjudication import joint_digest_of
from lipei.ch04_payment import accounts, methods, release, vouchers
from lipei.ch04_payment.accounts_api import AccountBody, AccountTold, account_told
from lipei.ch04_payment.models import Account, Order
from lipei.ch04_payment.stops_api import ORDER, OrderMade, OrderNumber, router, state_of
from lipei.kit import fields
from lipei.kit.api import (
    Answer,
    Body,
    Caller,
    Key,
    Told,
    answered_apart,
    answered_once,
    caller,
    scope,
)
from lipei.kit.refusal import Refused

RowId = Annotated[int, Field(ge=1, le=2**53 - 1)]


class PayeeBody(Body):
    """Who the third party is, whose loss is paid to themselves."""

    name: fields.Name
    phone: Annotated[str, fields.or_none(fields.Phone)] = ""


class PayeeTold(Told):
    """The party to whom these sums will go."""

    party: int


class Waiting(Told):
    """One sum that waits for the claimant's word."""

    position: int
    benefit_fen: int
    digest: str


class SumsOpen(Told):
    """All sums that wait, and the one digest that a signature is bound to."""

    items: list[Waiting]
    sheets_digest: str


class CodeBody(Body):
    """Nothing to say: the code goes to the claimant's own phone."""


class ChoiceBody(Body):
    """The word on one sum."""

    position: Position
    choice: Annotated[str, fields.one_of(*methods.CHOICES)]


class SignatureBody(Body):
    """A typed name, or a drawing as SVG path data."""

    kind: Annotated[str, fields.one_of("name", "drawing")]
    value: Annotated[str, fields.text(methods.STROKES_MOST, example="周国栋")]


class AgreementBody(Body):
    """The claimant's word on every open sum, signed."""

    choices: list[ChoiceBody] = Field(min_length=1, max_length=99)
    sheets_digest: Annotated[str, fields.text(80)]
    signature: SignatureBody
    code: Annotated[str, fields.text(6, example="123456")]
    words: Annotated[str, fields.text(2000, lines=True, empty=True)] = ""


class OrderBody(Body):
    """Which exposure is paid to which checked account of its payee."""

    position: Position
    account: RowId


class OrderAct(Body):
    """Nothing to say: amount, payee and account stand under the order's seal."""


class OrderTold(Told):
    """One payment order."""

    number: str = Field(examples=[ORDER])
    position: int
    kind: str
    state: str = Field(examples=["prepared"])
    amount_fen: int
    tail: str
    made_at: datetime
    released_at: datetime | None
    credited_at: datetime | None
    receipt: str = Field(description="电子凭证编号；没有时为空。")


@router.post("/accounts", response={201: AccountTold})
@scope("own.confirm")
def give_account(request: HttpRequest, key: Key, body: AccountBody) -> Status[Answer]:
    """登记本人的收款账户；户名须与本人一致。"""
    who = _claimant(request)

    def act() -> Answer:
        made = accounts.give_account(who.party_id or 0, **body.model_dump(), by=who.reference)
        return account_told(made)

    return Status(201, answered_apart(request, "give_account", key=key, body=body, act=act))


@router.post("/claims/{number}/payee", response={201: PayeeTold})
@scope("own.confirm")
def name_payee(request: HttpRequest, number: Number, key: Key, body: PayeeBody) -> Status[Answer]:
    """说明第三者是谁；其损失赔给本人。"""

    def act() -> Answer:
        told = body.model_dump()
        return {"party": accounts.name_payee(number, **told, by=caller(request).reference)}

    answer = answered_once(request, "name_payee", key=key, body=body, act=act, number=number)
    return Status(201, answer)


@router.get("/claims/{number}/agreement", response=SumsOpen)
@scope("claims.read")
def read_open_sums(request: HttpRequest, number: Number) -> SumsOpen:
    """等待客户确认的金额，以及签署所依据的摘要。"""
    claim = claim_seen(number, acting=actor(caller(request).reference))
    found = methods.sums_open(list(claim.exposures.order_by("position")))
    items = [
        Waiting(position=e.position, benefit_fen=c.benefit_fen, digest=c.sheet_hash)
        for e, c in found
    ]
    digest = joint_digest_of([c for _, c in found]) if found else ""
    return SumsOpen(items=items, sheets_digest=digest)


@router.post("/claims/{number}/agreement/code", response=CodeSent)
@scope("own.confirm")
def send_agreement_code(request: HttpRequest, number: Number, key: Key, body: CodeBody) -> Answer:
    """向本人手机发送签署验证码。"""
    who = _claimant(request)
    claim_seen(number, acting=actor(who.reference))
    phone = Party.objects.get(pk=who.party_id or 0).reached_at

    def act() -> Answer:
        return {"sent": True, "code": send_code(phone, purpose=f"agree/{number}")}

    return answered_once(request, "send_code", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/agreement", response=Done)
@scope("own.confirm")
def agree_to_sums(request: HttpRequest, number: Number, key: Key, body: AgreementBody) -> Answer:
    """客户确认：接受、保留权利地接受，或提出异议。"""
    who = _claimant(request)

    def act() -> Answer:
        methods.agree_to_sums(
            number,
            choices={one.position: one.choice for one in body.choices},
            sheets_digest=body.sheets_digest,
            signature=methods.Signature(body.signature.kind, body.signature.value),
            code=body.code,
            words=body.words,
            address=str(request.META.get("REMOTE_ADDR") or "") or None,
            by=who.reference,
        )
        return stands(number)

    return answered_apart(request, "agree_to_sums", key=key, body=body, act=act, number=number)


@router.get("/claims/{number}/orders", response=list[OrderTold])
@scope("claims.read")
def list_orders(request: HttpRequest, number: Number) -> list[OrderTold]:
    """案件的付款单。"""
    claim = claim_seen(number, acting=actor(caller(request).reference))
    orders = Order.objects.filter(exposure__claim=claim).order_by("pk")
    return [_order(one) for one in orders.select_related("exposure", "account", "voucher")]


@router.post("/claims/{number}/orders", response={201: OrderMade})
@scope("payments.work")
def prepare_payment(
    request: HttpRequest, number: Number, key: Key, body: OrderBody
) -> Status[Answer]:
    """制单：金额、收款人和账户一并封签。"""

    def act() -> Answer:
        order = release.prepare_payment(number, **body.model_dump(), by=caller(request).reference)
        return {"order": order.number, "state": str(order.state)}

    return Status(
        201, answered_once(request, "prepare_payment", key=key, body=body, act=act, number=number)
    )


@router.post("/orders/{order}/approval", response=OrderMade)
@scope("payments.work")
def approve_payment(request: HttpRequest, order: OrderNumber, key: Key, body: OrderAct) -> Answer:
    """审批：超过限额的付款须由另一人批准。"""

    def act() -> Answer:
        release.approve_payment(order, by=caller(request).reference)
        return state_of(order)

    return answered_once(request, "approve_payment", key=key, body=body, act=act, order=order)


@router.post("/orders/{order}/release", response=OrderMade)
@scope("payments.work")
def release_payment(request: HttpRequest, order: OrderNumber, key: Key, body: OrderAct) -> Answer:
    """放款：第二人复核，各项放行结论齐全后通知银行。"""

    def act() -> Answer:
        release.release_payment(order, by=caller(request).reference)
        return state_of(order)

    return answered_once(request, "release_payment", key=key, body=body, act=act, order=order)


@router.post("/claims/{number}/closing", response=Done)
@scope("claims.work")
def close_claim(request: HttpRequest, number: Number, key: Key, body: OrderAct) -> Answer:
    """结案：每个损失项目都已支付或终止，不留未决。"""

    def act() -> Answer:
        vouchers.close_claim(number, by=caller(request).reference)
        return stands(number)

    return answered_once(request, "close_claim", key=key, body=body, act=act, number=number)


def _claimant(request: HttpRequest) -> Caller:
    """The caller, who must be a claimant: nobody of the house speaks for one."""
    who = caller(request)
    if who.party_id is None:
        raise Refused("duty_missing", duty="own.confirm")
    return who


def _order(order: Order) -> OrderTold:
    voucher = getattr(order, "voucher", None)
    account: Account = order.account
    return OrderTold(
        number=order.number, position=order.exposure.position, kind=order.kind,
        state=order.state, amount_fen=order.amount_fen, tail=account.tail,
        made_at=order.made_at, released_at=order.released_at, credited_at=order.credited_at,
        receipt=str(voucher) if voucher else "",
    )  # fmt: skip
