"""The claim page: who may see it, what it shows, and each act with its yes and its no."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lipei.ch01_general.actors import actor
from lipei.ch01_general.duties import add_staff, send_code
from lipei.ch01_general.models import Branch, Party
from lipei.ch02_intake.models import Document, Material
from lipei.ch03_assessment.models import Calculation
from lipei.kit import clock
from lipei.kit.journal import history
from lipei.kit.models import Entry
from lipei.manual import posts
from lipei.site.desk.acts import acts_of
from lipei.site.desk.claim import TABS
from lipei.site.desk.scene import Scene
from lipei.site.shell import address as reachable
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
PART = {"HX-Request": "true", "HX-Target": "section#u-detail"}
DIALOG = {"HX-Request": "true", "HX-Target": "div#u-dialog-slot"}
HOUR = timedelta(hours=1)


def verbs(claim):
    return [entry.verb for entry in history(claim.subject)]


def seen(page):
    return re.search(r'name="seen" value="(\d+)"', page)[1]


def asked(client, claim, key, **fields):
    """Open an act's form, fill it in and send it, as a browser does."""
    url = f"/claims/{claim.number}/acts/{key}/"
    form = client.get(url, headers=DIALOG)
    assert form.status_code == 200, form.content.decode()
    return client.post(url, {"seen": seen(form.content.decode()), **fields}, headers=DIALOG)


@pytest.fixture
def far_client(staff_client):
    """Somebody of another province."""
    root = Branch.objects.get(code="00")
    there = Branch.objects.create(code="44", name="广东分公司", parent=root, path="/00/44/")
    person = add_staff(
        username="faraway", name="远方", number="44001", password="long-enough-secret",
        branch=there, held=[("SP", 1, "理赔部")], by="system/test",
    )  # fmt: skip
    person.totpdevice_set.create(name="test", confirmed=True)
    return staff_client("faraway")


@pytest.fixture
def big(department):
    """A loss above the small limit: assessed, and waiting for a person to calculate."""
    return steps.surveyed(
        steps.registered(steps.accepted(steps.filed())), own_fen=400_000, other_fen=300_000
    )


# Seeing


@pytest.mark.parametrize("tab", list(TABS))
def test_every_tab_is_a_page_and_a_part_of_one(staff_client, tab):
    claim = steps.all_the_way()
    client = staff_client("wangmin")
    url = f"/claims/{claim.number}/{tab}/" if tab else f"/claims/{claim.number}/"
    page, part = client.get(url).content.decode(), client.get(url, headers=PART).content.decode()
    assert "<!doctype html>" in page
    assert "<!doctype html>" not in part
    assert part.count("<h1") == 1
    assert claim.number in part


def test_a_claim_of_another_branch_does_not_exist(far_client):
    claim = steps.filed()
    document = Document.objects.filter(claim=claim).first()
    party = claim.reporter_id
    for url in (
        "", "audit/", "acts/register/", f"docs/{document.pk}/thumb/", f"people/{party}/phone/",
    ):  # fmt: skip
        answer = far_client.get(f"/claims/{claim.number}/{url}")
        assert answer.status_code == 404, url
        assert far_client.get(f"/claims/CX-2026-0101-000000/{url}").status_code == 404
    assert (
        far_client.post(f"/claims/{claim.number}/papers/driving_licence/accept/").status_code == 404
    )


def test_who_has_no_duty_gets_no_button_and_no_answer(staff_client):
    claim = steps.accepted(steps.filed())
    clerk, auditor = staff_client("wangmin"), staff_client("wutong")
    url = f"/claims/{claim.number}/acts/register/"
    assert url in clerk.get(f"/claims/{claim.number}/", headers=PART).content.decode()
    assert url not in auditor.get(f"/claims/{claim.number}/", headers=PART).content.decode()
    assert auditor.get(url).status_code == 403
    assert auditor.post(url, {"reserve_1": "1"}).status_code == 403
    assert "intake.claim_registered" not in verbs(claim)


