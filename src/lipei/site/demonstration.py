"""The demonstration: a small company, its people, two customers with their policies.

Everything here is made up. Nothing of it exists in a real installation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from lipei.ch01_general.duties import add_staff
from lipei.ch01_general.models import Branch, Certificate, Cover, Party, Policy, Staff
from lipei.kit import clock, sealed
from lipei.rules import edition_for

PASSWORD = "lipei-demo-2025"  # noqa: S105  printed on the screen of every demonstration
LISTED_NAME = "名单示例"
SECRET = "3132333435363738393031323334353637383930"  # noqa: S105  made up, demonstration only

Held = tuple[tuple[str, int, str], ...]
Covers = Iterable[tuple[str, Mapping[str, object]]]


@dataclass(frozen=True)
class Person:
    """Somebody of the demonstration's staff: sign-in, name, number, posts, certificate."""

    username: str
    name: str
    number: str
    held: Held
    branch: str = "31"
    certificate: str = ""


CARDS = ("6222021234567890128", "6217001234567890122")
"""Made-up bank cards, one's own and the other side's: a number has to prove itself."""

PEOPLE = (
    Person("wangmin", "王敏", "20817", (("SP", 1, "理赔一部"),), certificate="claims_licence"),
    Person("lijun", "李军", "20633", (("LA", 1, "理赔一部"),), certificate="CDA"),
    Person("xujing", "许静", "20105", (("RV", 3, "理赔一部"),)),
    Person("zhaolin", "赵琳", "20951", (("FN", 1, "财务部"),)),
    Person("qianjin", "钱进", "20952", (("FN", 2, "财务部"),)),
    Person("sunjie", "孙洁", "20977", (("AR", 1, "档案室"),)),
    Person("heyu", "何雨", "21012", (("CS", 0, "客服中心"),)),
    Person("zhouwei", "周伟", "20008", (("MG", 3, "理赔一部"),)),
    Person(
        "linyue",
        "林悦",
        "20011",
        (("SP", 1, "报案中心"),),
        branch="00",
        certificate="claims_licence",
    ),
    Person("wutong", "吴桐", "20003", (("AU", 0, "审计部"),), branch="00"),
    Person("hege", "何戈", "20061", (("CO", 2, "合规部"),), branch="00"),
    Person("itadmin", "系统管理员", "29001", (("IT", 0, "信息部"),), branch="00"),
)

IN_TOWN = {
    "31": ("浦东新区", "黄浦区", "徐汇区", "长宁区", "静安区", "普陀区", "虹口区", "杨浦区"),
}
NEAR_BY = {
    "31": ("闵行区", "宝山区", "嘉定区", "松江区", "青浦区", "奉贤区", "金山区", "崇明区"),
}
"""By branch, the places to which a survey is in town, and near by."""

CUSTOMERS = (
    ("周国栋", "13800006021", "31010119850312", "沪A6K27P", "LSVAA4187E2184847", "middle"),
    ("李晓燕", "13800006022", "31010119900708", "沪AD12345", "LSGBL5441HF000013", "small"),
    ("陈立", "13800006023", "31010119781120", "沪B88J62", "LFV2A21K8H4000021", "large"),
)

HEALTH: Covers = (("health_inpatient", {"yearly_deductible_fen": 200_000, "ratio_bp": 9_000}),)
ACCIDENT: Covers = (
    ("accident", {"sum_insured_fen": 50_000_000}),
    ("accident_medical", {"limit_fen": 3_000_000, "deductible_fen": 10_000,
                          "ratio_bp": 9_000}),
)  # fmt: skip
HOME: Covers = (("property", {"sum_insured_fen": 30_000_000, "deductible_fen": 50_000}),)


@dataclass(frozen=True)
class Insured:
    """A customer without a car: who, and the one policy that they have."""

    name: str
    phone: str
    id_start: str
    prefix: str
    line: str
    covers: Covers
    words: str


PERSONS = (
    Insured("孙小梅", "13800006024", "31010119880916", "PHEA", "health", HEALTH, "住院医疗"),
    Insured("吴海涛", "13800006025", "31010119910423", "PACC", "accident", ACCIDENT, "意外伤害"),
    Insured("郑雅琴", "13800006026", "31010119751208", "PPRO", "property", HOME, "家庭财产"),
)
INSURED = (PERSONS[0].name, PERSONS[0].phone, PERSONS[0].id_start)
"""A customer with health insurance and no car."""


def lay_out() -> None:
    """Make the demonstration once; a second time finds it and changes nothing."""
    _name_list()
    with transaction.atomic():
        branches = _branches()
        for person in PEOPLE:
            if not Staff.objects.filter(username=person.username).exists():
                _person(person, branches)
        for number, customer in enumerate(CUSTOMERS, start=1):
            if not Party.objects.filter(phone=customer[1]).exists():
                add_customer(number, customer, branches["3101"])
        for number, insured in enumerate(PERSONS, start=len(CUSTOMERS) + 1):
            if not Party.objects.filter(phone=insured.phone).exists():
                add_insured(number, insured, branches["3101"])


