"""The administrator's pages of branches and people: every act through its form, and its no."""

import re

import pytest
from django.test import Client

from lipei.ch01_general.actors import actor
from lipei.ch01_general.models import Branch, Department, Staff
from lipei.kit import clock
from lipei.kit.journal import history
from lipei.site.demonstration import PASSWORD
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
WANGMIN = "/people/of/wangmin/"


@pytest.fixture
def it(staff_client):
    return staff_client("itadmin")


def place(name: str, *, branch: str = "31") -> str:
    return str(Department.objects.get(name=name, branch__code=branch).pk)


def text(answer) -> str:
    return answer.content.decode()


def test_a_colleague_is_added_gets_a_link_and_comes_in_by_a_password_of_their_own(it):
    told = {"name": "沈青", "number": "31077", "username": "shenqing", "phone": "", "post": "SP",
            "level": "1", "place": place("理赔一部")}  # fmt: skip
    added = it.post("/people/add/", told)
    assert added.headers["Cache-Control"] == "no-store"
    link = re.search(r"/join/[\w-]+/", text(added))[0]
    person = Staff.objects.get(username="shenqing")
    assert not person.has_usable_password()
    newcomer = Client()
    assert "shenqing" in text(newcomer.get(link))
    weak = newcomer.post(link, {"password": "short", "again": "short"})
    assert weak.status_code == 422
    joined = newcomer.post(link, {"password": "quiet-harbour-41", "again": "quiet-harbour-41"})
    assert joined.headers["Location"] == "/login/enrol/"
    assert newcomer.get("/login/enrol/").status_code == 200
    assert newcomer.get("/desk/").status_code == 302, "the second factor comes first"
    for again in (newcomer, Client()):
        assert again.get(link).status_code == 404
    used = history("staff/shenqing")[-1]
    assert (used.verb, used.actor) == ("systems.invitation_used", "staff/shenqing")


def test_what_is_wrong_with_a_new_colleague_is_said_and_nobody_is_added(it):
    told = {"name": "沈青", "number": "20817", "username": "Wang Min", "phone": "12", "post": "CU",
            "level": "9", "place": "77"}  # fmt: skip
    answer = it.post("/people/add/", told)
    assert answer.status_code == 422
    assert text(answer).count('class="u-error"') == 5
    taken = {**told, "username": "shenqing", "phone": "", "post": "SP", "level": "1",
             "place": place("理赔一部")}  # fmt: skip
    assert "工号已经属于" in text(it.post("/people/add/", taken))
    assert not Staff.objects.filter(name="沈青").exists()


def test_a_new_link_kills_the_one_before_it_and_an_old_one_dies(it):
    def given() -> str:
        return re.search(r"/join/[\w-]+/", text(it.post(f"{WANGMIN}invite/")))[0]

    first, second = given(), given()
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    Staff.objects.get(username="wangmin").invitations.update(expires_at=clock.now())
    assert Client().get(second).status_code == 404
    third = given()
    it.post(f"{WANGMIN}leave/", {"to": ""})
    assert Client().get(third).status_code == 404


def test_the_list_is_searched_filtered_and_taken_out_as_it_is(it):
    page = text(it.get("/people/?q=王"))
    assert "王敏" in page
    assert "李军" not in page
    assert "李军" in text(it.get("/people/?post=LA"))
    assert "王敏" not in text(it.get("/people/?post=LA"))
    assert "吴桐" not in text(it.get("/people/?branch=31"))
    assert "没有找到" in text(it.get("/people/?state=left"))
    file = b"".join(it.post("/people/export/?post=LA").streaming_content).decode()
    assert "李军" in file
    assert "王敏" not in file
    assert "itadmin" in file.splitlines()[0]
    assert history("staff/itadmin")[-1].facts["view"] == "people"


