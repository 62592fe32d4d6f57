"""3.1 Investigation of facts: the survey with its hour and a half, and the loss list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from lipei.ch01_general.aims import tell
from lipei.ch01_general.case import Case
from lipei.ch01_general.duties import qualified
from lipei.ch01_general.models import Claim, Exposure, Staff
from lipei.ch01_general.policies import covers_of, edition_of
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import Stage
from lipei.ch01_general.words import stage_words
from lipei.ch02_intake.models import Document
from lipei.ch03_assessment import events
from lipei.ch03_assessment.distances import driven
from lipei.ch03_assessment.models import LossLine, Survey
from lipei.kit import clock
from lipei.kit.refusal import Refused
from lipei.rules import edition

OPEN_TO_SURVEY = {Stage.REGISTERED, Stage.INVESTIGATING, Stage.ASSESSED, Stage.RETURNED}
NOT_SURVEYED = frozenset({Exposure.Thing.PERSON, Exposure.Thing.INSURED})
"""Nobody surveys a person: their loss is assessed when its facts are told."""
MOST_FEN = 10**13
MOST_LINES = 200


@dataclass(frozen=True)
class Line:
    """A loss line as the assessor gives it; amounts in fen.

    `label` tells which object of its kind it is of, where there are several.
    """

    thing: str
    part: str
    action: str
    unit_price_fen: int
    quantity: int = 1
    salvage_fen: int = 0
    remark: str = ""
    label: str = ""


# Commands


def dispatch_survey(
    number: str, *, to: str, by: str, place: str = "", distance: str = "",
    distance_reason: str = "",
) -> Survey:  # fmt: skip
    """Send an assessor, who must hold a valid certificate (1.2-k); the start is clocked (3.1-a).

    How far it is, the place tells; whoever dispatches may say otherwise, with the reason.
    """
    with open_case(number, by=by, duty="survey.dispatch") as case:
        _ask_stage(case, OPEN_TO_SURVEY)
        assessor = Staff.objects.filter(username=to, is_active=True).first()
        if assessor is None or not qualified(assessor, post="LA", on=clock.today()):
            raise Refused("assignee_not_qualified")
        survey = _left_survey(case.claim) or Survey(claim=case.claim)
        far = driven(case.claim, place=place, said=distance, reason=distance_reason)
        survey.assessor, survey.place = assessor, place or case.claim.place
        survey.distance, survey.distance_reason = far.distance, far.reason
        survey.started_at = survey.arrived_at = None
        survey.save()
        for exposure in case.live():
            if exposure.stage == Stage.REGISTERED:
                case.move(exposure, Stage.INVESTIGATING)
        case.start("3.1-a", limit=far.distance)
        case.answer("dispatch_survey")
        case.hand_to("surveyor")
        case.record(events.SURVEY_DISPATCHED, clause="3.1-a", to=assessor.reference,
                    survey=survey.pk, distance=far.distance,
                    place_told=far.told)  # fmt: skip
        tell(case.claim.reporter, f"{events.SURVEY_DISPATCHED}/{survey.pk}", wording="survey",
             claim=case.claim, assessor=assessor.name, phone=assessor.phone)  # fmt: skip
    return survey


def start_survey(number: str, *, by: str) -> None:
    """The assessor sets out."""
    with open_case(number, by=by, duty="survey.do") as case:
        survey = _own_survey(case)
        survey.started_at = survey.started_at or clock.now()
        survey.save(update_fields=["started_at"])
        case.record(events.SURVEY_STARTED, clause="3.1-a", survey=survey.pk)


def arrive_at_survey(
    number: str, *, by: str, where: str = "", no_position_reason: str = "",
    device_at: datetime | None = None,
) -> None:  # fmt: skip
    """The assessor is there: from now the survey has an hour and a half (3.1-b, 1.2-g).

    The server's time counts; the device's is kept beside it. Without a position a reason.
    """
    if not where and not no_position_reason.strip():
        raise Refused("position_or_reason", field="where")
    with open_case(number, by=by, duty="survey.do") as case:
        survey = _own_survey(case)
        if survey.started_at is None:
            raise Refused("survey_not_started")
        if survey.arrived_at is None:
            survey.arrived_at, survey.device_at = clock.now(), device_at
            survey.arrived_where, survey.no_position_reason = where, no_position_reason
            survey.save()
            case.stop("3.1-a")
            case.start("1.2-g", at=survey.arrived_at)
        case.record(events.SURVEY_ARRIVED, clause="1.2-g", survey=survey.pk,
                    positioned=bool(where))  # fmt: skip


def list_losses(number: str, *, lines: Sequence[Line], by: str) -> int:
    """Write the loss list anew; returns its sum in fen. Until it is assessed it may change."""
    _check_lines(lines)
    with open_case(number, by=by, duty="loss.assess") as case:
        _ask_stage(case, OPEN_TO_SURVEY)
        objects = damaged(case.live())
        owned = [_of_object(line, objects) for line in lines]
        LossLine.objects.filter(claim=case.claim).delete()
        made = [
            LossLine(claim=case.claim, position=n, **vars(line))
            for n, line in enumerate(owned, start=1)
        ]
        LossLine.objects.bulk_create(made)
        total_fen = sum(line.amount_fen for line in made)
        case.record(events.LOSS_LISTED, clause="3.1-d", lines=len(made), total_fen=total_fen)
    return total_fen


def finish_survey(number: str, *, findings: str, signed_name: str, by: str) -> None:
    """The survey is done and signed: the loss is assessed, thing by thing (3.1-b).

    Refused while the loss list, the findings or the photographs of the damage are missing.
    """
    with open_case(number, by=by, duty="loss.assess") as case:
        survey = _own_survey(case)
        _ask_complete(case, survey, findings=findings, signed_name=signed_name)
        survey.finished_at, survey.findings = clock.now(), findings.strip()
        survey.signed_name = signed_name.strip()
        survey.save()
        totals = assessed_totals(case.claim)
        _widen(case, totals)
        for exposure in case.live():
            if exposure.thing in NOT_SURVEYED:
                continue
            exposure.assessed_fen = totals.get(object_of(exposure), 0)
            exposure.reserve_fen = max(exposure.assessed_fen, 0)
            if exposure.stage != Stage.ASSESSED:
                case.move(exposure, Stage.ASSESSED)
        case.stop("1.2-g")
        case.start("1.2-e")
        case.ask("calculate", duty="calculate")
        case.hand_to("insurer")
        case.record(events.LOSS_ASSESSED, clause="3.1-b", survey=survey.pk,
                    assessed={str(e.position): e.assessed_fen for e in case.live()})  # fmt: skip
        tell(case.claim.reporter, f"{events.LOSS_ASSESSED}/{survey.pk}", wording="assessed",
             claim=case.claim)  # fmt: skip


# Queries


def object_of(one: Exposure | LossLine | Line) -> tuple[str, str]:
    """The damaged object of an exposure or of a line: its kind, and which of its kind."""
    return one.thing, one.label


def damaged(exposures: Sequence[Exposure]) -> list[Exposure]:
    """What is looked at, each object once, by the first of its exposures."""
    seen: dict[tuple[str, str], Exposure] = {}
    for one in exposures:
        if one.thing not in NOT_SURVEYED:
            seen.setdefault(object_of(one), one)
    return list(seen.values())


def assessed_totals(claim: Claim) -> dict[tuple[str, str], int]:
    """The loss of each object in fen: its lines less their salvage."""
    totals: dict[tuple[str, str], int] = {}
    for line in LossLine.objects.filter(claim=claim):
        lost_fen = line.amount_fen - line.salvage_fen
        totals[object_of(line)] = totals.get(object_of(line), 0) + lost_fen
    return totals


def surveys_of(assessor_id: int) -> QuerySet[Survey]:
    """An assessor's open visits, the oldest dispatch first."""
    mine = Survey.objects.filter(assessor_id=assessor_id, finished_at=None)
    return mine.select_related("claim").order_by("dispatched_at")


