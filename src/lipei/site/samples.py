"""Made-up content for the sample pages: every part of the face in each of its states.

All names, numbers and plates are invented. Not translated: it stands for what people type.
"""

from datetime import timedelta
from typing import Any

from django import forms

from lipei.kit import clock
from lipei.site.desk import charts
from lipei.site.faces import ClockFace, State, clock_face
from lipei.site.shell import Group, Link, Reader

READER = Reader(name="王敏", post="理赔专员 · 一部", key="sample", signed_in=True)
Rows = list[dict[str, Any]]


def face(minutes: int, *, whole: int, rule: str) -> ClockFace:
    """A running clock with so many minutes left of its whole time; negative is overdue."""
    due_at = clock.now() + timedelta(minutes=minutes, seconds=30)
    return clock_face(due_at, started_at=due_at - timedelta(minutes=whole), rule=rule)


def still(state: State, reason: str) -> ClockFace:
    """A clock that stands: idle or paused."""
    return clock_face(None, state=state, reason=reason, rule="理算 3 日 · 手册 1.2")


def done(minutes: int) -> ClockFace:
    """A clock that was met so many minutes before its end; negative is late."""
    now = clock.now()
    return clock_face(now, state="met", met_at=now - timedelta(minutes=minutes))


def sample_nav() -> tuple[Group, ...]:
    """A navigation with counts, for pages that are not there yet."""
    return (
        Group(
            "我的工作台",
            (
                _link("我的待办", icon="inbox", count=9, hot=True, here=True, key="i"),
                _link("全部案件", icon="briefcase", count=34, key="c"),
                _link("等客户", icon="hourglass", count=6),
                _link("报案接入", icon="camera-plus", count=3),
            ),
        ),
        Group(
            "协作",
            (
                _link("查勘与公估", icon="tools", count=2),
                _link("疑难研讨", icon="users", count=1),
                _link("客户消息", icon="message-2", count=5, hot=True),
            ),
        ),
        Group("查阅", (_link("活手册", icon="book-2"), _link("知识库", icon="help-circle"))),
    )


def sample_tabs() -> tuple[Link, ...]:
    """The claimants' places."""
    return (
        _link("首页", icon="home", key="home"),
        _link("报案", icon="camera-plus", key="report"),
        _link("进度", icon="progress-check", key="claims"),
        _link("消息", icon="bell", key="inbox", count=2),
        _link("我的", icon="user", key="me"),
    )


def _link(
    title: str, *, icon: str, count: int = 0, hot: bool = False, key: str = "", here: bool = False
) -> Link:
    return Link(title, icon=icon, route="", url="#", count=count, hot=hot, key=key, current=here)


def _row(
    number: str, name: str, kind: str, *, fen: int, clock_: ClockFace, stage: str, note: str,
    icon: str = "car-crash", flag: str = "", level: str = "", holder: str = "我手上",
    current: bool = False,
) -> dict[str, Any]:  # fmt: skip
    return {
        "number": number, "name": name, "kind": kind, "icon": icon, "amount_fen": fen,
        "clock": clock_, "stage": stage, "note": note, "flag": flag, "flag_level": level,
        "holder": holder, "mine": holder == "我手上", "current": current, "url": "#",
    }  # fmt: skip


