"""/claims/<number>/facts/: the facts of a sum, asked by the formula of each part of the claim."""

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lipei.ch01_general.guards import StaffRequest, claim_for, staff_page
from lipei.ch01_general.models import Claim, Exposure
from lipei.ch01_general.stages import Stage
from lipei.ch03_assessment.facts import Event, formula_of
from lipei.ch03_assessment.models import ToldFact
from lipei.ch03_assessment.telling import OPEN_TO_FACTS, is_told, tell_facts
from lipei.kit.forms import complain
from lipei.kit.kept import taken
from lipei.kit.refusal import Refused
from lipei.site.choices import spoken
from lipei.site.desk.exposures import exposure_name
from lipei.site.desk.meanwhile import meanwhile, newest, seen_number
from lipei.site.desk.scene import Scene
from lipei.site.desk.telling import (
    TellForm,
    address,
    fixed_facts,
    lacks,
    parts_of,
    tell_form,
)

DUTY = "facts.tell"
REFUSED, STALE = 422, 409


@require_GET
@staff_page(DUTY)
def first_facts(request: StaffRequest, number: str) -> HttpResponse:
    """To the part whose facts are asked first."""
    scene = Scene(claim_for(request.actor, number, duty=DUTY), request.actor)
    asked = [e for e in scene.live if Stage(e.stage) in OPEN_TO_FACTS]
    if not asked:
        raise Refused.stage(str(scene.claim.get_stage_display()))
    event = Event(scene.claim, scene.live)
    one = min(asked, key=lambda e: (not is_told(e), not lacks(event, e), e.position))
    victim = one.thing == Exposure.Thing.PERSON and not event.told_of(one, ToldFact.About.INJURY)
    about = ToldFact.About.INJURY if victim else ToldFact.About.COVER
    return HttpResponseRedirect(address(scene.claim, one, about))


@require_http_methods(["GET", "POST"])
@staff_page(DUTY)
def facts(request: StaffRequest, number: str, position: int, about: str) -> HttpResponse:
    """The facts of one part in its formula's own words, and what becomes of them."""
    scene = Scene(claim_for(request.actor, number, duty=DUTY), request.actor)
    exposure = _part(scene, position, about)
    if request.method == "POST":
        return _told(request, scene, exposure, about)
    event = Event(scene.claim, scene.live)
    return _shown(request, event, exposure, about, tell_form(event, exposure, about, None))


@transaction.atomic
def _told(request: StaffRequest, scene: Scene, exposure: Exposure, about: str) -> HttpResponse:
    """Tell what is typed, unless somebody told otherwise meanwhile: then that is said first."""
    Claim.objects.select_for_update().get(pk=scene.claim.pk)
    event, typed = Event(scene.claim, scene.live), request.POST.dict()
    changed = meanwhile(event, exposure, about, typed)
    if changed:
        form = tell_form(event, exposure, about, changed.typed)
        problems = changed.problems
        return _shown(request, event, exposure, about, form, problems=problems, status=STALE)
    form = tell_form(event, exposure, about, typed)
    if not form.is_valid():
        return _shown(request, event, exposure, about, form, status=REFUSED)
    try:
        tell_facts(
            scene.claim.number, position=exposure.position, about=about, facts=form.facts(),
            paper=form.cleaned_data["paper"], by=request.actor.reference,
        )  # fmt: skip
    except Refused as no:
        complain(form, no)
        return _shown(request, event, exposure, about, form, status=no.status)
    messages.success(request, _("已保存：%(what)s") % {"what": exposure_name(exposure)})
    return taken(request, HttpResponseRedirect(request.path))


def _part(scene: Scene, position: int, about: str) -> Exposure:
    found = next((e for e in scene.live if e.position == position), None)
    of_a_thing = about == ToldFact.About.INJURY and found and found.thing != Exposure.Thing.PERSON
    if found is None or about not in ToldFact.About.values or of_a_thing:
        raise Refused("claim_not_found")
    return found


def _shown(
    request: StaffRequest, event: Event, exposure: Exposure, about: str, form: TellForm, *,
    problems: Sequence[tuple[str, str]] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page; what it knew before a no it still knows, unless what changed is said on it."""
    claim, edition = event.claim, formula_of(event, exposure, about)
    knew = seen_number(request.POST.get("seen", ""))
    told = {
        "problems": problems, "seen": newest(event) if problems or not request.POST else knew,
        "stale": _("别人刚刚改过下面几项，请核对后再保存") if problems else "",
        "claim": claim, "form": form, "exposure": exposure, "name": exposure_name(exposure),
        "formula": spoken(edition.title), "groups": form.grouped(edition, form.known),
        "fixed": fixed_facts(event, exposure, about), "lacks": lacks(event, exposure),
        "parts": parts_of(event, event.living, current=address(claim, exposure, about)),
        "is_open": Stage(exposure.stage) in OPEN_TO_FACTS,
    }  # fmt: skip
    return render(request, "desk/facts.html", told, status=status)


namespace = "desk"
prefix = ""
urlpatterns = [
    path("claims/<slug:number>/facts/", first_facts, name="claim_facts"),
    path("claims/<slug:number>/facts/<int:position>/<slug:about>/", facts, name="facts"),
]
