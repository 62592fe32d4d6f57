"""4.3 Payment vouchers: the electronic receipt, and the close of what is paid."""

from collections.abc import Iterable
from io import BytesIO

from django.db import transaction
from procrastinate.contrib.django import app

from lipei.ch01_general import events as general
from lipei.ch01_general.aims import tell
from lipei.ch01_general.letters import thing_of, write_letter
from lipei.ch01_general.models import Claim, Exposure
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import ENDINGS, Side, Stage
from lipei.ch01_general.words import stage_words
from lipei.ch02_intake import events as intake
from lipei.ch03_assessment import events as assessment
from lipei.ch04_payment import events
from lipei.ch04_payment.models import Order, Voucher, VoucherCount
from lipei.ch04_payment.paper import Receipt, receipt_pdf
from lipei.ch04_payment.release import VOUCHER_CLOCKS
from lipei.kit import clock, files, jobs
from lipei.kit.journal import on
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused
from lipei.kit.typeface import missing_signs
from lipei.rules.yuan import in_capitals, yuan

# Commands


def issue_receipt(order: str, *, by: str = "system/vouchers") -> Voucher:
    """Make the receipt of a credited order once; its number leaves no gap (4.3-a, 4.3-b)."""
    held = Order.objects.select_related("exposure__claim", "payee", "account").get(number=order)
    with open_case(held.exposure.claim.number, by=by, duty="vouchers.file") as case:
        if held.state != Order.State.CREDITED:
            raise Refused("order_not_credited")
        voucher = Voucher.objects.filter(order=held).first()
        again = voucher is not None
        if voucher is None:
            voucher = _numbered(held)
        exposure = case.exposure(held.exposure.position)
        for clause_id in VOUCHER_CLOCKS:
            case.stop(clause_id, exposure=exposure)
        case.record(events.RECEIPT_ISSUED, clause="4.3-b", order=order, voucher=str(voucher),
                    sha256=voucher.sha256, again=again)  # fmt: skip
    return voucher


def close_claim(number: str, *, by: str) -> None:
    """Close a claim whose every exposure is paid or ended; no reserve may be left (0.5).

    Where nothing at all was payable, no payment was promised: then the clock of the payment
    counts nowhere.
    """
    with open_case(number, by=by, duty="vouchers.file") as case:
        if not case.claim.is_open:
            raise Refused("claim_closed")
        if not is_over(case.exposures) or any(e.reserve_fen for e in case.exposures):
            raise Refused("not_all_paid")
        paid = [e for e in case.live() if e.stage == Stage.PAID]
        _close(case.claim)
        for exposure in paid:
            exposure.first_closed_at = exposure.first_closed_at or clock.now()
            case.move(exposure, Stage.CLOSED)
        case.stop("1.1-a")
        if paid:
            case.stop("1.1-e")
        else:
            case.void("1.1-e")
        case.start("9.2-a")
        case.start("1.3-k-final")
        case.hand_to("insurer")
        case.ask("arrange_archive", duty="archive.arrange")
        case.record(general.CLAIM_CLOSED, clause="4.3-a",
                    paid_fen=sum(e.paid_fen for e in case.exposures))  # fmt: skip


def close_nil(number: str, *, position: int, by: str) -> None:
    """Close a part whose approved sum is nil, and tell the claimant why (4.1: 零结案).

    Nothing is paid, so nothing can be signed for or advanced: what still ran for the part counts
    nowhere. The claimant may go on objecting to it.
    """
    with open_case(number, by=by, duty="vouchers.file") as case:
        exposure = case.exposure(position)
        if exposure.stage != Stage.APPROVED:
            raise Refused.stage(stage_words(exposure.stage))
        if exposure.benefit_fen:
            raise Refused("part_not_nil", field="position")
        if Side.DISPUTED in exposure.sides:
            raise Refused("objection_open", field="position")
        case.move(exposure, Stage.CLOSED)
        if Side.ZERO not in exposure.sides:
            exposure.sides = [*exposure.sides, Side.ZERO]
        exposure.reserve_fen = 0
        exposure.first_closed_at = exposure.first_closed_at or clock.now()
        case.void_of(exposure)
        case.record(events.ZERO_CLOSED, clause="4.1-a", position=position,
                    assessed_fen=exposure.assessed_fen or 0)  # fmt: skip
        tell(case.claim.reporter, f"{events.ZERO_CLOSED}/{position}", wording="nil",
             claim=case.claim)  # fmt: skip


# Queries


def nil_parts(exposures: Iterable[Exposure]) -> list[Exposure]:
    """The approved parts of which nothing is payable and to which nobody objects."""
    return [
        e for e in exposures
        if e.stage == Stage.APPROVED and not e.benefit_fen and Side.DISPUTED not in e.sides
    ]  # fmt: skip


def is_over(exposures: list[Exposure]) -> bool:
    """Whether every part is paid, or has ended with nothing to pay."""
    return bool(exposures) and all(
        e.stage == Stage.PAID or (e.stage == Stage.CLOSED and ENDINGS & {Side(s) for s in e.sides})
        for e in exposures
    )


def receipt_of(voucher: Voucher) -> bytes:
    """The receipt's bytes as they were kept."""
    with files.open_original(voucher.sha256) as kept:
        return kept.read()


# Listeners