def test_a_claim_that_is_paid_is_closed_by_hand_and_only_by_the_duty(staff_client):
    claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
    finance, clerk = staff_client("zhaolin"), staff_client("wangmin")
    url, page = f"/claims/{claim.number}/acts/close/", f"/claims/{claim.number}/"
    assert url not in finance.get(page).content.decode()
    assert asked(finance, claim, "close").status_code == 409
    claim = steps.paid(claim)
    assert url in finance.get(page).content.decode()
    assert url not in clerk.get(page).content.decode()
    assert clerk.post(url, {"seen": "0"}).status_code == 403
    form = finance.get(url, headers=DIALOG).content.decode()
    assert "30 天内完成材料的最终整理，30 天内移交档案室" in form
    assert form.count("<dd>已付") == 2
    assert steps.again(claim).is_open
    assert asked(finance, claim, "close").status_code == 200
    claim = steps.again(claim)
    assert (claim.stage, claim.is_open) == ("closed", False)
    running = claim.clocks.filter(stopped_at=None).values_list("clause", flat=True)
    assert {"1.3-k-final", "9.2-a"} <= set(running)
    assert verbs(claim).count("general.claim_closed") == 1
    assert url not in finance.get(page).content.decode()
    assert asked(finance, claim, "close").status_code == 409


def test_a_claim_with_a_reserve_left_is_not_closed_by_hand(staff_client):
    claim = steps.paid(
        steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
    )
    claim.exposures.filter(position=1).update(reserve_fen=1)
    answer = asked(staff_client("zhaolin"), claim, "close")
    assert answer.status_code == 409
    assert "还有未结的损失项目" in answer.content.decode()
    assert steps.again(claim).is_open


def test_the_clocks_say_article_edition_and_which_one_binds(staff_client):
    claim = steps.accepted(steps.filed())
    page = staff_client("wangmin").get(f"/claims/{claim.number}/", headers=PART).content.decode()
    assert page.count("data-binding") == 1
    assert "《机动车交通事故责任强制保险条例》第 29 条" in page
    assert "2025 版" in page


# Files


def test_a_file_is_shown_to_who_may_see_its_claim_and_only_as_part_of_it(staff_client, client):
    claim, other = steps.filed(), steps.filed()
    document = Document.objects.filter(claim=claim).first()
    clerk = staff_client("wangmin")
    for size, kind in (("thumb", "image/webp"), ("page", "image/webp"), ("original", "image/jpeg")):
        answer = clerk.get(f"/claims/{claim.number}/docs/{document.pk}/{size}/")
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert clerk.get(f"/claims/{other.number}/docs/{document.pk}/page/").status_code == 404
    assert clerk.get(f"/claims/{claim.number}/docs/{document.pk}/huge/").status_code == 404
    assert clerk.get(f"/claims/{claim.number}/docs/99999999/page/").status_code == 404
    assert client.get(f"/claims/{claim.number}/docs/{document.pk}/page/").status_code == 302


# Papers


def test_a_paper_is_accepted_and_the_last_one_accepts_the_claim(staff_client):
    claim = steps.filed()
    by = steps.claimant()
    for kind in ("driving_licence", "vehicle_licence", "self_settlement"):
        steps.receive_document(claim.number, kind=kind, upload=steps.upload(by).pk, by=by)
    client = staff_client("wangmin")
    for material in Material.objects.filter(claim=claim, state="received"):
        page = client.get(f"/claims/{claim.number}/materials/", headers=PART).content.decode()
        told = {"seen": seen(page), "tab": "materials"}
        url = f"/claims/{claim.number}/papers/{material.kind}/accept/"
        answer = client.post(url, told, headers=PART)
        assert answer.headers["HX-Retarget"] == "#u-detail"
    assert steps.again(claim).stage == "accepted"


def test_a_paper_is_returned_only_with_a_reason_that_is_kept_on_refusal(staff_client):
    claim = steps.filed()
    client = staff_client("wangmin")
    url = f"/claims/{claim.number}/papers/damage_photos/return/"
    form = client.get(url, headers=DIALOG).content.decode()
    blank = client.post(url, {"seen": seen(form), "reason": "  "}, headers=DIALOG)
    assert blank.status_code == 422
    assert "data-errors" in blank.content.decode()
    assert Material.objects.get(claim=claim, kind="damage_photos").state == "received"
    client.post(url, {"seen": seen(form), "reason": "看不清车牌"}, headers=DIALOG)
    material = Material.objects.get(claim=claim, kind="damage_photos")
    assert (material.state, material.reason) == ("returned", "看不清车牌")
    wanted = client.post(
        f"/claims/{claim.number}/papers/driving_licence/accept/", {"seen": "99"}, headers=PART
    )
    assert "还没有收到" in wanted.content.decode()


