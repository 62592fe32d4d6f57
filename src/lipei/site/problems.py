"""How a "no" or a failure is told: as a page, as a part of a page, or as problem+json."""

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general import snapshot
from lipei.kit.refusal import Refused
from lipei.site.shell import CLAIMANT_PREFIX, Shell

API_PREFIX = "/api/"
TYPES = "/api/v1/problems/"
DATABASE_TROUBLE = "lipei.database_trouble"
"""A mark on a request that failed because the database would not serve it."""
MEDIA_TYPE = "application/problem+json"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
Words = tuple[str, Promise, Promise, Promise]


@dataclass(frozen=True)
class Problem:
    """What is told: the kind (slug), why not, and what to do now.

    `reference` is the number under which it can be asked for; `errors` name single fields.
    """

    status: int
    slug: str
    title: str
    detail: str
    next: str = ""
    clause: str = ""
    field: str = ""
    reference: str = ""
    errors: tuple[dict[str, str], ...] = ()


_STATUS: dict[int, Words] = {
    400: (
        "request_malformed",
        _("请求有误"),
        _("请求的内容无法读取。"),
        _("请返回上一页重试。"),
    ),
    401: (
        "token_missing",
        _("需要登录"),
        _("没有有效的访问令牌。"),
        _("请使用有效的令牌再试。"),
    ),
    403: (
        "not_allowed",
        _("没有权限"),
        _("您不能打开这个页面。"),
        _("请从首页进入您的工作。"),
    ),
    404: (
        "not_found",
        _("没有找到"),
        _("没有这个页面，或者您不能查看它。"),
        _("请核对地址，或从首页进入。"),
    ),
    405: (
        "method_not_allowed",
        _("不支持这种操作"),
        _("这个地址不接受这种请求。"),
        _("请从页面上的按钮进入。"),
    ),
    409: (
        "conflict",
        _("现在不能办理"),
        _("现在不能办理。"),
        _("请刷新后再试。"),
    ),
    413: (
        "request_too_large",
        _("内容过大"),
        _("请求的内容太大，无法接收。"),
        _("请减少内容后再试。"),
    ),
    415: (
        "content_type_wrong",
        _("格式不支持"),
        _("不接收这种格式的请求。"),
        _("请换一种格式。"),
    ),
    422: (
        "input_wrong",
        _("填写有误"),
        _("有些内容填写不正确。"),
        _("请更正后再提交。"),
    ),
    429: (
        "too_many_requests",
        _("过于频繁"),
        _("操作过于频繁。"),
        _("请稍后再试。"),
    ),
    500: (
        "failed",
        _("系统出错了"),
        _("没有做成，这是我们的问题。"),
        _("请稍后再试；若仍不行，请告诉我们编号。"),
    ),
    503: (
        "out_of_order",
        _("系统暂时不可用"),
        _("系统暂时不可用，没有做成。"),
        _("请几分钟后再试。"),
    ),
}
CSRF: Words = (
    "form_expired",
    _("页面已过期"),
    _("这个页面打开太久或来自别处，没有提交。"),
    _("请返回、刷新页面后重新提交。"),
)


def reference() -> str:
    """A new number under which a failure can be asked for: 7F3K-92QD."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def of_status(status: int, *, words: Words | None = None) -> Problem:
    """The problem of a plain HTTP status, in the reader's language."""
    slug, title, detail, step = words or _STATUS.get(status) or _STATUS[500]
    return Problem(status, slug, str(title), str(detail), str(step), reference=reference())


def of_refusal(refused: Refused, *, status: int | None = None) -> Problem:
    """A refusal's own words under the status of its row, or another that fits better."""
    _newest_words()
    answered = status or refused.status
    return Problem(
        status=answered,
        slug=refused.slug,
        title=str(_STATUS[answered][1]),
        detail=refused.words(language()),
        next=refused.next_step(language()),
        clause=refused.row.clause,
        field=str(refused.params.get("field", "")),
        reference=reference(),
    )


def language() -> str:
    """The reader's language as refusals know it: "zh…" or "en…"."""
    return get_language() or "zh-hans"


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem in the form that the asker can read."""
    if is_api(request):
        return as_json(request, problem)
    template = "fragment_error.html" if request.headers.get("HX-Request") else "error.html"
    claimant = request.path.startswith(CLAIMANT_PREFIX)
    told = {
        "title": problem.title,
        "words": problem.detail,
        "next": problem.next,
        "clause": problem.clause,
        "reference": problem.reference,
        "claimant": claimant,
        "back_url": CLAIMANT_PREFIX if claimant else "/",
        "shell": Shell(request),
    }
    response = HttpResponse(render_to_string(template, told), status=problem.status)
    return _stamped(response)


def as_json(request: HttpRequest, problem: Problem) -> HttpResponse:
    """RFC 9457 problem details; `slug`, `clause`, `next`, `field`, `errors` are our own."""
    told: dict[str, object] = {
        "type": f"{TYPES}{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "slug": problem.slug,
        "clause": problem.clause,
        "next": problem.next,
        "instance": f"urn:lipei:{problem.reference}",
        "reference": problem.reference,
    }
    if problem.field:
        told["field"] = problem.field
    if problem.errors:
        told["errors"] = list(problem.errors)
    text = json.dumps(told, ensure_ascii=False)
    response = HttpResponse(text, content_type=MEDIA_TYPE, status=problem.status)
    if problem.status == 401:  # noqa: PLR2004  the one status that names how to sign in
        response["WWW-Authenticate"] = 'Bearer realm="lipei"'
    return _stamped(response)


def with_errors(problem: Problem, errors: tuple[dict[str, str], ...]) -> Problem:
    """The problem with what is wrong in each field."""
    return replace(problem, errors=errors)


def named(slug: str) -> Problem | None:
    """The plain problem of this kind, if one is so called."""
    found = (status for status, words in _STATUS.items() if words[0] == slug)
    status = next(found, None)
    return of_status(status) if status else None


def is_api(request: HttpRequest) -> bool:
    """Whether a program asked, not a browser: under the API, or a script that wants JSON only."""
    wants_json = request.headers.get("Accept") == "application/json"
    return request.path.startswith(API_PREFIX) or wants_json


def _newest_words() -> None:
    """Let a refusal be said with the words that hold now; where the database is in trouble, with
    those that this process knows."""
    if connection.connection is None or connection.needs_rollback:
        return
    with suppress(DatabaseError):
        snapshot.learn()


def _stamped(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