@on(events.PAYMENT_CONFIRMED)
def receipt_for_credited_order(entry: Entry) -> None:
    """Each credited order gets its receipt by a job of its own."""
    with transaction.atomic():
        jobs.queue("lipei.make_receipt", lock=f"receipt/{entry.facts['order']}",
                   order=str(entry.facts["order"]))  # fmt: skip


@on(events.PAYMENT_CONFIRMED)
def write_payment(entry: Entry) -> None:
    """Whoever was paid is told so in a letter: how much, for what, on which account."""
    order = Order.objects.select_related("exposure__claim", "payee", "account").get(
        number=entry.facts["order"]
    )
    exposure, amount = order.exposure, yuan(order.amount_fen)
    assert order.credited_at is not None, order
    write_letter(
        exposure.claim.number, template="payment",
        node=f"{events.PAYMENT_CONFIRMED}/{order.number}", party=order.payee,
        blanks={
            "claim": exposure.claim.number, "order": order.number, "bank": order.account.bank,
            "part": thing_of(exposure), "amount": amount,
            "amount_words": (in_capitals(order.amount_fen), f"CNY {amount}"),
            "tail": order.account.tail,
            "credited_at": f"{order.credited_at.astimezone(clock.LOCAL):%Y-%m-%d %H:%M}",
        },
        by="system/letters",
    )  # fmt: skip


@on(events.RECEIPT_ISSUED)
def close_paid_claim(entry: Entry) -> None:
    """With the last receipt the claim closes by itself; one part still open keeps it open."""
    _close_if_over(entry)


@on(events.ZERO_CLOSED)
def close_claim_of_nil_part(entry: Entry) -> None:
    """The last part may be a nil one: then there is no receipt to wait for."""
    _close_if_over(entry)


@on(intake.PART_WITHDRAWN)
def close_claim_of_withdrawn_part(entry: Entry) -> None:
    """The last open part may be taken back: then nothing is waited for any more."""
    _close_if_over(entry)


@on(assessment.CLAIM_APPROVED)
def close_approved_nil(entry: Entry) -> None:
    """What was approved with nothing to pay is closed at once; nobody has to sign for it."""
    _close_nil_parts(entry)


@on(assessment.DISPUTE_ANSWERED)
def close_nil_that_stands(entry: Entry) -> None:
    """A nil sum that stands after an objection was answered is closed."""
    _close_nil_parts(entry)


# Jobs


@app.task(name="lipei.make_receipt", retry=jobs.STUBBORN)
def make_receipt(order: str) -> None:
    """Issue the receipt of an order; a second run finds it and does nothing."""
    if not Voucher.objects.filter(order__number=order).exists():
        issue_receipt(order)


# The parts of the commands


def _close_nil_parts(entry: Entry) -> None:
    number = entry.subject.removeprefix("claim/")
    held = Exposure.objects.filter(claim__number=number, claim__is_open=True)
    for exposure in nil_parts(held.order_by("position")):
        close_nil(number, position=exposure.position, by="system/vouchers")


def _close_if_over(entry: Entry) -> None:
    claim = Claim.objects.get(number=entry.subject.removeprefix("claim/"))
    unfiled = Order.objects.filter(
        exposure__claim=claim, state=Order.State.CREDITED, voucher=None
    )  # fmt: skip
    over = is_over(list(claim.exposures.all()))
    if claim.is_open and over and not unfiled.exists():
        close_claim(claim.number, by="system/vouchers")


def _close(claim: Claim) -> None:
    claim.is_open, claim.closed_at = False, clock.now()


def _numbered(order: Order) -> Voucher:
    """The next number under the lock of the count, the paper kept, the row written."""
    VoucherCount.objects.get_or_create(name="receipt")
    count = VoucherCount.objects.select_for_update().get(name="receipt")
    count.last += 1
    count.save()
    year = clock.today().year
    voucher = Voucher(number=count.last, year=year, order=order)
    paper = receipt_pdf(_paper(order, str(voucher)))
    kept = files.keep(BytesIO(paper), filename=f"{voucher}.pdf")
    voucher.sha256, voucher.size_bytes = kept.sha256, kept.size
    voucher.save(force_insert=True)
    return voucher


def _paper(order: Order, number: str) -> Receipt:
    claim = order.exposure.claim
    account = order.account
    credited = order.credited_at.astimezone(clock.LOCAL) if order.credited_at else None
    lines = (
        ("回单编号", number),
        ("案件号", claim.number),
        ("立案号", order.exposure.number or ""),
        ("付款单号", order.number),
        ("收款人", account.holder_name),
        ("收款账户", f"{account.bank} 尾号 {account.tail}"),
        ("到账时间", f"{credited:%Y-%m-%d %H:%M}" if credited else ""),
        ("银行回单号", order.receipt_number),
    )
    notes = ["本回单由理赔系统生成，与银行电子回单号对应；保险赔款免征个人所得税。"]
    lacking = missing_signs(account.holder_name)
    if lacking:
        codes = "、".join(f"U+{ord(c):04X}" for c in lacking)
        notes.append(f"收款人姓名中下列字符字库未收录，以编码列示：{codes}")
    return Receipt(
        title="保险赔款电子回单", lines=lines, sum_label="到账金额",
        sum_figures=f"¥ {yuan(order.amount_fen)}", sum_words=in_capitals(order.amount_fen),
        notes=tuple(notes),
    )  # fmt: skip