def _name_list() -> None:
    """A list of names that may not be paid, without which no name is cleared."""
    place = Path(settings.LIPEI_NAME_LIST)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{LISTED_NAME}\n", "utf-8")


def _branches() -> dict[str, Branch]:
    made: dict[str, Branch] = {}
    for code, name, above in (
        ("00", "总公司", ""),
        ("31", "上海分公司", "00"),
        ("3101", "浦东支公司", "31"),
    ):
        parent = made.get(above)
        path = f"{parent.path}{code}/" if parent else f"/{code}/"
        made[code], _ = Branch.objects.get_or_create(
            code=code,
            defaults={
                "name": name, "parent": parent, "path": path,
                "in_town": list(IN_TOWN.get(code, ())), "near_by": list(NEAR_BY.get(code, ())),
            },
        )  # fmt: skip
    return made


def _person(person: Person, branches: dict[str, Branch]) -> None:
    staff = add_staff(
        username=person.username, name=person.name, number=person.number, password=PASSWORD,
        branch=branches[person.branch], held=list(person.held), by="system/demonstration",
    )  # fmt: skip
    staff.phone = f"021-6000{person.number[-4:]}"
    staff.save(update_fields=["phone"])
    TOTPDevice.objects.create(user=staff, name="demonstration", key=SECRET, confirmed=True)
    if person.certificate:
        today = clock.today()
        Certificate.objects.create(
            staff=staff, kind=person.certificate, number=f"{person.certificate}-{person.number}",
            issuer="培训中心", valid_from=today - timedelta(days=300),
            valid_to=today + timedelta(days=430),
        )  # fmt: skip


MOTOR: Covers = (
    ("compulsory_motor", {}),
    ("own_damage", {"sum_insured_fen": 15_000_000}),
    ("third_party", {"limit_fen": 200_000_000}),
)


def add_customer(number: int, customer: tuple[str, ...], branch: Branch) -> None:
    """A made-up customer with a car and its policy; `number` ends the policy's number."""
    name, phone, id_start, plate, vin, vehicle = customer
    party = _party(number, name, phone, id_start)
    policy = add_policy(
        f"PDAA2026310100{number:06d}", line="motor", branch=branch, insured=party, covers=MOTOR
    )
    policy.plate, policy.vin, policy.vehicle = plate, vin, {"class": vehicle}
    policy.save()


def add_insured(number: int, person: Insured, branch: Branch) -> None:
    """A made-up customer without a car, with their policy."""
    party = _party(number, person.name, person.phone, person.id_start)
    add_policy(
        f"{person.prefix}2026310100{number:06d}", line=person.line, branch=branch, insured=party,
        covers=person.covers,
    )  # fmt: skip


def _party(number: int, name: str, phone: str, id_start: str) -> Party:
    id_number = with_check_digit(f"{id_start}{number:03d}")
    return Party.objects.create(
        name=name, phone=phone, id_sealed=sealed.seal(id_number),
        id_digest=sealed.digest(id_number), id_tail=id_number[-4:], identified_at=clock.now(),
    )  # fmt: skip


def add_policy(
    number: str, *, line: str, branch: Branch, insured: Party,
    covers: Covers,
) -> Policy:  # fmt: skip
    """A policy of any line that has run for 160 of its 365 days, with its covers."""
    starts_at = clock.now() - timedelta(days=160)
    ends_at = starts_at + timedelta(days=365)
    policy = Policy.objects.create(
        number=number, line=line, branch=branch, holder=insured, insured=insured,
        starts_at=starts_at, ends_at=ends_at,
    )  # fmt: skip
    first_day = starts_at.astimezone(clock.LOCAL).date()
    for product, terms in covers:
        edition = edition_for(product, lost_on=clock.today(), insured_from=first_day)
        Cover.objects.create(policy=policy, product=product, edition=edition.name,
                             terms=dict(terms), starts_at=starts_at, ends_at=ends_at)  # fmt: skip
    return policy


def with_check_digit(seventeen: str) -> str:
    """A resident identity number from its first seventeen digits (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(d) * w for d, w in zip(seventeen, weights, strict=True)) % 11
    return seventeen + "10X98765432"[rest]


def sign_ins() -> list[tuple[str, str, str, str]]:
    """Who may sign in to the demonstration: door, name, how, what for."""
    staff = [("/login/", p.name, p.username, p.held[0][2]) for p in PEOPLE]
    cars = [("/m/", c[0], c[1], c[3]) for c in CUSTOMERS]
    persons = [("/m/", p.name, p.phone, p.words) for p in PERSONS]
    return [*staff, *cars, *persons]
