"""Bodies of requests that scripts and programs send: JSON, read strictly and once."""

import json
from collections.abc import Iterator
from math import isfinite
from typing import NoReturn

from django.http import HttpRequest

from lipei.kit.checks import is_readable
from lipei.kit.refusal import Refused

DEEPEST = 32
LARGEST_WHOLE = 2**53 - 1
JSON = "application/json"
_KEPT = "lipei.json"


def json_of(request: HttpRequest) -> object:
    """The body as JSON, read once and kept; none for an empty body.

    Refuses another type of content by `content_type_wrong`; `request_malformed` for what is no
    JSON, a key that stands twice in one object, numbers that are no numbers or not exact, more
    than 32 levels; `text_not_allowed` for NUL and halves of surrogate pairs in keys and values.
    """
    if request.content_type != JSON:
        raise Refused("content_type_wrong")
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
