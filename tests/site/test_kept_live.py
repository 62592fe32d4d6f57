"""What staff type and have not sent: it outlives the session, and nobody else ever sees it."""

import pytest
from django.conf import settings as project
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from lipei.ch01_general.models import Claim
from lipei.ch03_assessment.adjudication import calculate_claim, review_straight_through
from lipei.ch03_assessment.investigation import arrive_at_survey, dispatch_survey, start_survey
from lipei.ch04_payment.failures import bring_back
from lipei.ch04_payment.release import prepare_payment, release_payment
from lipei.ch09_archive.models import Volume
from lipei.run.home import FRONTEND
from tests import steps
from tests.walks.visitors import Visitors

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STORY = "倒车时撞上立柱，后保险杠裂开。"
SECRETS = """() => {
  const fresh = () => document.createElement('input');
  const add = (made) => document.querySelector('#u-report').append(Object.assign(fresh(), made));
  add({ id: 'x-password', type: 'password', name: 'secret' });
  add({ id: 'x-code', name: 'code' });
  add({ id: 'x-card', name: 'number', autocomplete: 'cc-number' });
  add({ id: 'x-plain', name: 'plain' });
}"""
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('lipei-kept-'))"


@pytest.fixture
def visitors(chromium, live_server, settings, department):
    if not (FRONTEND / "dist" / "axe.min.js").exists():
        pytest.skip("the front end is not built")
    settings.LIPEI_DEMO = True
    settings.STORAGES = {
        **project.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    here = Visitors(chromium, live_server.url)
    yield here
    here.leave()


@pytest.fixture
def clerk(visitors):
    """The clerk's browser, signed in with both factors."""
    return visitors.desk("wangmin")


def prepared():
    """A payment that waits for its second person."""
    claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
    one = claim.exposures.order_by("position").first()
    order = prepare_payment(
        claim.number, position=one.position, by=steps.MAKER, account=steps.account_of(one.payee).pk
    )
    steps.hear()
    return order


def line(visitor):
    return visitor.page.locator("[data-restored]").filter(visible=True)


def tell(visitor):
    """Key what a caller says, on the policy of a customer."""
    policy = steps.Party.objects.get(phone=steps.PHONE).policies.get()
    visitor.go(f"/claims/new/?policy={policy.number}")
    expect(line(visitor)).to_have_count(0)
    visitor.type("报案人姓名", "周晓芸")
    visitor.type("出险地点", "春和路 118 号")
    visitor.type("经过", STORY)
    visitor.page.get_by_label("出险时间").fill("2024-05-06T08:30")
    visitor.page.locator("[name=relation]").select_option(index=1)
    visitor.page.locator("[name=channel][value=counter]").check()
    visitor.page.locator("[name=consented]").check()


def stands(visitor):
    """Everything that was keyed stands in the form again, and a line says so."""
    expect(line(visitor)).to_contain_text("已恢复您没有提交的内容")
    expect(visitor.page.locator("[name=caller]")).to_have_value("周晓芸")
    expect(visitor.page.locator("[name=story]")).to_have_value(STORY)
    expect(visitor.page.locator("[name=lost_at]")).to_have_value("2024-05-06T08:30")
    expect(visitor.page.locator("[name=channel][value=counter]")).to_be_checked()
    expect(visitor.page.locator("[name=consented]")).to_be_checked()


def is_empty(visitor):
    visitor.go("/claims/new/")
    expect(visitor.page.locator("[name=story]")).to_have_value("")
    expect(line(visitor)).to_have_count(0)


def test_a_report_outlives_the_session_and_is_forgotten_once_it_is_filed(clerk):
    tell(clerk)
    Session.objects.all().delete()
    clerk.press("收下报案")
    clerk.show_password_and_code("wangmin")
    stands(clerk)
    expect(clerk.page.locator("[name=policy]")).not_to_have_value("")
    clerk.look("claims/new restored")
    with clerk.page.expect_navigation():
        clerk.press("收下报案")
    clerk.sees("报案已收到")
    assert Claim.objects.get().channel == "counter"
    assert clerk.page.evaluate(KEPT) == []
    is_empty(clerk)


def test_a_report_outlives_a_reload_and_a_network_that_is_away(clerk):
    tell(clerk)
    clerk.page.reload()
    stands(clerk)
    with clerk.without_network():
        clerk.press("收下报案")
        clerk.page.wait_for_url("chrome-error://**")
    clerk.go("/claims/new/")
    stands(clerk)


def test_a_report_that_is_refused_is_still_kept(clerk):
    tell(clerk)
    clerk.page.locator("[name=place]").fill("")
    with clerk.refused():
        clerk.press("收下报案")
        clerk.sees("请先改好下面几处")
    clerk.go("/claims/new/")
    stands(clerk)
    expect(clerk.page.locator("[name=place]")).to_have_value("")


def test_what_is_discarded_is_gone(clerk):
    tell(clerk)
    is_away = clerk.page.locator("[name=key]").input_value()
    clerk.page.reload()
    expect(clerk.page.locator("[name=key]")).to_have_value(is_away)
    clerk.press("丢弃，重新填写")
    expect(clerk.page.locator("[name=story]")).to_have_value("")
    expect(clerk.page.locator("[name=key]")).not_to_have_value(is_away)
    is_empty(clerk)


def test_another_person_on_the_same_browser_sees_nothing_and_the_first_still_does(clerk):
    tell(clerk)
    Session.objects.all().delete()
    clerk.go("/claims/new/")
    clerk.show_password_and_code("linyue")
    is_empty(clerk)
    Session.objects.all().delete()
    clerk.go("/claims/new/")
    clerk.show_password_and_code("wangmin")
    stands(clerk)


def test_who_signs_out_leaves_nothing_behind(clerk):
    tell(clerk)
    assert clerk.page.evaluate(KEPT)
    clerk.page.locator(".u-side__me summary").click()
    clerk.press("退出登录")
    clerk.stands("登录")
    assert clerk.page.evaluate(KEPT) == []


def test_after_a_day_nothing_is_kept(clerk):
    tell(clerk)
    clerk.page.clock.install()
    clerk.page.clock.fast_forward("25:00:00")
    clerk.page.reload()
    expect(clerk.page.locator("[name=story]")).to_have_value("")
    assert clerk.page.evaluate(KEPT) == []


def test_two_reports_in_two_tabs_do_not_mix(clerk):
    tell(clerk)
    other = clerk.context.new_page()
    other.goto("/claims/new/")
    expect(other.locator("[name=kept]")).to_have_count(1)
    expect(other.locator("[name=story]")).to_have_value("")
    other.locator("[name=story]").fill("另一位客户的话。")
    other.reload()
    expect(other.locator("[name=story]")).to_have_value("另一位客户的话。")
    clerk.page.reload()
    stands(clerk)
    other.close()


def test_an_act_of_a_claim_keeps_its_words_until_it_is_done(clerk):
    number = steps.accepted(steps.filed())
    clerk.go(f"/claims/{number}/")
    dialog = clerk.page.get_by_role("dialog")
    clerk.press("立案", role="link")
    dialog.get_by_role("textbox").first.fill("2345")
    clerk.page.reload()
    clerk.press("立案", role="link")
    expect(line(clerk)).to_have_count(1)
    expect(dialog.get_by_role("textbox").first).to_have_value("2345")
    clerk.look("claims/acts restored")
    for box in dialog.get_by_role("textbox").all():
        box.fill("2345")
    dialog.get_by_role("button", name="立案").click()
    clerk.sees("已立案")
    expect(dialog).to_be_hidden()
    assert clerk.page.evaluate(KEPT) == []


def test_the_findings_of_a_survey_outlive_the_session(visitors):
    claim = steps.registered(steps.accepted(steps.filed()))
    dispatch_survey(claim.number, to="lijun", by=steps.CLERK)
    start_survey(claim.number, by=steps.ASSESSOR)
    arrive_at_survey(claim.number, by=steps.ASSESSOR, where="31.22,121.54")
    assessor = visitors.desk("lijun")
    assessor.go(f"/survey/{claim.number}/")
    assessor.type("查勘结论", "痕迹相符。")
    Session.objects.all().delete()
    assessor.press("签字，完成查勘")
    assessor.show_password_and_code("lijun")
    assessor.stands("查勘")
    expect(line(assessor)).to_have_count(1)
    expect(assessor.page.locator("[name=findings]")).to_have_value("痕迹相符。")
    assessor.look("survey/visit restored")


def test_a_line_of_the_loss_list_outlives_a_reload_and_is_forgotten_once_it_is_listed(visitors):
    claim = steps.registered(steps.accepted(steps.filed()))
    dispatch_survey(claim.number, to="lijun", by=steps.CLERK)
    start_survey(claim.number, by=steps.ASSESSOR)
    arrive_at_survey(claim.number, by=steps.ASSESSOR, where="31.22,121.54")
    assessor = visitors.desk("lijun")
    assessor.go(f"/survey/{claim.number}/?line=new")
    assessor.page.locator("[name=part]").fill("前保险杠")
    assessor.page.locator("[name=unit_price]").fill("680")
    assessor.page.reload()
    expect(line(assessor)).to_have_count(1)
    expect(assessor.page.locator("[name=part]")).to_have_value("前保险杠")
    expect(assessor.page.locator("[name=unit_price]")).to_have_value("680")
    assessor.look("survey/line restored")
    assessor.press("记入清单")
    assessor.sees("已记入损失清单")
    assert assessor.page.evaluate(KEPT) == []


def test_why_a_payment_goes_back_is_kept_until_it_has_gone_back(visitors):
    checker, order = visitors.desk("qianjin"), prepared()
    checker.go("/pay/?view=check")
    dialog = checker.page.get_by_role("dialog")
    checker.press("退回制单")
    dialog.get_by_label("退回的理由").fill("账户不是收款人本人的。")
    checker.page.reload()
    checker.press("退回制单")
    expect(line(checker)).to_have_count(1)
    expect(dialog.get_by_label("退回的理由")).to_have_value("账户不是收款人本人的。")
    checker.look("pay/reject restored")
    dialog.get_by_role("button", name="退回制单").click()
    checker.sees("已退回制单")
    assert checker.page.evaluate(KEPT) == []
    order.refresh_from_db()
    assert order.state == "void"


def test_of_a_corrected_account_the_bank_is_kept_and_never_its_number_or_holder(visitors):
    finance, order = visitors.desk("qianjin"), prepared()
    release_payment(order.number, by=steps.CHECKER)
    bring_back(order.number, reason="AC04", by="system/bank")
    finance.go("/pay/?view=returned")
    finance.page.locator("summary", has_text="更正收款账户").click()
    told = {
        "bank_name": "中国银行",
        "account_number": "6222021234567890128",
        "account_holder": "王五",
    }
    for name, value in told.items():
        finance.page.locator(f"[name$={name}]").fill(value)
    [key] = finance.page.evaluate(KEPT)
    kept = finance.page.evaluate("key => localStorage.getItem(key)", key)
    assert [name for name, value in told.items() if value in kept] == ["bank_name"]
    finance.page.reload()
    finance.page.locator("summary", has_text="更正收款账户").click()
    expect(line(finance)).to_have_count(1)
    expect(finance.page.locator("[name$=bank_name]")).to_have_value("中国银行")
    expect(finance.page.locator("[name$=account_number]")).to_have_value("")


def test_what_is_typed_of_a_volume_is_kept_until_it_is_arranged_and_shelved(visitors):
    claim = steps.closed(steps.paid(steps.agreed(steps.surveyed(
        steps.registered(steps.accepted(steps.filed()))
    ))))  # fmt: skip
    archivist, volume = visitors.desk("sunjie"), Volume.objects.get(claim=claim)
    for name, typed, button, done in (
        ("paper_pages", "3", "整理完毕", "整理完毕，可以入库"),
        ("place", "A-01-03", "入库归档", "已入库归档"),
    ):
        archivist.go(f"/archive/{volume.number}/")
        field = archivist.page.locator(f"[name={name}]")
        field.fill(typed)
        archivist.page.reload()
        expect(field).to_have_value(typed)
        expect(line(archivist)).to_have_count(1)
        if name == "paper_pages":
            archivist.page.locator("[name=scanned_pages]").fill("3")
        archivist.press(button)
        archivist.sees(done)
        assert archivist.page.evaluate(KEPT) == []


def test_a_reviewers_remark_is_kept_but_each_question_is_answered_anew(visitors):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())), own_fen=900_000)
    calculate_claim(claim.number, by=steps.CLERK)
    review_straight_through(claim.number)
    reviewer = visitors.desk("xujing")
    reviewer.go(f"/approvals/{claim.number}/1/")
    reviewer.page.locator("[name=remark]").fill("配件价格请再核。")
    reviewer.page.locator(".u-questions input").first.check()
    Session.objects.all().delete()
    reviewer.press("退回")
    reviewer.show_password_and_code("xujing")
    expect(line(reviewer)).to_have_count(1)
    expect(reviewer.page.locator("[name=remark]")).to_have_value("配件价格请再核。")
    expect(reviewer.page.locator(".u-questions input").first).not_to_be_checked()
    reviewer.press("退回")
    reviewer.sees("已退回")
    assert reviewer.page.evaluate(KEPT) == []


def test_passwords_codes_and_card_numbers_are_never_kept(clerk):
    clerk.go("/claims/new/")
    clerk.page.evaluate(SECRETS)
    for name in ("password", "code", "card", "plain"):
        clerk.page.locator(f"#x-{name}").fill(f"{name}-9173")
    [key] = clerk.page.evaluate(KEPT)
    kept = clerk.page.evaluate("key => localStorage.getItem(key)", key)
    assert [n for n in ("password", "code", "card", "plain") if f"{n}-9173" in kept] == ["plain"]
