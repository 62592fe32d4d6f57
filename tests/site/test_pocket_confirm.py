"""The claimant's word: on each sum, signed, by code, bound to what was shown."""

import pytest

from lipei.ch01_general.duties import send_code
from lipei.ch01_general.models import Message, OneTimeCode, Party
from lipei.ch02_intake.materials import check_document
from lipei.ch04_payment.methods import Signature, agree_to_sums, check_open_accounts
from lipei.ch04_payment.models import Account, Agreement
from lipei.ch04_payment.release import prepare_payment
from lipei.kit import outside, sealed
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from tests import steps
from tests.site import pocket

pytestmark = pytest.mark.django_db(transaction=True)
ALIEN, NOBODYS = "6222020200000000014", "6222020200000000030"


@pytest.fixture(autouse=True)
def in_a_demonstration(settings, counterpart):
    settings.LIPEI_DEMO = True
    settings.LIPEI_BANK_URL = f"{counterpart.url}/bank"


@pytest.fixture
def phone(claimant_client):
    return claimant_client(pocket.PHONE)


@pytest.fixture
def claim(phone):
    return steps.surveyed(steps.registered(steps.accepted(steps.filed())))


def test_from_report_to_confirmation_by_plain_forms_alone(phone):
    claim = pocket.reported(phone)
    steps.hear()
    for kind in claim.materials.filter(state="wanted").values_list("kind", flat=True):
        told = {"kind": kind, "file": steps.photograph(40 + len(kind))}
        phone.post(f"/m/claims/{claim.number}/papers/", told)
    claim = steps.surveyed(steps.registered(steps.accepted(steps.again(claim))))
    answer = pocket.confirmed(phone, claim)
    assert answer["Location"] == f"/m/claims/{claim.number}/"
    assert {e.stage for e in claim.exposures.all()} == {"agreed"}
    assert Agreement.objects.get().signature == {"value": "周国栋"}


def test_every_sum_is_shown_with_its_payee(phone, claim):
    shown = phone.get(f"/m/claims/{claim.number}/confirm/").content.decode()
    assert "3,300.00" in shown
    assert "付给您本人" in shown
    assert "付给 王五，这是对方的损失" in shown
    assert "法律规定最迟 10 日" in shown


def test_the_account_is_kept_sealed_and_its_name_checked(phone, claim):
    pocket.confirmed(phone, claim)
    held = Account.objects.get()
    assert held.party_id == claim.reporter_id
    assert held.checked == "matched"
    assert held.tail == pocket.CARD[-4:]
    assert sealed.unseal(held.number_sealed) == pocket.CARD


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "000000"}, "验证码不正确"),
        ({"code": "12"}, "验证码不正确"),
        ({"typed_name": ""}, "请签名"),
        ({"typed_name": "李四"}, "与您登记的姓名不一致"),
        ({"choice_1": ""}, "必须填写"),
        ({"choice_1": "everything"}, "不在可选范围内"),
        ({"choice_1": "object"}, "请写明您的意见"),
        ({"digest": "sha256:0"}, "有更新"),
        ({"signature": "<script>", "typed_name": ""}, "签名"),
        ({"words": "字" * 2_001, "choice_1": "reserve"}, "超过 2000 个字"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_agreed(phone, claim, changes, words):
    answer = pocket.confirmed(phone, claim, **changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Agreement.objects.count() == 0
    assert {e.stage for e in claim.exposures.all()} == {"approved"}


def test_an_account_under_another_name_is_refused_and_costs_no_code(phone, claim):
    wrong = pocket.account(claim, holder="李四")
    answer = pocket.confirmed(phone, claim, **wrong)
    assert answer.status_code == 422
    assert "户名与收款人姓名不一致" in answer.content.decode()
    assert Account.objects.count() == 0
    assert pocket.confirmed(phone, claim).status_code == 302


def test_an_account_that_the_bank_knows_under_another_name_is_refused(phone, claim):
    wrong = pocket.account(claim, number="6222020200000000014")
    answer = pocket.confirmed(phone, claim, **wrong)
    assert answer.status_code == 422
    assert Account.objects.count() == 0


def test_a_card_number_that_proves_nothing_is_refused(phone, claim):
    answer = pocket.confirmed(phone, claim, **pocket.account(claim, number="6222021234567890120"))
    assert answer.status_code == 422
    assert "银行卡号不正确" in answer.content.decode()


def test_ones_own_account_cannot_be_left_out_but_the_third_partys_can(phone, claim):
    key = claim.reporter_id
    empty = {f"{key}-bank": "", f"{key}-number": ""}
    assert pocket.confirmed(phone, claim, **empty).status_code == 422
    assert pocket.confirmed(phone, claim).status_code == 302


def test_the_third_partys_account_goes_to_the_third_party(phone, claim):
    other = Party.objects.get(name="王五")
    theirs = {
        f"{other.pk}-bank": "招商银行", f"{other.pk}-number": "6225880137706868",
        f"{other.pk}-holder": "王五",
    }  # fmt: skip
    answer = pocket.confirmed(phone, claim, **theirs)
    assert answer.status_code == 302, answer.content.decode()
    assert Account.objects.get(party=other).holder_name == "王五"


def test_a_third_party_whom_nobody_named_is_named_with_the_account(phone):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed(other_name=""))))
    theirs = {"new-bank": "招商银行", "new-number": "6225880137706868", "new-holder": "赵六"}
    assert pocket.confirmed(phone, claim, **theirs).status_code == 302
    liability = claim.exposures.get(product="compulsory_motor")
    assert liability.payee.name == "赵六"


