"""What every request passes on its way in and every answer on its way out."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, RawPostDataException
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_only_middleware
from django.utils.module_loading import import_string

from lipei.kit.refusal import Refused
from lipei.site import door, problems

Next = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("lipei.site")
YEAR_SECONDS = 365 * 24 * 3600
LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)
FIRST_REFUSED = 400
API = "/api/v1/"


@sync_only_middleware
def language(get_response: Next) -> Next:
    """?lang= (kept in the cookie), the cookie, the browser's wish, else Chinese."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        asked = request.GET.get("lang", "")
        code = asked if asked in LANGUAGES else _wished(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        if asked in LANGUAGES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR_SECONDS, samesite="Lax",
                secure=request.is_secure(), httponly=True,
            )  # fmt: skip
        response.headers.setdefault("Content-Language", code)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return answered


def _wished(request: HttpRequest) -> str:
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if kept in LANGUAGES:
        return kept
    found = translation.get_language_from_request(request)
    return found if found in LANGUAGES else settings.LANGUAGE_CODE


@sync_only_middleware
def refuse_hostile_text(get_response: Next) -> Next:
    """What cannot be kept or read is refused in words before anything looks at it."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        try:
            door.refuse_unreadable(request)
        except Refused as refused:
            status = 400 if refused.slug == "text_not_allowed" else None
            return problems.answer(request, problems.of_refusal(refused, status=status))
        except RequestDataTooBig:
            return problems.answer(request, problems.of_status(413))
        except (TooManyFieldsSent, TooManyFilesSent, MultiPartParserError):
            return problems.answer(request, problems.of_status(400))
        return get_response(request)

    return answered


@sync_only_middleware
def pages_only(get_response: Next) -> Next:
    """What only a page needs: who is signed in, both factors, messages, the browser's policy.

    The API knows its caller by the token and answers no document, so it passes by.
    """
    paged = get_response
    for name in reversed(settings.PAGE_MIDDLEWARE):
        paged = import_string(name)(paged)

    def answered(request: HttpRequest) -> HttpResponseBase:
        is_api = request.path_info.startswith(API) and not request.path_info.endswith("/docs")
        return get_response(request) if is_api else paged(request)

    return answered


class _Answering:
    """Turns refusals into answers, and bare 4xx answers into words."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if response.status_code < FIRST_REFUSED or not _is_bare(response):
            return response
        told = problems.answer(request, problems.of_status(response.status_code))
        if response.has_header("Allow"):
            told["Allow"] = response["Allow"]
        return told

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal is an answer; everything else goes on to the error pages.

        A body that came as a form where something else is read is of the wrong type.
        """
        if isinstance(exception, RawPostDataException):
            exception = Refused("content_type_wrong")
        if isinstance(exception, Refused):
            return problems.answer(request, problems.of_refusal(exception))
        return None


@sync_only_middleware
def answer_refusals(get_response: Next) -> _Answering:
    """A refusal raised by a page or endpoint is told in the reader's language and form."""
    return _Answering(get_response)


def _is_bare(response: HttpResponseBase) -> bool:
    """Whether an answer carries no words of ours: Django's own short ones."""
    if not isinstance(response, HttpResponse) or getattr(response, "is_rendered", False):
        return False
    return response.content in {b"", b"Method not allowed"}


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: object = None
) -> HttpResponse:
    """Too many failed sign-ins: how long to wait, in words."""
    minutes = int(float(settings.AXES_COOLOFF_TIME) * 60)
    refused = Refused("account_locked", minutes=minutes)
    return problems.answer(request, problems.of_refusal(refused))
