"""What a claim consists of for a claimant: its parts, missing papers, estimate and receipts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lipei.ch01_general.models import Claim, Exposure
from lipei.ch01_general.stages import ORDER, Side, Stage
from lipei.ch01_general.words import SIDE_WORDS, stage_words
from lipei.ch02_intake.covers import SURVEYED
from lipei.ch02_intake.models import Material
from lipei.ch04_payment.models import Voucher
from lipei.kit import sealed
from lipei.rules import edition
from lipei.rules.products.edition import Words
from lipei.site import choices
from lipei.site.faces import span_words
from lipei.site.punctuation import aside, listed

PRODUCTS: Mapping[str, str | Promise] = {
    "own_damage": gettext_lazy("车损险"),
    "compulsory_motor": gettext_lazy("交强险"),
    "third_party": gettext_lazy("商业三者险"),
}
BY_PAPERS: Mapping[Stage, str | Promise] = {
    Stage.INVESTIGATING: gettext_lazy("核实中"),
    Stage.ASSESSED: gettext_lazy("损失已核实"),
}
SIDES_SHOWN = (Side.WITHDRAWN, Side.CANCELLED, Side.ZERO, Side.BOUNCED, Side.DISPUTED)
GOOD = (Stage.PAID, Stage.CLOSED, Stage.ARCHIVED)


@dataclass(frozen=True)
class Part:
    """One exposure: what is damaged and by which cover it is answered, its state and its sum.

    `why` says why nothing is payable, where nothing is.
    """

    position: int
    icon: str
    title: str
    state: str
    level: str
    amount_fen: int | None
    why: str = ""


@dataclass(frozen=True)
class Need:
    """One paper: what it is for, how it stands; `open` where the claimant has to hand it in."""

    kind: str
    title: str
    note: str
    icon: str
    unlocks: str
    unlock_fen: int | None
    state: str
    open: bool


@dataclass(frozen=True)
class EstimateShown:
    """The interval with what it rests on; `start` and `width` place it on its bar, in percent."""

    low_fen: int
    high_fen: int
    took: str
    rests_on: str
    disclaimer: str
    rows: tuple[tuple[str, str, int, int], ...]
    start: int
    width: int


@dataclass(frozen=True)
class Receipt:
    """One payment that has arrived: to whom, how much, when, and where its receipt is."""

    order: str
    number: str
    payee: str
    amount_fen: int
    at: datetime | None


def parts_of(exposures: Sequence[Exposure]) -> list[Part]:
    """The parts of a claim in their order."""
    return [_part(one) for one in exposures]


def total_fen(exposures: Sequence[Exposure]) -> int | None:
    """What all parts come to as far as it is known; none while no part has a sum."""
    known = [amount for one in exposures if (amount := amount_fen(one)) is not None]
    return sum(known) if known else None


def amount_fen(exposure: Exposure) -> int | None:
    """The sum of a part as far as it is known: paid, agreed, calculated, else assessed."""
    if ORDER[Stage(exposure.stage)] >= ORDER[Stage.AGREED]:
        return exposure.agreed_fen
    if exposure.benefit_fen is not None:
        return exposure.benefit_fen
    return exposure.assessed_fen


def part_title(exposure: Exposure) -> str:
    """A part by name: 您的车（车损险）."""
    thing = choices.THINGS.get(exposure.thing, exposure.thing)
    cover = PRODUCTS.get(exposure.product) or choices.spoken(edition(exposure.edition).title)
    return aside(str(thing), str(cover))


def _part(exposure: Exposure) -> Part:
    side = next((one for one in SIDES_SHOWN if one in exposure.sides), None)
    stage = Stage(exposure.stage)
    level = "warn" if side else "ok" if stage in GOOD else "brand" if stage == "approved" else ""
    look = choices.THING_LOOKS.get(exposure.thing, choices.Look())
    return Part(
        position=exposure.position, icon=look.icon, title=part_title(exposure),
        state=str(SIDE_WORDS[side]) if side else _stage(exposure), level=level,
        amount_fen=amount_fen(exposure), why=why_nil(exposure) if side == Side.ZERO else "",
    )  # fmt: skip


def _stage(exposure: Exposure) -> str:
    """A part's stage in words: what no survey looks at is checked by papers."""
    stage = Stage(exposure.stage)
    told = {} if exposure.thing in SURVEYED else BY_PAPERS
    return str(told.get(stage) or stage_words(stage))


def why_nil(exposure: Exposure) -> str:
    """Why nothing is payable of a part whose sum is nil."""
    if not exposure.assessed_fen and exposure.thing not in SURVEYED:
        return _("材料没有显示这一部分的损失，所以没有可赔金额")
    if not exposure.assessed_fen:
        return _("查勘没有登记到这一部分的损失，所以没有可赔金额")
    return _("损失按条款扣减后没有可赔金额，每一步见计算书")


