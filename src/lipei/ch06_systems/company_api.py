"""The endpoints of the company tree."""

from django.http import HttpRequest
from ninja import Router, Status

from lipei.ch01_general import company
from lipei.ch01_general.actors import actor
from lipei.ch01_general.company import branches_seen
from lipei.ch01_general.models import Branch
from lipei.ch06_systems import people_bodies as bodies
from lipei.ch06_systems.people_bodies import CodeInPath
from lipei.kit.api import Answer, Key, answered_once, caller, scope

router = Router()


@router.get("/branches", response=list[bodies.BranchTold])
@scope("people.manage")
def list_branches(request: HttpRequest) -> list[bodies.BranchTold]:
    """可以查看的机构，自上而下，连同各自的部门。"""
    seen = branches_seen(actor(caller(request).reference)).select_related("parent")
    return [_branch(one) for one in seen.prefetch_related("departments")]


@router.post("/branches", response={201: bodies.BranchTold})
@scope("people.manage")
def add_branch(request: HttpRequest, key: Key, body: bodies.BranchBody) -> Status[Answer]:
    """在一个机构之下设立机构。"""

    def act() -> Answer:
        company.add_branch(**body.model_dump(), by=caller(request).reference)
        return _stands(body.code)

    return Status(201, answered_once(request, "add_branch", key=key, body=body, act=act))


@router.post("/branches/{code}/name", response=bodies.BranchTold)
@scope("people.manage")
def rename_branch(
    request: HttpRequest, code: CodeInPath, key: Key, body: bodies.NameBody
) -> Answer:
    """机构更名；编号不变。"""

    def act() -> Answer:
        company.rename_branch(code, name=body.name, by=caller(request).reference)
        return _stands(code)

    return answered_once(request, "rename_branch", key=key, body=body, act=act, code=code)


@router.post("/branches/{code}/closing", response=bodies.BranchTold)
@scope("people.manage")
def close_branch(request: HttpRequest, code: CodeInPath, key: Key) -> Answer:
    """撤销机构；还有未结案件、人员或下级机构的拒绝。"""

    def act() -> Answer:
        company.close_branch(code, by=caller(request).reference)
        return _stands(code)

    return answered_once(request, "close_branch", key=key, body=None, act=act, code=code)


@router.post("/branches/{code}/departments", response={201: bodies.BranchTold})
@scope("people.manage")
def add_department(
    request: HttpRequest, code: CodeInPath, key: Key, body: bodies.DepartmentBody
) -> Status[Answer]:
    """在机构里设立部门。"""

    def act() -> Answer:
        company.add_department(body.name, branch=code, by=caller(request).reference)
        return _stands(code)

    told = answered_once(request, "add_department", key=key, body=body, act=act, code=code)
    return Status(201, told)


@router.post("/branches/{code}/departments/closing", response=bodies.BranchTold)
@scope("people.manage")
def close_department(
    request: HttpRequest, code: CodeInPath, key: Key, body: bodies.DepartmentBody
) -> Answer:
    """撤销部门；还有人任职的拒绝。"""

    def act() -> Answer:
        company.close_department(body.name, branch=code, by=caller(request).reference)
        return _stands(code)

    return answered_once(request, "close_department", key=key, body=body, act=act, code=code)


def _stands(code: str) -> Answer:
    told: Answer = _branch(Branch.objects.select_related("parent").get(code=code)).model_dump()
    return told


def _branch(one: Branch) -> bodies.BranchTold:
    names = [row.name for row in one.departments.all() if row.closed_at is None]
    return bodies.BranchTold(
        code=one.code, name=one.name, under=one.parent.code if one.parent else "",
        departments=sorted(names), is_open=one.closed_at is None,
    )  # fmt: skip
