"""Authority matrices as rows: one matter, its steps, from a day on, by two persons (0.6)."""

from datetime import date

from lipei.ch01_general import snapshot
from lipei.ch01_general.models import Revision
from lipei.ch01_general.revisions import Kind, Row, approved_rows, propose_revision
from lipei.kit import clock
from lipei.kit.refusal import Refused
from lipei.manual import Step, authority, install_authority, shipped_authority, steps_from

PROPOSE, CHANGE = ("authority.change", "clauses.propose"), ("authority.change", "clauses.change")

# Commands


def propose_matrix(
    matter: str, *, steps: list[dict[str, object]], effective_from: date, reason: str, by: str,
    based_on: int | None = None,
) -> Revision:  # fmt: skip
    """Propose up to which amount each level decides in a matter, from a day on."""
    return propose_revision(
        AUTHORITY, key=matter, row={"steps": steps}, reason=reason, by=by,
        effective_from=effective_from, based_on=based_on,
    )  # fmt: skip


# Queries


def steps_now(matter: str) -> tuple[Step, ...]:
    """The steps of a matter that hold today; refuses a matter that there is not."""
    snapshot.learn()
    if matter not in shipped_authority().steps:
        raise Refused("matter_unknown")
    return authority(at=clock.today()).steps[matter]


# The parts


def _check(key: str, row: Row) -> None:
    if key not in shipped_authority().steps:
        raise Refused("matter_unknown")
    try:
        steps_from(key, told=row["steps"])
    except ValueError as wrong:
        raise Refused("matrix_wrong", why=str(wrong), field="steps") from None


@snapshot.part
def _install(version: int) -> None:
    """The matrices that people approved, each from its day on."""
    install_authority(
        (one.effective_from, one.key, one.row["steps"]) for one in approved_rows("authority")
    )


AUTHORITY = Kind("authority", is_dated=True, check=_check, propose=PROPOSE, change=CHANGE)