def survey_gaps(claim: Claim, survey: Survey) -> list[str]:
    """What still keeps a survey from being finished, as refusal slugs."""
    gaps = []
    if survey.arrived_at is None:
        gaps.append("survey_not_arrived")
    if not LossLine.objects.filter(claim=claim).exists():
        gaps.append("loss_list_empty")
    if not Document.objects.filter(claim=claim, kind="survey").exists():
        gaps.append("survey_photos_missing")
    return gaps


# The parts of the commands


def _of_object(line: Line, objects: Sequence[Exposure]) -> Line:
    """The line with the object that it is of; one that names none of several is of nobody."""
    of_kind = [one for one in objects if one.thing == line.thing]
    if not of_kind or (line.label and object_of(line) not in map(object_of, of_kind)):
        raise Refused("thing_not_claimed", field="thing")
    if not line.label and len(of_kind) > 1:
        raise Refused("thing_not_told", field="label")
    return replace(line, label=line.label or of_kind[0].label)


def _widen(case: Case, totals: Mapping[tuple[str, str], int]) -> None:
    """What the compulsory cover cannot carry of all that it answers for in one accident falls to
    the third-party cover, if there is one."""
    seen = [e for e in case.live() if e.thing not in NOT_SURVEYED]
    first = [e for e in seen if e.product == "compulsory_motor"]
    if not first or case.claim.policy is None:
        return
    limit_fen = int(edition(first[0].edition).terms["property_at_fault_fen"].checked(None))
    cover = covers_of(case.claim.policy, at=case.claim.lost_at).filter(product="third_party")
    held = cover.first()
    lost_fen = sum(totals.get(of, 0) for of in {object_of(one) for one in first})
    if held is None or lost_fen <= limit_fen:
        return
    formula = edition_of(held, lost_at=case.claim.lost_at)
    wider = {object_of(e) for e in seen if e.product == "third_party"}
    for one in first:
        if object_of(one) not in wider:
            case.add(product="third_party", edition=formula, terms=held.terms, beside=one)


