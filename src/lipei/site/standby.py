"""A report is always taken: with the database down it is kept on disk, receipted, and filed once
when the database is back, at the instant at which it was received (decision 8).

Kept is the request as it came, sealed, since it holds personal content; it is sent through the
same door again, so that it is checked by the same rules and answered under the same key.
"""

import json
import logging
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from cryptography.fernet import InvalidToken
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import Error as DatabaseTrouble
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.decorators import sync_only_middleware
from procrastinate.contrib.django import app

from lipei.ch01_general.guards import CLAIMANT_LOGIN
from lipei.ch02_intake.filing import RECEIVED_AT
from lipei.kit import clock, sealed
from lipei.site.problems import DATABASE_TROUBLE
from lipei.site.shell import Shell

log = logging.getLogger("lipei.standby")
Told = dict[str, object]
Next = Callable[[HttpRequest], HttpResponseBase]
REPORTS = re.compile(r"/api/v1/claims|/m/report/[0-9a-f-]{36}/step/4/")
CARRIED = (
    "CONTENT_TYPE", "HTTP_AUTHORIZATION", "HTTP_IDEMPOTENCY_KEY", "HTTP_COOKIE",
    "HTTP_ACCEPT_LANGUAGE", "HTTP_USER_AGENT",
)  # fmt: skip
BROKEN, CREATED = 500, 201
TAKEN_TO = re.compile(r"/m/report/[0-9a-f-]{36}/done/")
MOST_SHOWN = 50


@dataclass(frozen=True)
class KeptReport:
    """A report that lies outside the database: when it came, by which door, why it is parked."""

    receipt: str
    received_at: datetime | None
    by_phone: bool
    reason: str


@sync_only_middleware
def take_reports_always(get_response: Next) -> Next:
    """When a report fails for trouble of the database, keep it and say so with a receipt.

    Trouble is any: out of reach, read-only, its disk full, the journal unable to write.
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        kept_before = RECEIVED_AT.get() is not None
        if kept_before or request.method != "POST" or not REPORTS.fullmatch(request.path_info):
            return get_response(request)
        body = request.body
        response = get_response(request)
        if response.status_code < BROKEN:
            return response
        if DATABASE_TROUBLE not in request.META and not database_is_down():
            return response
        try:
            return _receipt(request, keep(request, body))
        except OSError:
            log.exception("a report could not be kept on disk either")
            return response

    return answered


def keep(request: HttpRequest, body: bytes) -> str:
    """Keep a report on disk, whole and sealed; the same report again is the same receipt."""
    meta = {name: request.META[name] for name in CARRIED if request.META.get(name)}
    who = meta.get("HTTP_AUTHORIZATION", "") + meta.get("HTTP_COOKIE", "")
    key = meta.get("HTTP_IDEMPOTENCY_KEY", "") or request.path_info
    receipt = sha256(f"{who}|{key}".encode() + b"|" + body).hexdigest()[:20].upper()
    told: Told = {
        "path": request.path_info, "meta": meta, "body": b64encode(body).decode(),
        "received_at": clock.now().isoformat(),
    }  # fmt: skip
    folder = Path(settings.LIPEI_INBOX)
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{receipt}.report"
    if not place.exists():
        _write(place, told)
    return receipt


def take_in() -> tuple[int, int]:
    """File every kept report through the door, the oldest first; how many went in, how many not.

    Only what has become a claim leaves the disk. What the door does not take is parked with its
    reason for a person; what meets trouble waits, and holds up no other while the database lives.
    Two may take in at once: the key of a report lets one of them file it, and either removes it.
    """
    taken = refused = 0
    for place, told in _kept():
        answer = _send(told)
        if answer.status_code >= BROKEN:
            if database_is_down():
                break
            continue
        if _is_filed(answer):
            place.unlink(missing_ok=True)
            taken += 1
        else:
            _write(place.with_suffix(".refused"), {**told, "reason": _reason(answer)})
            place.unlink(missing_ok=True)
            refused += 1
    return taken, refused


def file_again() -> tuple[int, int]:
    """File what was parked once more, with what waits; how many went in, how many not."""
    for place in Path(settings.LIPEI_INBOX).glob("*.refused"):
        place.rename(place.with_suffix(".report"))
    return take_in()


def waiting() -> tuple[int, int]:
    """How many kept reports wait to be filed, and how many a person must look at."""
    folder = Path(settings.LIPEI_INBOX)
    return len([*folder.glob("*.report")]), len([*folder.glob("*.refused")])


def lying() -> list[KeptReport]:
    """The reports that lie outside the database, the parked ones first; what they say is not told.

    A parked one has a reason: `signed_out`, `form_refused`, `unreadable` or that of the API.
    """
    folder = Path(settings.LIPEI_INBOX)
    places = [*sorted(folder.glob("*.refused")), *sorted(folder.glob("*.report"))]
    return [_shown(place) for place in places[:MOST_SHOWN]]


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
    """The receipt, told without asking who is signed in: the database would have to say."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"receipt": receipt, "stage": "kept"}, status=202)
    told = {"receipt": receipt, "shell": Shell(request)}
    page = HttpResponse(render_to_string("claimant/kept.html", told), status=202)
    guarded = CSPMiddleware(lambda _request: page)(request)
    assert isinstance(guarded, HttpResponseBase), "answered at once, not awaited"
    return guarded


