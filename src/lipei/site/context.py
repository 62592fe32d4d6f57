"""What every template gets beside the page's own words."""

from django.http import HttpRequest

from lipei.site.shell import Reader, Shell

SHORT_KEY = 16


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The frame of the page. Asks for the signed-in person only when there is a session.

    A view may set `request.reader` (a Reader) and `request.nav_counts` before it renders.
    """
    reader = getattr(request, "reader", None) or _reader(request)
    counts = getattr(request, "nav_counts", {})
    return {"shell": Shell(request, reader=reader, counts=counts)}


def _reader(request: HttpRequest) -> Reader:
    user = getattr(request, "user", None)
    if user is None or not getattr(user, "is_authenticated", False):
        return Reader()
    post = str(getattr(user, "post_name", "") or "")
    name = user.get_full_name() or user.get_username()
    return Reader(name=name, post=post, key=str(user.pk)[:SHORT_KEY], signed_in=True)