def _left_survey(claim: Claim) -> Survey | None:
    """The open survey of an assessor who can do it no more, and whose place another takes.

    One that is open in somebody's hands is refused.
    """
    found = Survey.objects.filter(claim=claim, finished_at=None).select_related("assessor").first()
    if found and qualified(found.assessor, post="LA", on=clock.today()):
        raise Refused("survey_already_open")
    return found


def _own_survey(case: Case) -> Survey:
    survey = Survey.objects.filter(claim=case.claim, finished_at=None).first()
    if survey is None or survey.assessor_id != case.actor.staff_id:
        raise Refused("survey_not_yours")
    return survey


def _ask_stage(case: Case, allowed: set[Stage]) -> None:
    stages = {Stage(e.stage) for e in case.live()}
    if not stages or not stages <= allowed:
        raise Refused.stage(stage_words(case.claim.stage))


def _ask_complete(case: Case, survey: Survey, *, findings: str, signed_name: str) -> None:
    for gap in survey_gaps(case.claim, survey):
        raise Refused(gap)
    if not findings.strip():
        raise Refused("findings_needed", field="findings")
    if not signed_name.strip():
        raise Refused("signature_needed", field="signed_name")


def _check_lines(lines: Sequence[Line]) -> None:
    if not lines or len(lines) > MOST_LINES:
        raise Refused("loss_list_empty" if not lines else "loss_list_too_long")
    for n, line in enumerate(lines, start=1):
        if line.action not in LossLine.Action.values or line.thing not in Exposure.Thing.values:
            raise Refused("choice_unknown", field=f"line_{n}")
        if not line.part.strip() or not 1 <= line.quantity <= MOST_LINES:
            raise Refused("loss_line_wrong", field=f"line_{n}")
        amount_fen = line.quantity * line.unit_price_fen
        if not 0 <= line.salvage_fen <= amount_fen <= MOST_FEN:
            raise Refused("loss_line_wrong", field=f"line_{n}")
