"""What every template gets beside the page's own words."""

from collections.abc import Mapping
from typing import cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from lipei.ch01_general.actors import Actor, actor
from lipei.ch01_general.models import Staff
from lipei.manual import posts
from lipei.site.nav_counts import nav_counts
from lipei.site.shell import Counts, Reader, Shell


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The frame of the page. Asks for the signed-in person only when there is a session.

    A view may set `request.reader` (a Reader) and `request.nav_counts` before it renders.
    Counts are worked out only where the navigation is drawn.
    """
    given = getattr(request, "reader", None)
    acting = None if given else _acting(request)
    reader = given or _reader(request, acting)
    counts = getattr(request, "nav_counts", None)
    if counts is None and acting is not None:
        counts = cast(Counts, SimpleLazyObject(lambda: nav_counts(acting)))
    told = _NONE if counts is None else counts
    return {"shell": Shell(request, reader=reader, counts=told)}


_NONE: Mapping[str, tuple[int, bool]] = {}


def _acting(request: HttpRequest) -> Actor | None:
    """The actor behind a signed-in person of the house; the guard's own where it has one."""
    user = getattr(request, "user", None)
    if not isinstance(user, Staff) or not user.is_verified():  # type: ignore[attr-defined]
        return None
    held = getattr(request, "actor", None)
    return held if isinstance(held, Actor) and held.staff_id else actor(user.reference)


def _reader(request: HttpRequest, acting: Actor | None) -> Reader:
    if acting is None:
        return Reader()
    person = cast(Staff, request.user)
    return Reader(
        name=person.name, post=post_words(acting), key=person.username,
        duties=acting.duties, signed_in=True,
    )  # fmt: skip


def post_words(acting: Actor) -> str:
    """The posts that somebody holds, with the department: 理赔专员 · 理赔一部."""
    english = (get_language() or "").startswith("en")
    rows = [(posts().by_code[code], department) for code, department in acting.posts]
    said = [f"{row.en if english else row.zh} · {department}" for row, department in rows]
    return "，".join(dict.fromkeys(said)) if not english else ", ".join(dict.fromkeys(said))
