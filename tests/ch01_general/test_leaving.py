"""1.2 Who leaves, goes elsewhere or is away: every right ends, and no work is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from lipei.ch01_general.actors import actor
from lipei.ch01_general.company import add_branch, add_department
from lipei.ch01_general.duties import add_staff, assign_claim
from lipei.ch01_general.leaving import begin_absence, let_go, plan_absence, transfer
from lipei.ch01_general.models import Appointment, Branch, Certificate, Staff, Task
from lipei.ch01_general.people import Post, administrators, give_post
from lipei.ch01_general.tokens import bearer_of, issue_token
from lipei.ch03_assessment.investigation import dispatch_survey, start_survey
from lipei.ch03_assessment.models import Survey
from lipei.kit import audit, clock
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from lipei.site.demonstration import PASSWORD
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
IT = "staff/itadmin"
DAY = timedelta(days=1)


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def colleague(username: str, number: str, *held, certificate: str = "claims_licence") -> Staff:
    """Another person of the branch, with the certificate that the post needs."""
    made = add_staff(
        username=username, name="沈青", number=number, password="x" * 20,
        branch=Branch.objects.get(code="31"), held=list(held), by="system/test",
    )  # fmt: skip
    Certificate.objects.create(
        staff=made, kind=certificate, number=number, issuer="x",
        valid_from=clock.today() - DAY, valid_to=clock.today() + 99 * DAY,
    )  # fmt: skip
    return made


def given():
    """A claim for which Wang Min answers."""
    claim = steps.filed()
    assign_claim(claim.number, to="wangmin", by="staff/zhouwei")
    return steps.again(claim)


@pytest.mark.clause("6.1-a")
def test_who_leaves_loses_every_right_at_once(staff_client):
    client = staff_client("wangmin")
    wangmin = Staff.objects.get(username="wangmin")
    token = issue_token(wangmin, scopes=["claims.read"], life=DAY, by=IT)
    assert client.get("/claims/").status_code == 200
    let_go("wangmin", by=IT)
    assert client.get("/claims/").status_code == 302
    assert bearer_of(token) is None
    assert actor("staff/wangmin").duties == frozenset()
    answer = Client().post("/login/", {"username": "wangmin", "password": PASSWORD})
    assert answer.status_code == 403
    Staff.objects.filter(pk=wangmin.pk).update(is_active=True)
    assert client.get("/claims/").status_code == 302, "what was open stays closed"
    last = history("staff/wangmin")[-1]
    assert (last.verb, last.facts["tokens"]) == ("general.staff_left", 1)
    Staff.objects.filter(pk=wangmin.pk).update(is_active=False)
    with refused("person_not_found"):
        let_go("wangmin", by=IT)


def test_open_work_of_a_leaver_goes_to_the_colleague_who_was_named(department):
    claim, heir = given(), colleague("shenqing", "31077", ("SP", 1, "理赔一部"))
    let_go("wangmin", to="shenqing", by=IT)
    steps.hear()
    assert steps.again(claim).officer == heir
    assert not Task.objects.filter(assignee__username="wangmin", done_at=None).exists()
    entry = history(claim.subject)[-1]
    assert (entry.verb, entry.facts["to"], entry.facts["asked_by"]) == (
        "general.claim_handed_over", "staff/shenqing", IT,
    )  # fmt: skip
    assert audit.faults_of(claim.subject) == []


def test_without_a_colleague_the_work_is_listed_as_nobodys(department):
    claim = given()
    let_go("wangmin", by=IT)
    steps.hear()
    assert steps.again(claim).officer is None
    assert not Task.objects.filter(assignee__username="wangmin", done_at=None).exists()
    assert history("staff/wangmin")[-1].facts["open"]["claims"] == 1


@pytest.mark.clause("1.2-k")
@pytest.mark.parametrize("who", ["xujing", "wangmin", "nobody", "lijun"])
def test_nobody_takes_over_without_post_and_certificate(department, who):
    with refused("successor_not_qualified"):
        let_go("wangmin", to=who, by=IT)
    assert Staff.objects.get(username="wangmin").is_active
    colleague("shenqing", "31077", ("SP", 1, "理赔一部"), certificate="CDA")
    with refused("successor_not_qualified"):
        let_go("wangmin", to="shenqing", by=IT)


def test_an_open_survey_goes_to_another_assessor_or_is_sent_anew(department):
    claims = [steps.registered(steps.accepted(steps.filed())) for _ in range(2)]
    for claim in claims:
        dispatch_survey(claim.number, to="lijun", by=steps.CLERK)
    start_survey(claims[0].number, by="staff/lijun")
    heir = colleague("dingbo", "31078", ("LA", 1, "理赔一部"), certificate="CDA")
    with refused("survey_already_open"):
        dispatch_survey(claims[0].number, to="dingbo", by=steps.CLERK)
    let_go("lijun", to="dingbo", by=IT)
    steps.hear()
    survey = Survey.objects.get(claim=claims[0])
    assert (survey.assessor, survey.started_at) == (heir, None)
    let_go("dingbo", by=IT)
    steps.hear()
    assert Task.objects.filter(claim=claims[0], kind="dispatch_survey", done_at=None).exists()
    colleague("fanyu", "31079", ("LA", 1, "理赔一部"), certificate="CDA")
    dispatch_survey(claims[0].number, to="fanyu", by=steps.CLERK)
    assert Survey.objects.get(claim=claims[0]).assessor.username == "fanyu"


@pytest.mark.clause("6.1-a")
def test_the_last_administrator_neither_leaves_nor_loses_the_post(department):
    add_staff(
        username="second", name="第二", number="29002", password="x" * 20,
        branch=Branch.objects.get(code="00"), held=[("IT", 0, "信息部")], by=IT,
    )  # fmt: skip
    let_go("itadmin", by="staff/second")
    with refused("not_for_oneself"):
        let_go("second", by="staff/second")
    with refused("last_administrator"):
        let_go("second", by="system/test")
    with refused("last_administrator"):
        transfer("second", branch="31", department="信息部", by="system/test")


def test_two_administrators_who_end_each_other_at_once_leave_one(department):
    add_staff(
        username="second", name="第二", number="29002", password="x" * 20,
        branch=Branch.objects.get(code="00"), held=[("IT", 0, "信息部")], by=IT,
    )  # fmt: skip

    def ending(pair: tuple[str, str]) -> str:
        try:
            let_go(pair[0], by=f"staff/{pair[1]}")
        except Refused as no:
            return no.slug
        finally:
            connections.close_all()
        return "gone"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(ending, [("itadmin", "second"), ("second", "itadmin")]))
    assert told.count("gone") == 1
    assert administrators().count() == 1


def test_who_goes_to_another_branch_works_there_and_no_more_here(department):
    claim = given()
    add_branch("32", name="江苏分公司", under="00", by=IT)
    with refused("department_not_found"):
        transfer("wangmin", branch="32", department="理赔一部", by=IT)
    add_department("理赔一部", branch="32", by=IT)
    transfer("wangmin", branch="32", department="理赔一部", by=IT)
    steps.hear()
    acting = actor("staff/wangmin")
    assert acting.may("claims.register", "/00/32/")
    assert not acting.may("claims.register", claim.branch_path)
    assert steps.again(claim).officer is None
    with refused("branch_is_theirs"):
        transfer("wangmin", branch="32", department="理赔一部", by=IT)
    transfer("wangmin", branch="31", department="理赔一部", by=IT)
    transfer("wangmin", branch="32", department="理赔一部", by=IT)
    assert Appointment.objects.filter(staff__username="wangmin", until=None).count() == 1


def test_on_the_first_day_away_the_work_goes_to_the_deputy_once(department):
    claim, heir = given(), colleague("shenqing", "31077", ("SP", 1, "理赔一部"))
    made = plan_absence("wangmin", from_on=clock.today(), to_on=clock.today() + DAY,
                        deputy="shenqing", by=IT)  # fmt: skip
    steps.hear()
    assert steps.again(claim).officer.username == "wangmin", "not before the day has come"
    for _ in range(2):
        begin_absence(made.pk, by="system/absence")
    steps.hear()
    assert steps.again(claim).officer == heir
    away = [one for one in history("staff/wangmin") if one.verb == "general.staff_away"]
    assert len(away) == 1


def test_without_a_deputy_the_work_waits(department):
    claim = given()
    made = plan_absence("wangmin", from_on=clock.today(), to_on=clock.today() + DAY, by=IT)
    begin_absence(made.pk, by="system/absence")
    steps.hear()
    assert steps.again(claim).officer.username == "wangmin"


def test_a_colleague_takes_over_only_what_they_may_do_there(department):
    """An officer of the head office's own desk reaches every branch; one of another, none."""
    claim = given()
    add_branch("32", name="江苏分公司", under="00", by=IT)
    colleague("shenqing", "31077", ("SP", 1, "理赔一部"))
    add_department("理赔一部", branch="32", by=IT)
    transfer("shenqing", branch="32", department="理赔一部", by=IT)
    let_go("wangmin", to="shenqing", by=IT)
    steps.hear()
    assert steps.again(claim).officer is None
    give_post("shenqing", post=Post(code="SP", department="理赔一部", branch="31"), by=IT)
    assign_claim(claim.number, to="shenqing", by="staff/zhouwei")
