"""The words of what a reporter chooses: cause, relation, fault, proof, pictures and papers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lipei.ch02_intake.lines import LINES, Label, Option, frames_of_all
from lipei.rules import edition, edition_names
from lipei.rules.products.edition import Words

NEWEST = ("compulsory_motor_2020", "own_damage_2020", "third_party_2020")
CAUSES = LINES["motor"].causes
LINE_TITLES: Mapping[str, Label] = {line.slug: line.title for line in LINES.values()}
ALL_CAUSES = tuple(one for line in LINES.values() for one in line.causes)
RELATIONS = (
    Option("insured", _("被保险人本人")),
    Option("driver", _("驾驶人")),
    Option("family", _("家人")),
    Option("beneficiary", _("受益人")),
    Option("other", _("其他受托人")),
)
INJURED = (
    Option("no", _("没有人受伤"), icon="heart"),
    Option("yes", _("有人受伤"), icon="first-aid-kit"),
)
OTHERS = (
    Option("none", _("没有"), icon="car", note=_("只有我的车受损")),
    Option("vehicle", _("对方车辆"), icon="car-suv", note=_("撞到别人的车")),
    Option("property", _("别的财物"), icon="fence", note=_("护栏、树木、建筑")),
)
FAULTS = (
    Option("full", _("我方全责")),
    Option("main", _("我方主责")),
    Option("equal", _("双方同责")),
    Option("minor", _("我方次责")),
    Option("none", _("我方无责")),
    Option("unknown", _("还没有认定")),
)
PROOFS = (
    Option("certificate", _("交警认定书"), icon="file-text", note=_("交警出具的事故认定书")),
    Option("agreement", _("自行协商"), icon="signature", note=_("双方签了协议书")),
    Option("none", _("还没有"), icon="clock", note=_("可以稍后补交")),
)
OFTEN_HURT = frozenset(
    {
        "front_bumper", "rear_bumper", "front_door", "rear_door", "front_fender", "rear_fender",
        "headlamp", "tail_lamp", "mirror",
    }
)  # fmt: skip
"""The parts that a small collision hurts most often; the others stand behind a fold."""
SEVERITY_NONE = ("", pgettext_lazy("damage", "无"))
FRAMES = frames_of_all()
FRAME_KINDS = tuple(frame.kind for frame in FRAMES)
PAPER_NOTES: Mapping[str, Label] = {
    "accident_certificate": _("交警认定书拍照或扫描件都行"),
    "self_settlement": _("双方签名的协议书，拍清楚签名"),
    "driving_licence": _("正副页放平拍，不要反光"),
    "vehicle_licence": _("正副页放平拍，不要反光"),
    "damage_photos": _("整车、车牌、受损部位各一张"),
    "repair_invoice": _("电子发票就行，不用纸质"),
    "medical_invoices": _("拍清楚医院名称和日期"),
}
PICTURES: Mapping[str, Label] = {
    "other": _("其他照片"),
    "survey": _("查勘照片"),
    "receipt": _("赔款电子回单"),
    "authorisation": _("授权委托书"),
    "receipt_stamp": _("收到时间的凭证"),
    "phone_proof": _("电话更正的凭证"),
    "report": _("报案登记表"),
    "notice": _("材料补充一次性告知"),
    "survey_record": _("查勘记录"),
    "loss_list": _("损失清单"),
    "calculation": _("赔款计算书"),
    "decision": _("核赔审批单"),
    "agreement": _("赔付确认书"),
    "payment": _("付款凭单"),
    "closing": _("结案报告"),
}
THINGS: Mapping[str, Label] = {
    "own_vehicle": _("您的车"),
    "other_vehicle": _("对方的车"),
    "other_property": _("对方的财物"),
    "person": _("伤者"),
    "insured": _("被保险人"),
    "own_property": _("保险标的"),
}


@dataclass(frozen=True)
class Look:
    """The icon of a damaged thing."""

    icon: str = "car"


THING_LOOKS: Mapping[str, Look] = {
    "own_vehicle": Look(icon="car"),
    "other_vehicle": Look(icon="car-suv"),
    "other_property": Look(icon="fence"),
    "person": Look(icon="first-aid-kit"),
    "insured": Look(icon="heart"),
    "own_property": Look(icon="building"),
}


def title_of(options: tuple[Option, ...], value: str) -> str:
    """The words of a chosen value; an unknown one is shown as it is."""
    return next((str(one.title) for one in options if one.value == value), value)


def paper_title(kind: str) -> str:
    """A paper's or picture's name in the reader's language."""
    told = _paper_words().get(kind)
    if told is not None:
        return spoken(told)
    frame = next((one for one in FRAMES if one.kind == kind), None)
    return str(PICTURES.get(kind) or (frame.name if frame else kind))


def spoken(words: Words) -> str:
    """Words that stand in both languages as data, in the reader's."""
    return words.en if (get_language() or "").startswith("en") else words.zh


@cache
def _paper_words() -> dict[str, Words]:
    names = (*(name for name in edition_names() if name not in NEWEST), *NEWEST)
    papers = (paper for name in names for paper in edition(name).papers)
    return {paper.slug: Words(paper.zh, paper.en) for paper in papers}
