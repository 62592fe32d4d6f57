"""Finding a claim by what a caller says, only where one may; reports keyed for callers."""

from datetime import timedelta

import pytest

from lipei.ch01_general.actors import actor
from lipei.ch01_general.duties import add_staff
from lipei.ch01_general.models import Branch, Claim, Party
from lipei.kit import clock, sealed
from lipei.kit.journal import history
from lipei.site.demonstration import CUSTOMERS, with_check_digit
from lipei.site.desk.find import claim_ids, policies_found
from tests import steps
from tests.site import pocket

pytestmark = pytest.mark.django_db(transaction=True)
PALETTE = {"HX-Request": "true", "HX-Target": "div#u-palette-list"}


def found(q, username="wangmin"):
    ids = claim_ids(q, actor(f"staff/{username}"))
    return list(Claim.objects.filter(pk__in=ids).values_list("number", flat=True))


@pytest.fixture
def claim(department):
    return steps.filed()


@pytest.mark.parametrize(
    "said",
    ["周国栋", "周国", "13800006021", "1380000", "+86 138-0000-6021", "沪A6K27P", "沪a6k27",
     "沪A·6K27P", "PDAA2026310100000001", "pdaa202631"],
)  # fmt: skip
def test_a_claim_is_found_by_name_telephone_plate_and_policy(claim, said):
    assert found(said) == [claim.number]


def test_a_claim_is_found_by_its_number_its_beginning_and_its_last_six(claim):
    for said in (claim.number, claim.number.lower(), claim.number[:12], claim.number[-6:]):
        assert claim.number in found(said), said


def test_a_claim_is_found_by_the_identity_number_that_is_kept_sealed(claim):
    identity = with_check_digit(f"{CUSTOMERS[0][2]}001")
    assert Party.objects.get(phone=steps.PHONE).id_digest == sealed.digest(identity)
    assert found(identity) == [claim.number]
    assert found(identity[:-1] + ("0" if identity[-1] != "0" else "1")) == []


@pytest.mark.parametrize(
    "said",
    ["", " ", "周", "x", "%", "_", "%%", "周%", "__", "\\", "' OR 1=1 --", "李晓燕", "0" * 80],
)
def test_what_names_nobody_finds_nothing(claim, said):
    assert found(said) == []


def test_only_claims_of_ones_own_branches_are_found(claim):
    there = Branch.objects.create(code="44", name="广东分公司", path="/00/44/")
    add_staff(username="faraway", name="远方", number="44001", password="long-enough-secret",
              branch=there, held=[("SP", 1, "理赔部")], by="system/test")  # fmt: skip
    for said in ("周国栋", claim.number, "沪A6K27P", "13800006021"):
        assert found(said, "faraway") == []
        assert found(said, "itadmin") == []
        assert found(said, "wutong") == [claim.number]
    assert policies_found("周国栋", actor("staff/faraway")) == []
    assert len(policies_found("周国栋", actor("staff/wangmin"))) == 1


def test_the_palette_answers_with_claims_policies_and_pages(staff_client):
    number = steps.filed().number
    clerk, auditor = staff_client("wangmin"), staff_client("wutong")
    page = clerk.get("/search/palette/?q=周国栋", headers=PALETTE).content.decode()
    assert f"/claims/{number}/" in page
    assert "/claims/new/?policy=" in page
    assert (
        "/claims/new/?policy="
        not in auditor.get("/search/palette/?q=周国栋", headers=PALETTE).content.decode()
    )
    pages = clerk.get("/search/palette/?q=待办", headers=PALETTE).content.decode()
    assert 'href="/desk/"' in pages
    assert "没有找到" in clerk.get("/search/palette/?q=zzzz", headers=PALETTE).content.decode()


def test_without_scripts_the_search_is_a_page(staff_client):
    number = steps.filed().number
    client = staff_client("wangmin")
    answer = client.get("/search/palette/", {"q": "周国栋"})
    assert answer.headers["Location"].startswith("/search/?q=")
    assert number in client.get(answer.headers["Location"]).content.decode()
    assert client.get("/search/?q=%00").status_code == 400
    assert client.get("/search/", {"q": "长" * 500}).status_code == 200
    assert "<script>" not in client.get("/search/", {"q": "<script>"}).content.decode()


# Reports that are keyed for a caller


