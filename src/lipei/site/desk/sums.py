"""The sums of a claim: each sheet step by step, proved again, with its reasons and its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lipei.ch01_general.models import Exposure
from lipei.ch03_assessment.adjudication import proves
from lipei.ch03_assessment.limits import Standing
from lipei.ch03_assessment.models import Calculation, Decision
from lipei.ch03_assessment.straight import reason_words
from lipei.rules import edition
from lipei.rules.steps import Step
from lipei.site.desk.exposures import exposure_title
from lipei.site.desk.words import is_english
from lipei.site.limits import LimitShown, limits_shown

SIGNS = {"+": "+", "-": "−", "=": "="}


@dataclass(frozen=True)
class Line:
    """One line of the sheet, as `c/calc_sheet.html` shows it."""

    no: int
    title: str
    basis: str
    op: str
    amount_fen: int
    kind: str = ""


@dataclass(frozen=True)
class Reason:
    """One named reason of a decision, and whether it holds."""

    words: str
    passed: bool


@dataclass(frozen=True)
class SheetShown:
    """One sheet: its lines and sum, whether it proves itself, who made it, what was decided."""

    title: str
    name: str
    version: int
    edition: str
    lines: list[Line]
    total_label: str
    total_note: str
    total_fen: int
    digest: str
    proves: bool
    verified: bool
    made_by: str
    made_at: datetime
    decisions: list["DecisionShown"]
    limits: list[LimitShown]


@dataclass(frozen=True)
class DecisionShown:
    """What was decided on a sheet, at which level, for which named reasons."""

    title: str
    outcome: str
    approved: bool
    level: str
    by: str
    at: datetime
    remark: str
    reasons: list[Reason]


def newest(calculations: Sequence[Calculation]) -> list[Calculation]:
    """The newest calculation of each exposure."""
    last: dict[int, Calculation] = {}
    for one in sorted(calculations, key=lambda c: c.version):
        last[one.exposure_id] = one
    return sorted(last.values(), key=lambda c: c.exposure.position)


def calculations_of(exposures: Sequence[Exposure]) -> list[Calculation]:
    """Every calculation of these exposures with its exposure, the oldest first."""
    found = Calculation.objects.filter(exposure__in=exposures)
    return list(found.select_related("exposure").order_by("exposure__position", "version"))


def decisions_of(calculations: Sequence[Calculation]) -> list[Decision]:
    """Every decision on these calculations, the oldest first."""
    return list(Decision.objects.filter(calculation__in=calculations).order_by("pk"))


def sheet_shown(
    made: Calculation, decisions: Sequence[Decision], people: dict[str, str], *,
    limits: Sequence[Standing],
) -> SheetShown:  # fmt: skip
    """A kept calculation, worked out again now and compared with what was kept (3.2-g)."""
    english, formula = is_english(), edition(made.edition)
    steps = [Step(**step) for step in made.steps]
    mine = [d for d in decisions if d.calculation_id == made.pk]
    return SheetShown(
        title=exposure_title(made.exposure),
        name=formula.title.en if english else formula.title.zh,
        version=made.version, edition=made.edition, lines=_lines(steps),
        total_label=_("应赔"), total_note="", total_fen=made.benefit_fen,
        digest=made.sheet_hash, proves=proves(made),
        verified=all(formula.clauses[s.clause].is_verified for s in steps if s.clause),
        made_by=people.get(made.made_by, made.made_by), made_at=made.made_at,
        decisions=[_decision(d, people, exposure_title(made.exposure)) for d in mine],
        limits=limits_shown(limits),
    )  # fmt: skip


def reasons_shown(reasons: Sequence[dict[str, object]]) -> list[Reason]:
    """Named reasons in words."""
    return [Reason(reason_words(str(r["name"])), bool(r["passed"])) for r in reasons]


def _decision(decision: Decision, people: dict[str, str], what: str) -> DecisionShown:
    return DecisionShown(
        title=_("核赔：%(what)s") % {"what": what},
        outcome=decision.get_outcome_display(),
        approved=decision.outcome == Decision.Outcome.APPROVED, level=decision.level,
        by=people.get(decision.decided_by, decision.decided_by), at=decision.decided_at,
        remark=decision.remark, reasons=reasons_shown(decision.reasons),
    )  # fmt: skip


def _lines(steps: Sequence[Step]) -> list[Line]:
    """The lines without the last one: that is the sum below them."""
    told = steps[:-1] if steps and steps[-1].sign == "=" else steps
    return [_line(n, step) for n, step in enumerate(told, start=1)]


def _line(number: int, step: Step) -> Line:
    english = is_english()
    why = step.why_en if english else step.why_zh
    article = step.clause_en if english else step.clause_zh
    return Line(
        no=number, title=step.en if english else step.zh,
        basis=" · ".join(filter(None, (why, article))), op=SIGNS[step.sign],
        amount_fen=step.amount_fen, kind="sum" if step.sign == "=" else "",
    )  # fmt: skip