def work_rows() -> Rows:
    """A work list: over, soon, not started, in time."""
    return [
        _row("CX-2025-1105-01877", "何建民", "车险 · 全损", fen=16_800_000, stage="查勘定损",
             clock_=face(-95, whole=14_400, rule="超 5 万元定损 10 日"), flag="重大", level="bad",
             holder="公估", note="等第三方公估联合定损"),
        _row("CX-2025-1109-02010", "孙浩然", "车险 · 剐蹭", fen=218_000, stage="报案",
             clock_=face(26, whole=120, rule="2 小时预赔区间"), flag="预赔", level="law",
             note="4 张照片，待出预赔区间"),
        _row("JK-2025-1108-00391", "吴思远", "健康险 · 门诊", fen=128_460, stage="受理",
             clock_=face(100, whole=480, rule="1 个工作日告知"), icon="heartbeat",
             note="诊断证明缺医院公章"),
        _row("CX-2025-1108-01954", "周国栋", "车险 · 追尾", fen=1_963_260, stage="理算",
             clock_=still("idle", ""), flag="一对一", level="law", holder="客户",
             note="缺 2 份材料，车损可先赔", current=True),
        _row("JK-2025-1104-00365", "马丽娜", "健康险 · 住院", fen=4_390_715, stage="支付",
             clock_=face(2_940, whole=4_320, rule="确认后 3 日到账"), icon="heartbeat",
             holder="财务", note="回单待回传"),
        _row("CC-2025-1106-00071", "华丰仓储", "财产险 · 水渍", fen=8_642_000, stage="查勘定损",
             clock_=face(3_000, whole=6_000, rule="定损 10 日"), icon="building-warehouse",
             flag="大额", level="law", note="公估报告明日 10:00 到"),
        _row("JK-2025-1107-00382", "林晓雯", "健康险 · 住院", fen=661_523, stage="理算",
             clock_=face(3_420, whole=4_320, rule="理算 3 日"), icon="heartbeat",
             note="材料昨日到齐，已起算"),
        _row("CX-2025-1102-01790", "郭志强", "车险 · 人伤", fen=9_630_000, stage="核赔",
             clock_=face(4_440, whole=10_080, rule="争议复核 7 个工作日"), flag="争议",
             level="bad", holder="核赔", note="客户对伤残等级有异议"),
        _row("YW-2025-1109-00118", "赵雅琴", "意外险 · 骨折", fen=2_215_000, stage="确认",
             clock_=face(6_120, whole=10_080, rule="无争议 7 个工作日结案"), icon="bandage",
             holder="客户", note="等客户确认，计时照走"),
    ]  # fmt: skip


STAGES = [
    {"name": name, "state": state}
    for name, state in zip(
        ("报案", "受理", "查勘定损", "理算", "核赔", "确认", "支付", "归档"),
        ("done", "done", "done", "now", "", "", "", ""),
        strict=True,
    )
]
TABS = [
    {"label": label, "count": count, "url": "#", "current": label == "理算"}
    for label, count in (
        ("概览", None), ("材料", 16), ("理算", None), ("调查", None), ("沟通", 5), ("支付", None),
        ("审计", None),
    )
]  # fmt: skip
VIEWS = [
    {"label": label, "count": count, "url": "#", "current": label == "我的待办"}
    for label, count in (("我的待办", 9), ("在我手上", 5), ("即将超时", 2), ("已超时", 1))
]


def exposures() -> Rows:
    """Three parts of one claim, each with its own state."""
    waits = {"state": "待材料", "level": "warn", "holder": "客户", "mine": False}
    return [
        {"icon": "car", "name": "车损", "cover": "机动车损失险", "state": "可先赔", "level": "ok",
         "holder": "我手上", "mine": True, "amount_fen": 950_000,
         "clock": face(2_760, whole=4_320, rule="理算 3 日，11-09 07:30 起算")},
        {"icon": "car-suv", "name": "三者物损", "cover": "交强险 + 商业三者", **waits,
         "amount_fen": 672_000, "clock": still("idle", "待材料齐全")},
        {"icon": "first-aid-kit", "name": "三者人伤", "cover": "交强险医疗费用", **waits,
         "amount_fen": 341_260, "clock": still("idle", "待材料齐全")},
    ]  # fmt: skip


def _line(
    no: str, title: str, basis: str, *, fen: int, op: str = "+", kind: str = "", flag: str = ""
) -> dict[str, Any]:
    return {
        "no": no, "title": title, "basis": basis, "amount_fen": fen, "op": op, "kind": kind,
        "flag": flag,
    }  # fmt: skip