def test_the_one_notice_names_what_is_absent_and_is_sent_once(staff_client):
    claim = steps.filed()
    client = staff_client("wangmin")
    form = client.get(f"/claims/{claim.number}/acts/notice/", headers=DIALOG).content.decode()
    assert "驾驶证" in form
    assert "份材料没有核" in form
    asked(client, claim, "notice")
    kinds = claim.notices.get().kinds
    assert "driving_licence" in kinds
    assert "damage_photos" not in kinds
    again = asked(client, claim, "notice", new_facts="有新的伤者")
    assert again.status_code >= 400
    assert "有新的伤者" in again.content.decode()
    assert claim.notices.count() == 1


def test_a_paper_from_the_counter_keeps_its_own_time_and_reason(staff_client):
    claim = steps.filed()
    client = staff_client("wangmin")
    came = clock.now().astimezone(clock.LOCAL).replace(second=0, microsecond=0) - HOUR
    told = {"kind": "driving_licence", "received_at": f"{came:%Y-%m-%dT%H:%M}"}
    picture = steps.photograph(7).read()

    def file():
        return SimpleUploadedFile("a.jpg", picture, content_type="image/jpeg")

    no_reason = asked(client, claim, "receive", file=file(), proof=file(), **told)
    assert no_reason.status_code == 422
    assert told["received_at"] in no_reason.content.decode()
    why = {"reason": "柜面收件章"}
    no_proof = asked(client, claim, "receive", file=file(), **why, **told)
    assert no_proof.status_code == 422
    assert "凭证" in no_proof.content.decode()
    early = {**told, "received_at": "2026-01-01T10:00"}
    before_loss = asked(client, claim, "receive", file=file(), proof=file(), **why, **early)
    assert before_loss.status_code == 422
    assert "出险" in before_loss.content.decode()
    asked(client, claim, "receive", file=file(), proof=file(), **why, **told)
    material = Material.objects.get(claim=claim, kind="driving_licence")
    assert material.received_at == came
    for bad in (SimpleUploadedFile("a.jpg", b"not a picture"), SimpleUploadedFile("a.jpg", b"")):
        refused = asked(client, claim, "receive", kind="vehicle_licence", file=bad)
        assert 400 <= refused.status_code < 500
        assert "data-errors" in refused.content.decode()
    assert Material.objects.get(claim=claim, kind="vehicle_licence").state == "wanted"


# Registration, fault, survey


@pytest.mark.parametrize(
    "typed", ["", "abc", "-1", "1.234", "1e5", "99999999999999", "１２a", "0", "1,23"]
)
def test_a_wrong_reserve_is_said_at_its_field_and_what_was_typed_stays(staff_client, typed):
    claim = steps.accepted(steps.filed())
    answer = asked(staff_client("wangmin"), claim, "register", reserve_1="2,000.5", reserve_2=typed)
    page = answer.content.decode()
    assert 400 <= answer.status_code < 500
    assert 'value="2,000.5"' in page
    assert "data-errors" in page
    assert steps.again(claim).stage == "accepted"


def test_yuan_goes_in_and_exact_fen_are_kept(staff_client):
    claim = steps.accepted(steps.filed())
    answer = asked(
        staff_client("wangmin"), claim, "register", reserve_1="2,000.50", reserve_2="0.01"
    )
    assert answer.status_code == 200
    sums = claim.exposures.order_by("position").values_list("reserve_fen", flat=True)
    assert list(sums) == [200_050, 1]
    assert steps.again(claim).stage == "registered"


def test_two_people_on_one_claim_get_a_clear_answer(staff_client):
    claim = steps.accepted(steps.filed())
    first, second = staff_client("wangmin"), staff_client("zhouwei")
    url = f"/claims/{claim.number}/acts/register/"
    old = seen(first.get(url, headers=DIALOG).content.decode())
    asked(second, claim, "assign", to="wangmin")
    told = {"seen": old, "reserve_1": "2000", "reserve_2": "1000"}
    stale = first.post(url, told, headers=DIALOG)
    page = stale.content.decode()
    assert stale.status_code == 409
    assert "周伟刚刚办理了这个案件" in page
    assert 'value="2000"' in page
    assert steps.again(claim).stage == "accepted"
    assert first.post(url, {**told, "seen": seen(page)}, headers=DIALOG).status_code == 200
    assert steps.again(claim).stage == "registered"


