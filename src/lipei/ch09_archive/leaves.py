"""The leaves of a volume that were born as rows: each is written out as a file of its own.

A leaf rests on its row alone: made again from the same row it is the same file.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from lipei.ch01_general.models import Claim, Exposure, Party, Staff
from lipei.ch01_general.stages import Side
from lipei.ch01_general.words import SIDE_WORDS
from lipei.ch02_intake.models import Notice
from lipei.ch03_assessment.models import Calculation, Decision, LossLine, Survey
from lipei.ch03_assessment.straight import reason_words
from lipei.ch04_payment.models import Agreement, Order
from lipei.kit import clock
from lipei.kit.records import Part, Record
from lipei.rules import edition
from lipei.rules.yuan import in_capitals, yuan

Leaf = tuple[str, Record]
Lines = tuple[tuple[str, str], ...]
CHOICES: Mapping[str, str] = {
    "accept": "接受", "reserve": "接受但保留意见", "object": "有异议",
}  # fmt: skip
SIGNATURES: Mapping[str, str] = {
    "name": "输入姓名并以一次性验证码确认",
    "drawing": "手写签名并以一次性验证码确认",
}
SIGNS: Mapping[str, str] = {"+": "加", "-": "减", "=": "计"}


def leaves_of(claim: Claim) -> list[Leaf]:
    """Every leaf of a closed claim: its kind and what stands on it, in the order of handling."""
    return [leaf for written in WRITERS for leaf in written(claim)]


def _report(claim: Claim) -> Iterator[Leaf]:
    policy = claim.policy_then
    lines = (
        ("案件号", claim.number),
        ("报案时间", _at(claim.reported_at)),
        ("出险时间", _at(claim.lost_at)),
        ("出险地点", claim.place),
        ("报案人", claim.reporter.name if claim.reporter else ""),
        ("车牌号", claim.plate),
        ("经过", claim.story),
        ("保单号", policy.number if policy else "未关联保单"),
        ("保险期间", f"{_at(policy.starts_at)} 至 {_at(policy.ends_at)}" if policy else ""),
    )
    covers = [("承保险种", "损失标的", "立案号")] + [
        (_cover(e), e.label or e.get_thing_display(), e.number or "")
        for e in claim.exposures.order_by("position")
    ]
    yield "report", Record("报案登记表", claim.number, (Part("", lines), Part(rows=tuple(covers))))


def _notices(claim: Claim) -> Iterator[Leaf]:
    names = _papers(claim)
    for one in Notice.objects.filter(claim=claim).order_by("number"):
        lines = (
            ("发出时间", _at(one.sent_at)),
            ("送达时间", _at(one.delivered_at)),
            ("补齐时间", _at(one.answered_at)),
            ("新出现的事实", one.new_facts),
            ("批准人", named(one.approved_by)),
        )
        wanted = (("应补材料",), *((names.get(kind, kind),) for kind in one.kinds))
        yield "notice", Record(
            "材料补充一次性告知", f"{claim.number} 第 {one.number} 次",
            (Part("", lines), Part(rows=wanted)),
        )  # fmt: skip


def _surveys(claim: Claim) -> Iterator[Leaf]:
    found = Survey.objects.filter(claim=claim).exclude(finished_at=None)
    for n, one in enumerate(found.select_related("assessor").order_by("finished_at"), start=1):
        lines = (
            ("查勘员", one.assessor.name),
            ("派出时间", _at(one.dispatched_at)),
            ("到场时间", _at(one.arrived_at)),
            ("到场位置", one.arrived_where or one.no_position_reason),
            ("查勘地点", one.place),
            ("完成时间", _at(one.finished_at)),
            ("查勘结论", one.findings),
            ("签字", one.signed_name),
        )
        yield "survey_record", Record("查勘记录", f"{claim.number} 第 {n} 次", (Part("", lines),))


def _losses(claim: Claim) -> Iterator[Leaf]:
    found = list(LossLine.objects.filter(claim=claim).order_by("thing", "position"))
    if not found:
        return
    head = ("项目", "标的", "方式", "数量", "单价（元）", "残值（元）", "金额（元）")
    rows = [
        (
            f"{one.part} {one.remark}".strip(), f"{one.get_thing_display()} {one.label}".strip(),
            one.get_action_display(), str(one.quantity), yuan(one.unit_price_fen),
            yuan(one.salvage_fen), yuan(one.amount_fen),
        )
        for one in found
    ]  # fmt: skip
    total = (("合计（元）", yuan(sum(one.amount_fen for one in found))),)
    yield "loss_list", Record("损失清单", claim.number, (Part(rows=(head, *rows)), Part("", total)))


def _calculations(claim: Claim) -> Iterator[Leaf]:
    found = Calculation.objects.filter(exposure__claim=claim).select_related("exposure")
    for one in found.order_by("exposure__position", "version"):
        rows = [("项目", "计", "金额（元）", "依据")] + [
            (
                step["zh"], SIGNS.get(step["sign"], step["sign"]), yuan(step["amount_fen"]),
                step["clause_zh"],
            )
            for step in one.steps
        ]  # fmt: skip
        lines = (
            ("立案号", one.exposure.number or ""),
            ("险种", _cover(one.exposure)),
            ("版本", f"第 {one.version} 版，{edition(one.edition).title.zh}"),
            ("理算人", f"{named(one.made_by)} {_at(one.made_at)}"),
        )
        total = (
            ("应付金额", f"¥ {yuan(one.benefit_fen)}"),
            ("大写", in_capitals(one.benefit_fen)),
            ("计算书摘要", one.sheet_hash),
        )
        yield "calculation", Record(
            "赔款计算书", f"{one.exposure.number or claim.number} 第 {one.version} 版",
            (Part("", lines), Part(rows=tuple(rows)), Part("", total)),
        )  # fmt: skip


def _decisions(claim: Claim) -> Iterator[Leaf]:
    found = Decision.objects.filter(calculation__exposure__claim=claim)
    for one in found.select_related("calculation__exposure").order_by("decided_at", "pk"):
        made = one.calculation
        lines = (
            ("立案号", made.exposure.number or ""),
            ("计算书", f"第 {made.version} 版，¥ {yuan(made.benefit_fen)}"),
            ("计算书摘要", made.sheet_hash),
            ("核赔结论", str(one.get_outcome_display())),
            ("核赔权限", one.level),
            ("核赔人", f"{named(one.decided_by)} {_at(one.decided_at)}"),
            ("说明", one.remark),
        )
        reasons = [("核赔要点", "结果")] + [_reason(told) for told in one.reasons]
        parts = (Part("", lines), Part(rows=tuple(reasons) if one.reasons else ()))
        yield "decision", Record("核赔审批单", made.exposure.number or claim.number, parts)


def _agreements(claim: Claim) -> Iterator[Leaf]:
    covers = {str(e.position): e for e in claim.exposures.all()}
    for one in Agreement.objects.filter(claim=claim).order_by("signed_at", "pk"):
        said = [("立案号", "险种", "意见")] + [
            (covers[key].number or "", _cover(covers[key]), CHOICES.get(choice, choice))
            for key, choice in sorted(one.choices.items())
            if key in covers
        ]
        typed = one.signature_kind == "name"
        lines = (
            ("签署人", named(one.signed_by)),
            ("签署时间", _at(one.signed_at)),
            ("签署方式", SIGNATURES.get(one.signature_kind, one.signature_kind)),
            ("输入的姓名", str(one.signature.get("value", "")) if typed else ""),
            ("所附意见", one.reservation),
            ("计算书摘要", one.sheets_digest),
        )
        yield "agreement", Record(
            "赔付确认书", f"{claim.number} 第 {one.pk} 号",
            (Part("", lines), Part(rows=tuple(said))),
            drawing="" if typed else str(one.signature.get("value", "")),
        )  # fmt: skip


def _payments(claim: Claim) -> Iterator[Leaf]:
    found = Order.objects.filter(exposure__claim=claim, state=Order.State.CREDITED)
    for one in found.select_related("exposure", "payee", "account", "voucher").order_by("number"):
        lines = (
            ("付款单号", one.number),
            ("立案号", one.exposure.number or ""),
            ("收款人", one.payee.name),
            (
                "收款账户",
                f"{one.account.bank} 户名 {one.account.holder_name} 尾号 {one.account.tail}",
            ),
            ("金额", f"¥ {yuan(one.amount_fen)}　{in_capitals(one.amount_fen)}"),
            ("制单", f"{named(one.made_by)} {_at(one.made_at)}"),
            ("复核放款", f"{named(one.released_by)} {_at(one.released_at)}"),
            ("银行流水号", one.bank_reference),
            ("银行回单号", one.receipt_number),
            ("到账时间", _at(one.credited_at)),
            ("凭证号", str(one.voucher) if hasattr(one, "voucher") else ""),
        )
        yield "payment", Record("付款凭单", one.number, (Part("", lines),))


def _closing(claim: Claim) -> Iterator[Leaf]:
    rows = [("险种", "立案号", "结果", "已付（元）")] + [
        (_cover(e), e.number or "", _ended(e), yuan(e.paid_fen))
        for e in claim.exposures.order_by("position")
    ]
    lines = (
        ("案件号", claim.number),
        ("结案时间", _at(claim.closed_at)),
        ("结案方式", "撤案" if "withdrawn" in claim.flags else "结案"),
    )
    yield "closing", Record("结案报告", claim.number, (Part("", lines), Part(rows=tuple(rows))))


WRITERS: tuple[Callable[[Claim], Iterator[Leaf]], ...] = (
    _report, _notices, _surveys, _losses, _calculations, _decisions, _agreements, _payments,
    _closing,
)  # fmt: skip


def named(reference: str) -> str:
    """Who an actor is, by name; a job of the house is the system."""
    kind, _, name = reference.partition("/")
    if kind == "staff":
        found = Staff.objects.filter(username=name).values_list("name", flat=True).first()
        return found or name
    if kind == "party":
        return Party.objects.filter(pk=int(name)).values_list("name", flat=True).first() or ""
    return "系统" if kind == "system" else ""


def _at(instant: datetime | None) -> str:
    return f"{instant.astimezone(clock.LOCAL):%Y-%m-%d %H:%M:%S}" if instant else ""


def _cover(exposure: Exposure) -> str:
    return edition(exposure.edition).title.zh


def _papers(claim: Claim) -> dict[str, str]:
    bought = {e.edition for e in claim.exposures.all()}
    return {paper.slug: paper.zh for name in sorted(bought) for paper in edition(name).papers}


def _reason(told: Mapping[str, object]) -> tuple[str, str]:
    return reason_words(str(told["name"])), "符合" if told.get("passed") else "不符合"


def _ended(exposure: Exposure) -> str:
    sides = [Side(side) for side in exposure.sides]
    return "、".join(str(SIDE_WORDS[side]) for side in sides) or "已结案"