SHEET = {
    "lines": [
        _line("1", "车损 · 定损金额", "定损单 DS-0417 已签", fen=986_000),
        _line("2", "减：残值", "定损单 第 3 行", fen=36_000, op="−"),
        _line("3", "车损应赔 =①−②", "材料齐全 · 可先核赔", fen=950_000, op="=", kind="sum"),
        _line("4", "三者物损 · 定损", "定损单 DS-0418", fen=672_000, flag="待材料"),
        _line("5", "其中交强险财产项", "限额 2,000 元", fen=200_000, op="└", kind="part"),
        _line("6", "其中商业三者 ×100%", "事故认定书 · 全责", fen=472_000, op="└", kind="part"),
        _line("7", "三者人伤 · 医疗", "票据 5 张，限额 1.8 万", fen=341_260, flag="待材料"),
    ],
    "total_label": "试算合计",
    "total_note": "已确定 ¥9,500.00 · 待材料 ¥10,132.60",
    "total_fen": 1_963_260,
}
PAPERS = [
    {"title": "三者车维修发票", "note": "电子发票即可，PDF / OFD / 照片都收", "state": "missing",
     "unlock_fen": 672_000},
    {"title": "伤者病历首页", "note": "第 1 页模糊，已请客户重拍", "state": "review",
     "unlock_fen": 341_260},
    {"title": "已收 14 份，均已核验", "note": "电子件即原件，已验真", "state": "got"},
]  # fmt: skip
DOCS = [
    {"url": "#", "title": "现场照片", "note": "11 张", "icon": "photo", "state": "ok"},
    {"url": "#", "title": "事故认定书", "note": "电子件", "icon": "file-certificate",
     "state": "ok"},
    {"url": "#", "title": "定损单", "note": "2 份", "icon": "clipboard-check", "state": "ok"},
    {"url": "#", "title": "维修发票", "note": "电子件", "icon": "file-invoice", "state": "ok"},
    {"url": "#", "title": "病历首页", "note": "1 页", "icon": "file-text", "state": "review",
     "band": "需重拍"},
    {"url": "#", "title": "证件", "note": "4 张", "icon": "id", "state": "ok"},
]  # fmt: skip
TIMELINE = [
    {"title": "王敏开始试算", "note": "理算单 v2 自动保存", "when": "11-10 09:14",
     "icon": "calculator", "level": "brand"},
    {"title": "一次性告知书已送达", "note": "短信 + 理赔宝 · 2 项 · 法定钟暂停",
     "when": "11-09 09:06", "icon": "mail-forward", "level": "law"},
    {"title": "预赔区间 ¥18,500.00 – ¥21,000.00", "note": "报案后 1 时 38 分给出（≤2 时）",
     "when": "11-08 12:03", "icon": "sparkles", "level": "ok"},
    {"title": "客户在理赔宝报案", "note": "照片 11 张 · 录音 1 段", "when": "11-08 10:25",
     "icon": "device-mobile"},
]  # fmt: skip
FACTS = [
    ("被保险人", "周国栋"), ("车牌", "示例·6K27P"), ("出险时间", "2025-11-08 09:40"),
    ("出险地点", "春和路与锦绣街口"), ("保单", "PDAA2025110000176"), ("责任比例", "全责 100%"),
]  # fmt: skip


def clocks() -> Rows:
    """The manual's clock that waits, and the law's that binds."""
    return [
        {"title": "理算钟 · 手册 1.2 · 3 日 · 三者 2 项", "face": still("idle", "待材料齐全"),
         "needs": [{"label": "材料齐全 14 / 16", "got": False},
                   {"label": "定损完成 2 / 2", "got": True}]},
        {"title": "保险法 23 条 · 核定 30 日", "binding": True, "used": 4, "held": 8,
         "face": face(41_820, whole=43_200, rule="保险法第 23 条"),
         "track_label": "30 日中已用 22 时 41 分，现因补件通知暂停",
         "note": "补件暂停：仅从通知送达（11-09 09:06）到材料收到。材料到齐后手册 3 日先到，"
                 "以它为准。"},
    ]  # fmt: skip


