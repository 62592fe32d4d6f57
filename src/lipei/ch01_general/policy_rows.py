"""What a row of a policy file tells: the fields, their names in files, and their checks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, lru_cache, partial
from itertools import groupby

from lipei.kit import checks, clock
from lipei.kit.refusal import Refused
from lipei.kit.tables import (
    Fault,
    Reading,
    Row,
    amount_cell,
    code_cell,
    instant_cell,
    rate_cell,
    yes_no_cell,
)
from lipei.rules import FactRefused, edition, edition_for, edition_names

FIELDS: Mapping[str, tuple[str, ...]] = {
    "number": ("保单号", "保单号码", "保险单号", "policy no", "policy number", "policy"),
    "line": ("险类", "业务线", "险种大类", "line of business"),
    "branch": ("机构代码", "承保机构", "机构", "分支机构", "归属机构", "branch code"),
    "starts_at": ("起期", "保险起期", "起保日期", "保险起始日期", "start date", "inception"),
    "ends_at": ("止期", "保险止期", "终保日期", "到期日期", "保险终止日期", "end date", "expiry"),
    "insured_name": ("被保险人", "被保险人姓名", "被保险人名称", "被保人", "insured"),
    "insured_id": ("被保险人证件号", "被保险人证件号码", "被保险人身份证号", "insured id number"),
    "insured_phone": ("被保险人电话", "被保险人手机", "被保险人手机号", "insured mobile"),
    "holder_name": ("投保人", "投保人姓名", "投保人名称", "policyholder", "holder"),
    "holder_id": ("投保人证件号", "投保人证件号码", "投保人身份证号", "policyholder id number"),
    "holder_phone": ("投保人电话", "投保人手机", "投保人手机号", "policyholder mobile"),
    "plate": ("车牌", "车牌号", "车牌号码", "号牌号码", "plate number", "licence plate"),
    "vin": ("车架号", "车辆识别代号", "车架号码", "vin"),
    "vehicle": ("车型级别", "车辆级别", "vehicle class"),
    "drivers": ("指定驾驶人", "驾驶人", "named drivers"),
    "region": ("行驶区域", "承保区域", "区域", "territory"),
    "premium_paid": ("保费已缴", "缴费状态", "是否缴费", "实收状态", "paid"),
    "product": ("险种", "险别", "险种代码", "险别代码", "承保险别", "cover", "coverage"),
    "sum_insured": ("保额", "保险金额", "责任限额", "限额", "limit", "amount insured"),
    "deductible": ("免赔额", "绝对免赔额", "excess"),
    "yearly_deductible": ("年免赔额", "年度免赔额", "yearly deductible"),
    "ratio": ("赔付比例", "给付比例", "payment ratio"),
    "endorsement": ("批单号", "批单号码", "endorsement no", "endorsement number"),
    "effective_at": ("批改生效日期", "批改生效", "生效时间", "变更日期", "effective date"),
}  # fmt: skip
ONE_DAY = timedelta(days=1)
NEEDED = ("number", "line", "branch", "starts_at", "ends_at", "insured_name", "product")
LINES = {
    "motor": "motor", "车险": "motor", "机动车辆保险": "motor", "机动车": "motor",
    "health": "health", "健康险": "health", "accident": "accident", "意外险": "accident",
    "property": "property", "财产险": "property", "家财险": "property",
}  # fmt: skip
PRODUCTS = {
    "交强险": "compulsory_motor", "机动车交通事故责任强制保险": "compulsory_motor",
    "车损险": "own_damage", "机动车损失险": "own_damage", "机动车损失保险": "own_damage",
    "三者险": "third_party", "商业三者险": "third_party", "第三者责任险": "third_party",
    "第三者责任保险": "third_party", "车上人员责任险": "occupants", "车上人员": "occupants",
    "新能源车损险": "own_damage_nev", "住院医疗": "health_inpatient",
    "住院津贴": "hospital_cash", "重大疾病": "critical_illness", "重疾险": "critical_illness",
    "意外伤害": "accident", "意外医疗": "accident_medical", "家庭财产": "property",
    "财产险": "property", "货运险": "cargo", "营业中断险": "business_interruption",
    "雇主责任险": "employer_liability", "团体意外": "group_accident",
}  # fmt: skip
VEHICLES = {
    "small": "small", "微型": "small", "小型": "small", "middle": "middle", "中型": "middle",
    "large": "large", "大型": "large",
}  # fmt: skip
SUMS = ("sum_insured_fen", "limit_fen", "yearly_limit_fen")
LIMITS_OF_LAW = frozenset({"compulsory_motor"})
"""Products whose limits are the law's, so that the sum that a file tells is none of ours."""
BETWEEN_NAMES = "、,;；，/"