def _write(place: Path, told: Told) -> None:
    """Write a report whole and sealed, so that it is on the disk before anybody is told."""
    scratch = place.with_suffix(".part")
    with scratch.open("w", encoding="ascii") as out:
        out.write(sealed.seal(json.dumps(told)))
        out.flush()
        os.fsync(out.fileno())
    scratch.rename(place)


def _read(place: Path) -> Told | None:
    """What was kept; none where the file cannot be read any more."""
    try:
        found: Told = json.loads(sealed.unseal(place.read_text("ascii")))
    except (InvalidToken, ValueError, OSError):
        return None
    return found


def _kept() -> list[tuple[Path, Told]]:
    """What waits, the oldest first; a file that cannot be read is put aside as it is."""
    found = []
    for place in Path(settings.LIPEI_INBOX).glob("*.report"):
        told = _read(place)
        if told is None:
            with suppress(FileNotFoundError):
                place.rename(place.with_suffix(".refused"))
        else:
            found.append((place, told))
    return sorted(found, key=lambda pair: str(pair[1]["received_at"]))


def _shown(place: Path) -> KeptReport:
    told = _read(place)
    if told is None:
        return KeptReport(place.stem, None, by_phone=False, reason="unreadable")
    received_at = datetime.fromisoformat(str(told["received_at"]))
    by_phone = str(told["path"]).startswith("/m/")
    reason = str(told.get("reason", "")) if place.suffix == ".refused" else ""
    return KeptReport(place.stem, received_at, by_phone=by_phone, reason=reason)


def _is_filed(answer: HttpResponseBase) -> bool:
    """Whether a report has become a claim: created by the API, or led on to the receipt."""
    if answer.status_code == CREATED:
        return True
    return bool(TAKEN_TO.fullmatch(answer.headers.get("Location", "")))


def _reason(answer: HttpResponseBase) -> str:
    """Why the door did not take a report, as a word of ours and never what was typed."""
    if answer.headers.get("Location", "").startswith(CLAIMANT_LOGIN):
        return "signed_out"
    if isinstance(answer, HttpResponse) and "json" in answer.headers.get("Content-Type", ""):
        return str(json.loads(answer.content).get("slug", "form_refused"))
    return "form_refused"


def _send(told: Told) -> HttpResponseBase:
    """Send a kept report through the whole door; its legal instant is that of its receipt."""
    body = b64decode(str(told["body"]))
    meta = told["meta"]
    assert isinstance(meta, dict), "what was kept carries its headers"
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
    mark = RECEIVED_AT.set(datetime.fromisoformat(str(told["received_at"])))
    try:
        return handler.get_response(request)
    finally:
        RECEIVED_AT.reset(mark)
