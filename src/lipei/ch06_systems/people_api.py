"""The endpoints of people: who they are, what they may, their days away, and their leaving."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Status

from lipei.ch01_general import leaving, people
from lipei.ch01_general.actors import actor
from lipei.ch01_general.leaving import open_work
from lipei.ch01_general.models import Staff
from lipei.ch01_general.people import Post, people_seen, person_seen, posts_between
from lipei.ch06_systems import invitations, security
from lipei.ch06_systems import people_bodies as bodies
from lipei.ch06_systems.company_api import router
from lipei.ch06_systems.people_bodies import InPath, Row
from lipei.kit import clock, fields
from lipei.kit.api import (
    Answer,
    Cursor,
    Key,
    Limit,
    answered_once,
    caller,
    paged,
    scope,
)

__all__ = ["router"]
Search = Annotated[str, fields.text(40, empty=True), Query("", description="姓名、用户名或工号。")]


@router.get("/people", response=bodies.People)
@scope("people.manage")
def list_people(
    request: HttpRequest, cursor: Cursor, limit: Limit, q: Search = ""
) -> bodies.People:
    """可以查看的同事，新的在前；已离职的也在内。"""
    rows = people.found(people_seen(actor(caller(request).reference)), q=q)
    found, following = paged(rows, kind="people", cursor=cursor, limit=limit)
    return bodies.People(items=[_row(one) for one in found], next=following)


@router.get("/people/{username}", response=bodies.PersonTold)
@scope("people.manage")
def read_person(request: HttpRequest, username: InPath) -> bodies.PersonTold:
    """一位同事：现任和将任的岗位、证书、手上未完的工作。"""
    person = person_seen(username, acting=actor(caller(request).reference))
    work = open_work(person)
    return bodies.PersonTold(
        **_row(person).model_dump(), open_claims=work["claims"], open_tasks=work["tasks"],
        posts=[
            bodies.PostTold(row=one.pk, post=one.post, level=one.level, since=one.since,
                            department=one.department, branch=one.branch.code, until=one.until)
            for one in posts_between(person, clock.today(), None).select_related("branch")
        ],
        certificates=[
            bodies.CertificateTold(row=one.pk, kind=one.kind, number=one.number,
                                   issuer=one.issuer, valid_from=one.valid_from,
                                   valid_to=one.valid_to)
            for one in person.certificates.order_by("valid_to")
        ],
    )  # fmt: skip


@router.post("/people", response={201: bodies.LinkTold})
@scope("people.manage")
def add_person(request: HttpRequest, key: Key, body: bodies.PersonBody) -> Status[Answer]:
    """添加一位同事并给出设置口令的邀请链接；链接只在这里给出一次。"""
    by, told_once = caller(request).reference, _Links()

    def act() -> Answer:
        post = Post(code=body.post, department=body.department, branch=body.branch,
                    level=body.level)  # fmt: skip
        invitations.admit(body.username, name=body.name, number=body.number, phone=body.phone,
                          post=post, by=by)  # fmt: skip
        return told_once.made(body.username, by=by)

    answer = answered_once(request, "add_person", key=key, body=body, act=act)
    return Status(201, {**answer, "link": told_once.link})


@router.post("/people/{username}/invitations", response={201: bodies.LinkTold})
@scope("people.manage")
def invite_person(request: HttpRequest, username: InPath, key: Key) -> Status[Answer]:
    """重新给出设置口令的邀请链接；以前的链接作废。"""
    by, told_once = caller(request).reference, _Links()

    def act() -> Answer:
        return told_once.made(username, by=by)

    answer = answered_once(request, "invite", key=key, body=None, act=act, username=username)
    return Status(201, {**answer, "link": told_once.link})


@router.post("/people/{username}/details", response=bodies.PersonRow)
@scope("people.manage")
def correct_person(
    request: HttpRequest, username: InPath, key: Key, body: bodies.DetailsBody
) -> Answer:
    """更正姓名和电话。"""

    def act() -> Answer:
        people.correct_person(username, **body.model_dump(), by=caller(request).reference)
        return _stands(username)

    return answered_once(request, "correct_person", key=key, body=body, act=act,
                         username=username)  # fmt: skip


@router.post("/people/{username}/posts", response={201: bodies.Made})
@scope("people.manage")
def give_post(
    request: HttpRequest, username: InPath, key: Key, body: bodies.PostBody
) -> Status[Answer]:
    """授予岗位；与已有岗位冲突的拒绝。"""

    def act() -> Answer:
        told = body.model_dump()
        post = Post(code=told.pop("post"), **told)
        return {"row": people.give_post(username, post=post, by=caller(request).reference).pk}

    told = answered_once(request, "give_post", key=key, body=body, act=act, username=username)
    return Status(201, told)


@router.post("/people/{username}/posts/{row}/ending", response=bodies.PersonRow)
@scope("people.manage")
def end_post(
    request: HttpRequest, username: InPath, row: Row, key: Key, body: bodies.EndBody
) -> Answer:
    """终止岗位：立即，或到某天为止。"""

    def act() -> Answer:
        people.end_post(username, appointment=row, on=body.on, by=caller(request).reference)
        return _stands(username)

    return answered_once(request, "end_post", key=key, body=body, act=act, username=username,
                         row=row)  # fmt: skip


@router.post("/people/{username}/certificates", response={201: bodies.Made})
@scope("people.manage")
def file_certificate(
    request: HttpRequest, username: InPath, key: Key, body: bodies.CertificateBody
) -> Status[Answer]:
    """登记证书和有效期。"""

    def act() -> Answer:
        by = caller(request).reference
        return {"row": people.file_certificate(username, **body.model_dump(), by=by).pk}

    told = answered_once(request, "file_certificate", key=key, body=body, act=act,
                         username=username)  # fmt: skip
    return Status(201, told)


@router.post("/people/{username}/certificates/{row}/withdrawal", response=bodies.PersonRow)
@scope("people.manage")
def withdraw_certificate(request: HttpRequest, username: InPath, row: Row, key: Key) -> Answer:
    """证书作废，从今天起不再有效。"""

    def act() -> Answer:
        people.withdraw_certificate(username, certificate=row, by=caller(request).reference)
        return _stands(username)

    return answered_once(request, "withdraw_certificate", key=key, body=None, act=act,
                         username=username, row=row)  # fmt: skip


@router.post("/people/{username}/transfer", response=bodies.PersonRow)
@scope("people.manage")
def transfer_person(
    request: HttpRequest, username: InPath, key: Key, body: bodies.TransferBody
) -> Answer:
    """调到另一个机构，岗位随之过去；原机构未完的工作移交给 to，没有就待分派。"""

    def act() -> Answer:
        leaving.transfer(username, **body.model_dump(), by=caller(request).reference)
        return _stands(username)

    return answered_once(request, "transfer", key=key, body=body, act=act,
                         username=username)  # fmt: skip


@router.post("/people/{username}/absences", response={201: bodies.Made})
@scope("people.manage")
def plan_absence(
    request: HttpRequest, username: InPath, key: Key, body: bodies.AbsenceBody
) -> Status[Answer]:
    """登记休假；有代理人的，第一天起移交未完的工作。"""

    def act() -> Answer:
        by = caller(request).reference
        return {"row": leaving.plan_absence(username, **body.model_dump(), by=by).pk}

    told = answered_once(request, "plan_absence", key=key, body=body, act=act,
                         username=username)  # fmt: skip
    return Status(201, told)


@router.post("/people/{username}/absences/{row}/calling-off", response=bodies.PersonRow)
@scope("people.manage")
def call_off_absence(request: HttpRequest, username: InPath, row: Row, key: Key) -> Answer:
    """取消休假，或提前销假。"""

    def act() -> Answer:
        leaving.call_off_absence(username, absence=row, by=caller(request).reference)
        return _stands(username)

    return answered_once(request, "call_off_absence", key=key, body=None, act=act,
                         username=username, row=row)  # fmt: skip


@router.post("/people/{username}/leaving", response=bodies.PersonRow)
@scope("people.manage")
def let_go(request: HttpRequest, username: InPath, key: Key, body: bodies.LeavingBody) -> Answer:
    """离职：全部权限、会话和令牌立即收回；未完的工作移交给 to，没有就待分派。"""

    def act() -> Answer:
        leaving.let_go(username, to=body.to, by=caller(request).reference)
        return _stands(username)

    return answered_once(request, "let_go", key=key, body=body, act=act,
                         username=username)  # fmt: skip


@router.post("/people/{username}/second-factor-reset", response=bodies.PersonRow)
@scope("people.manage")
def reset_second_factor(
    request: HttpRequest, username: InPath, key: Key, body: bodies.ResetBody
) -> Answer:
    """重置遗失的登录验证器，写明原因和核实方式；本人会收到通知。"""

    def act() -> Answer:
        security.reset_second_factor(username, **body.model_dump(), by=caller(request).reference)
        return _stands(username)

    return answered_once(request, "reset_second_factor", key=key, body=body, act=act,
                         username=username)  # fmt: skip


class _Links:
    """Makes a link and keeps it for this one answer: what is kept under the key has none."""

    link = ""

    def made(self, username: str, *, by: str) -> Answer:
        """The answer that is kept."""
        held = invitations.invite(username, by=by)
        self.link = held.address
        return {"username": username, "link": "", "sent": held.sent,
                "expires_at": held.expires_at.isoformat()}  # fmt: skip


def _stands(username: str) -> Answer:
    person = Staff.objects.select_related("branch").get(username=username)
    told: Answer = _row(person).model_dump(mode="json")
    return told


def _row(person: Staff) -> bodies.PersonRow:
    return bodies.PersonRow(
        username=person.username, name=person.name, number=person.number,
        branch=person.branch.code, is_active=person.is_active, left_at=person.left_at,
    )  # fmt: skip
