"""What makes the claimants' pages an app on the phone: manifest, worker, offline page."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lipei.ch02_intake.lines import LINES
from lipei.site.shell import address

DIST = Path(__file__).resolve().parents[1] / "static" / "dist"
SHELL_FILES = ("dist/claimant.css", "dist/claimant.js", "dist/icons.svg", "brand/mark.svg")
REPORT_STEPS = (1, 2, 3, 4)
BLANK = "00000000-0000-0000-0000-000000000000"


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """The web app manifest, in the reader's language."""
    icons = [
        {
            "src": static(f"brand/mark-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
        }
        for size in (192, 512)
    ]
    maskable = {"src": static("brand/mark-maskable-512.png"), "sizes": "512x512"}
    icons.append({**maskable, "type": "image/png", "purpose": "maskable"})
    body = {
        "id": "/m/",
        "name": _("理赔宝"),
        "short_name": _("理赔宝"),
        "description": _("报案、补材料、看进度、确认金额"),
        "start_url": "/m/",
        "scope": "/m/",
        "display": "standalone",
        "background_color": "#f4f6f9",
        "theme_color": "#124bb9",
        "icons": icons,
        "shortcuts": [
            {"name": _("报案"), "url": "/m/report/new/"},
            {"name": _("进度"), "url": "/m/claims/"},
        ],
    }
    answer = JsonResponse(body)
    answer["Content-Type"] = "application/manifest+json"
    return answer


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, served from its scope, with the list of what it keeps.

    404 until the front end was built.
    """
    script = DIST / "sw.js"
    if not script.exists():
        raise Http404
    files = [static(name) for name in SHELL_FILES]
    pages = [reverse("site:offline"), *blank_steps()]
    words = f"self.KEEP={JsonResponse([files, pages], safe=False).content.decode()};\n"
    answer = HttpResponse(words + script.read_text(), content_type="text/javascript")
    answer["Service-Worker-Allowed"] = "/m/"
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown without network: no personal data."""
    return render(request, "claimant/offline.html", {"sw": settings.DEBUG})


def blank_steps() -> list[str]:
    """The empty steps of a report of each line, kept on the phone to start without network."""
    first = address("pocket:report")
    blank = f"/m/report/{BLANK}"
    lines = [f"{blank}/step/{n}/?line={line}" for line in LINES for n in REPORT_STEPS]
    return [f"{blank}/kind/", *lines] if first else []


urlpatterns = [
    path("m/manifest.webmanifest", manifest, name="manifest"),
    path("m/sw.js", worker, name="worker"),
    path("m/offline/", offline, name="offline"),
]