@dataclass(frozen=True)
class Person:
    """A party as a row tells it."""

    name: str
    id_number: str = field(default="", repr=False)
    id_type: str = "resident_id"
    phone: str = ""

    @property
    def kind(self) -> str:
        """A person, or a company."""
        return "company" if self.id_type == "credit_code" else "person"


@dataclass
class Record:
    """One policy as its rows tell it: `values` by field of the policy, `covers` by product."""

    number: str
    rows: tuple[int, ...]
    line: str
    branch: str
    insured: Person
    holder: Person
    values: dict[str, object]
    covers: dict[str, dict[str, object]]
    endorsement: str
    effective_at: datetime | None


def records(
    rows: Iterable[Row], mapping: Mapping[str, str]
) -> Iterator[tuple[list[Row], Record | None, list[Fault]]]:
    """The policies of a file: the rows that stand together under one number are one policy.

    A policy with a row that is wrong is not read at all: half a policy would be a wrong one.
    """
    readings = (Reading(row, mapping=mapping) for row in rows)
    for _, group in groupby(readings, key=lambda one: one.text("number").upper() or id(one)):
        mine = list(group)
        whole = all(fault.column for one in mine for fault in one.faults)
        found = _record(mine) if whole else None
        faults = [fault for one in mine for fault in one.faults]
        yield [one.row for one in mine], None if faults else found, faults


