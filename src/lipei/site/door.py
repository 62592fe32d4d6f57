"""The outer door: what may come in at all, before any page or endpoint looks at it."""

from collections.abc import Iterable, Iterator, Mapping

from django.conf import settings
from django.http import HttpRequest

from lipei.kit.bodies import JSON, json_of
from lipei.kit.checks import is_readable
from lipei.kit.refusal import Refused

MIB = 1024 * 1024
JSON_LIMIT = MIB
UPLOAD_LIMIT = 320 * MIB
MULTIPART = "multipart/form-data"


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
