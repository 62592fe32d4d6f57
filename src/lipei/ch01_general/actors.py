"""Who acts: a person of the house by their posts, a party outside, or the house's own jobs.

An actor is named by a reference: `staff/wang`, `party/12`, `system/straight_through`.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q, QuerySet

from lipei.ch01_general.models import Appointment, Branch, Staff
from lipei.kit import clock
from lipei.kit.refusal import Refused
from lipei.manual import posts


@dataclass(frozen=True)
class Actor:
    """An actor with everything that a guard asks for.

    `reach` holds, per duty, the branch paths in which it may be used; `level` is the
    authority level of 0.6; `posts` are (post code, department), as they are shown.
    """

    reference: str
    party_id: int | None = None
    staff_id: int | None = None
    level: int = 0
    reach: tuple[tuple[str, str], ...] = ()
    is_system: bool = False
    posts: tuple[tuple[str, str], ...] = ()

    @property
    def duties(self) -> frozenset[str]:
        """Every duty that this actor holds somewhere."""
        return frozenset(duty for duty, _ in self.reach)

    @cached_property
    def branches(self) -> tuple[str, ...]:
        """The paths of all branches of the company, in their order; asked for once."""
        return tuple(Branch.objects.order_by("path").values_list("path", flat=True))

    def may(self, duty: str, branch_path: str = "") -> bool:
        """Whether this actor holds a duty in the branch (or, without a branch, anywhere)."""
        if self.is_system:
            return True
        held = (path for d, path in self.reach if d == duty)
        return any(branch_path.startswith(path) if branch_path else True for path in held)

    def may_everywhere(self, duty: str) -> bool:
        """Whether this actor holds a duty over the whole company: from the head office."""
        return self.is_system or (bool(self.branches) and self.may(duty, self.branches[0]))

    def paths(self, duty: str) -> list[str]:
        """The branches in which this actor holds a duty."""
        return sorted({path for d, path in self.reach if d == duty})


def actor(reference: str) -> Actor:
    """The actor behind a reference, with the posts held today. One query for staff, none else."""
    kind, _, name = reference.partition("/")
    if kind == "system":
        return Actor(reference, is_system=True)
    if kind == "party":
        return Actor(reference, party_id=int(name))
    assert kind == "staff", reference
    return _staff_actor(reference, name)


def holding(by: str, duty: str, *, branch_path: str = "") -> Actor:
    """The actor behind a reference, who must hold a duty over the branch (or anywhere)."""
    acting = actor(by)
    if not acting.may(duty, branch_path):
        raise Refused("duty_missing", duty=duty)
    return acting


def _staff_actor(reference: str, username: str) -> Actor:
    today = clock.now().astimezone(clock.LOCAL).date()
    held = list(appointments_on(today).filter(staff__username=username))
    staff_id = held[0].staff_id if held else _staff_id(username)
    reach = {(duty, a.branch.path) for a in held for duty in posts().by_code[a.post].duties}
    level = max((a.level for a in held), default=0)
    return Actor(
        reference, staff_id=staff_id, level=level, reach=tuple(sorted(reach)),
        posts=tuple((a.post, a.department) for a in held),
    )  # fmt: skip


def _staff_id(username: str) -> int | None:
    found = Staff.objects.filter(username=username).values_list("pk", flat=True).first()
    return int(found) if found else None


def appointments_on(day: date) -> QuerySet[Appointment]:
    """The posts held on a day by people who have not left."""
    return (
        Appointment.objects.filter(since__lte=day, staff__is_active=True)
        .filter(Q(until__isnull=True) | Q(until__gte=day))
        .select_related("branch")
    )