def _record(mine: list[Reading]) -> Record | None:
    first = mine[0]
    number = first.needed("number", _number)
    line = first.needed("line", partial(code_cell, codes=LINES))
    branch = first.needed("branch", _code)
    starts_at, ends_at = _period(first)
    insured = _person(first, "insured")
    has_holder = any(first.text(f"holder_{part}") for part in ("name", "id", "phone"))
    holder = _person(first, "holder") if has_holder else insured
    values = _values(first)
    covers = _covers(mine, starts_at, ends_at)
    effective_at = first.told("effective_at", instant_cell)
    endorsement = first.told("endorsement", _code)
    if any(one.faults for one in mine) or not (number and line and branch):
        return None
    if not (insured and holder and starts_at and ends_at):
        return None
    values |= {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    return Record(
        number=number, rows=tuple(one.row.number for one in mine), line=line, branch=branch,
        insured=insured, holder=holder, values=values, covers=covers,
        endorsement=endorsement or "", effective_at=effective_at,
    )  # fmt: skip


def _period(row: Reading) -> tuple[datetime | None, datetime | None]:
    """The period; the day on which it ends, told as a day, is its last day and counts whole."""
    starts_at = row.needed("starts_at", instant_cell)
    ends_at = row.needed("ends_at", _end_cell)
    if starts_at and ends_at and starts_at >= ends_at:
        row.wrong("ends_at", Refused("days_upside_down"))
    return starts_at, ends_at


def _end_cell(value: object, *, field: str) -> datetime:
    at = instant_cell(value, field=field)
    local = at.astimezone(clock.LOCAL)
    told_hour = ":" in str(value) or "时" in str(value)
    return at if told_hour else (local + ONE_DAY)


def _values(row: Reading) -> dict[str, object]:
    paid = row.told("premium_paid", yes_no_cell)
    vehicle = row.told("vehicle", partial(code_cell, codes=VEHICLES))
    text = row.text("drivers")
    for mark in BETWEEN_NAMES:
        text = text.replace(mark, "\n")
    return {
        "plate": row.told("plate", checks.plate) or "", "vin": row.told("vin", checks.vin) or "",
        "vehicle": {"class": vehicle} if vehicle else {},
        "drivers": [{"name": name.strip()} for name in text.splitlines() if name.strip()],
        "region": row.told("region", partial(checks.plain_text, limit=40, lines=False)) or "",
        "premium_paid": True if paid is None else paid,
    }  # fmt: skip


def _person(row: Reading, who: str) -> Person | None:
    name = row.needed(f"{who}_name", checks.person_name)
    phone = row.told(f"{who}_phone", checks.phone)
    told = row.told(f"{who}_id", _identity)
    kind, number = told or ("resident_id", "")
    return Person(name, number, kind, phone or "") if name else None


def _identity(value: object, *, field: str) -> tuple[str, str]:
    """A person's identity number or a company's credit code, and which of the two it is."""
    try:
        return "resident_id", checks.resident_id(value, field=field)
    except Refused as no:
        try:
            return "credit_code", checks.credit_code(value, field=field)
        except Refused:
            raise no from None


def _covers(
    mine: list[Reading], starts_at: datetime | None, ends_at: datetime | None
) -> dict[str, dict[str, object]]:
    """The covers of a policy, one a row. The edition is that of the policy's first day."""
    found: dict[str, dict[str, object]] = {}
    for row in mine:
        product = row.needed("product", _product)
        terms = _terms(row, product or "")
        if product is None or starts_at is None or ends_at is None:
            continue
        if product in found:
            row.wrong("product", Refused("cover_told_twice"))
        bought = edition_on(product, starts_at.astimezone(clock.LOCAL).date())
        if not bought:
            row.wrong("product", Refused("edition_unknown"))
        found[product] = {
            "edition": bought, "terms": terms, "starts_at": starts_at.isoformat(),
            "ends_at": ends_at.isoformat(),
        }  # fmt: skip
    return found


def _terms(row: Reading, product: str) -> dict[str, object]:
    """What the row tells of the cover, under the names that the product's editions know."""
    known, terms = terms_of(product), dict[str, object]()
    for name, names, check in (
        ("sum_insured", SUMS, amount_cell), ("deductible", ("deductible_fen",), amount_cell),
        ("yearly_deductible", ("yearly_deductible_fen",), amount_cell),
        ("ratio", ("ratio_bp",), rate_cell),
    ):  # fmt: skip
        told = row.told(name, check)
        if told is None or (name == "sum_insured" and product in LIMITS_OF_LAW):
            continue
        term = next((one for one in names if one in known), "")
        if term:
            terms[term] = told
        elif product:
            row.wrong(name, Refused("term_unknown"))
    return terms


@lru_cache(maxsize=10_000)
def edition_on(product: str, first_day: date) -> str:
    """The edition of a product on a first day of insurance; none where there was none yet."""
    try:
        return edition_for(product, lost_on=first_day, insured_from=first_day).name
    except (FactRefused, LookupError):
        return ""


@cache
def terms_of(product: str) -> frozenset[str]:
    """Every term that some edition of a product knows."""
    names = [name for name in edition_names() if name.rpartition("_")[0] == product]
    return frozenset(term for name in names for term in edition(name).terms)


@cache
def _products() -> Mapping[str, str]:
    known = {name.rpartition("_")[0] for name in edition_names()}
    return {**{one: one for one in known}, **PRODUCTS}


def _product(value: object, *, field: str) -> str:
    return code_cell(value, field=field, codes=_products())


def _number(value: object, *, field: str) -> str:
    return checks.plain_text(value, field=field, limit=40, lines=False, empty=False).upper()


def _code(value: object, *, field: str) -> str:
    return checks.plain_text(value, field=field, limit=60, lines=False, empty=False)
