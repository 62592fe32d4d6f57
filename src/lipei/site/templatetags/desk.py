"""Words and faces for the desks of the chapters: {% load desk %}.

{{ claim.cause|cause_words }}           what happened, in words
{{ exposure.product|product_words }}    the cover
{{ run.edition|edition_words }}         an edition of a product, by its title
{{ document.kind|paper_words }}         what a paper or picture is
{{ "1.2-g"|clause_words }}              what a clause asks for
{{ reference|person_words }}            who an actor of the journal is; one look at the database
{% clock_face due_at=… started_at=… as face %}   the face of a clock for a ring or badge
"""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general import roster
from lipei.ch01_general.models import Clock
from lipei.ch01_general.words import stage_words as stage_in_words
from lipei.ch03_assessment.limits import standings
from lipei.ch03_assessment.models import Calculation
from lipei.ch04_payment.models import Order
from lipei.ch08_risk.signals import signals_of
from lipei.rules.yuan import in_capitals
from lipei.site import choices, faces
from lipei.site.desk import clocks, replays, sums, words

register = template.Library()
CLEARANCES: Mapping[str, str | Promise] = {
    "papers": _("材料齐全"),
    "names": _("名单筛查"),
    "risk": _("风险提示"),
}
RETENTIONS: Mapping[str, str | Promise] = {
    "voucher": _("会计凭证"),
    "identity": _("身份证件"),
    "claim_document": _("理赔材料"),
}
FAULTS: Mapping[str, str | Promise] = {
    "changed": _("被改动"),
    "missing": _("缺失"),
    "re-ordered": _("次序被调换"),
    "not in its head": _("链头没有记到这一条"),
    "not as its head says": _("与链头不符"),
    "not as anchored": _("与库外锚定不符"),
}
SIGNALS: Mapping[str, str | Promise] = {
    "young_policy": _("投保三日内出险"),
    "many_claims": _("九十日内同一车牌报案三次以上"),
    "shared_photograph": _("照片在别的案件中出现过"),
    "shared_account": _("收款账户曾用于另一位收款人"),
}


@register.filter
def cause_words(cause: str) -> str:
    """What happened: collision, scrape, flood …"""
    return choices.title_of(choices.ALL_CAUSES, cause)


@register.filter
def line_words(line: str) -> str:
    """A line of business."""
    return words.line_words(line)


@register.filter
def product_words(product: str) -> str:
    """The cover of an exposure."""
    return str(words.PRODUCTS.get(product, product))


@register.filter
def edition_words(name: str) -> str:
    """The title of an edition of a product."""
    return replays.edition_words(name)


@register.filter
def stage_words(stage: str) -> str:
    """Where an exposure stands."""
    return stage_in_words(stage)


@register.filter
def paper_words(kind: str) -> str:
    """What a paper or a picture is."""
    return choices.paper_title(kind)


@register.filter
def clause_words(clause_id: str) -> str:
    """What a clause asks for, with its number."""
    return words.clause_words(clause_id)


@register.filter
def limit_words(one: Clock | None) -> str:
    """How long the clause of a clock allows for it."""
    return words.limit_words(clocks.row_of(one), name=one.limit) if one else ""


@register.filter
def person_words(reference: str) -> str:
    """Who an actor of the journal is. For a page with few of them."""
    return words.people_words({reference}).get(reference, reference) if reference else ""


@register.filter
def clearance_words(kind: str) -> str:
    """What must be positively clear before money moves."""
    return str(CLEARANCES.get(kind, kind))


@register.filter
def risk_signals(order: Order) -> list[str]:
    """The signals that keep an order from being cleared by itself, in words."""
    return [str(SIGNALS.get(name, name)) for name in signals_of(order)]


@register.filter
def retention_words(name: str) -> str:
    """Why a thing is kept as long as it is."""
    return str(RETENTIONS.get(name, name))


@register.filter
def fault_words(kind: str) -> str:
    """What is wrong with an entry of the journal."""
    return str(FAULTS.get(kind, kind))


@register.filter
def party_words(party: str) -> str:
    """A party outside, by name."""
    return str(words.PARTIES.get(party, party))


@register.filter
def capitals(fen: int) -> str:
    """A sum in the figures of cheques: 壹仟捌佰元整."""
    return in_capitals(fen)


@register.simple_tag
def missing_year() -> tuple[int, bool] | None:
    """The year whose rest days nobody has brought in yet, and whether that is urgent."""
    return roster.missing_year()


@register.simple_tag(name="sheet_shown")
def shown(calculation: Calculation) -> sums.SheetShown:
    """A kept sum, worked out again now, with what was decided on it."""
    decided = sums.decisions_of([calculation])
    people = words.people_words({calculation.made_by, *(d.decided_by for d in decided)})
    limits = standings([calculation])[calculation.pk]
    return sums.sheet_shown(calculation, decided, people, limits=limits)


@register.simple_tag
def clock_face(
    *,
    due_at: datetime | None,
    started_at: datetime | None = None,
    met_at: datetime | None = None,
    rule: str = "",
) -> faces.ClockFace:
    """The face of one clock: running, not started, or kept and missed."""
    state: faces.State = "met" if met_at else "running"
    return faces.clock_face(due_at, started_at=started_at, state=state, rule=rule, met_at=met_at)
