"""The endpoints of authority: who decides up to which amount, and proposals to change it."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path
from pydantic import Field

from lipei.ch01_general import matrices
from lipei.ch01_general.manual_api import Why, of_the_house
from lipei.ch01_general.revisions_api import RevisionTold, router, told
from lipei.kit import checks, fields
from lipei.kit.api import Answer, Body, Key, Told, answered_once, caller, scope
from lipei.manual import shipped_authority, step_rows

__all__ = ["router"]
Matter = Annotated[str, fields.text(40, example="coverage"), Path(description="权限事项。")]
LEVELS = tuple(level.code for level in shipped_authority().levels)


class StepTold(Told):
    """Up to which amount a level decides; without an amount there is no end."""

    level: str = Field(examples=["L2"])
    operator: str = Field(examples=["<="])
    upto_fen: int | None = None


class StepBody(Body):
    """One step of a matrix, lowest level first; the last one has no amount."""

    level: Annotated[str, fields.one_of(*LEVELS)]
    operator: Annotated[str, fields.one_of("<=", "<")] = "<="
    upto_fen: Annotated[int, Field(ge=0, le=checks.MOST_FEN)] | None = None


class MatrixBody(Body):
    """The whole matrix of one matter, from which day, and why."""

    steps: Annotated[list[StepBody], Field(max_length=10)]
    effective_from: fields.Day
    reason: Why
    based_on: Annotated[int, Field(ge=0, le=10**9)] | None = None


@router.get("/authority/{matter}", response=list[StepTold])
@scope("claims.read")
def read_authority(request: HttpRequest, matter: Matter) -> list[dict[str, object]]:
    """一个事项今天的权限：每一级最多能批多少。"""
    of_the_house(request)
    return step_rows(matrices.steps_now(matter))


@router.post("/authority/{matter}/proposals", response=RevisionTold)
@scope("claims.work")
def propose_authority(request: HttpRequest, matter: Matter, key: Key, body: MatrixBody) -> Answer:
    """提出修改一个事项的权限，自某一天起；另一人批准后适用。"""

    def act() -> Answer:
        return told(matrices.propose_matrix(
            matter, steps=[one.model_dump(exclude_none=True) for one in body.steps],
            effective_from=body.effective_from, reason=body.reason, by=caller(request).reference,
            based_on=body.based_on,
        ))  # fmt: skip

    return answered_once(request, "propose_authority", key=key, body=body, act=act, matter=matter)
