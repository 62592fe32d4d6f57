"""What the endpoints of all chapters share: who calls, under which key, a page of rows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, TypeVar, cast

from django.core import signing
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Header, Query, Schema
from ninja.operation import Operation
from pydantic import BaseModel, ConfigDict

from lipei.kit import fields
from lipei.kit.once import kept_answer, once
from lipei.kit.refusal import Refused

MOST_ROWS = 100
PLAIN_ROWS = 50
CURSOR_SALT = "lipei.cursor"
CURSOR_LIMIT = 200
M = TypeVar("M", bound=Model)
Answer = dict[str, object]
Act = Callable[[], Answer]
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class Body(BaseModel):
    """A body that says nothing unknown: a misspelt key is refused, and so is "1" for true."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Told(Schema):
    """What we answer; built from plain values by the endpoint."""


Key = Annotated[
    str,
    *fields.Key.__metadata__,
    Header(
        alias="Idempotency-Key",
        description="同一编号的请求只办理一次，重发得到同样的回答。",
    ),
]
Cursor = Annotated[
    str, fields.text(CURSOR_LIMIT, empty=True), Query("", description="上一页回答中的 next。")
]
Limit = Annotated[int, Query(PLAIN_ROWS, ge=1, le=MOST_ROWS, description="一页最多几条。")]


@dataclass(frozen=True)
class Caller:
    """Who calls the API: the actor's reference, and what the token may be used for."""

    reference: str
    party_id: int | None
    staff_id: int | None
    scopes: frozenset[str]


def scope(name: str) -> Callable[[Endpoint], Endpoint]:
    """The endpoint wants a token with this scope; the published description says so.

    A token of the same person without it is refused `scope_missing`.
    """

    def wrapped(endpoint: Endpoint) -> Endpoint:
        @wraps(endpoint)
        def checked(request: HttpRequest, **told: object) -> object:
            if name not in caller(request).scopes:
                raise Refused("scope_missing", scope=name)
            return endpoint(request, **told)

        def describe(operation: Operation) -> None:
            operation.openapi_extra = {**(operation.openapi_extra or {}), "x-scope": name}

        checked._ninja_contribute_to_operation = [describe]  # type: ignore[attr-defined]
        return cast(Endpoint, checked)

    return wrapped


def caller(request: HttpRequest) -> Caller:
    """Who calls, as the door found it by the token."""
    found = getattr(request, "auth", None)
    assert isinstance(found, Caller), "an endpoint without a token has no caller"
    return found


def answered_once(
    request: HttpRequest, command: str, *, key: str, body: Body | None, act: Act, **told: object
) -> Answer:
    """Do what a command does once under the caller's key; the same key gives the same answer.

    For commands that take no key of their own. The key is kept in the command's transaction:
    a refusal is not kept, another body under the same key is `request_repeated_otherwise`.
    """
    given = {**told, **(body.model_dump(mode="json") if body else {})}
    with (
        transaction.atomic(),
        once(caller(request).reference, command, key=key, body=given) as kept,
    ):
        if kept.before is not None:
            return kept.before
        kept.answer = act()
    return kept.answer


def answered_apart(
    request: HttpRequest, command: str, *, key: str, body: Body, act: Act, **told: object
) -> Answer:
    """As `answered_once`, for commands whose refusal must itself be kept: a wrong code counts.

    The command runs in its own transaction and its answer is kept after it; of two at the same
    time the command itself refuses the second.
    """
    given = {**told, **body.model_dump(mode="json")}
    reference = caller(request).reference
    before = kept_answer(reference, command, key=key, body=given)
    if before is not None:
        return before
    answer = act()
    with transaction.atomic(), once(reference, command, key=key, body=given) as kept:
        kept.answer = answer
    return answer


def paged(rows: QuerySet[M], *, kind: str, cursor: str, limit: int) -> tuple[list[M], str]:
    """One page of rows, the newest first, and the cursor of the next ("" after the last).

    The cursor is opaque and signed for its kind of list; a forged one is `cursor_wrong`.
    Rows that come in between two pages neither repeat nor hide others.
    """
    ordered = rows.order_by("-pk")
    if cursor:
        ordered = ordered.filter(pk__lt=_opened(cursor, kind))
    found = list(ordered[: limit + 1])
    if len(found) <= limit:
        return found, ""
    return found[:limit], signing.dumps([kind, found[limit - 1].pk], salt=CURSOR_SALT)


def _opened(cursor: str, kind: str) -> int:
    try:
        told: Any = signing.loads(cursor, salt=CURSOR_SALT)
    except signing.BadSignature:
        raise Refused("cursor_wrong", field="cursor") from None
    if told[0] != kind:
        raise Refused("cursor_wrong", field="cursor")
    return int(told[1])
