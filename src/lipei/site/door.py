"""The outer door: what may come in at all, before any page or endpoint looks at it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import NoReturn

from django.conf import settings
from django.http import HttpRequest

from lipei.kit.checks import is_readable
from lipei.kit.refusal import Refused

MIB = 1024 * 1024
JSON_LIMIT = MIB
UPLOAD_LIMIT = 320 * MIB
DEEPEST = 32
LARGEST_WHOLE = 2**53 - 1
JSON = "application/json"
MULTIPART = "multipart/form-data"
_KEPT = "lipei.json"


def refuse_unreadable(request: HttpRequest) -> None:
    """Refuse NUL and halves of surrogate pairs wherever text comes in, and bodies too large.

    Path, query, cookies, headers, form fields, names of files, keys and values of JSON.
    """
    _refuse_too_large(request)
    headers = (value for key, value in request.META.items() if key.startswith("HTTP_"))
    _refuse_unless_readable("path", [request.path_info, request.path])
    _refuse_unless_readable("query", _pairs(request.GET.lists()))
    _refuse_unless_readable("cookie", [*request.COOKIES, *request.COOKIES.values()])
    _refuse_unless_readable("header", (str(value) for value in headers))
    if request.method in {"GET", "HEAD", "OPTIONS"} and not request.META.get("CONTENT_LENGTH"):
        return
    if request.content_type == JSON:
        json_of(request)
        return
    _refuse_unless_readable("form", _pairs(request.POST.lists()))
    for name, files in request.FILES.lists():
        told = [name, *(f"{one.name}{one.content_type}" for one in files)]
        _refuse_unless_readable("form", told)


def json_of(request: HttpRequest) -> object:
    """The body as JSON, read once and kept; none for an empty body.

    Refuses `request_malformed` for what is no JSON, a key that stands twice in one object,
    numbers that are no numbers or not exact, more than 32 levels; `text_not_allowed` for NUL
    and halves of surrogate pairs in keys and values.
    """
    if _KEPT not in request.META:
        body = request.body
        request.META[_KEPT] = _read(body) if body.strip() else None
    return request.META[_KEPT]


def _read(body: bytes) -> object:
    try:
        found = json.loads(
            body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse_number
        )
    except (ValueError, RecursionError):
        raise Refused("request_malformed") from None
    for level, one in _walk(found):
        if level > DEEPEST:
            raise Refused("request_malformed")
        if isinstance(one, str) and not is_readable(one):
            raise Refused("text_not_allowed", field="body")
        if isinstance(one, float) and not isfinite(one):
            raise Refused("request_malformed")
        if isinstance(one, int) and abs(one) > LARGEST_WHOLE:
            raise Refused("request_malformed")
    return found


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("request_malformed")
    return found


def _refuse_number(text: str) -> NoReturn:
    raise Refused("request_malformed")


def _walk(root: object) -> Iterator[tuple[int, object]]:
    """Every value and key below a JSON value with its level, without recursion."""
    waiting: list[tuple[int, object]] = [(1, root)]
    while waiting:
        level, one = waiting.pop()
        yield level, one
        if level > DEEPEST:
            continue
        if isinstance(one, dict):
            waiting += [(level + 1, key) for key in one]
            waiting += [(level + 1, value) for value in one.values()]
        elif isinstance(one, list):
            waiting += [(level + 1, value) for value in one]


def _refuse_too_large(request: HttpRequest) -> None:
    told = str(request.META.get("CONTENT_LENGTH") or "0")
    size = int(told) if told.isascii() and told.isdigit() and len(told) < len("1" * 18) else 0
    limits: Mapping[str, int] = {JSON: JSON_LIMIT, MULTIPART: UPLOAD_LIMIT}
    limit = limits.get(request.content_type or "", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if size > limit:
        raise Refused("request_too_large", limit=f"{limit // MIB} MB")


def _pairs(lists: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
    for key, values in lists:
        yield key
        yield from values


def _refuse_unless_readable(where: str, texts: Iterable[str]) -> None:
    if not all(is_readable(text) for text in texts):
        raise Refused("text_not_allowed", field=where)