def told(client, **changes):
    policy = Party.objects.get(phone=steps.PHONE).policies.get().number
    lost = clock.now().astimezone(clock.LOCAL) - timedelta(hours=5)
    fields = {
        "policy": policy, "channel": "phone", "caller": "周国栋", "phone": steps.PHONE,
        "relation": "insured", "lost_at": f"{lost:%Y-%m-%dT%H:%M}", "place": "春和路",
        "cause": "collision", "injured": "no", "story": "倒车碰到护栏", "others": "none",
        "fault": "full", "proof": "none", "consented": "on", "key": "key-of-the-form-1",
        "damage_own_vehicle_front_bumper": "dent",
    }  # fmt: skip
    return client.post("/claims/new/", {**fields, **changes})


def test_a_caller_gets_a_number_and_the_claim_is_theirs(staff_client, claimant_client):
    answer = told(staff_client("heyu"))
    claim = Claim.objects.get()
    assert answer.headers["Location"] == f"/claims/{claim.number}/"
    assert (claim.channel, claim.reporter.phone) == ("phone", steps.PHONE)
    assert claim.estimate_high_fen
    assert history(claim.subject)[0].actor == "staff/heyu"
    assert claimant_client().get(f"/m/claims/{claim.number}/").status_code == 200


def keyed(client, **changes) -> Claim:
    """A report without policy, keyed for a caller."""
    assert told(client, policy="", relation="driver", **changes).status_code == 302
    return Claim.objects.latest("pk")


def known(client, name):
    return client.post("/m/claims/caller/", {"caller": name})


@pytest.mark.clause("1.4-f")
def test_a_phone_that_was_mistyped_opens_the_claim_of_nobody_else(staff_client, settings):
    settings.LIPEI_DEMO = True
    other = pocket.signed_in(steps.PHONE)
    claim = keyed(staff_client("heyu"), caller="张三丰")
    assert claim.reporter.name == "张三丰"
    assert other.get(f"/m/claims/{claim.number}/").status_code == 404
    page = other.get("/m/claims/").content.decode()
    assert claim.number not in page
    assert "张三丰" not in page
    for wrong in ("周国栋", "张三", "", "王伟"):
        assert known(other, wrong).status_code == 422
    assert other.get(f"/m/claims/{claim.number}/account/").status_code == 404
    claim.refresh_from_db()
    assert claim.reporter.name == "张三丰"


@pytest.mark.clause("1.4-f")
def test_after_five_names_nobody_guesses_on_today(staff_client, settings):
    settings.LIPEI_DEMO = True
    other = pocket.signed_in(steps.PHONE)
    claim = keyed(staff_client("heyu"), caller="张三丰")
    for n in range(5):
        assert "没有以这个姓名" in known(other, f"李四{'一二三四五'[n]}").content.decode()
    assert "次数已经用完" in known(other, "张三丰").content.decode()
    assert other.get(f"/m/claims/{claim.number}/").status_code == 404


def test_a_caller_whom_we_know_under_another_name_sees_their_claim_by_that_name(
    staff_client, settings
):
    settings.LIPEI_DEMO = True
    own = pocket.signed_in(steps.PHONE)
    claim = keyed(staff_client("heyu"), caller="周先生")
    assert "电话或柜面报过案" in own.get("/m/claims/").content.decode()
    assert known(own, "周先生")["Location"] == "/m/claims/"
    page = own.get("/m/claims/").content.decode()
    assert claim.number in page
    assert "电话或柜面报过案" not in page
    assert own.get(f"/m/claims/{claim.number}/").status_code == 200
    assert Party.objects.get(signs_in_by=steps.PHONE).name == "周国栋"


def test_who_comes_in_by_a_phone_that_was_a_contact_is_a_person_of_their_own(
    staff_client, settings
):
    settings.LIPEI_DEMO = True
    claim = keyed(staff_client("heyu"), caller="张三丰", phone="13700002222")
    third = Party.objects.create(name="王五", phone="13700002222")
    own = pocket.signed_in("13700002222")
    mine = Party.objects.get(signs_in_by="13700002222")
    assert mine.pk not in (claim.reporter_id, third.pk)
    assert own.get(f"/m/claims/{claim.number}/").status_code == 404
    assert known(own, "王五").status_code == 422
    assert known(own, "张三丰").status_code == 302
    mine.refresh_from_db()
    assert mine.name == "张三丰"
    assert own.get(f"/m/claims/{claim.number}/").status_code == 200
    assert keyed(staff_client("heyu"), caller="张三丰", phone="13700002222",
                 key="key-of-the-form-9").reporter_id == mine.pk  # fmt: skip