def test_one_part_is_accepted_and_another_objected_to(phone, claim):
    answer = pocket.confirmed(phone, claim, choice_2="object", words="修理费少算了")
    assert answer.status_code == 302
    assert [e.stage for e in claim.exposures.order_by("position")] == ["agreed", "approved"]
    shown = phone.get(f"/m/claims/{claim.number}/object/").content.decode()
    assert "修理费少算了" in shown


def test_a_drawn_signature_is_kept_as_its_strokes(phone, claim):
    drawn = "M10 20L30 40L50 20M60 60L80 90"
    assert pocket.confirmed(phone, claim, typed_name="", signature=drawn).status_code == 302
    held = Agreement.objects.get()
    assert (held.signature_kind, held.signature["value"]) == ("drawing", drawn)


def test_asking_for_the_code_keeps_what_was_typed(phone, claim):
    told = {"choice_1": "reserve", "words": "先收款，再说", "typed_name": "周国栋"}
    url = f"/m/claims/{claim.number}/confirm/code/"
    shown = phone.post(url, told | pocket.account(claim)).content.decode()
    assert "先收款，再说" in shown
    assert pocket.CARD in shown
    assert "data-errors" not in shown


def test_code_and_news_go_to_the_phone_that_was_proved_whatever_somebody_wrote_down(phone, claim):
    Party.objects.filter(signs_in_by=pocket.PHONE).update(phone="13911112222")
    assert pocket.confirmed(phone, claim).status_code == 302
    steps.hear()
    assert OneTimeCode.objects.filter(purpose=f"agree/{claim.number}", phone=pocket.PHONE).exists()
    assert not OneTimeCode.objects.filter(phone="13911112222").exists()
    assert not Message.objects.filter(phone="13911112222").exists()


def test_what_is_agreed_cannot_be_agreed_again(phone, claim):
    pocket.confirmed(phone, claim)
    answer = phone.get(f"/m/claims/{claim.number}/confirm/")
    assert answer["Location"] == f"/m/claims/{claim.number}/"


def test_an_account_can_be_given_later(phone, claim):
    pocket.confirmed(phone, claim)
    other = Party.objects.get(name="王五")
    url = f"/m/claims/{claim.number}/account/"
    wrong = {
        f"{other.pk}-bank": "招商银行",
        f"{other.pk}-number": "1",
        f"{other.pk}-holder": "王五",
    }
    assert phone.post(url, wrong).status_code == 422
    right = wrong | {f"{other.pk}-number": "6225880137706868"}
    assert phone.post(url, right)["Location"] == f"/m/claims/{claim.number}/"
    assert Account.objects.filter(party=other).exists()


def test_an_account_of_somebody_who_is_paid_nothing_cannot_be_given(phone, claim):
    stranger = Party.objects.get(phone=pocket.ALIEN)
    typed = {
        f"{stranger.pk}-bank": "招商银行", f"{stranger.pk}-number": "6225880137706868",
        f"{stranger.pk}-holder": stranger.name,
    }  # fmt: skip
    phone.post(f"/m/claims/{claim.number}/account/", typed)
    assert Account.objects.count() == 0