def test_what_happens_by_itself_disturbs_nobody(staff_client):
    claim = steps.accepted(steps.filed())
    client = staff_client("wangmin")
    url = f"/claims/{claim.number}/acts/register/"
    old = seen(client.get(url, headers=DIALOG).content.decode())
    client.post(f"/claims/{claim.number}/people/{claim.reporter_id}/phone/", {"reason": "核对"})
    told = {"seen": old, "reserve_1": "2000", "reserve_2": "1000"}
    assert client.post(url, told, headers=DIALOG).status_code == 200


@pytest.mark.parametrize("old", ["", "x", "-1", "9" * 30, "１"])
def test_a_forged_mark_of_what_was_seen_is_as_if_nothing_was(staff_client, old):
    claim = steps.accepted(steps.filed())
    client = staff_client("wangmin")
    told = {"seen": old, "reserve_1": "2000", "reserve_2": "1000"}
    answer = client.post(f"/claims/{claim.number}/acts/register/", told, headers=DIALOG)
    assert answer.status_code == 409


def test_only_a_qualified_assessor_is_sent(staff_client):
    claim = steps.registered(steps.accepted(steps.filed()))
    client = staff_client("wangmin")
    form = client.get(f"/claims/{claim.number}/acts/dispatch/", headers=DIALOG).content.decode()
    assert "李军" in form
    assert "许静" not in form
    assert asked(client, claim, "dispatch", to="xujing").status_code == 422
    assert asked(client, claim, "dispatch").status_code == 422
    assert asked(client, claim, "dispatch", to="lijun").status_code == 200
    assert steps.again(claim).stage == "investigating"
    again = asked(client, claim, "dispatch", to="lijun")
    assert again.status_code == 409
    assert "尚未完成" in again.content.decode()


def test_the_fault_is_written_down_before_the_sum(staff_client):
    claim = steps.filed(fault="unknown")
    client = staff_client("wangmin")
    assert asked(client, claim, "fault", fault="perhaps").status_code == 422
    assert asked(client, claim, "fault", fault="main").status_code == 200
    assert steps.again(claim).facts["fault"] == "main"


def test_an_unmatched_report_is_hung_on_its_policy(staff_client):
    policy = Party.objects.get(phone=steps.PHONE).policies.get()
    claim = steps.filed(policy="")
    assert staff_client("wangmin").get(f"/claims/{claim.number}/").status_code == 404
    client = staff_client("linyue")
    form = client.get(f"/claims/{claim.number}/acts/link/", headers=DIALOG).content.decode()
    assert policy.number in form
    unknown = asked(client, claim, "link", policy="PDAA0000")
    assert unknown.status_code >= 400
    assert "PDAA0000" in unknown.content.decode()
    assert asked(client, claim, "link", policy=policy.number).status_code == 200
    assert steps.again(claim).policy == policy
    assert staff_client("wangmin").get(f"/claims/{claim.number}/").status_code == 200


# The sum


def test_a_large_loss_is_calculated_submitted_and_not_decided_by_the_same_person(staff_client, big):
    client = staff_client("wangmin")
    assert asked(client, big, "calculate").status_code == 200
    page = client.get(f"/claims/{big.number}/calc/", headers=PART).content.decode()
    assert "重算一致" in page
    assert "全案损失不超过 5,000.00 元" in page
    assert asked(client, big, "submit").status_code == 200
    assert steps.again(big).stage == "reviewing"
    assert "assessment.claim_approved" not in verbs(big)
    again = client.post(f"/claims/{big.number}/acts/submit/", {"seen": "999"}, headers=DIALOG)
    assert again.status_code == 409


def test_a_sheet_that_no_longer_proves_itself_is_said_to_in_red(staff_client, big):
    client = staff_client("wangmin")
    asked(client, big, "calculate")
    Calculation.objects.filter(exposure__position=1).update(benefit_fen=1)
    page = client.get(f"/claims/{big.number}/calc/", headers=PART).content.decode()
    assert page.count("重算不一致") == 1


def test_who_calculated_is_told_in_words_that_another_must_decide(staff_client, big):
    both = add_staff(
        username="both", name="兼任", number="31777", password="long-enough-secret",
        branch=Branch.objects.get(code="31"), held=[("SP", 1, "一部"), ("RV", 3, "一部")],
        by="system/test",
    )  # fmt: skip
    both.totpdevice_set.create(name="test", confirmed=True)
    client = staff_client("both")
    asked(client, big, "calculate")
    asked(client, big, "submit")
    scene = Scene(steps.again(big), actor("staff/both"))
    assert posts().bars("review.decide", done=scene.done_by_me)
    barred = [act for act in acts_of(scene).rest if act.key == "decide"]
    assert not reachable("desk:approvals") or "须由他人完成" in barred[0].barred
    fresh = acts_of(Scene(steps.again(big), actor("staff/xujing")))
    assert not reachable("desk:approvals") or fresh.first.key == "decide"


