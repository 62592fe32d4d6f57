"""The roster at the desk and over the API: a file is looked at, proposed, approved."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lipei.ch01_general.models import Revision
from lipei.kit import calendar
from lipei.manual import install, shipped
from tests.ch01_general.test_roster import ahead, table, week_of
from tests.site.test_api_manual import Caller
from tests.site.test_manual import page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def shipped_again():
    yield
    install(shipped())
    calendar.install(())


def file_of(year: int, *lines: str) -> SimpleUploadedFile:
    days = [f"{day.isoformat()},休息,春节" for day in week_of(year)]
    text = "\r\n".join(["日期,性质,节日", *days, *lines])
    return SimpleUploadedFile("rest.csv", text.encode("gb18030"), "text/csv")


def test_a_file_is_looked_at_then_proposed_then_approved_by_another(staff_client):
    year = ahead()
    where = f"/manual/rest-days/{year}/"
    manager, compliance = staff_client("zhouwei"), staff_client("hege")
    assert "这一年还没有安排" in page(manager, where)
    looked = manager.post(f"{where}look/", {"file": file_of(year)})
    told = looked.content.decode()
    assert looked.status_code == 200
    assert "提出这份安排" in told
    assert not Revision.objects.exists(), "a look keeps nothing"
    row = looked.context["proposing"]["table"].value()
    assert manager.post(f"{where}proposals/", {"table": row, "reason": ""}).status_code == 422
    sent = manager.post(f"{where}proposals/", {"table": row, "reason": "国办发明电"})
    assert sent.status_code == 303
    approve = f"/manual/changes/rest_year/{year}/1/approve/"
    assert "没有这项权限" not in page(manager, where)
    manager.post(approve)
    assert calendar.is_workday(week_of(year)[0]), "not by the person who proposed it"
    assert "批准" in page(compliance, where)
    assert compliance.post(approve).status_code == 303
    assert not calendar.is_workday(week_of(year)[0])
    assert "由本机构载入" in page(manager, where)


def test_a_file_with_a_wrong_row_is_refused_by_its_row_and_nothing_is_kept(staff_client):
    year = ahead()
    where, manager = f"/manual/rest-days/{year}/look/", staff_client("zhouwei")
    monday = week_of(year)[0].isoformat()
    for line, told in (
        ("2027-13-40,休息,春节", "第 7 行"), (f"{monday},休息,春节", "第 7 行"),
        (f"{year}-05-01,睡觉,劳动节", "第 7 行"),
    ):  # fmt: skip
        answer = manager.post(where, {"file": file_of(year, line)})
        assert answer.status_code == 422
        assert told in answer.content.decode()
    other = SimpleUploadedFile("x.csv", "名称,价格\r\n门,3".encode(), "text/csv")
    assert manager.post(where, {"file": other}).status_code == 422
    assert manager.post(where, {}).status_code == 422
    assert manager.post(f"/manual/rest-days/{year}/proposals/",
                        {"table": "[1", "reason": "x"}).status_code == 422  # fmt: skip
    assert staff_client("wangmin").post(where, {"file": file_of(year)}).status_code == 403
    page(manager, "/manual/rest-days/20x7/", status=404)
    assert not Revision.objects.exists()


def test_the_api_brings_in_a_year_with_the_same_two_persons(department):
    year = ahead()
    manager, compliance = Caller("zhouwei"), Caller("hege")
    assert manager.get(f"/rest-years/{year}")["is_announced"] is False
    row = {k: v for k, v in table(year, *week_of(year)).items() if k != "year"}
    body = row | {"reason": "国务院公布"}
    Caller("wangmin").post(f"/rest-years/{year}/proposals", body, status=403)
    made = manager.post(f"/rest-years/{year}/proposals", body)
    where = f"/changes/rest_year/{year}/{made['edition']}"
    manager.post(f"{where}/approval", {}, status=403)
    compliance.post(f"{where}/approval", {})
    assert manager.get(f"/rest-years/{year}")["is_announced"] is True
    assert len(manager.get(f"/changes/rest_year/{year}")) == 1
    manager.post(f"/rest-years/{year}/proposals", body | {"rest": {}}, status=422)