def needs_of(claim: Claim, exposures: Sequence[Exposure]) -> list[Need]:
    """The papers that are not yet good: what is to be handed in first, then what is looked at."""
    rows = claim.materials.exclude(state=Material.State.ACCEPTED).order_by("pk")
    found = [_need(one, exposures) for one in rows]
    return sorted(found, key=lambda need: not need.open)


def _need(material: Material, exposures: Sequence[Exposure]) -> Need:
    state = Material.State(material.state)
    handed = state == Material.State.RECEIVED
    note = str(choices.PAPER_NOTES.get(material.kind, ""))
    if state == Material.State.RETURNED:
        note = _("请重交：%(reason)s") % {"reason": material.reason}
    elif handed:
        note = _("已收到，审核中")
    unlocked = [one for one in exposures if one.position in material.unlocks]
    amounts = [one.benefit_fen or one.assessed_fen for one in unlocked]
    things = dict.fromkeys(str(choices.THINGS.get(one.thing, "")) for one in unlocked)
    frame = next((one for one in choices.FRAMES if one.kind == material.kind), None)
    return Need(
        kind=material.kind, title=choices.paper_title(material.kind), note=note,
        icon=frame.icon if frame else "file-text", unlocks=listed(things),
        unlock_fen=sum(a for a in amounts if a) if amounts and all(amounts) else None,
        state=state.value, open=not handed,
    )  # fmt: skip


def estimate_shown(claim: Claim) -> EstimateShown | None:
    """The interval with its basis and its disclaimer; none where none was given."""
    low, high = claim.estimate_low_fen, claim.estimate_high_fen
    made, words = claim.estimate.get("parts", []), str(claim.estimate.get("words", ""))
    if low is None or high is None or not (made or words):
        return None
    rows = tuple(
        (
            choices.spoken(Words(row["zh"], row["en"])),
            choices.spoken(Words(row["work_zh"], row["work_en"])),
            int(row["low_fen"]), int(row["high_fen"]),
        )
        for part in made for row in part["basis"]
    )  # fmt: skip
    took = datetime.fromisoformat(claim.estimate["made_at"]) - claim.reported_at
    edge = max(high * 5 // 4, 1)
    return EstimateShown(
        low_fen=low, high_fen=high,
        took=_("用时 %(span)s") % {"span": span_words(took)},
        rests_on=_rests_on(claim, words, parts=len(rows)),
        disclaimer=_disclaimer(made), rows=rows,
        start=low * 100 // edge, width=max(2, (high - low) * 100 // edge),
    )  # fmt: skip


def _disclaimer(made: Sequence[Mapping[str, str]]) -> str:
    """That the interval is no promise to pay, in the words of the price table it was made from."""
    if not made:
        return _("区间是估计，不是赔付承诺；金额以核定为准。")
    return choices.spoken(Words(made[0]["disclaimer_zh"], made[0]["disclaimer_en"]))


def _rests_on(claim: Claim, words: str, *, parts: int) -> str:
    """What the interval rests on: somebody's ticks and the prices, or words."""
    if words:
        return _("依据：%(words)s") % {"words": words}
    if claim.estimate.get("by_staff"):
        told = ngettext(
            "依据：定损员看照片勾选的 %(n)s 处损伤、同级车参考价、保单限额",
            "依据：定损员看照片勾选的 %(n)s 处损伤、同级车参考价、保单限额",
            parts,
        )
        return told % {"n": parts}
    told = ngettext(
        "依据：您勾选的 %(n)s 处损伤、同级车参考价、保单限额",
        "依据：您勾选的 %(n)s 处损伤、同级车参考价、保单限额",
        parts,
    )
    return told % {"n": parts}


def receipts_of(claim: Claim) -> list[Receipt]:
    """The receipts of what has been paid, the newest first."""
    held = Voucher.objects.filter(order__exposure__claim=claim).order_by("-number")
    return [
        Receipt(
            order=one.order.number, number=str(one),
            payee=_payee(claim, one), amount_fen=one.order.amount_fen, at=one.order.credited_at,
        )
        for one in held.select_related("order__payee", "order__account")
    ]  # fmt: skip


def _payee(claim: Claim, voucher: Voucher) -> str:
    """The claimant by their own words, somebody else by a masked name."""
    order = voucher.order
    name = _("您") if order.payee_id == claim.reporter_id else sealed.masked_name(
        order.account.holder_name
    )  # fmt: skip
    return _("%(name)s · 尾号 %(tail)s") % {"name": name, "tail": order.account.tail}
