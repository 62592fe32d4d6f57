"""The API's own pages: every operation on one page, and what each kind of problem means."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from lipei.manual.refusal_list import refusals
from lipei.site import problems
from lipei.site.api import api


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """What each operation does, what it takes and what it answers; no script needed."""
    operations = [
        {"method": method.upper(), "path": where, "scope": told.get("x-scope", ""), **told}
        for where, methods in api.get_openapi_schema()["paths"].items()
        for method, told in methods.items()
    ]
    given = {
        "operations": operations,
        "about": api.description,
        "json_url": reverse("api:openapi-json"),
        "refusals": sorted(refusals().values(), key=lambda row: row.slug),
    }
    return render(request, "api_docs.html", given)


@require_GET
def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """What the `type` of a problem points to: its words in both languages, and its clause."""
    row = refusals().get(slug)
    if row is None:
        plain = problems.named(slug)
        if plain is None:
            raise Http404
        return JsonResponse({"slug": slug, "status": plain.status, "detail": plain.detail})
    told = {
        "slug": row.slug,
        "status": row.status,
        "clause": row.clause,
        "zh": {"detail": row.zh, "next": row.next_zh},
        "en": {"detail": row.en, "next": row.next_en},
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


urlpatterns = [
    path("api/v1/docs", docs, name="api_docs"),
    path("api/v1/problems/<slug:slug>", problem, name="api_problem"),
]
