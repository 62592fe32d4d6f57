"""What is shown when a page cannot be: each status in words, under a number to ask for."""

import logging
import sys

from django.db import Error as DatabaseTrouble
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from lipei.site import problems

log = logging.getLogger("lipei.site")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: something that cannot be read."""
    return problems.answer(request, problems.of_status(400))


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the page was open too long, or the form came from elsewhere."""
    return problems.answer(request, problems.of_status(403, words=problems.CSRF))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not this person's page."""
    return problems.answer(request, problems.of_status(403))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or not for this person; the two look the same."""
    return problems.answer(request, problems.of_status(404))


def failed(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is out of reach; logged without what the person typed."""
    trouble = sys.exc_info()[1]
    down = isinstance(trouble, (OperationalError, InterfaceError))
    if isinstance(trouble, DatabaseTrouble):
        request.META[problems.DATABASE_TROUBLE] = True
    problem = problems.of_status(503 if down else 500)
    route = request.resolver_match.route if request.resolver_match else "-"
    log.error(
        "failed %s: %s %s %s", problem.reference, request.method, route,
        type(trouble).__name__, exc_info=True,
    )  # fmt: skip
    try:
        response = problems.answer(request, problem)
    except Exception:
        log.exception("the error page itself failed %s", problem.reference)
        words = f"{problem.title} {problem.detail} {problem.reference}"
        response = HttpResponse(words, status=problem.status, content_type="text/plain")
    if down:
        response["Retry-After"] = "10"
    return response