# With the bank out of reach


@pytest.fixture
def silent(counterpart):
    counterpart.control(bank={"down": True})
    outside.forget()
    yield lambda: (counterpart.control(bank={"down": False}), outside.forget())
    outside.forget()


@pytest.mark.clause("4.1-d")
def test_an_account_given_while_the_bank_is_silent_is_asked_about_again(phone, claim, silent):
    answer = pocket.confirmed(phone, claim)
    page = phone.get(answer["Location"]).content.decode()
    assert "账户已收下，我们会再去核对" in page
    held = Account.objects.get()
    assert (held.checked, held.checked_at) == ("open", None)
    assert check_open_accounts() == 0
    with pytest.raises(Refused, match="account_name_differs"):
        prepare_payment(claim.number, position=1, account=held.pk, by=steps.MAKER)
    silent()
    assert [check_open_accounts(), check_open_accounts()] == [1, 0]
    held.refresh_from_db()
    assert held.checked == "matched"
    assert held.checked_at is not None
    assert [e.verb for e in history(f"party/{held.party_id}")][-1] == "payment.account_checked"
    assert not Message.objects.filter(template="account_differs").exists()
    prepare_payment(claim.number, position=1, account=held.pk, by=steps.MAKER)


@pytest.mark.clause("4.1-d")
@pytest.mark.parametrize(("number", "said"), [(ALIEN, "mismatch"), (NOBODYS, "unknown")])
def test_who_gave_a_wrong_account_meanwhile_is_told(phone, claim, silent, number, said):
    pocket.confirmed(phone, claim, **pocket.account(claim, number=number))
    silent()
    assert check_open_accounts() == 1
    assert Account.objects.get().checked == said
    assert Message.objects.get(template="account_differs").claim == claim
    assert "请换一个账户" in phone.get("/m/inbox/").content.decode()


def test_an_account_that_money_came_back_from_is_not_taken_for_a_new_one(phone, claim):
    pocket.confirmed(phone, claim)
    Account.objects.update(checked="open")
    assert check_open_accounts() == 0
    assert Account.objects.get().checked == "open"


@pytest.mark.clause("4.1-d")
def test_an_account_that_the_bank_declines_to_check_is_told_and_stays_typed(
    phone, claim, counterpart
):
    counterpart.control(bank={"decline_next": 1})
    answer = pocket.confirmed(phone, claim)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "银行没有受理这个账户的核对" in page
    assert pocket.CARD in page
    assert (Account.objects.count(), Agreement.objects.count()) == (0, 0)
    counterpart.control(bank={"decline_next": 1})
    url = f"/m/claims/{claim.number}/account/"
    answer = phone.post(url, pocket.account(claim))
    assert answer.status_code == 422
    assert pocket.CARD in answer.content.decode()
    assert phone.post(url, pocket.account(claim))["Location"] == f"/m/claims/{claim.number}/"
    assert Account.objects.get().checked == "matched"


# Who signs


@pytest.fixture
def driver(claimant_client):
    return claimant_client(pocket.ALIEN)


@pytest.fixture
def by_driver(claim):
    """The same claim, as the one who drove reported it."""
    claim.reporter = Party.objects.get(phone=pocket.ALIEN)
    claim.reporter_relation = "driver"
    claim.save()
    return claim


def refused_to_sign(client, claim) -> bool:
    """Neither page nor code nor the command lets this claimant sign."""
    url = f"/m/claims/{claim.number}/confirm/"
    pages = [client.post(f"{url}code/", {}), client.post(url, {"typed_name": "李晓燕"})]
    assert all("被保险人本人" in page.content.decode() for page in pages)
    with pytest.raises(Refused) as no:
        agree_to_sums(
            claim.number, choices={1: "accept"}, sheets_digest="",
            signature=Signature("name", "李晓燕"), by=f"party/{claim.reporter_id}",
            code=send_code(pocket.ALIEN, purpose=f"agree/{claim.number}"),
        )  # fmt: skip
    return no.value.slug == "signer_not_insured" and {p.status_code for p in pages} == {403}


def test_a_driver_reads_the_sums_and_is_told_who_confirms_them(driver, by_driver):
    page = driver.get(f"/m/claims/{by_driver.number}/confirm/").content.decode()
    assert "3,300.00" in page
    assert "付给被保险人 周国栋" in page
    assert "授权委托书" in page
    assert "签署并提交" not in page


