"""Which part of a page htmx asked for."""

from django.http import HttpRequest


def wants(request: HttpRequest, part: str) -> bool:
    """Whether htmx asked for the part with this id; the whole page is asked for otherwise.

    A page that the browser restores from its history is always whole.
    """
    if request.headers.get("HX-History-Restore-Request") == "true":
        return False
    return request.headers.get("HX-Target", "").endswith(f"#{part}")
