"""What the palette and the search page answer: claims, policies, pages and acts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.models import Claim
from lipei.ch01_general.stages import Stage
from lipei.ch01_general.words import STAGE_WORDS
from lipei.site.choices import ALL_CAUSES, title_of
from lipei.site.desk.find import claim_ids, policies_found
from lipei.site.desk.rows import cause_icon, who
from lipei.site.shell import Group, address

MOST_CLAIMS = 8
MOST_LISTED = 100


@dataclass(frozen=True)
class Hit:
    """One answer."""

    url: str
    icon: str
    title: str
    note: str
    tag: str = ""
    level: str = ""


@dataclass(frozen=True)
class Hits:
    """Answers of one kind."""

    title: str
    hits: list[Hit]


def answers(q: str, acting: Actor, nav: Iterable[Group], *, most: int = MOST_CLAIMS) -> list[Hits]:
    """Everything that a search finds for this person, by kind; empty kinds are left out."""
    kinds = [
        Hits(_("案件"), _claims(q, acting, most)),
        Hits(_("保单"), _policies(q, acting)),
        Hits(_("页面"), _pages(q, nav)),
    ]
    return [kind for kind in kinds if kind.hits]


def _claims(q: str, acting: Actor, most: int) -> list[Hit]:
    ids = claim_ids(q, acting, most=most)
    found = Claim.objects.filter(pk__in=ids).select_related("policy__insured", "reporter")
    return [_claim(claim) for claim in found.order_by("-pk")]


def _claim(claim: Claim) -> Hit:
    insured = claim.policy_then.insured if claim.policy_then else claim.reporter
    name = who(insured.name if insured else "", claim.plate, claim.phone)
    note = " · ".join(filter(None, (claim.number, claim.plate, title_of(ALL_CAUSES, claim.cause))))
    return Hit(
        url=f"/claims/{claim.number}/", icon=cause_icon(claim.cause), title=name, note=note,
        tag=str(STAGE_WORDS[Stage(claim.stage)]), level="brand" if claim.is_open else "",
    )  # fmt: skip


def _policies(q: str, acting: Actor) -> list[Hit]:
    """Policies lead to taking a report on them; only for who may."""
    report = address("desk:report")
    if not report or not acting.may("claims.report"):
        return []
    return [
        Hit(
            url=f"{report}?policy={one.number}",
            icon="shield-check",
            title=one.insured.name,
            note=f"{one.number} · {one.plate}",
            tag=_("代客报案"),
        )
        for one in policies_found(q, acting, most=4)
    ]


def _pages(q: str, nav: Iterable[Group]) -> list[Hit]:
    """The places of the navigation whose name holds the text; all of them for no text."""
    asked = q.strip().casefold()
    return [
        Hit(url=link.url, icon=link.icon, title=str(link.title), note=str(group.title))
        for group in nav
        for link in group.links
        if asked in str(link.title).casefold()
    ]
