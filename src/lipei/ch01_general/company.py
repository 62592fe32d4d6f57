"""1.2 The company as a tree: 总公司, 分公司, 支公司, and the departments of each.

What is closed stays where it is: its claims, policies and past posts go on naming it.
"""

from django.db import transaction
from django.db.models import Q, QuerySet

from lipei.ch01_general import events
from lipei.ch01_general.actors import Actor, appointments_on, holding
from lipei.ch01_general.models import Branch, Claim, Department, Staff
from lipei.kit import clock
from lipei.kit.journal import record
from lipei.kit.refusal import Refused

MANAGE, VIEW = "accounts.manage", "staff.view"
MOST_LEVELS = 5

# Commands


def add_branch(code: str, *, name: str, under: str, by: str) -> Branch:
    """Open a branch below another; its number is its own for ever."""
    with transaction.atomic():
        parent = open_branch(under, acting=holding(by, MANAGE), field="under")
        if parent.depth >= MOST_LEVELS:
            raise Refused("branch_too_deep", most=MOST_LEVELS, field="under")
        if Branch.objects.filter(code=code).exists():
            raise Refused("branch_code_taken", field="code")
        made = Branch.objects.create(
            code=code, name=name, parent=parent, path=f"{parent.path}{code}/"
        )
        record(f"branch/{code}", events.BRANCH_ADDED, by=by, clause="1.2-k", under=parent.code)
    return made


def rename_branch(code: str, *, name: str, by: str) -> None:
    """Call a branch otherwise; its number stays."""
    with transaction.atomic():
        held = open_branch(code, acting=holding(by, MANAGE))
        held.name = name
        held.save(update_fields=["name"])
        record(f"branch/{code}", events.BRANCH_RENAMED, by=by, clause="1.2-k")


def close_branch(code: str, *, by: str) -> None:
    """Close a branch in which nothing is open any more: no claim, nobody, no branch below.

    A loss that is reported later on a policy of it still comes in: a report is always taken.
    """
    with transaction.atomic():
        held = open_branch(code, acting=holding(by, MANAGE))
        if held.parent_id is None:
            raise Refused("branch_is_head")
        if Branch.objects.filter(parent=held, closed_at=None).exists():
            raise Refused("branch_has_branches")
        claims = Claim.objects.filter(branch_path__startswith=held.path, is_open=True).count()
        if claims:
            raise Refused("branch_has_claims", n=claims)
        if people_in(held).exists():
            raise Refused("branch_has_people", n=people_in(held).count())
        held.closed_at = clock.now()
        held.save(update_fields=["closed_at"])
        record(f"branch/{code}", events.BRANCH_CLOSED, by=by, clause="1.2-k")


def add_department(name: str, *, branch: str, by: str) -> Department:
    """Set up a department in a branch, or open one again that was closed."""
    with transaction.atomic():
        held = open_branch(branch, acting=holding(by, MANAGE))
        if held.departments.filter(name=name, closed_at=None).exists():
            raise Refused("department_taken", field="name")
        made, _ = Department.objects.update_or_create(
            branch=held, name=name, defaults={"closed_at": None}
        )
        record(f"branch/{held.code}", events.DEPARTMENT_ADDED, by=by, clause="1.2-k",
               department=made.pk)  # fmt: skip
    return made


def close_department(name: str, *, branch: str, by: str) -> None:
    """Close a department in which nobody holds a post any more."""
    with transaction.atomic():
        held = open_branch(branch, acting=holding(by, MANAGE))
        found = department_of(held, name)
        there = appointments_on(clock.today()).filter(branch=held, department=name)
        if there.exists():
            raise Refused("department_has_people", n=there.count())
        found.closed_at = clock.now()
        found.save(update_fields=["closed_at"])
        record(f"branch/{held.code}", events.DEPARTMENT_CLOSED, by=by, clause="1.2-k",
               department=found.pk)  # fmt: skip


# Queries


def open_branch(code: str, *, acting: Actor, field: str = "branch") -> Branch:
    """A branch for a change, locked; one that is closed, not there or not theirs is refused."""
    rows = Branch.objects.select_for_update(of=("self",))
    return branch_for(code, acting=acting, rows=rows, field=field)


def branch_for(
    code: str, *, acting: Actor, rows: QuerySet[Branch] | None = None, field: str = "branch"
) -> Branch:
    """An open branch of one's own to manage, by its number; `rows` says how it is looked for."""
    held = (Branch.objects.all() if rows is None else rows).filter(code=code).first()
    if held is None or not acting.may(MANAGE, held.path):
        raise Refused("branch_not_found", field=field)
    if held.closed_at is not None:
        raise Refused("branch_closed", field=field)
    return held


def department_of(branch: Branch, name: str, *, lay_out: bool = False) -> Department:
    """A department of a branch; `lay_out` sets it up where it is not there."""
    found = branch.departments.filter(name=name, closed_at=None).first()
    if found is None and lay_out:
        found, _ = Department.objects.get_or_create(branch=branch, name=name)
    if found is None:
        raise Refused("department_not_found", field="department")
    return found


def branches_seen(acting: Actor) -> QuerySet[Branch]:
    """The branches whose people this actor may see or manage, from the top down."""
    within = Q(pk__in=())
    for path in {*acting.paths(MANAGE), *acting.paths(VIEW)}:
        within |= Q(path__startswith=path)
    return (Branch.objects.all() if acting.is_system else Branch.objects.filter(within)).order_by(
        "path"
    )


def people_in(branch: Branch) -> QuerySet[Staff]:
    """Who belongs to a branch or one below it, or holds a post there today."""
    held = appointments_on(clock.today()).filter(branch__path__startswith=branch.path)
    belongs = Q(branch__path__startswith=branch.path) | Q(pk__in=held.values("staff_id"))
    return Staff.objects.filter(belongs, is_active=True)
