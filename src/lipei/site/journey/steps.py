"""The eight steps of a claim with the times at which they were really passed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lipei.ch01_general.models import Claim, Exposure
from lipei.ch01_general.reading import Moment
from lipei.ch01_general.stages import ORDER, STEPS, Stage, step_of
from lipei.ch01_general.words import STEP_WORDS
from lipei.ch02_intake.covers import SURVEYED
from lipei.ch02_intake.filing import MOTOR
from lipei.kit import clock
from lipei.manual import clause
from lipei.rules.yuan import yuan

FIRST_OPEN = 1
"""A report is complete as soon as it is taken: the step after it is the one that runs."""
Note = Callable[[Claim], str]


@dataclass(frozen=True)
class Step:
    """One of the eight steps: when it was passed, a word about it, and whether it is done,
    now or still to come."""

    name: str
    when: str
    note: str
    state: str


def current_step(claim: Claim) -> int:
    """The step that runs, from 0; behind the last one when everything is done."""
    if claim.stage == Stage.ARCHIVED:
        return len(STEPS)
    return max(step_of(Stage(claim.stage)), FIRST_OPEN)


def is_looked_at(exposures: Sequence[Exposure]) -> bool:
    """Whether somebody drives there and looks; the loss of a person is shown by papers."""
    return not exposures or any(one.thing in SURVEYED for one in exposures)


def step_title(key: str, exposures: Sequence[Exposure]) -> str:
    """A step of a claim by name."""
    return step_named(key, looked_at=is_looked_at(exposures))


def step_named(key: str, *, looked_at: bool) -> str:
    """A step by name: nobody surveys the loss of a person."""
    if key == "survey" and not looked_at:
        return _("核实损失")
    return str(STEP_WORDS[key])


def step_words(claim: Claim, exposures: Sequence[Exposure]) -> str:
    """The running step in one line: 理算 · 第 4 步，共 8 步."""
    now = min(current_step(claim), len(STEPS) - 1)
    name = step_title(STEPS[now][0], exposures)
    return _("%(name)s · 第 %(n)s 步，共 %(all)s 步") % {
        "name": name, "n": now + 1, "all": len(STEPS),
    }  # fmt: skip


def steps(
    claim: Claim, moments: Sequence[Moment], exposures: Sequence[Exposure], *, waiting: str
) -> list[Step]:
    """The eight steps; `waiting` are the words for what the running one waits for."""
    passed, now = passed_at(moments), current_step(claim)
    ended = "withdrawn" in claim.flags
    found = []
    for n, (key, _zh, _stages) in enumerate(STEPS):
        done = n in passed and n < now and not (ended and n >= FIRST_OPEN)
        state = "done" if done else "now" if n == now and not ended else ""
        when = _local(passed[n]) if done else waiting if state == "now" else ""
        found.append(Step(step_title(key, exposures), when, _note(key, claim, exposures), state))
    return found


def passed_at(moments: Sequence[Moment]) -> dict[int, datetime]:
    """When each step was passed for good, read from the journal's moves alone."""
    stages: dict[int, Stage] = {}
    passed: dict[int, datetime] = {}
    for moment in moments:
        for position, _before, after in moment.moves:
            stages[position] = Stage(after)
        if not stages:
            continue
        least = min(stages.values(), key=lambda stage: ORDER[stage])
        now = len(STEPS) if least == Stage.ARCHIVED else max(step_of(least), FIRST_OPEN)
        passed = {n: at for n, at in passed.items() if n < now}
        for n in range(now):
            passed.setdefault(n, moment.occurred_at)
    return passed


def _note(key: str, claim: Claim, exposures: Sequence[Exposure]) -> str:
    other = {} if claim.line == MOTOR else NOTES_OTHERWISE
    if not is_looked_at(exposures):
        other = {**other, "survey": _shown_by_papers}
    return other.get(key, NOTES[key])(claim)


def _local(at: datetime) -> str:
    return f"{at.astimezone(clock.LOCAL):%m-%d %H:%M}"


def _report(claim: Claim) -> str:
    return _("电子回执已生成")


def _accept(claim: Claim) -> str:
    if claim.estimate_low_fen is None or claim.estimate_high_fen is None:
        return _("看材料齐不齐，缺的一次说清")
    return _("预估区间 ¥%(low)s – ¥%(high)s") % {
        "low": yuan(claim.estimate_low_fen), "high": yuan(claim.estimate_high_fen),
    }  # fmt: skip


def _survey(claim: Claim) -> str:
    survey = claim.surveys.select_related("assessor").order_by("-pk").first()
    if survey is None:
        seen = _("查勘员现场看车、列出损失清单")
        return seen if claim.line == MOTOR else _("查勘员到现场看、列出损失清单")
    if survey.finished_at:
        return _("%(name)s 已完成查勘，损失清单已签") % {"name": survey.assessor.name}
    return _("查勘员 %(name)s") % {"name": survey.assessor.name}


def _calculate(claim: Claim) -> str:
    return _("按条款一步一步算，每一步都给您看")


def _review(claim: Claim) -> str:
    small = yuan(clause("1.3-e").value)
    return _("损失不超过 %(small)s 元且无人伤的，线上核赔；您可以要求人工") % {"small": small}


def _shown_by_papers(claim: Claim) -> str:
    return _("理赔员按证明、病历和票据核实，不用上门")


def _review_by_people(claim: Claim) -> str:
    return _("核赔人逐件审核，不由系统决定")


def _agree(claim: Claim) -> str:
    return _("逐步列明金额，您可全部、部分接受或提异议")


def _pay(claim: Claim) -> str:
    if claim.stage in {Stage.CLOSED, Stage.ARCHIVED} and not _was_paid(claim):
        return _("没有可赔金额，不需要付款")
    days = clause("1.3-i-credit").value
    words = ngettext("您确认后 %(days)s 日内到账", "您确认后 %(days)s 日内到账", days)
    return words % {"days": days}


def _was_paid(claim: Claim) -> bool:
    return claim.exposures.filter(paid_fen__gt=0).exists()


def _archive(claim: Claim) -> str:
    return _("电子档案随时可查")


NOTES: Mapping[str, Note] = {
    "report": _report,
    "accept": _accept,
    "survey": _survey,
    "calculate": _calculate,
    "review": _review,
    "agree": _agree,
    "pay": _pay,
    "archive": _archive,
}
NOTES_OTHERWISE: Mapping[str, Note] = {"review": _review_by_people}
"""What a claim of another line than motor says otherwise."""
