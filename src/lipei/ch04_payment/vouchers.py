"""4.3 Payment vouchers: the electronic receipt, and the close of what is paid."""

from io import BytesIO

from django.db import transaction
from procrastinate.contrib.django import app

from lipei.ch01_general import events as general
from lipei.ch01_general.models import Claim
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import Stage
from lipei.ch04_payment import events
from lipei.ch04_payment.models import Order, Voucher, VoucherCount
from lipei.ch04_payment.paper import Receipt, missing_signs, receipt_pdf
from lipei.kit import clock, files, jobs
from lipei.kit.journal import on
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused
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
        case.record(events.RECEIPT_ISSUED, clause="4.3-b", order=order, voucher=str(voucher),
                    sha256=voucher.sha256, again=again)  # fmt: skip
    return voucher


def close_claim(number: str, *, by: str) -> None:
    """Close a claim whose every exposure is paid or ended; no reserve may be left (0.5)."""
    with open_case(number, by=by, duty="vouchers.file") as case:
        ready = [e for e in case.live() if e.stage in {Stage.PAID, Stage.APPROVED}]
        unpaid = [e for e in case.live() if e.stage != Stage.PAID]
        if not ready or unpaid or any(e.reserve_fen for e in case.exposures):
            raise Refused("not_all_paid")
        _close(case.claim)
        for exposure in ready:
            exposure.first_closed_at = exposure.first_closed_at or clock.now()
            case.move(exposure, Stage.CLOSED)
        for clause_id in ("1.1-e", "1.1-a"):
            case.stop(clause_id)
        case.start("9.2-a")
        case.start("1.3-k-final")
        case.hand_to("insurer")
        case.ask("arrange_archive", duty="archive.arrange")
        case.record(general.CLAIM_CLOSED, clause="4.3-a",
                    paid_fen=sum(e.paid_fen for e in case.exposures))  # fmt: skip


# Queries


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


@on(events.RECEIPT_ISSUED)
def close_paid_claim(entry: Entry) -> None:
    """With the last receipt the claim closes by itself; one part still open keeps it open."""
    claim = Claim.objects.get(number=entry.subject.removeprefix("claim/"))
    orders = Order.objects.filter(exposure__claim=claim, state=Order.State.CREDITED)
    if claim.stage == Stage.PAID and not orders.filter(voucher=None).exists():
        close_claim(claim.number, by="system/vouchers")


# Jobs


@app.task(name="lipei.make_receipt", retry=jobs.STUBBORN)
def make_receipt(order: str) -> None:
    """Issue the receipt of an order; a second run finds it and does nothing."""
    if not Voucher.objects.filter(order__number=order).exists():
        issue_receipt(order)


# The parts of the commands


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
