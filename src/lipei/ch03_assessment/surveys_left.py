"""Surveys of an assessor who left, went elsewhere or is away: handed on, or to be sent anew."""

from lipei.ch01_general import events as general
from lipei.ch01_general.actors import appointments_on
from lipei.ch01_general.aims import tell
from lipei.ch01_general.duties import qualified
from lipei.ch01_general.leaving import HAND_OVER
from lipei.ch01_general.models import Staff
from lipei.ch01_general.process import open_case
from lipei.ch03_assessment import events
from lipei.ch03_assessment.models import Survey
from lipei.kit import clock
from lipei.kit.journal import on
from lipei.kit.models import Entry

ASSESSOR = "LA"

# Commands


def hand_over_survey(number: str, *, away: Staff, to: Staff | None, by: str) -> None:
    """An open survey goes to a colleague who may do it there; else it is to be sent anew."""
    with open_case(number, by=by, duty="survey.dispatch") as case:
        survey = Survey.objects.get(claim=case.claim, assessor=away, finished_at=None)
        heir = to if to and surveys_over(to, case.claim.branch_path) else None
        if heir:
            survey.assessor, survey.started_at, survey.arrived_at = heir, None, None
            survey.save(update_fields=["assessor", "started_at", "arrived_at"])
            tell(case.claim.reporter, f"{events.SURVEY_DISPATCHED}/{survey.pk}/{heir.pk}",
                 wording="survey", claim=case.claim, assessor=heir.name,
                 phone=heir.phone)  # fmt: skip
        else:
            case.ask("dispatch_survey", duty="survey.dispatch")
            case.hand_to("insurer")
        case.record(events.SURVEY_HANDED_OVER, clause="3.1-a", survey=survey.pk,
                    source=away.reference, to=heir.reference if heir else "")  # fmt: skip


# Queries


def surveys_over(person: Staff, branch_path: str) -> bool:
    """Whether somebody may survey for a claim of a branch today."""
    held = appointments_on(clock.today()).filter(staff=person, post=ASSESSOR)
    over = any(branch_path.startswith(one.branch.path) for one in held)
    return over and qualified(person, post=ASSESSOR, on=clock.today())


# Listeners


@on(general.STAFF_LEFT, general.STAFF_TRANSFERRED, general.STAFF_AWAY)
def hand_over_surveys(entry: Entry) -> None:
    """Every open survey of who went; of who is away only where somebody takes it."""
    away = Staff.objects.filter(username=entry.subject.partition("/")[2]).first()
    to = Staff.objects.filter(username=str(entry.facts.get("to", "")).partition("/")[2]).first()
    if away is None or (entry.verb == general.STAFF_AWAY and to is None):
        return
    mine = Survey.objects.filter(assessor=away, finished_at=None, claim__is_open=True)
    for survey in mine.select_related("claim").order_by("claim_id"):
        stays = entry.verb == general.STAFF_TRANSFERRED
        if stays and surveys_over(away, survey.claim.branch_path):
            continue
        hand_over_survey(survey.claim.number, away=away, to=to, by=HAND_OVER)
