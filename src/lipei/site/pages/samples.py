"""/dev/ui/: each part of the face in its states. Only in a demonstration or while developing."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from lipei.site import samples, samples_pocket
from lipei.site.shell import Shell

PAGES = {
    "parts": "samples/parts.html",
    "desk": "samples/desk.html",
    "sign-in": "samples/sign_in.html",
    "error": "error.html",
    "m-home": "samples/m_home.html",
    "m-progress": "samples/m_progress.html",
    "m-report": "samples/m_report.html",
    "m-confirm": "samples/m_confirm.html",
    "m-visit": "samples/m_visit.html",
    "m-parts": "samples/m_parts.html",
}


class SampleShell(Shell):
    """The frame with a made-up person and made-up counts."""

    nav = samples.sample_nav()
    tabs = samples.sample_tabs()

    @property
    def claimant(self) -> bool:
        """By the name of the sample, since all samples live under one address."""
        return "/m-" in self.request.path


@require_GET
def sample(request: HttpRequest, name: str = "parts") -> HttpResponse:
    """One sample page; 404 in a real installation and for an unknown name."""
    if not (settings.DEBUG or settings.LIPEI_DEMO) or name not in PAGES:
        raise Http404
    told = {**_content(), "shell": SampleShell(request, reader=samples.READER)}
    return render(request, PAGES[name], told)


def _content() -> dict[str, Any]:
    return {
        "rows": samples.work_rows(),
        "exposures": samples.exposures(),
        "clocks": samples.clocks(),
        "form": samples.SampleForm(),
        "wrong_form": samples.wrong_form(),
        "faces": [
            samples.face(2_760, whole=4_320, rule="理算 3 日"),
            samples.face(26, whole=120, rule="2 小时预赔区间"),
            samples.face(-95, whole=480, rule="定损 10 日"),
            samples.still("idle", "待材料齐全"),
            samples.still("paused", "等补件"),
            samples.done(30),
            samples.done(-130),
        ],
        "title": "没有这个案件",
        "words": "没有找到 CX-2025-1108-09999，或者它不在您的机构。",
        "next": "核对号码，或在搜索里按姓名、车牌找。",
        "reference": "7F3K-92QD",
        "clause": "6.2",
        "s": samples,
        "p": samples_pocket,
        "visit": samples_pocket.visit(),
    }


urlpatterns = [
    path("dev/ui/", sample, name="samples"),
    path("dev/ui/<slug:name>/", sample, name="sample"),
]