# Private values


@pytest.mark.clause("1.4-f")
def test_a_private_value_is_shown_for_a_reason_and_the_reading_is_kept(staff_client):
    claim = steps.filed()
    party = claim.reporter
    client = staff_client("wangmin")
    page = client.get(f"/claims/{claim.number}/", headers=PART).content.decode()
    assert party.phone not in page
    url = f"/claims/{claim.number}/people/{party.pk}/phone/"
    assert party.phone not in client.get(url, headers=DIALOG).content.decode()
    blank = client.post(url, {"reason": " "}, headers=DIALOG)
    assert blank.status_code == 422
    assert party.phone not in blank.content.decode()
    shown = client.post(url, {"reason": "约查勘时间"}, headers=DIALOG)
    assert party.phone in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    entry = Entry.objects.get(verb="general.private_field_read")
    assert (entry.actor, entry.facts["field"]) == ("staff/wangmin", "phone")


def test_only_people_of_this_claim_and_only_for_who_needs_it(staff_client):
    claim = steps.filed()
    stranger = Party.objects.exclude(pk=claim.reporter_id).exclude(name="王五").first()
    clerk, archivist = staff_client("wangmin"), staff_client("sunjie")
    told = {"reason": "好奇"}
    for url in (f"people/{stranger.pk}/phone/", f"people/{claim.reporter_id}/name/"):
        assert clerk.post(f"/claims/{claim.number}/{url}", told).status_code == 404
    own = f"/claims/{claim.number}/people/{claim.reporter_id}/phone/"
    assert archivist.post(own, told).status_code == 403
    assert not Entry.objects.filter(verb="general.private_field_read").exists()


# What nobody should send


@pytest.mark.parametrize("number", ["x", "CX-1", "..", "%00", "1" * 300, "CX-2026-1122-00000'"])
def test_a_claim_number_that_is_none_is_not_found(staff_client, number):
    assert staff_client("wangmin").get(f"/claims/{number}/").status_code in {400, 404}


def test_nul_and_unknown_acts_are_refused(staff_client):
    claim = steps.accepted(steps.filed())
    client = staff_client("wangmin")
    url = f"/claims/{claim.number}/acts/register/"
    assert client.post(url, {"reserve_1": "1\x00"}).status_code == 400
    assert client.get(f"/claims/{claim.number}/acts/destroy/").status_code == 404
    long = asked(client, claim, "register", reserve_1="9" * 5000, reserve_2="1")
    assert long.status_code == 422


def test_without_scripts_an_act_is_a_page_and_leads_back_to_the_claim(staff_client):
    claim = steps.accepted(steps.filed())
    client = staff_client("wangmin")
    url = f"/claims/{claim.number}/acts/register/"
    page = client.get(url).content.decode()
    assert "<!doctype html>" in page
    told = {"seen": seen(page), "reserve_1": "2000", "reserve_2": "1000", "tab": "materials"}
    answer = client.post(url, told)
    assert answer.headers["Location"] == f"/claims/{claim.number}/materials/"
    evil = client.post(f"/claims/{claim.number}/acts/dispatch/", {"tab": "//evil.example"})
    assert "evil.example/" not in evil.headers.get("Location", "")


def test_a_lost_session_leads_the_whole_page_to_the_sign_in(staff_client):
    claim = steps.filed()
    client = staff_client("wangmin")
    client.logout()
    answer = client.get(f"/claims/{claim.number}/", headers={
        **PART, "HX-Current-URL": "http://testserver/desk/?view=soon"})  # fmt: skip
    assert answer.headers["HX-Redirect"] == "/login/?next=/desk/%3Fview%3Dsoon"


def test_the_code_of_a_claimant_is_never_among_the_messages(staff_client):
    claim = steps.filed()
    send_code(steps.PHONE, purpose=f"agree/{claim.number}")
    page = staff_client("wangmin").get(f"/claims/{claim.number}/messages/", headers=PART)
    assert "LP1001" not in page.content.decode()
