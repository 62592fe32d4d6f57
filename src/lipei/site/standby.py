"""A report is always taken: with the database down it is kept on disk, receipted, and filed once
when the database is back, at the instant at which it was received (decision 8).

Kept is the request as it came, sealed, since it holds personal content; it is sent through the
same door again, so that it is checked by the same rules and answered under the same key.
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import Error as DatabaseTrouble
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import sync_only_middleware
from procrastinate.contrib.django import app

from lipei.ch02_intake.filing import RECEIVED_AT
from lipei.kit import clock, sealed

Next = Callable[[HttpRequest], HttpResponseBase]
REPORTS = re.compile(r"/api/v1/claims|/m/report/[0-9a-f-]{36}/step/4/")
CARRIED = (
    "CONTENT_TYPE", "HTTP_AUTHORIZATION", "HTTP_IDEMPOTENCY_KEY", "HTTP_COOKIE",
    "HTTP_ACCEPT_LANGUAGE", "HTTP_USER_AGENT",
)  # fmt: skip
BROKEN, REFUSED, DUPLICATE = 500, 400, 409


@sync_only_middleware
def take_reports_always(get_response: Next) -> Next:
    """When a report fails because the database is down, keep it and say so with a receipt."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        kept_before = RECEIVED_AT.get() is not None
        if kept_before or request.method != "POST" or not REPORTS.fullmatch(request.path_info):
            return get_response(request)
        body = request.body
        response = get_response(request)
        if response.status_code < BROKEN or not database_is_down():
            return response
        return _receipt(request, keep(request, body))

    return answered


def keep(request: HttpRequest, body: bytes) -> str:
    """Keep a report on disk, whole and sealed; the same report again is the same receipt."""
    meta = {name: request.META[name] for name in CARRIED if request.META.get(name)}
    who = meta.get("HTTP_AUTHORIZATION", "") + meta.get("HTTP_COOKIE", "")
    key = meta.get("HTTP_IDEMPOTENCY_KEY", "") or request.path_info
    receipt = sha256(f"{who}|{key}".encode() + b"|" + body).hexdigest()[:20].upper()
    told = {
        "path": request.path_info, "meta": meta, "body": b64encode(body).decode(),
        "received_at": clock.now().isoformat(),
    }  # fmt: skip
    folder = Path(settings.LIPEI_INBOX)
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{receipt}.report"
    if not place.exists():
        scratch = place.with_suffix(".part")
        with scratch.open("w", encoding="ascii") as out:
            out.write(sealed.seal(json.dumps(told)))
            out.flush()
        scratch.rename(place)
    return receipt


def take_in() -> tuple[int, int]:
    """File every kept report through the door, the oldest first; how many went in, how many not.

    What the door refuses is put aside for a person, never thrown away.
    """
    folder = Path(settings.LIPEI_INBOX)
    kept = [(_read(place), place) for place in folder.glob("*.report")] if folder.exists() else []
    taken = refused = 0
    for told, place in sorted(kept, key=lambda pair: pair[0]["received_at"]):
        status = _send(told)
        if status >= BROKEN:
            break
        if status >= REFUSED and status != DUPLICATE:
            place.rename(place.with_suffix(".refused"))
            refused += 1
        else:
            place.unlink()
            taken += 1
    return taken, refused


def waiting() -> tuple[int, int]:
    """How many kept reports wait to be filed, and how many a person must look at."""
    folder = Path(settings.LIPEI_INBOX)
    return len([*folder.glob("*.report")]), len([*folder.glob("*.refused")])


def database_is_down() -> bool:
    """Whether the database gives no answer now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseTrouble:
        with suppress(DatabaseTrouble):
            connection.close()
        return True
    return False


# Jobs


@app.periodic(cron="* * * * *")
@app.task(name="lipei.take_in_reports", queueing_lock="take_in_reports")
def take_in_reports(timestamp: int = 0) -> list[int]:
    """Once a minute, file what was kept while the database was down."""
    return list(take_in())


# The parts


def _receipt(request: HttpRequest, receipt: str) -> HttpResponseBase:
    if request.path_info.startswith("/api/"):
        return JsonResponse({"receipt": receipt, "stage": "kept"}, status=202)
    return render(request, "claimant/kept.html", {"receipt": receipt}, status=202)


def _read(place: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads(sealed.unseal(place.read_text("ascii")))
    return found


def _send(told: dict[str, str]) -> int:
    """Send a kept report through the whole door; its legal instant is that of its receipt."""
    body = b64decode(told["body"])
    meta: dict[str, str] = told["meta"]  # type: ignore[assignment]  # a table within the table
    environ = {
        **meta, "REQUEST_METHOD": "POST", "PATH_INFO": told["path"], "SCRIPT_NAME": "",
        "QUERY_STRING": "", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": settings.ALLOWED_HOSTS[0],
        "CONTENT_LENGTH": str(len(body)), "wsgi.url_scheme": "http", "wsgi.input": BytesIO(body),
        "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip
    handler = WSGIHandler()
    request = WSGIRequest(environ)
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # checked when it came
    mark = RECEIVED_AT.set(datetime.fromisoformat(told["received_at"]))
    try:
        return handler.get_response(request).status_code
    finally:
        RECEIVED_AT.reset(mark)