def test_a_long_list_goes_on_where_it_stopped(it, department):
    head = Branch.objects.get(code="00")
    Staff.objects.bulk_create(
        Staff(username=f"p{n}", name=f"人{n}", number=f"5{n:04}", branch=head) for n in range(60)
    )
    first = text(it.get("/people/?branch=00"))
    following = re.search(r'href="(\?[^"]*after=[^"]*)"', first)[1].replace("&amp;", "&")
    second = text(it.get(f"/people/{following}"))
    names = [set(re.findall(r"/people/of/(p\d+)/", page)) for page in (first, second)]
    assert not names[0] & names[1]
    assert len(names[0] | names[1]) == 60


def test_posts_certificates_and_days_away_are_given_and_ended_on_the_page(it):
    today = clock.today().isoformat()
    given = {"post": "CS", "level": "0", "place": place("客服中心"), "since": "", "until": ""}
    assert it.post(f"{WANGMIN}post/", given).status_code == 303
    assert actor("staff/wangmin").may("service.answer")
    person = Staff.objects.get(username="wangmin")
    row = person.appointments.get(post="CS")
    assert "客服代表" in text(it.get(WANGMIN))
    it.post(f"{WANGMIN}post/{row.pk}/end/")
    assert not actor("staff/wangmin").may("service.answer")
    filed = {"kind": "CDA", "number": "C-9", "issuer": "协会", "valid_from": today,
             "valid_to": today}  # fmt: skip
    assert it.post(f"{WANGMIN}certificate/", filed).status_code == 303
    assert "即将到期" in text(it.get(WANGMIN))
    certificate = person.certificates.get(number="C-9")
    it.post(f"{WANGMIN}certificate/{certificate.pk}/end/")
    assert "已失效" in text(it.get(WANGMIN))
    away = {"from_on": today, "to_on": today, "to": ""}
    assert it.post(f"{WANGMIN}absence/", away).status_code == 303
    assert "休假" in text(it.get("/people/?state=away"))
    it.post(f"{WANGMIN}absence/{person.absences.get().pk}/end/")
    assert "没有找到" in text(it.get("/people/?state=away"))


@pytest.mark.parametrize(
    ("act", "told", "words"),
    [
        ("post", {"post": "IT", "level": "0", "since": "", "until": ""}, "不能"),
        ("certificate", {"kind": "CDA", "number": "C", "issuer": "x", "valid_from": "2026-02-01",
                         "valid_to": "2026-01-01"}, "截止日"),
        ("factor", {"evidence": "met", "reason": " "}, ""),
        ("factor", {"evidence": "trust me", "reason": "遗失"}, ""),
        ("leave", {"to": "zhaolin"}, ""),
        ("absence", {"from_on": "昨天", "to_on": "2026-13-01", "to": ""}, ""),
    ],
)  # fmt: skip
def test_every_no_stands_in_its_form_and_changes_nothing(it, act, told, words):
    before = len(history("staff/wangmin"))
    if act == "post":
        told = {**told, "place": place("信息部", branch="00")}
    answer = it.post(f"{WANGMIN}{act}/", told)
    assert 400 <= answer.status_code < 500
    page = text(answer)
    assert 'role="alert"' in page
    assert words in page
    assert re.search(rf'<details class="u-fold" open>.*?{act}_', page, re.DOTALL)
    assert len(history("staff/wangmin")) == before


def test_a_leaver_and_a_transfer_hand_their_work_on(it):
    claim = steps.filed()
    claim.officer = Staff.objects.get(username="wangmin")
    claim.save()
    assert re.search(r"未结案件</span><b[^>]*>1<", text(it.get(WANGMIN)))
    moved = it.post(f"{WANGMIN}transfer/", {"place": place("审计部", branch="00"), "to": ""})
    assert moved.status_code == 303
    steps.hear()
    assert steps.again(claim).officer.username == "wangmin", "the head office reaches every branch"
    assert it.post(f"{WANGMIN}leave/", {"to": "linyue"}).status_code == 303
    steps.hear()
    assert steps.again(claim).officer.username == "linyue"
    page = text(it.get(WANGMIN))
    assert "已离职" in page
    assert "/leave/" not in page


