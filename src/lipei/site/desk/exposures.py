"""The parts of a claim for the desk: each with its own state, clock, holder and sum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.models import Claim, Clock, Exposure
from lipei.ch01_general.stages import ENDINGS, ORDER, Side, Stage
from lipei.ch01_general.words import SIDE_WORDS, STAGE_WORDS
from lipei.ch01_general.worklist import gives_estimates, todo_stages
from lipei.rules import edition
from lipei.site.choices import THING_LOOKS, spoken
from lipei.site.desk.clocks import face_of, first_of
from lipei.site.desk.rows import holder_words, is_mine
from lipei.site.desk.words import PRODUCTS
from lipei.site.faces import ClockFace

NAMES: Mapping[str, str | Promise] = {
    "own_vehicle": gettext_lazy("车损"),
    "other_vehicle": gettext_lazy("三者车损"),
    "other_property": gettext_lazy("三者物损"),
    "person": gettext_lazy("人伤"),
    "insured": gettext_lazy("人身"),
    "own_property": gettext_lazy("财产"),
}
SUM_KINDS: Mapping[str, str | Promise] = {
    "paid": gettext_lazy("已付"),
    "agreed": gettext_lazy("已确认"),
    "benefit": gettext_lazy("理算"),
    "assessed": gettext_lazy("定损"),
    "reserve": gettext_lazy("估损"),
}
LEVELS: Mapping[str, str] = {"approved": "ok", "agreed": "ok", "paid": "ok", "returned": "bad",
                             "refused": "bad", "pending": "warn"}  # fmt: skip


@dataclass(frozen=True)
class ExposureRow:
    """One part of the claim, as `c/exposures.html` shows it."""

    position: int
    icon: str
    name: str
    cover: str
    state: str
    level: str
    holder: str
    mine: bool
    clock: ClockFace
    amount_fen: int | None
    sum_kind: str
    number: str
    url: str = ""


def exposure_rows(
    claim: Claim, exposures: Sequence[Exposure], clocks: Sequence[Clock], acting: Actor
) -> list[ExposureRow]:
    """The parts of a claim in their order."""
    todo = frozenset(todo_stages(acting))
    return [_row(claim, one, clocks, acting, todo) for one in exposures]


def sum_of(exposure: Exposure) -> tuple[int | None, str]:
    """The sum that an exposure stands at, and what kind of sum it is."""
    for kind, fen in (
        ("paid", exposure.paid_fen or None),
        ("agreed", exposure.agreed_fen or None),
        ("benefit", exposure.benefit_fen),
        ("assessed", exposure.assessed_fen),
        ("reserve", exposure.reserve_fen or None),
    ):
        if fen is not None:
            return fen, str(SUM_KINDS[kind])
    return None, ""


def total_fen(exposures: Sequence[Exposure]) -> int | None:
    """What the claim comes to as it stands; none while no part has a sum.

    Two covers may answer for one thing: until they are calculated, its loss counts once.
    """
    by_thing: dict[str, list[Exposure]] = {}
    for one in exposures:
        by_thing.setdefault(one.thing, []).append(one)
    sums = [fen for parts in by_thing.values() if (fen := _thing_fen(parts)) is not None]
    return sum(sums) if sums else None


def _thing_fen(parts: Sequence[Exposure]) -> int | None:
    if any(one.benefit_fen is not None for one in parts):
        return sum(one.agreed_fen or one.benefit_fen or 0 for one in parts)
    known = [fen for fen, _kind in map(sum_of, parts) if fen is not None]
    return max(known, default=None)


def exposure_name(exposure: Exposure) -> str:
    """What is damaged: 车损 · 沪A6K27P."""
    return f"{NAMES.get(exposure.thing, exposure.thing)} · {exposure.label}"


def exposure_title(exposure: Exposure) -> str:
    """What is damaged and which cover answers for it: two may answer for one thing."""
    return f"{exposure_name(exposure)} · {cover_words(exposure)}"


def cover_words(exposure: Exposure) -> str:
    """The cover that answers, by its short name, else by the title of its formula."""
    known = PRODUCTS.get(exposure.product)
    return str(known) if known else spoken(edition(exposure.edition).title)


def state_words(exposure: Exposure) -> tuple[str, str]:
    """The state of an exposure in words, with its level; a side state goes before the stage."""
    for side in exposure.sides:
        if Side(side) in ENDINGS | {Side.BOUNCED, Side.DISPUTED, Side.SUSPENDED}:
            return str(SIDE_WORDS[Side(side)]), "bad"
    return str(STAGE_WORDS[Stage(exposure.stage)]), LEVELS.get(exposure.stage, "")


def payable_fen(exposures: Sequence[Exposure]) -> int:
    """What could be paid now: approved or agreed, and not paid yet."""
    ready = {Stage.APPROVED, Stage.AGREED, Stage.PAYABLE}
    return sum(e.benefit_fen or 0 for e in exposures if Stage(e.stage) in ready)


def is_decided(exposure: Exposure) -> bool:
    """Whether a decision on the sum stands."""
    return ORDER[Stage(exposure.stage)] >= ORDER[Stage.APPROVED]


def _row(
    claim: Claim, one: Exposure, clocks: Sequence[Clock], acting: Actor, todo: frozenset[Stage]
) -> ExposureRow:
    stage = Stage(one.stage)
    holder = claim.holder if stage == claim.stage else "insurer"
    owed = claim.is_open and claim.awaits_estimate and gives_estimates(acting)
    mine = is_mine(stage, holder, claim.officer_id, acting=acting, todo=todo, owed=owed)
    state, level = state_words(one)
    fen, kind = sum_of(one)
    cover = cover_words(one)
    look = THING_LOOKS.get(one.thing)
    return ExposureRow(
        position=one.position, icon=look.icon if look else "car",
        name=str(NAMES.get(one.thing, one.thing)), cover=cover,
        state=state, level=level, holder=holder_words(holder, stage, mine=mine), mine=mine,
        clock=face_of(first_of(clocks, one.pk)), amount_fen=fen, sum_kind=kind,
        number=one.number or _("未立案"),
    )  # fmt: skip