BY_MONTH = charts.columns([
    (f"2025-{month:02}", 900_000 * (month % 4), 1_300_000 * (month % 3)) for month in range(1, 13)
])  # fmt: skip
BY_BRANCH = charts.rows([("浦东支公司", 12, 30), ("徐汇支公司", 4, 0), ("没有变化的支公司", 0, 0)])
KPIS = [
    {"label": "手册时效达标率", "value": "96.5", "unit": "%", "goal": "目标 >95%",
     "base": "3803/3942", "level": "ok", "level_words": "达标"},
    {"label": "平均结案", "value": "4.3", "unit": "工作日", "goal": "上限 7", "base": "n=126",
     "level": "ok", "level_words": "达标"},
    {"label": "理算误差率", "value": "0.94", "unit": "%", "goal": "上限 1%", "base": "已复核 118",
     "level": "warn", "level_words": "接近上限"},
    {"label": "未兑现", "value": "139", "unit": "项", "goal": "25/40 节达标", "base": "较上月 −9",
     "level": "bad", "level_words": "未达标"},
]  # fmt: skip


class SampleForm(forms.Form):
    """Each kind of field once."""

    plate = forms.CharField(label="车牌号", help_text="与行驶证一致。", max_length=8)
    loss = forms.DecimalField(label="估计损失", help_text="不清楚可以留空。", required=False)
    phone = forms.RegexField(r"^1\d{10}$", label="手机号", error_messages={
        "invalid": "请填 11 位手机号，例如 13800000000。"})  # fmt: skip
    happened = forms.CharField(label="经过", widget=forms.Textarea(attrs={"rows": 3}))
    kind = forms.ChoiceField(
        label="险种", choices=[("motor", "车险"), ("health", "健康险"), ("home", "家财险")]
    )
    hurt = forms.ChoiceField(
        label="有人受伤吗",
        choices=[("no", "没有"), ("yes", "有，已送医")],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="我已阅读理赔须知", help_text="可以随时撤回。")


def wrong_form() -> SampleForm:
    """The form after it was sent back."""
    form = SampleForm({"plate": "示例·6K27P", "phone": "138", "kind": "motor"})
    form.is_valid()
    return form


BULK = [
    {"label": "分派", "icon": "user-plus", "url": "#"},
    {"label": "催办", "icon": "bell", "url": "#"},
]
CRUMBS = [("首页", "/"), ("开发", ""), ("组件样张", "")]
CHOICES = [
    {"label": label, "count": count, "url": "#", "current": label == "全部"}
    for label, count in (("全部", 231), ("法律", 38), ("手册", 104))
]
CHIPS = [{"label": "机构", "value": "一部", "remove_url": "#"}]
COLUMNS = [
    {"label": "条款", "sort_url": "#"},
    {"label": "来源"},
    {"label": "数值", "align": "right"},
    {"label": "本月兑现", "align": "right", "sort_url": "#", "direction": "ascending"},
]
CLAUSES = [
    {"title": "争议案件复核", "origin": "手册", "level": "brand", "value": "≤ 7 个工作日",
     "kept": "83.3%", "kept_level": "bad"},
    {"title": "情形复杂案件的核定", "origin": "法律", "level": "law", "value": "≤ 30 日",
     "kept": "100%", "kept_level": "ok"},
    {"title": "追加告知须二级审批", "origin": "自定", "level": "warn", "value": "≥ 二级",
     "kept": "93.1%", "kept_level": "warn"},
]  # fmt: skip
CHAPTER = {
    "number": 3, "name": "理赔审核与调查", "met": 334, "due": 354, "rate": "94.4%",
    "level": "warn",
    "sections": [
        {"number": "3.4", "name": "争议案件处理", "met": 20, "due": 24, "rate": "83.3%",
         "level": "bad", "bar": 17, "url": "#"},
        {"number": "3.1", "name": "理赔事实调查", "met": 81, "due": 92, "rate": "93.0%",
         "level": "warn", "bar": 65, "url": "#"},
        {"number": "3.3", "name": "核赔标准与规则", "met": 117, "due": 118, "rate": "99.2%",
         "level": "ok", "bar": 96, "url": "#"},
        {"number": "1.4", "name": "制度规范与要求", "met": 0, "due": 0, "url": "#"},
    ],
}  # fmt: skip