def test_the_person_of_the_policy_comes_in_as_themselves(department, settings):
    settings.LIPEI_DEMO = True
    insured = Party.objects.get(phone=steps.PHONE)
    for _ in range(2):
        pocket.signed_in(steps.PHONE)
    insured.refresh_from_db()
    assert insured.signs_in_by == steps.PHONE
    assert Party.objects.filter(phone=steps.PHONE).count() == 1


def test_two_persons_of_policies_with_one_phone_are_not_taken_for_each_other(department, settings):
    settings.LIPEI_DEMO = True
    Party.objects.filter(phone=CUSTOMERS[1][1]).update(phone=steps.PHONE)
    pocket.signed_in(steps.PHONE)
    assert Party.objects.get(signs_in_by=steps.PHONE).id_digest == ""


def test_the_same_form_sent_twice_is_one_claim(staff_client):
    client = staff_client("heyu")
    first, second = told(client), told(client)
    assert first.headers["Location"] == second.headers["Location"]
    assert Claim.objects.count() == 1


def test_a_second_event_within_a_day_must_be_said_to_be_one(staff_client):
    client = staff_client("heyu")
    told(client)
    again = told(client, key="key-of-the-form-2")
    assert again.status_code == 409
    assert Claim.objects.get().number in again.content.decode()
    assert "倒车碰到护栏" in again.content.decode()
    assert told(client, key="key-of-the-form-3", another="on").status_code == 302
    assert Claim.objects.count() == 2


def test_a_report_that_came_earlier_keeps_its_time_and_needs_its_reason(staff_client):
    client = staff_client("heyu")
    came = clock.now().astimezone(clock.LOCAL) - timedelta(hours=3)
    when = f"{came:%Y-%m-%dT%H:%M}"
    why = {"received_at": when, "received_why": "系统停机时手记"}
    assert told(client, received_at=when).status_code == 422
    assert told(client, **why).status_code == 422
    assert not Claim.objects.exists()
    assert told(client, **why, received_proof=steps.photograph(3)).status_code == 302
    assert Claim.objects.get().documents.get().kind == "receipt_stamp"
    claim = Claim.objects.get()
    assert f"{claim.reported_at.astimezone(clock.LOCAL):%Y-%m-%dT%H:%M}" == when
    entry = history(claim.subject)[0]
    assert entry.recorded_at - entry.occurred_at > timedelta(hours=2)
    later = clock.now().astimezone(clock.LOCAL) + timedelta(hours=3)
    assert told(client, received_at=f"{later:%Y-%m-%dT%H:%M}").status_code == 422


def test_a_report_without_policy_is_taken_and_marked(staff_client):
    assert told(staff_client("wangmin"), policy="").status_code == 302
    claim = Claim.objects.get()
    assert claim.flags == ["unmatched"]
    assert claim.branch_path == "/00/31/"


def test_somebody_elses_policy_number_in_the_form_is_not_used(staff_client):
    there = Branch.objects.create(code="44", name="广东分公司", path="/00/44/")
    policy = Party.objects.get(phone=CUSTOMERS[1][1]).policies.get()
    type(policy).objects.filter(pk=policy.pk).update(branch=there)
    told(staff_client("heyu"), policy=policy.number)
    assert Claim.objects.get().policy is None


@pytest.mark.parametrize(
    ("field", "typed"),
    [("lost_at", "2199-01-01T00:00"), ("lost_at", "1980-01-01T00:00"), ("lost_at", "gestern"),
     ("phone", "123"), ("caller", "12345"), ("cause", "witchcraft"), ("consented", ""),
     ("place", ""), ("story", "x" * 2001), ("other_plate", "ZZZ"), ("channel", "app"),
     ("damage_own_vehicle_front_bumper", "exploded"), ("fault", "mine"), ("relation", "")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(staff_client, field, typed):
    answer = told(staff_client("heyu"), **{field: typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "data-errors" in page
    if field != "story":
        assert "倒车碰到护栏" in page
    assert not Claim.objects.exists()


def test_only_who_takes_reports_has_the_form(staff_client):
    for username, status in (("heyu", 200), ("wangmin", 200), ("zhaolin", 403), ("wutong", 403)):
        assert staff_client(username).get("/claims/new/").status_code == status, username
    assert told(staff_client("zhaolin")).status_code == 403
    assert told(staff_client("heyu"), story="a\x00b").status_code == 400
    assert not Claim.objects.exists()
