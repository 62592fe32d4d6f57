"""What machines ask a web process: does it live, is it ready, how does the house run.

Answered before anything else, for any host and without a session. `/readyz` names the parts
that are missing; `?exclude=database` asks without one of them: a balancer that would send
nobody to a web whose database is away could take no report either.
"""

import hmac
import os
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_only_middleware

from lipei.site import metrics

Next = Callable[[HttpRequest], HttpResponseBase]
OK, FORBIDDEN, UNREADY = 200, 403, 503
LOOPBACK = frozenset({"127.0.0.1", "::1"})
CARRIED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
ROOM_BYTES = 64 * 1024 * 1024


@sync_only_middleware
def plain_health(get_response: Next) -> Next:
    """/healthz answers at once; /readyz says what is down; /metrics, to who may read it."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/healthz":
            return _plain({"ok": True}, status=OK)
        if request.path_info == "/readyz":
            down = [one for one in missing() if one not in request.GET.getlist("exclude")]
            return _plain({"ok": not down, "down": down}, status=UNREADY if down else OK)
        if request.path_info == "/metrics":
            return _metrics(request)
        return get_response(request)

    return answered


def missing() -> list[str]:
    """What this process lacks to serve: it is being stopped, or a part of the house is away."""
    found = ["stopping"] if _is_stopping() else []
    try:
        if not migrations_applied():
            found.append("migrations")
    except DatabaseTrouble:
        found.append("database")
    return found if _files_can_be_written() else [*found, "files"]


def migrations_applied() -> bool:
    """Whether the database has every table that this code knows; it may have newer ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    return _known_migrations() <= applied


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _is_stopping() -> bool:
    """Whether `lipei serve` was told to stop and lets the balancer look away first."""
    mark = settings.LIPEI_STOPPING
    return bool(mark) and Path(mark).exists()


def _files_can_be_written() -> bool:
    """Whether the folders in which papers and reports are kept may be written and have room."""
    folders = [str(settings.LIPEI_INBOX), str(settings.LIPEI_PARTS)]
    if not settings.LIPEI_FILES_S3:
        folders.append(str(settings.LIPEI_FILES))
    return all(_can_be_written(Path(one)) for one in folders)


def _can_be_written(folder: Path) -> bool:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        room = shutil.disk_usage(folder).free >= ROOM_BYTES
    except OSError:
        return False
    return room and os.access(folder, os.W_OK | os.X_OK)


def _metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for who has the token; without a token set, for this machine alone."""
    if not _may_read(request):
        return _plain({"ok": False}, status=FORBIDDEN)
    response = HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4")
    response["Cache-Control"] = "no-store"
    return response


def _may_read(request: HttpRequest) -> bool:
    """What a proxy on this machine passes on comes from elsewhere, whatever its address says."""
    token = settings.LIPEI_METRICS_TOKEN
    if token:
        told = request.headers.get("Authorization", "")
        return hmac.compare_digest(told.encode(), f"Bearer {token}".encode())
    passed_on = any(request.META.get(name) for name in CARRIED_ON)
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not passed_on


def _plain(told: Mapping[str, object], *, status: int) -> HttpResponse:
    response = JsonResponse(dict(told), status=status)
    response["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # asked every second
    return response
