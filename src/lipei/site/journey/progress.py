"""A claim as its claimant sees it, gathered once for the page and for its live part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lipei.ch01_general.models import Claim, Exposure
from lipei.ch01_general.reading import Moment, moments
from lipei.ch01_general.stages import Side, Stage, living
from lipei.ch02_intake.events import DOCUMENT_RECEIVED
from lipei.ch02_intake.irregular import may_withdraw
from lipei.ch03_assessment.disputes import OPEN_TO_OBJECTION
from lipei.ch04_payment.accounts import may_give_account
from lipei.kit.models import Chain
from lipei.site.choices import LINE_TITLES
from lipei.site.journey.law import NextDate, law_line, next_date, running
from lipei.site.journey.parts import (
    EstimateShown,
    Need,
    Part,
    Receipt,
    estimate_shown,
    needs_of,
    parts_of,
    receipts_of,
    total_fen,
)
from lipei.site.journey.steps import Step, step_words, steps
from lipei.site.journey.sums import payee_of, usable_account
from lipei.site.journey.turn import Scene, Turn, scene_of, turn_of
from lipei.site.verbs import verb


@dataclass(frozen=True)
class Line:
    """One line of the claimant's timeline."""

    title: str
    at: datetime
    icon: str
    level: str


@dataclass(frozen=True)
class Acts:
    """What the claimant may do now."""

    confirm: bool
    object: bool
    withdraw: bool
    human: bool
    calculation: bool
    account: bool


@dataclass(frozen=True)
class Progress:
    """Everything on the progress page. `version` grows with each entry of the claim."""

    claim: Claim
    line: str
    version: int
    turn: Turn
    step: str
    date: NextDate | None
    law: str
    needs: list[Need]
    parts: list[Part]
    total_fen: int | None
    estimate: EstimateShown | None
    steps: list[Step]
    timeline: list[Line]
    receipts: list[Receipt]
    acts: Acts

    @property
    def open_needs(self) -> int:
        """How many papers the claimant still has to hand in."""
        return sum(need.open for need in self.needs)


@dataclass(frozen=True)
class Row:
    """A claim in the claimant's list."""

    number: str
    line: str
    state: str
    step: str
    you: bool
    reported_at: datetime
    total_fen: int | None
    is_open: bool


def progress(claim: Claim, *, reader: int | None = None) -> Progress:
    """A claim as its claimant sees it: `reader`, else who reported it."""
    scene, told = scene_of(claim), moments(claim)
    turn = turn_of(scene)
    clocks = running(claim)
    decided = scene.has(Side.ZERO) or any(
        e.stage == Stage.APPROVED or e.agreed_fen for e in scene.exposures
    )
    return Progress(
        claim=claim, line=line_words(claim), version=version_of(claim), turn=turn,
        step=step_words(claim, scene.exposures), date=next_date(clocks),
        law=law_line(claim, scene.exposures, clocks),
        needs=needs_of(claim, scene.exposures), parts=parts_of(scene.exposures),
        total_fen=total_fen(scene.exposures),
        estimate=None if decided else estimate_shown(claim),
        steps=steps(claim, told, scene.exposures, waiting=turn.waiting), timeline=_timeline(told),
        receipts=receipts_of(claim), acts=_acts(scene, reader or claim.reporter_id),
    )  # fmt: skip


def row(claim: Claim) -> Row:
    """A claim in one row: what it waits for, and for whom."""
    scene = scene_of(claim)
    turn = turn_of(scene)
    return Row(
        number=claim.number, line=line_words(claim), state=turn.state,
        step=step_words(claim, scene.exposures),
        you=turn.now.you, reported_at=claim.reported_at,
        total_fen=total_fen(scene.exposures), is_open=claim.is_open,
    )  # fmt: skip


def version_of(claim: Claim) -> int:
    """How many entries the claim's chain has: what has not changed needs no new picture."""
    held = Chain.objects.filter(subject=claim.subject).values_list("number", flat=True)
    return held.first() or 0


def line_words(claim: Claim) -> str:
    """The line of business in words."""
    return str(LINE_TITLES.get(claim.line, claim.line))


def _timeline(told: list[Moment]) -> list[Line]:
    """What happened, the newest first; our own housekeeping and papers are left out."""
    seen = (one for one in reversed(told) if one.by == "claimant" or one.verb != DOCUMENT_RECEIVED)
    rows = [(verb(one.verb), one.occurred_at) for one in seen]
    return [
        Line(str(said.claimant), at, said.icon, said.level) for said, at in rows if said.claimant
    ]


def _acts(scene: Scene, reader: int | None) -> Acts:
    stages = {Stage(one.stage) for one in scene.exposures}
    claim = scene.claim
    return Acts(
        confirm=turn_of(scene).now.you and Stage.APPROVED in stages,
        object=bool(stages & OPEN_TO_OBJECTION) and "withdrawn" not in claim.flags,
        withdraw=claim.is_open and _can_withdraw(scene.exposures),
        human=claim.is_open and not claim.facts.get("human_wanted", False),
        calculation=any(e.benefit_fen is not None for e in scene.exposures),
        account=_lacks_account(scene, reader),
    )


def _can_withdraw(exposures: Sequence[Exposure]) -> bool:
    """Whether the claim, or one of several parts, may still be taken back."""
    return any(may_withdraw(one) for one in exposures if living(one.sides))


def _lacks_account(scene: Scene, reader: int | None) -> bool:
    """Whether a sum that was agreed has nowhere to go yet, or came back, and the reader may say."""
    agreed = [one for one in scene.exposures if one.stage == Stage.AGREED]
    lacking = [e for e in agreed if usable_account(payee_of(scene.claim, e).account) is None]
    return any(may_give_account(scene.claim, party_id=reader, payee_id=e.payee_id) for e in lacking)