@pytest.mark.clause("6.1-a")
def test_a_lost_authenticator_is_reset_by_another_and_its_sessions_end(it, staff_client):
    wangmin = staff_client("wangmin")
    session = wangmin.session
    session["entered_at"] = clock.now().timestamp()
    session.save()
    assert wangmin.get("/desk/").status_code == 200
    told = {"evidence": "called", "reason": "手机丢了"}
    assert it.post(f"{WANGMIN}factor/", told).status_code == 303
    assert wangmin.get("/desk/").status_code == 302
    out = wangmin.get("/login/enrol/")
    assert out.headers["Location"].startswith("/login/"), "the lost phone takes up no new one"
    wangmin.post("/login/", {"username": "wangmin", "password": PASSWORD})
    page = text(wangmin.get("/login/enrol/"))
    assert "验证器已由管理员重置" in page
    assert "手机丢了" not in history("staff/wangmin")[-1].line
    assert it.post(f"{WANGMIN}factor/", told).status_code == 409


@pytest.mark.clause("6.1-a")
def test_nobody_gives_themselves_a_post(it):
    own = "/people/of/itadmin/"
    assert "另一位系统管理员" in text(it.get(own))
    given = {"post": "SP", "level": "1", "place": place("理赔一部"), "since": "", "until": ""}
    assert it.post(f"{own}post/", given).status_code == 403
    assert it.post(f"{own}leave/", {"to": ""}).status_code == 403
    assert it.post(f"{own}invite/").status_code == 303
    assert not Staff.objects.get(username="itadmin").invitations.exists()


def test_a_manager_sees_people_and_changes_nobody(staff_client):
    manager = staff_client("zhouwei")
    page = text(manager.get(WANGMIN))
    assert "王敏" in page
    assert "授予岗位" not in page
    assert manager.post(f"{WANGMIN}leave/", {"to": ""}).status_code == 403
    assert manager.get("/people/add/").status_code == 403
    assert manager.get("/people/of/wutong/").status_code == 404
    for path in ("/people/", WANGMIN, "/company/"):
        assert staff_client("wangmin").get(path).status_code == 403


def test_the_tree_is_built_and_pruned_on_its_pages(it):
    made = it.post("/company/add/", {"code": "32", "name": "江苏分公司", "under": "00"})
    assert made.headers["Location"] == "/company/of/32/"
    assert it.post("/company/of/32/departments/", {"name": "理赔一部"}).status_code == 303
    assert "理赔一部" in text(it.get("/company/"))
    again = it.post("/company/of/32/departments/", {"name": "理赔一部"})
    assert (again.status_code, "同名部门" in text(again)) == (409, True)
    assert it.post("/company/of/32/name/", {"name": "江苏省分公司"}).status_code == 303
    assert it.post("/company/of/32/name/", {"name": ""}).status_code == 422
    it.post("/company/of/32/departments/close/", {"name": "理赔一部"})
    it.post("/company/of/32/close/")
    page = text(it.get("/company/of/32/"))
    assert "已撤销" in page
    refused = it.post("/company/of/31/close/", follow=True)
    assert "下级机构" in text(refused)
    assert it.get("/company/of/77/").status_code == 404
    assert it.post("/company/add/", {"code": "!", "name": "", "under": "77"}).status_code == 422


def test_lists_ask_as_much_for_many_as_for_few(it, department, django_assert_max_num_queries):
    head = Branch.objects.get(code="00")
    it.get("/people/")
    with django_assert_max_num_queries(14):
        it.get("/people/")
    Staff.objects.bulk_create(
        Staff(username=f"p{n}", name=f"人{n}", number=f"5{n:04}", branch=head) for n in range(60)
    )
    with django_assert_max_num_queries(14):
        it.get("/people/")
