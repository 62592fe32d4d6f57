"""The staff of a house from a file: looked at row by row, then taken in, the good rows alone.

A row is a person with a post, and with a certificate if it tells one; a second row of the same
person is a further post. What is there already is left as it is: the same file twice changes
nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from django.db import transaction

from lipei.ch01_general import naming, people
from lipei.ch01_general.actors import actor
from lipei.ch01_general.company import MANAGE, branches_seen
from lipei.ch01_general.models import Branch, Certificate, Department, Staff
from lipei.ch01_general.people import CERTIFICATES, HIGHEST_LEVEL, Post, posts_between
from lipei.ch06_systems.invitations import admit
from lipei.kit import checks, clock
from lipei.kit.refusal import Refused
from lipei.kit.tables import (
    Fault,
    Limits,
    Reading,
    Row,
    code_cell,
    day_cell,
    fault_of,
    guessed,
    open_table,
)
from lipei.manual import posts

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("工号", "员工编号", "staff number"), "name": ("姓名", "员工姓名"),
    "username": ("用户名", "登录名", "账号"), "phone": ("电话", "手机", "手机号", "mobile"),
    "branch": ("机构", "机构编号", "所属机构"), "department": ("部门", "所属部门"),
    "post": ("岗位", "职务"), "level": ("级别", "权限级别"),
    "certificate": ("证书", "证书种类"), "certificate_number": ("证书编号",),
    "issuer": ("发证单位",), "valid_from": ("有效期从", "发证日期"),
    "valid_to": ("有效期至", "到期日期", "有效期到"),
}  # fmt: skip
NEEDED = ("number", "name", "username", "branch", "department", "post")
OF_CERTIFICATE = ("certificate_number", "issuer", "valid_from", "valid_to")
LIMITS = Limits(file_bytes=4 * 1024 * 1024, unfolded_bytes=32 * 1024 * 1024, rows=2_000, columns=40)
CERTIFICATE_CODES = {
    "cda": "CDA", "定损师": "CDA", "claims_licence": "claims_licence",
    "理赔从业资格证": "claims_licence", "理赔从业资格证书": "claims_licence",
    "insurance_basics": "insurance_basics", "保险基础知识": "insurance_basics",
}  # fmt: skip
NEW, MORE, SAME, BAD = "new", "more", "same", "bad"


@dataclass(frozen=True)
class Paper:
    """A certificate that a row tells."""

    kind: str
    number: str
    issuer: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class Line:
    """A row as it was understood: what it would do, or everything that is wrong with it."""

    row: int
    cells: Mapping[str, str]
    state: str
    faults: tuple[Fault, ...] = ()
    username: str = ""
    name: str = ""
    number: str = ""
    phone: str = ""
    post: Post | None = None
    paper: Paper | None = None


@dataclass
class Roll:
    """A file that was looked at, or taken in."""

    lines: list[Line]
    columns: tuple[str, ...] = ()

    def of(self, state: str) -> list[Line]:
        """The rows of one state: new, more, same, bad."""
        return [one for one in self.lines if one.state == state]


@dataclass
class _Known:
    """Who and what is there: in the house, and in the rows before this one."""

    branches: dict[str, Branch]
    departments: set[tuple[int, str]]
    numbers: dict[str, str]
    staff: dict[str, Staff]
    rows: dict[str, Line] = field(default_factory=dict)
    given: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    papers: dict[tuple[str, str], str] = field(default_factory=dict)


# Commands


def take_in(path: Path, *, by: str) -> Roll:
    """Take in the good rows of a file, each whole or not at all; the roll as it then stands.

    What somebody else changed meanwhile makes a row a bad one, and stops no other.
    """
    roll = read_roll(path, by=by)
    return Roll([_taken(one, by=by) for one in roll.lines], roll.columns)


def _taken(line: Line, *, by: str) -> Line:
    if line.state not in {NEW, MORE} or line.post is None:
        return line
    try:
        with transaction.atomic():
            _do(line, line.post, by=by)
    except Refused as no:
        return replace(line, state=BAD, faults=(fault_of(line.row, "", no),))
    return line


def _do(line: Line, post: Post, *, by: str) -> None:
    person = Staff.objects.filter(username=line.username).first()
    if person is None:
        admit(line.username, name=line.name, number=line.number, phone=line.phone, post=post,
              by=by)  # fmt: skip
    elif (post.code, post.branch) not in _held(person):
        people.give_post(line.username, post=post, by=by)
    paper = line.paper
    if paper and not Certificate.objects.filter(kind=paper.kind, number=paper.number).exists():
        people.file_certificate(line.username, **vars(paper), by=by)


# Queries


def read_roll(path: Path, *, by: str) -> Roll:
    """Look at a file: what each row would do. Nothing is changed.

    Refuses a file that is no table, and one without the columns that every row needs.
    """
    table = open_table(path, limits=LIMITS)
    mapping = guessed(table.columns, known=COLUMNS)
    if lacking := [COLUMNS[name][0] for name in NEEDED if name not in mapping]:
        raise Refused("roll_columns", columns="、".join(lacking), field="file")
    known = _known(by)
    return Roll([_read(row, mapping, known) for row in table.rows()], table.columns)


# The parts of the queries


def _known(by: str) -> _Known:
    acting = actor(by)
    seen = branches_seen(acting).filter(closed_at=None)
    mine = [one for one in seen if acting.may(MANAGE, one.path)]
    names = {one.name: one for one in mine} | {one.code: one for one in mine}
    open_ones = Department.objects.filter(branch__in=mine, closed_at=None)
    staff = {one.username: one for one in Staff.objects.select_related("branch")}
    return _Known(
        branches=names, departments=set(open_ones.values_list("branch_id", "name")),
        numbers={one.number: one.username for one in staff.values()}, staff=staff,
    )  # fmt: skip


def _read(row: Row, mapping: Mapping[str, str], known: _Known) -> Line:
    told = Reading(row, mapping=mapping)
    username = told.needed("username", naming.username)
    line = Line(
        row=row.number, cells=row.cells, state=BAD, username=username or "",
        name=told.needed("name", naming.staff_name) or "",
        number=told.needed("number", naming.staff_number) or "",
        phone=told.told("phone", checks.phone) or "", post=_post(told, known),
        paper=_paper(told),
    )  # fmt: skip
    if not told.faults:
        _try(told, "username", lambda: _ask_same_person(line, known))
        _try(told, "post", lambda: _ask_no_clash(line, known))
        _try(told, "certificate_number", lambda: _ask_own_paper(line, known))
    if told.faults:
        return replace(line, faults=tuple(told.faults))
    state = _state(line, known)
    _note(line, known)
    return replace(line, state=state)


def _try(told: Reading, name: str, ask: Callable[[], None]) -> None:
    try:
        ask()
    except Refused as no:
        told.wrong(name, no)


def _post(told: Reading, known: _Known) -> Post | None:
    codes: dict[str, str] = {}
    for one in posts().by_code.values():
        if one.side == "staff":
            codes |= {one.code.lower(): one.code, one.zh: one.code, one.en.lower(): one.code}
    code = told.needed("post", lambda text, field: code_cell(text, field=field, codes=codes))
    branch = told.needed("branch", lambda text, field: _branch(text, known))
    department = told.needed("department", naming.department_name)
    level = told.told("level", _level) or 0
    if branch and department and (branch.pk, department) not in known.departments:
        told.wrong("department", Refused("department_not_found"))
    if code is None or branch is None or department is None:
        return None
    return Post(code=code, branch=branch.code, department=department, level=level)


def _branch(text: str, known: _Known) -> Branch:
    found = known.branches.get(text.strip()) or known.branches.get(text.strip().upper())
    if found is None:
        raise Refused("branch_not_found")
    return found


def _level(text: str, *, field: str) -> int:
    digits = text.upper().removeprefix("L")
    if digits not in {str(n) for n in range(HIGHEST_LEVEL + 1)}:
        raise Refused("choice_unknown", field=field)
    return int(digits)


def _paper(told: Reading) -> Paper | None:
    """The certificate of a row; where its kind is told, all of it must be."""
    kind = told.told("certificate", lambda text, field: code_cell(
        text, field=field, codes=CERTIFICATE_CODES))  # fmt: skip
    if kind is None:
        return None
    assert kind in CERTIFICATES, kind
    number = told.needed("certificate_number", lambda text, field: checks.plain_text(
        text, field=field, limit=40, lines=False))  # fmt: skip
    issuer = told.needed("issuer", lambda text, field: checks.plain_text(
        text, field=field, limit=80, lines=False))  # fmt: skip
    first, last = told.needed("valid_from", day_cell), told.needed("valid_to", day_cell)
    if first and last and last < first:
        told.wrong("valid_to", Refused("days_out_of_order"))
    if number is None or issuer is None or first is None or last is None:
        return None
    return Paper(kind, number, issuer, first, last)


def _ask_same_person(line: Line, known: _Known) -> None:
    """A name and a number belong together, in the house and in the file, to one person."""
    if known.numbers.get(line.number, line.username) != line.username:
        raise Refused("staff_number_taken")
    person, before = known.staff.get(line.username), known.rows.get(line.username)
    if person and not person.is_active:
        raise Refused("person_left")
    if person and (person.number, person.name) != (line.number, line.name):
        raise Refused("person_differs")
    if before and (before.number, before.name) != (line.number, line.name):
        raise Refused("person_differs")


def _ask_no_clash(line: Line, known: _Known) -> None:
    assert line.post is not None
    held = {code for code, _ in _all_held(line, known)}
    clash = posts().clash({*held, line.post.code})
    if clash:
        raise Refused("posts_clash", first=clash[0], second=clash[1])


def _ask_own_paper(line: Line, known: _Known) -> None:
    if line.paper is None:
        return
    found = Certificate.objects.filter(kind=line.paper.kind, number=line.paper.number)
    other = found.exclude(staff__username=line.username).exists()
    told_of = known.papers.get((line.paper.kind, line.paper.number), line.username)
    if other or told_of != line.username:
        raise Refused("certificate_number_taken")


def _state(line: Line, known: _Known) -> str:
    assert line.post is not None
    if line.username not in known.staff and line.username not in known.rows:
        return NEW
    paper = line.paper
    fresh = paper and (paper.kind, paper.number) not in known.papers and not (
        Certificate.objects.filter(kind=paper.kind, number=paper.number).exists()
    )  # fmt: skip
    has = (line.post.code, line.post.branch) in _all_held(line, known)
    return SAME if has and not fresh else MORE


def _note(line: Line, known: _Known) -> None:
    assert line.post is not None
    known.rows.setdefault(line.username, line)
    known.numbers[line.number] = line.username
    known.given.setdefault(line.username, set()).add((line.post.code, line.post.branch))
    if line.paper:
        known.papers[line.paper.kind, line.paper.number] = line.username


def _all_held(line: Line, known: _Known) -> set[tuple[str, str]]:
    person = known.staff.get(line.username)
    return known.given.get(line.username, set()) | (_held(person) if person else set())


def _held(person: Staff) -> set[tuple[str, str]]:
    """The posts that somebody holds or will, each with its branch."""
    running = posts_between(person, clock.today(), None)
    return set(running.values_list("post", "branch__code"))
