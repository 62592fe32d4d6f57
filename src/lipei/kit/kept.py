"""Forms that keep on the device what is typed: the server says which of them it has taken."""

import re
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

FIELD, COOKIE = "kept", "lipei_taken"
DRAFT = re.compile(r"[0-9a-z-]{8,40}")
DAY_SECONDS = 24 * 3600
Answer = TypeVar("Answer", bound=HttpResponse)


def taken(request: HttpRequest, answer: Answer) -> Answer:
    """The same answer, telling the browser to forget what it kept of the form that was sent."""
    draft = request.POST.get(FIELD, "")
    if DRAFT.fullmatch(draft):
        answer.set_cookie(
            COOKIE, draft, max_age=DAY_SECONDS, samesite="Lax", secure=request.is_secure()
        )
    return answer