def test_a_driver_cannot_sign_for_the_insured(driver, by_driver):
    assert refused_to_sign(driver, by_driver)
    assert Agreement.objects.count() == 0
    assert {e.stage for e in by_driver.exposures.all()} == {"approved"}


def test_the_insured_signs_what_a_driver_reported(phone, by_driver):
    page = phone.get(f"/m/claims/{by_driver.number}/confirm/").content.decode()
    assert "付给您本人" in page
    own = Party.objects.get(phone=pocket.PHONE).pk
    account = {
        f"{own}-bank": "中国工商银行",
        f"{own}-number": pocket.CARD,
        f"{own}-holder": "周国栋",
    }
    assert pocket.confirmed(phone, by_driver, **account).status_code == 302
    assert Agreement.objects.get().signed_by == f"party/{own}"


def test_with_a_checked_authorisation_the_driver_signs(driver, by_driver):
    number = by_driver.number
    told = {"kind": "authorisation", "file": steps.photograph(77)}
    driver.post(f"/m/claims/{number}/papers/", told)
    page = driver.get(f"/m/claims/{number}/confirm/").content.decode()
    assert "审核中" in page
    assert refused_to_sign(driver, by_driver)
    check_document(number, kind="authorisation", accepted=True, by=steps.CLERK)
    assert by_driver.clocks.filter(clause="K2", stopped_at=None).count() == 0
    own = Party.objects.get(phone=pocket.PHONE).pk
    account = {
        f"{own}-bank": "中国工商银行",
        f"{own}-number": pocket.CARD,
        f"{own}-holder": "周国栋",
    }
    answer = pocket.confirmed(driver, by_driver, typed_name="李晓燕", **account)
    assert answer.status_code == 302, answer.content.decode()
    assert {e.stage for e in by_driver.exposures.all()} == {"agreed"}


@pytest.mark.clause("4.1-b")
def test_a_driver_does_not_say_who_is_paid_or_on_which_account(driver, phone, by_driver):
    steps.agreed(by_driver)
    other = by_driver.exposures.get(position=2)
    other.payee = None
    other.save()
    url = f"/m/claims/{by_driver.number}/account/"
    typed = {"new-bank": "招商银行", "new-number": "6225880137706868", "new-holder": "赵六"}
    for answer in (driver.get(url), driver.post(url, typed)):
        assert answer.status_code == 403
        assert "被保险人、投保人或者收款人本人" in answer.content.decode()
    assert url not in driver.get(f"/m/claims/{by_driver.number}/").content.decode()
    assert (Account.objects.count(), Party.objects.filter(name="赵六").count()) == (0, 0)
    assert url in phone.get(f"/m/claims/{by_driver.number}/").content.decode()
    assert phone.post(url, typed).status_code == 302
    other.refresh_from_db()
    assert other.payee.name == "赵六"


def test_a_payee_is_not_named_by_an_account_that_is_somebody_elses(phone):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed(other_name=""))))
    wrong = {"new-bank": "招商银行", "new-number": ALIEN, "new-holder": "赵六"}
    assert pocket.confirmed(phone, claim, **wrong).status_code == 422
    right = wrong | {"new-number": "6225880137706868", "new-holder": "赵柳"}
    assert pocket.confirmed(phone, claim, **right).status_code == 302
    assert claim.exposures.get(product="compulsory_motor").payee.name == "赵柳"


def test_an_authorisation_sent_back_says_why_and_opens_nothing(driver, by_driver):
    number = by_driver.number
    told = {"kind": "authorisation", "file": steps.photograph(77)}
    driver.post(f"/m/claims/{number}/papers/", told)
    check_document(
        number, kind="authorisation", accepted=False, reason="没有被保险人签名", by=steps.CLERK
    )
    page = driver.get(f"/m/claims/{number}/confirm/").content.decode()
    assert "没有被保险人签名" in page
    assert refused_to_sign(driver, by_driver)


def test_who_has_no_name_with_us_signs_by_hand(phone, claim):
    Party.objects.filter(phone=pocket.PHONE).update(name="")
    answer = pocket.confirmed(phone, claim, typed_name="随便什么人")
    assert answer.status_code == 422
    assert "与您登记的姓名不一致" in answer.content.decode()
    assert Agreement.objects.count() == 0
