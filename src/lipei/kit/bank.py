"""The bank as the department sees it: pay once, ask what became of it, check a name.

Two kinds of bad news: ``outside.Outage`` (unsettled; ask again under the same request id) and
``outside.Declined`` (the bank will not have this order). A payment that was taken may still
come back: that is no exception but the stage RETURNED with its reason.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lipei.kit import outside
from lipei.kit.callbacks import Callback
from lipei.kit.outside import Declined, Reply

NAME = "bank"

# the external return reasons of ISO 20022 that a claimant or a clerk may meet
RETURN_REASONS: Mapping[str, str | Promise] = {
    "AC01": _("账号格式错误或不存在"),
    "AC04": _("账户已销户"),
    "AC06": _("账户被冻结"),
    "AC16": _("账户被查封"),
    "AG01": _("该类账户不允许此交易"),
    "AM04": _("付款账户余额不足"),
    "BE01": _("户名与账号不符"),
    "MD07": _("账户持有人已身故"),
    "MS03": _("收款行未说明原因"),
    "RR04": _("监管原因"),
}


class PaymentStage(StrEnum):
    """Where a payment stands at the bank."""

    ACCEPTED = "ACCEPTED"
    CREDITED = "CREDITED"
    RETURNED = "RETURNED"


class NameCheck(StrEnum):
    """Whether an account belongs to a name, or is known at all."""

    MATCHED = "matched"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentInstruction:
    """What the bank is told; ``request_id`` is one for ever, whatever is repeated."""

    request_id: str
    order_no: str
    account_no: str
    account_name: str
    amount_fen: int
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BankPayment:
    """What the bank says of a payment. A receipt number only when credited."""

    request_id: str
    order_no: str
    amount_fen: int
    stage: PaymentStage
    bank_ref: str
    accepted_at: datetime
    credited_at: datetime | None
    returned_at: datetime | None
    reason_code: str | None
    receipt_no: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementEntry:
    """One booking: ``debit`` when money left the account, ``return`` when it came back."""

    entry_no: str
    kind: str
    request_id: str
    order_no: str
    amount_fen: int
    booked_at: datetime
    receipt_no: str | None


class BankPort:
    """The bank, spoken to. Addresses and patience come from the settings."""

    def pay(self, instruction: PaymentInstruction) -> BankPayment:
        """Order a payment; ordering it again changes nothing and returns its present state.

        Outage with ``in_doubt`` says that it may have been taken: order it again with the same
        instruction, or ask ``status``. Declined with 409: this request id paid something else.
        """
        assert instruction.amount_fen > 0, instruction.request_id
        reply = outside.party(NAME).ask(
            "POST", path="/payments", body=asdict(instruction), repeatable=True
        )
        reply.expect("request_id", value=instruction.request_id)
        reply.expect("amount_fen", value=instruction.amount_fen)
        return _payment(reply)

    def status(self, request_id: str) -> BankPayment | None:
        """What became of a payment; None if the bank never took it. Outage if it is silent."""
        path = f"/payments/{quote(request_id, safe='')}"
        try:
            reply = outside.party(NAME).ask("GET", path=path, repeatable=True)
        except Declined as no:
            if no.status == outside.NOT_FOUND:
                return None
            raise
        reply.expect("request_id", value=request_id)
        return _payment(reply)

    def check_account(self, account_no: str, *, account_name: str) -> NameCheck:
        """Whether the account belongs to this name. Outage if the bank is silent."""
        asked = {"account_no": account_no, "account_name": account_name}
        reply = outside.party(NAME).ask("POST", path="/accounts/check", body=asked, repeatable=True)
        return NameCheck(reply.one_of("result", allowed=NameCheck))

    def statement(self, day: date) -> list[StatementEntry]:
        """Every booking of one day, in the bank's order."""
        reply = outside.party(NAME).ask(
            "GET", path="/statement", params={"day": day.isoformat()}, repeatable=True
        )
        reply.expect("day", value=day.isoformat())
        return [_entry(row) for row in reply.rows("entries")]


def payment_told(callback: Callback) -> BankPayment:
    """The payment that a callback of the bank tells of. Outage if it is not understood."""
    return _payment(callback.subject)


def _payment(reply: Reply) -> BankPayment:
    return BankPayment(
        request_id=reply.text("request_id"),
        order_no=reply.text("order_no"),
        amount_fen=reply.whole("amount_fen"),
        stage=PaymentStage(reply.one_of("state", allowed=PaymentStage)),
        bank_ref=reply.text("bank_ref"),
        accepted_at=reply.at("accepted_at"),
        credited_at=reply.at_or_none("credited_at"),
        returned_at=reply.at_or_none("returned_at"),
        reason_code=reply.text_or_none("reason_code"),
        receipt_no=reply.text_or_none("receipt_no"),
    )


def _entry(row: Reply) -> StatementEntry:
    return StatementEntry(
        entry_no=row.text("entry_no"),
        kind=row.one_of("kind", allowed=("debit", "return")),
        request_id=row.text("request_id"),
        order_no=row.text("order_no"),
        amount_fen=row.whole("amount_fen"),
        booked_at=row.at("booked_at"),
        receipt_no=row.text_or_none("receipt_no"),
    )
