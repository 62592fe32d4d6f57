"""What is asked of a report by line of business: one row a line, for phone, desk and API.

A new line is a row here; its covers stand in `covers`, its products under `rules`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lipei.ch02_intake.covers import ANSWERS_FOR, BY_CAUSE, SURVEYED
from lipei.kit.checks import plain_text
from lipei.kit.refusal import Refused

Label = str | Promise
Answers = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Option:
    """One choice of several: its value, words, icon, and a line of explanation."""

    value: str
    title: Label
    icon: str = "point"
    note: Label = ""


@dataclass(frozen=True)
class Frame:
    """One kind of picture that a report asks for: its name, how to take it, its outline."""

    kind: str
    name: Label
    tip: Label
    icon: str = "photo"
    shape: str = "wide"
    required: bool = False


@dataclass(frozen=True)
class Question:
    """What only this line asks: one of the `options`, else a text of at most `limit` characters."""

    name: str
    title: Label
    options: tuple[Option, ...] = ()
    limit: int = 0
    hint: Label = ""
    required: bool = True

    def checked(self, answer: str) -> str:
        """The tidy answer. Refuses an unknown choice and what is no text."""
        if not self.options:
            return plain_text(answer, field=self.name, limit=self.limit, empty=not self.required)
        if answer not in {one.value for one in self.options}:
            raise Refused("choice_unknown", field=self.name)
        return answer

    def spoken(self, answer: str) -> str:
        """An answer in the reader's words."""
        return next((str(one.title) for one in self.options if one.value == answer), answer)


@dataclass(frozen=True)
class Call:
    """A number to call before anything else is typed."""

    words: Label
    number: str


@dataclass(frozen=True)
class Line:
    """How a line of business is reported, in the words of people to whom something happened.

    `usual` are the covers that are asked of while no policy is known. `vehicles`: the other
    side, the fault and the damaged parts of cars are asked for too.
    """

    slug: str
    title: Label
    happened: Label
    note: Label
    icon: str
    usual: tuple[str, ...]
    causes: tuple[Option, ...]
    frames: tuple[Frame, ...]
    steps: tuple[Label, Label, Label]
    place: Label
    place_hint: Label
    story_hint: Label
    relations: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    first: Label = ""
    calls: tuple[Call, ...] = ()
    vehicles: bool = False

    @property
    def is_looked_at(self) -> bool:
        """Whether somebody drives there; what happens to a person is shown by papers."""
        return any(ANSWERS_FOR[product][0] in SURVEYED for product in self.usual)

    def usual_covers(self, cause: str) -> list[str]:
        """The covers that are asked of for a cause while no policy is known."""
        asked = [one for one in self.usual if one in BY_CAUSE.get(cause, frozenset())]
        return asked or list(self.usual if self.vehicles else self.usual[:1])


AMBULANCE, POLICE, TRAFFIC, FIRE = (
    Call(_("急救"), "120"), Call(_("报警"), "110"), Call(_("报警"), "122"), Call(_("火警"), "119"),
)  # fmt: skip
OTHER_CAUSE = Option("other", _("其他原因"), icon="dots")
ACCIDENT_CAUSE = Option("accident", _("意外受伤"), icon="alert-triangle")
VIDEO_TIP = _("60 秒以内，慢慢拍一遍")
IDENTITY = Frame(
    "identity", _("身份证"), _("被保险人的身份证，正反面都要"), icon="id", shape="card"
)
INVOICES = Frame(
    "medical_invoices", _("费用票据"), _("拍清楚医院名称、日期和金额，费用明细也要"),
    icon="receipt", shape="card",
)  # fmt: skip
PAPERS_VIDEO = Frame("video", _("视频"), VIDEO_TIP, icon="video")

