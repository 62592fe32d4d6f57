"""Branches and people through the API: the same commands, and the same no."""

from itertools import count

import pytest
from django.test import Client

from lipei.ch01_general.actors import actor
from lipei.ch01_general.models import Staff
from lipei.ch01_general.tokens import SCOPES
from lipei.ch06_systems.models import Invitation
from lipei.kit import clock
from lipei.kit.models import Answer, Entry
from tests.site.conftest import caller

pytestmark = pytest.mark.django_db(transaction=True)
_keys = count(1)
NEWCOMER = {
    "username": "shenqing", "name": "沈青", "number": "31077", "phone": "13700001111",
    "post": "SP", "department": "理赔一部", "branch": "31", "level": 1,
}  # fmt: skip


@pytest.fixture
def door(department):
    """Calls as somebody of the house."""

    def opened(username: str = "itadmin") -> Client:
        return caller(Staff.objects.get(username=username), SCOPES)

    return opened


def post(client: Client, path: str, body: dict | None = None, *, key: str = ""):
    return client.post(
        f"/api/v1{path}", body, content_type="application/json",
        headers={"Idempotency-Key": key or f"people-{next(_keys):04}"},
    )  # fmt: skip


def test_a_branch_gets_a_department_and_a_first_colleague_who_then_comes_in(door):
    it = door()
    made = post(it, "/branches", {"code": "32", "name": "江苏分公司", "under": "00"})
    assert (made.status_code, made.json()["under"]) == (201, "00")
    made = post(it, "/branches/32/departments", {"name": "理赔一部"})
    assert made.json()["departments"] == ["理赔一部"]
    told = post(it, "/people", {**NEWCOMER, "branch": "32"})
    assert told.status_code == 201
    path = "/join/" + told.json()["link"].split("/join/")[1]
    joined = Client().post(path, {"password": "quiet-harbour-41", "again": "quiet-harbour-41"})
    assert joined.headers["Location"] == "/login/enrol/"
    assert actor("staff/shenqing").may("claims.register", "/00/32/")
    person = it.get("/api/v1/people/shenqing").json()
    assert [(one["post"], one["branch"]) for one in person["posts"]] == [("SP", "32")]


def test_the_link_is_answered_once_and_kept_nowhere(door):
    it = door()
    first = post(it, "/people", NEWCOMER, key="the-same-key").json()
    again = post(it, "/people", NEWCOMER, key="the-same-key")
    assert (again.status_code, again.json()["link"]) == (201, "")
    token = first["link"].rstrip("/").rpartition("/")[2]
    assert len(token) > 40
    kept = [str(one.answer) for one in Answer.objects.all()]
    kept += [one.line for one in Entry.objects.all()]
    kept += list(Invitation.objects.values_list("digest", flat=True))
    assert not any(token in one for one in kept)


def test_posts_certificates_days_away_and_leaving(door):
    it, today = door(), clock.today().isoformat()
    given = post(it, "/people/wangmin/posts",
                 {"post": "CS", "department": "客服中心", "branch": "31"})  # fmt: skip
    assert given.status_code == 201
    row = given.json()["row"]
    assert post(it, f"/people/wangmin/posts/{row}/ending", {}).status_code == 200
    filed = post(it, "/people/heyu/certificates",
                 {"kind": "insurance_basics", "number": "B-1", "issuer": "培训中心",
                  "valid_from": today, "valid_to": today})  # fmt: skip
    assert filed.status_code == 201
    gone = post(it, f"/people/heyu/certificates/{filed.json()['row']}/withdrawal")
    assert gone.status_code == 200
    away = post(it, "/people/heyu/absences", {"from_on": today, "to_on": today})
    assert post(it, f"/people/heyu/absences/{away.json()['row']}/calling-off").status_code == 200
    moved = post(it, "/people/heyu/transfer", {"branch": "00", "department": "审计部"})
    assert moved.json()["branch"] == "00"
    named = post(it, "/people/heyu/details", {"name": "何小雨", "phone": ""})
    assert named.json()["name"] == "何小雨"
    reset = post(it, "/people/heyu/second-factor-reset", {"reason": "遗失", "evidence": "met"})
    assert reset.status_code == 200
    left = post(it, "/people/heyu/leaving", {"to": ""})
    assert left.json()["is_active"] is False


@pytest.mark.parametrize(
    ("path", "body", "status", "slug"),
    [
        ("/people/itadmin/leaving", {"to": ""}, 403, "not_for_oneself"),
        ("/people/nobody/leaving", {"to": ""}, 404, "person_not_found"),
        ("/people/wangmin/leaving", {"to": "zhaolin"}, 409, "successor_not_qualified"),
        ("/people", {**NEWCOMER, "username": "wangmin"}, 409, "username_taken"),
        ("/people", {**NEWCOMER, "number": "20817"}, 409, "staff_number_taken"),
        ("/people", {**NEWCOMER, "username": "Shen Qing"}, 422, "input_wrong"),
        ("/people", {**NEWCOMER, "phone": "12"}, 422, "input_wrong"),
        ("/people", {**NEWCOMER, "post": "CU"}, 422, "choice_unknown"),
        ("/people", {**NEWCOMER, "post": "XX"}, 422, "choice_unknown"),
        ("/branches/31/closing", None, 409, "branch_has_branches"),
        ("/branches", {"code": "31", "name": "x", "under": "00"}, 409, "branch_code_taken"),
        ("/branches/77/name", {"name": "x"}, 404, "branch_not_found"),
    ],
)  # fmt: skip
def test_every_no_has_its_name(door, path, body, status, slug):
    people = Staff.objects.count()
    answer = post(door(), path, body)
    assert (answer.status_code, answer.json()["slug"]) == (status, slug)
    assert Staff.objects.count() == people


@pytest.mark.clause("6.1-a")
def test_who_does_not_manage_accounts_changes_nobody(door):
    manager = door("zhouwei")
    assert manager.get("/api/v1/people").status_code == 200
    answer = post(manager, "/people/wangmin/leaving", {"to": ""})
    assert (answer.status_code, answer.json()["slug"]) == (403, "duty_missing")
    clerk = door("wangmin")
    assert clerk.get("/api/v1/people").json()["items"] == []
    assert clerk.get("/api/v1/people/lijun").status_code == 404


def test_the_list_goes_page_by_page_and_is_searched(door):
    it, seen, cursor = door(), [], ""
    while True:
        page = it.get("/api/v1/people", {"limit": 5, "cursor": cursor}).json()
        seen += [one["username"] for one in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == Staff.objects.count()
    assert [p["username"] for p in it.get("/api/v1/people?q=王敏").json()["items"]] == ["wangmin"]
