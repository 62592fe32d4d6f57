"""Made-up content for the samples of the claimants' pages and the assessor's phone page."""

from typing import Any

from lipei.site.samples import face

NOW = {"who": "您手上", "what": "2 份材料", "you": True}
NEXT = {"who": "王敏手上", "what": "算金额"}
DATE = {"when": "11-13 前出金额", "why": "今天交齐起 3 日 · 手册 1.2"}
NEEDS = [
    {"title": "对方车维修发票", "note": "电子发票就行，不用纸质", "icon": "file-invoice",
     "unlock_fen": 672_000, "kind": "repair_invoice"},
    {"title": "伤者病历首页", "note": "拍清楚医院名称和日期", "icon": "file-text",
     "unlock_fen": 341_260, "kind": "medical_record"},
]  # fmt: skip
PARTS = [
    {"icon": "car", "title": "您的车", "state": "可先赔", "level": "ok", "amount_fen": 950_000},
    {"icon": "car-suv", "title": "对方的车", "state": "等发票", "level": "warn",
     "amount_fen": 672_000},
    {"icon": "first-aid-kit", "title": "对方伤者", "state": "等病历", "level": "warn",
     "amount_fen": 341_260},
]  # fmt: skip
JOURNEY = [
    {"name": name, "when": when, "note": note, "state": state}
    for name, when, note, state in (
        ("报案", "11-08 10:25", "电子回执已生成", "done"),
        ("受理", "11-08 12:03", "预赔区间 ¥18,500.00 – ¥21,000.00", "done"),
        ("查勘定损", "11-09 07:10", "两份定损单已签", "done"),
        ("理算", "等 2 份材料", "材料到齐后 3 日内算出（手册 1.2）", "now"),
        ("核赔", "", "车损 ¥9,500.00 可先赔，不等其他", ""),
        ("确认", "", "逐步列明金额，您可全部、部分接受或提异议", ""),
        ("支付", "", "您确认后 3 日内到账（手册 1.3）", ""),
        ("归档", "", "电子档案随时可查", ""),
    )
]
GROUPS = [
    {"title": "您的车（车损险）", "sum_fen": 950_000, "open": True, "lines": [
        {"title": "定损金额", "basis": "定损单 DS-0417", "op": "+", "amount_fen": 986_000},
        {"title": "减：残值", "basis": "定损单 第 3 行", "op": "−", "amount_fen": 36_000}]},
    {"title": "对方的车（三者物损）", "sum_fen": 672_000, "lines": [
        {"title": "交强险 限额 2,000 元内", "basis": "条款 8", "op": "+",
         "amount_fen": 200_000},
        {"title": "商业三者 4,720 × 100%", "basis": "全责，条款 22", "op": "+",
         "amount_fen": 472_000}]},
]  # fmt: skip
CHOICES = [
    {"value": "all", "title": "全部接受", "note": "¥16,220.00，3 日内到账", "icon": "checks",
     "checked": True},
    {"value": "part", "title": "部分接受", "note": "先赔勾选的，其余继续核",
     "icon": "list-details"},
    {"value": "reserve", "title": "接受但保留意见", "note": "先收款，意见写进确认书",
     "icon": "message-2"},
    {"value": "object", "title": "有异议", "note": "转争议复核，无争议先赔",
     "icon": "hand-stop"},
]  # fmt: skip
STEPS = [
    {"name": "出险", "state": "done"}, {"name": "拍照", "state": "now"},
    {"name": "经过", "state": ""}, {"name": "核对", "state": ""},
]  # fmt: skip
FRAMES = [
    {"kind": "scene", "name": "全景", "tip": "退后几步，拍到整辆车和周围", "frame": "wide",
     "icon": "photo", "state": "done", "note": "3 张", "required": True},
    {"kind": "plate", "name": "车牌", "tip": "车牌放进框内，字要看得清", "frame": "plate",
     "icon": "license", "state": "done", "note": "2 张", "required": True},
    {"kind": "damage", "name": "近景", "tip": "离伤处约 1 米，伤处放进框内", "frame": "close",
     "icon": "focus-2", "state": "", "note": "待拍", "required": True},
    {"kind": "papers", "name": "证件", "tip": "行驶证、驾驶证放平，不要反光", "frame": "card",
     "icon": "id", "state": "", "note": "待拍", "required": True},
]  # fmt: skip
LOSS = [
    {"part": "后保险杠", "act": "更换", "note": "原厂价 · 核价一致", "amount_fen": 246_000},
    {"part": "后尾门", "act": "钣金 + 喷漆", "note": "工时 6.5", "amount_fen": 204_000},
    {"part": "后防撞梁", "act": "更换", "note": "高于参考价 6%", "level": "warn",
     "amount_fen": 138_000},
    {"part": "右后尾灯", "act": "更换", "note": "原厂价 · 核价一致", "amount_fen": 84_000},
]  # fmt: skip
HOME_LINKS = [
    {"icon": "receipt", "title": "电子回执", "note": "报案已收到，随时可查", "url": "#"},
    {"icon": "help-circle", "title": "常见问题", "note": "要交哪些材料、多久到账", "url": "#"},
    {"icon": "phone-call", "title": "请客服回电", "note": "选一个方便的时间", "url": "#"},
]


def visit() -> dict[str, Any]:
    """The assessor's clock and three buttons."""
    return {
        "face": face(49, whole=90, rule="到场后 1.5 小时"),
        "acts": [
            {"icon": "navigation", "title": "出发", "when": "09:12", "state": "done"},
            {"icon": "map-pin", "title": "到达", "when": "09:46 · 定位已存", "state": "done"},
            {"icon": "flag-check", "title": "完成", "when": "还差 2 项", "state": "now",
             "url": "#"},
        ],
    }  # fmt: skip


VISIT_TAGS = ["手册 3.1 · ≤1.5 小时", "对方 1 人轻伤"]