LINES: Mapping[str, Line] = {one.slug: one for one in (
    Line(
        "motor", _("车险"), _("车出了事故"), _("碰撞、剐蹭、水淹、被盗"), icon="car-crash",
        usual=("own_damage", "compulsory_motor"),
        causes=(
            Option("collision", _("碰撞、追尾"), icon="car-crash"),
            Option("scrape", _("剐蹭"), icon="car"),
            Option("glass", _("玻璃破碎"), icon="window"),
            Option("flood", _("水淹"), icon="droplet"),
            Option("hail", _("冰雹、坠物"), icon="cloud-storm"),
            Option("fire", _("起火"), icon="flame"),
            Option("theft", _("被盗"), icon="lock-open"),
            OTHER_CAUSE,
        ),
        frames=(
            Frame("scene", _("全景"), _("退后几步，拍到整辆车和周围"), required=True),
            Frame("plate", _("车牌"), _("车牌放进框内，字要看得清"), icon="license",
                  shape="plate", required=True),
            Frame("close", _("近景"), _("离伤处约 1 米，伤处放进框内"), icon="focus-2",
                  shape="close", required=True),
            Frame("driving_licence", _("驾驶证"), _("放平，四角都在框内，不要反光"), icon="id",
                  shape="card"),
            Frame("vehicle_licence", _("行驶证"), _("正副页都要，放平，不要反光"),
                  icon="id-badge-2", shape="card"),
            Frame("video", _("视频"), _("60 秒以内，绕车慢慢走一圈"), icon="video"),
        ),
        steps=(_("什么时候、在哪里、怎么了"), _("拍照：全景、车牌、近景、证件"),
               _("经过、对方、受损部位")),
        place=_("在哪里"), place_hint=_("写到路名和门牌，或最近的路口、停车场"),
        story_hint=_("几句话就行：谁、怎么开、碰到哪里"),
        relations=("insured", "driver", "family", "other"),
        first=_("有人受伤？先救人"), calls=(AMBULANCE, TRAFFIC), vehicles=True,
    ),
    Line(
        "health", _("健康险"), _("生病、住院"), _("住院费用、住院津贴、重大疾病"),
        icon="first-aid-kit",
        usual=("health_inpatient", "critical_illness"),
        causes=(
            Option("illness", _("疾病住院"), icon="first-aid-kit"),
            Option("critical_illness", _("确诊重大疾病"), icon="heart"),
            ACCIDENT_CAUSE, OTHER_CAUSE,
        ),
        frames=(
            IDENTITY,
            Frame("discharge_record", _("出院小结"), _("整页放平，盖章和日期要看得清"),
                  icon="file-text", shape="card"),
            INVOICES,
            Frame("social_settlement", _("医保结算单"), _("医保报销过的，结算单拍一张"),
                  icon="file-text", shape="card"),
            Frame("diagnosis", _("诊断证明"), _("医生签名和盖章要看得清"), icon="file-text",
                  shape="card"),
            PAPERS_VIDEO,
        ),
        steps=(_("什么时候、哪家医院、什么病"), _("拍照：出院小结、费用票据、证件"),
               _("经过、住院和医保情况")),
        place=_("哪家医院"), place_hint=_("写医院全名；还没就医的，写您现在的地址"),
        story_hint=_("几句话就行：哪里不舒服、什么时候去看的"),
        relations=("insured", "family", "other"),
        questions=(
            Question("stay", _("现在怎么样？"), (
                Option("in_hospital", _("还在住院"), icon="building"),
                Option("discharged", _("已经出院"), icon="check"),
                Option("outpatient", _("没有住院"), icon="first-aid-kit"),
            )),
            Question("social", _("医保结算过吗？"), (
                Option("settled", _("已经结算")),
                Option("not_settled", _("没用医保")),
                Option("unknown", _("还没有，或不清楚")),
            )),
            Question("diagnosis", _("诊断"), limit=200, required=False,
                     hint=_("诊断证明或出院小结上写的病名，不知道就不填")),
        ),
    ),
    Line(
        "accident", _("意外险"), _("意外受伤"), _("受伤就医、伤残、身故"), icon="alert-triangle",
        usual=("accident", "accident_medical"),
        causes=(
            ACCIDENT_CAUSE,
            Option("disability", _("意外致残"), icon="first-aid-kit"),
            Option("death", _("意外身故"), icon="flag-check"),
            OTHER_CAUSE,
        ),
        frames=(
            IDENTITY,
            Frame("accident_proof", _("事故证明"), _("单位、物业、交警出的证明，或报警回执"),
                  icon="file-text", shape="card"),
            Frame("medical_records", _("病历"), _("门诊病历或出院小结，每页一张"),
                  icon="file-text", shape="card"),
            INVOICES,
            Frame("other", _("现场"), _("出事的地方，退后几步拍全")),
            PAPERS_VIDEO,
        ),
        steps=(_("什么时候、在哪里、伤得怎样"), _("拍照：事故证明、病历、票据、证件"),
               _("经过和就医情况")),
        place=_("在哪里"), place_hint=_("写到路名和门牌，或单位、场所的名称"),
        story_hint=_("几句话就行：当时在做什么、怎么受的伤、伤在哪里"),
        relations=("insured", "family", "beneficiary", "other"),
        questions=(
            Question("doing", _("当时在做什么？"), (
                Option("work", _("上班、干活")),
                Option("traffic", _("乘车、走路")),
                Option("life", _("居家、休闲")),
                Option("sport", _("运动、旅行")),
            )),
            Question("treated", _("看过医生吗？"), (
                Option("inpatient", _("住院"), icon="building"),
                Option("outpatient", _("门诊"), icon="first-aid-kit"),
                Option("none", _("没有"), icon="clock"),
            )),
            Question("hospital", _("哪家医院"), limit=80, required=False,
                     hint=_("看过医生的，写医院全名")),
        ),
        first=_("伤得重？先救人"), calls=(AMBULANCE,),
    ),
    Line(
        "property", _("财产险"), _("家里或店里的财物受损"), _("起火、水淹、台风、被盗"),
        icon="building",
        usual=("property",),
        causes=(
            Option("fire", _("起火"), icon="flame"),
            Option("water", _("水淹、水管爆裂"), icon="droplet"),
            Option("storm", _("台风、暴雨、冰雹"), icon="cloud-storm"),
            Option("theft", _("被盗"), icon="lock-open"),
            OTHER_CAUSE,
        ),
        frames=(
            Frame("scene", _("全景"), _("退到门口，把整个房间拍进去"), required=True),
            Frame("close", _("近景"), _("每样受损的东西一张，伤处放进框内"), icon="focus-2",
                  shape="close", required=True),
            Frame("accounts", _("购买凭证"), _("发票、订单截图都行，没有就不拍"), icon="receipt",
                  shape="card"),
            Frame("authority_certificate", _("部门证明"), _("消防、公安、气象部门出的证明"),
                  icon="file-text", shape="card"),
            Frame("video", _("视频"), VIDEO_TIP, icon="video"),
        ),
        steps=(_("什么时候、在哪里、怎么了"), _("拍照：全景、受损的东西、购买凭证"),
               _("经过和受损的东西")),
        place=_("在哪里"), place_hint=_("写受损房屋的地址，到门牌号"),
        story_hint=_("几句话就行：怎么发现的、做了什么防止扩大"),
        relations=("insured", "family", "other"),
        questions=(
            Question("things", _("哪些东西受损？"), limit=1000,
                     hint=_("一行写一样；记得买价的，写在后面")),
            Question("stopped", _("险情停住了吗？"), (
                Option("yes", _("停住了"), icon="check"),
                Option("no", _("还没有"), icon="alert-triangle", note=_("我们先电话联系您")),
            )),
            Question("told", _("通知过谁？"), (
                Option("fire", _("消防")),
                Option("police", _("公安")),
                Option("management", _("物业")),
                Option("none", _("没有")),
            )),
        ),
        first=_("还有危险？先离开现场"), calls=(FIRE, POLICE),
    ),
)}  # fmt: skip


def check_answers(line: str, answers: Answers) -> None:
    """Refuse an unknown line, an answer that nobody asked for, one that cannot be, and any twice.

    None has to be there: what a report does not say is asked for later (2.1-a).
    """
    if line and line not in LINES:
        raise Refused("choice_unknown", field="line")
    asked = {one.name: one for one in LINES[line].questions} if line else {}
    given = list(answers)
    if len({name for name, _answer in given}) < len(given):
        raise Refused("choice_unknown", field="answers")
    for name, answer in given:
        if name not in asked:
            raise Refused("choice_unknown", field="answers")
        asked[name].checked(answer)


def answered(line: str, answers: Mapping[str, object]) -> list[tuple[str, str]]:
    """What a report answered, question and answer in the reader's words."""
    asked = LINES[line].questions if line in LINES else ()
    return [
        (str(one.title), one.spoken(str(answers[one.name]))) for one in asked if one.name in answers
    ]


def frames_of_all() -> tuple[Frame, ...]:
    """Every kind of picture that any line asks for, each once."""
    kinds: dict[str, Frame] = {}
    for line in LINES.values():
        for frame in line.frames:
            kinds.setdefault(frame.kind, frame)
    return tuple(kinds.values())
