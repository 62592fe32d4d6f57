"""Hands a kept file to a browser so that it can do nothing there but be seen."""

import re
from collections.abc import Iterator

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header

from lipei.kit.files.keeping import display, plain_name, type_of
from lipei.kit.files.stores import current_store, key_of

RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
SHOWN = frozenset(
    {"image/jpeg", "image/png", "image/webp", "video/mp4", "video/quicktime", "video/webm"}
)
PARTIAL, OUT_OF_RANGE = 206, 416


def serve(
    request: HttpRequest, *, sha256: str, filename: str, size: str = "original"
) -> HttpResponseBase:
    """The original, or its display copy (``page`` or ``thumb``), as a response.

    Pictures and films are shown, everything else is saved. Whoever calls this has made sure
    that the person may see it; the browser asks again each time (ETag). FileNotFoundError if
    there is no such file, or no display copy of it.
    """
    etag = f'"{sha256}-{size}"'
    if request.headers.get("If-None-Match") == etag:
        return _guarded(HttpResponseNotModified(), etag=etag)
    if size == "original":
        return _guarded(_original(request, sha256=sha256, filename=filename, etag=etag), etag=etag)
    drawn = display(sha256, size=size)
    if drawn is None:
        raise FileNotFoundError(f"{sha256} has no display copy")
    response = HttpResponse(drawn, content_type="image/webp")
    name = plain_name(filename, media_type="image/webp")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return _guarded(response, etag=etag)


def _original(request: HttpRequest, *, sha256: str, filename: str, etag: str) -> HttpResponseBase:
    store, key, found = current_store(), key_of(sha256), type_of(sha256)
    whole = store.size(key)
    assert whole is not None, f"{sha256} has a type and no size"
    stretch = _asked_stretch(request, whole=whole, etag=etag)
    if stretch is None:
        return HttpResponse(status=OUT_OF_RANGE, headers={"Content-Range": f"bytes */{whole}"})
    start, length = stretch
    pieces: Iterator[bytes] = iter(())
    if request.method != "HEAD":
        pieces = store.chunks(key, start=start, length=length)
    response = StreamingHttpResponse(pieces, content_type=found)
    if length != whole:
        response.status_code = PARTIAL
        response["Content-Range"] = f"bytes {start}-{start + length - 1}/{whole}"
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(length)
    name = plain_name(filename, media_type=found)
    saved = found not in SHOWN
    response["Content-Disposition"] = content_disposition_header(saved, name) or "attachment"
    return response


def _asked_stretch(request: HttpRequest, *, whole: int, etag: str) -> tuple[int, int] | None:
    """Start and length of what is asked; the whole if nothing sensible is; None if outside."""
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or request.headers.get("If-Range", etag) != etag:
        return 0, whole
    first, last = asked.groups()
    if not first and not last:
        return 0, whole
    if not first:
        length = min(int(last), whole)
        return (whole - length, length) if length else None
    start, end = int(first), min(int(last) if last else whole - 1, whole - 1)
    if start >= whole or end < start:
        return None
    return start, end - start + 1


def _guarded(response: HttpResponseBase, *, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    return response
