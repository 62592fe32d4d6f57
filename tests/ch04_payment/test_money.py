"""Money leaves once, to the right payee, past two persons and three clearances, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection

from lipei.ch01_general.duties import send_code
from lipei.ch01_general.models import Clearance, Exposure, Party
from lipei.ch03_assessment.adjudication import joint_digest_of
from lipei.ch03_assessment.disputes import answer_dispute
from lipei.ch04_payment.failures import bring_back
from lipei.ch04_payment.methods import Signature, agree_to_sums, sums_open
from lipei.ch04_payment.models import Account, Agreement, Order, Voucher
from lipei.ch04_payment.release import (
    approve_payment,
    clear_order,
    clearances_missing,
    credit_order,
    prepare_payment,
    release_payment,
    screen_again,
)
from lipei.ch04_payment.vouchers import issue_receipt, make_receipt, receipt_of
from lipei.kit.journal import history
from lipei.kit.ledger import balance_fen
from lipei.kit.models import Transfer
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
SIGNED = Signature("name", "周国栋")


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.fixture(autouse=True)
def demonstration_codes(settings):
    settings.LIPEI_DEMO = True


@pytest.fixture
def approved(department):
    return steps.surveyed(steps.registered(steps.accepted(steps.filed())))


@pytest.fixture
def agreed(approved):
    return steps.agreed(approved)


def prepared(claim, *, position: int = 1) -> Order:
    exposure = claim.exposures.get(position=position)
    order = prepare_payment(claim.number, position=position, by=steps.MAKER,
                            account=steps.account_of(exposure.payee).pk)  # fmt: skip
    steps.hear()
    return order


def sign(claim, *, choices: dict[int, str] | None = None, words: str = "", **more: object) -> None:
    sums = sums_open(list(claim.exposures.order_by("position")))
    told = {
        "choices": choices or {e.position: "accept" for e, _ in sums}, "words": words,
        "sheets_digest": joint_digest_of([c for _, c in sums]), "signature": SIGNED,
        "by": steps.claimant(),
    }  # fmt: skip
    told["code"] = send_code(steps.PHONE, purpose=f"agree/{claim.number}")
    agree_to_sums(claim.number, **{**told, **more})


@pytest.mark.clause("4.2-d")
def test_a_signature_is_bound_to_the_sheets_that_were_shown(approved):
    with refused("sum_changed"):
        sign(approved, sheets_digest="sha256:" + "0" * 64)
    with refused("signature_needed"):
        sign(approved, signature=Signature("name", " "))
    assert not Agreement.objects.exists()
    sign(approved)
    held = Agreement.objects.get()
    assert (held.signature_kind, held.sheets_digest[:7]) == ("name", "sha256:")


@pytest.mark.clause("4.2-d")
def test_a_wrong_code_is_counted_and_the_fifth_ends_it(approved):
    right = send_code(steps.PHONE, purpose=f"agree/{approved.number}")
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        with refused("code_wrong"):
            sign_with(approved, wrong)
    with refused("code_expired"):
        sign_with(approved, right)
    assert steps.again(approved).stage == "approved"


def sign_with(claim, code: str) -> None:
    sums = sums_open(list(claim.exposures.order_by("position")))
    agree_to_sums(
        claim.number, choices={e.position: "accept" for e, _ in sums}, code=code,
        sheets_digest=joint_digest_of([c for _, c in sums]), signature=SIGNED,
        by=steps.claimant(),
    )  # fmt: skip


def test_nobody_accepts_for_the_claimant(approved):
    stranger = Party.objects.get(phone="13800006022")
    code = send_code(stranger.phone, purpose=f"agree/{approved.number}")
    with refused("claim_not_found"):
        sign(approved, by=f"party/{stranger.pk}", code=code)


@pytest.mark.clause("3.4-b")
def test_what_is_accepted_is_paid_while_the_rest_is_disputed(approved):
    sign(approved, choices={1: "accept", 2: "object"}, words="对方的保险杠应当更换")
    stages = dict(approved.exposures.values_list("position", "stage"))
    assert stages == {1: "agreed", 2: "approved"}
    other = approved.exposures.get(position=2)
    assert other.sides == ["disputed"]
    steps.paid(steps.again(approved))
    assert approved.exposures.get(position=1).paid_fen == 180_000
    answer_dispute(approved.number, position=2, answer="维修可行，附照片。", again=False,
                   by=steps.REVIEWER)  # fmt: skip
    assert approved.exposures.get(position=2).sides == []
    sign(steps.again(approved))
    assert approved.exposures.get(position=2).stage == "agreed"


def test_accepting_under_reservation_pays_all_and_waives_nothing(approved):
    sign(approved, choices={1: "reserve", 2: "accept"}, words="对单价有意见")
    own = approved.exposures.get(position=1)
    assert (own.stage, own.agreed_fen, own.sides) == ("agreed", 180_000, ["disputed"])


@pytest.mark.clause("4.1-f")
def test_one_person_never_makes_and_checks(agreed):
    order = prepared(agreed)
    with refused("same_person"):
        release_payment(order.number, by=steps.MAKER)
    release_payment(order.number, by=steps.CHECKER)
    assert Order.objects.get().state == "released"


@pytest.mark.clause("4.1-f")
def test_whoever_calculated_or_surveyed_does_not_pay(agreed):
    with refused("duty_missing"):
        prepare_payment(agreed.number, position=1, account=1, by=steps.ASSESSOR)


@pytest.mark.clause("4.1-e")
def test_nothing_heard_is_not_enough_every_clearance_must_be_positive(agreed, settings):
    exposure = agreed.exposures.get(position=1)
    order = prepare_payment(agreed.number, position=1, by=steps.MAKER,
                            account=steps.account_of(exposure.payee).pk)  # fmt: skip
    assert clearances_missing(order) == ["papers", "names", "risk"]
    with refused("clearance_missing"):
        release_payment(order.number, by=steps.CHECKER)
    steps.hear()
    release_payment(order.number, by=steps.CHECKER)


@pytest.mark.clause("4.1-e")
def test_a_listed_name_is_not_cleared(agreed, settings, tmp_path):
    listed = tmp_path / "listed.txt"
    listed.write_text("周国栋\n", "utf-8")
    settings.LIPEI_NAME_LIST = str(listed)
    order = prepared(agreed)
    assert clearances_missing(order) == ["names"]


@pytest.mark.clause("4.1-e")
def test_without_a_list_no_name_is_cleared(agreed, settings, staff_client):
    operator = staff_client("itadmin")
    assert "读不到名单文件" not in operator.get("/audit/outside/").content.decode()
    place = Path(settings.LIPEI_NAME_LIST)
    place.unlink()
    assert clearances_missing(prepared(agreed)) == ["names"]
    assert "读不到名单文件" in operator.get("/audit/outside/").content.decode()
    place.write_bytes(b"\xff\xfe\x00")
    assert clearances_missing(prepared(agreed, position=2)) == ["names"]


@pytest.mark.clause("4.1-e")
def test_a_changed_list_counts_at_once_and_the_clearance_says_which_it_was(agreed, settings):
    place = Path(settings.LIPEI_NAME_LIST)
    order = prepared(agreed)
    given = Clearance.objects.get(kind="names", seal=order.seal)
    assert given.basis == {"list": sha256(place.read_bytes()).hexdigest()}
    place.write_text(f"{place.read_text('utf-8')}王五\n", "utf-8")
    assert clearances_missing(prepared(agreed, position=2)) == ["names"]


def list_again(settings, *names: str) -> None:
    """Somebody adds names to the list of people who may not be paid."""
    place = Path(settings.LIPEI_NAME_LIST)
    place.write_text(place.read_text("utf-8") + "".join(f"{name}\n" for name in names), "utf-8")


@pytest.mark.clause("4.1-e")
def test_a_list_that_changed_after_the_clearance_asks_for_a_new_one(agreed, settings):
    order = prepared(agreed)
    list_again(settings, "赵六")
    with refused("name_list_changed"):
        release_payment(order.number, by=steps.CHECKER)
    assert not Transfer.objects.exists()
    assert [screen_again(), screen_again()] == [1, 0]
    release_payment(order.number, by=steps.CHECKER)
    against = Clearance.objects.filter(kind="names", seal=order.seal).values_list("against")
    assert len(set(against)) == 2


@pytest.mark.clause("4.1-e")
def test_a_payee_who_was_listed_after_the_clearance_waits_for_a_person(agreed, settings):
    order = prepared(agreed)
    list_again(settings, "周国栋")
    assert screen_again() == 0
    with refused("name_list_changed"):
        release_payment(order.number, by=steps.CHECKER)
    clear_order(order.number, kind="names", reason="同名不同人", by="staff/hege")
    list_again(settings, "赵六")
    with refused("name_list_changed"):
        release_payment(order.number, by=steps.CHECKER)
    clear_order(order.number, kind="names", reason="再次核对，同名不同人", by="staff/hege")
    release_payment(order.number, by=steps.CHECKER)


@pytest.mark.clause("4.2-h")
def test_only_what_is_with_the_bank_is_credited_or_comes_back(agreed):
    order = prepared(agreed)
    with refused("order_not_at_bank"):
        credit_order(order.number, receipt="R1", at=None, by="system/bank")
    with refused("order_not_at_bank"):
        bring_back(order.number, reason="AC04", by="system/bank")
    assert agreed.exposures.get(position=1).paid_fen == 0
    release_payment(order.number, by=steps.CHECKER)
    credit_order(order.number, receipt="R1", at=None, by="system/bank")
    with refused("order_not_at_bank"):
        bring_back(order.number, reason="AC04", by="system/bank")
    assert agreed.exposures.get(position=1).paid_fen == 180_000


@pytest.mark.clause("4.1-a")
def test_a_change_of_amount_payee_or_account_breaks_the_seal(agreed):
    order = prepared(agreed)
    Order.objects.filter(pk=order.pk).update(amount_fen=order.amount_fen - 1)
    with refused("seal_broken"):
        release_payment(order.number, by=steps.CHECKER)
    Order.objects.filter(pk=order.pk).update(amount_fen=order.amount_fen)
    Account.objects.filter(pk=order.account_id).update(number_digest="f" * 64)
    with refused("seal_broken"):
        release_payment(order.number, by=steps.CHECKER)
    assert not Transfer.objects.exists()


@pytest.mark.clause("4.1-d")
def test_an_account_of_somebody_else_or_unchecked_is_refused(agreed):
    stranger = Party.objects.get(phone="13800006022")
    with refused("account_name_differs"):
        prepare_payment(agreed.number, position=1, account=steps.account_of(stranger).pk,
                        by=steps.MAKER)  # fmt: skip
    own = steps.account_of(agreed.exposures.get(position=1).payee)
    Account.objects.filter(pk=own.pk).update(checked="open")
    with refused("account_name_differs"):
        prepare_payment(agreed.number, position=1, account=own.pk, by=steps.MAKER)


@pytest.mark.clause("4.1-b")
def test_the_third_partys_loss_goes_to_the_third_party(agreed):
    payees = {e.product: e.payee.name for e in agreed.exposures.all()}
    assert payees == {"own_damage": "周国栋", "compulsory_motor": "王五"}


@pytest.mark.clause("4.2-h")
def test_two_releases_at_once_are_one_payment(agreed):
    order = prepared(agreed)

    def release(_n: int) -> str:
        try:
            release_payment(order.number, by=steps.CHECKER)
            return "released"
        except Refused as no:
            return no.slug
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(release, range(6)))
    assert answers == ["order_already_used"] * 5 + ["released"]
    assert Transfer.objects.count() == 1


@pytest.mark.clause("1.3-i")
def test_the_banks_word_heard_twice_is_one_credit(agreed):
    order = prepared(agreed)
    release_payment(order.number, by=steps.CHECKER)
    for _ in range(2):
        credit_order(order.number, receipt="R1", at=None, by="system/bank")
    exposure = agreed.exposures.get(position=1)
    assert (exposure.paid_fen, exposure.reserve_fen, exposure.stage) == (180_000, 0, "paid")
    assert balance_fen(f"party/{exposure.payee_id}") == 180_000
    kept = {c.clause: c.breached_at for c in exposure.clocks.filter(stopped_at__isnull=False)}
    assert {"K3", "1.3-i-credit"} <= set(kept)


@pytest.mark.clause("4.4-a")
def test_returned_money_is_free_again_and_paid_again_once(agreed):
    order = prepared(agreed)
    release_payment(order.number, by=steps.CHECKER)
    for _ in range(2):
        bring_back(order.number, reason="AC04", by="system/bank")
    exposure = agreed.exposures.get(position=1)
    assert (exposure.stage, exposure.sides, exposure.paid_fen) == ("agreed", ["bounced"], 0)
    assert balance_fen(f"party/{exposure.payee_id}") == 0
    with refused("account_name_differs"):
        prepared(agreed)
    Account.objects.filter(party=exposure.payee).update(checked="matched")
    again = prepared(agreed)
    assert (again.kind, again.number != order.number) == ("repay", True)
    release_payment(again.number, by=steps.CHECKER)
    credit_order(again.number, receipt="R2", at=None, by="system/bank")
    assert balance_fen(f"party/{exposure.payee_id}") == 180_000


def test_the_database_itself_refuses_to_overpay(agreed):
    with pytest.raises(Exception, match="exposure_never_overpaid"):
        Exposure.objects.filter(claim=agreed, position=1).update(paid_fen=180_001)


@pytest.mark.clause("4.1-f")
def test_a_large_sum_needs_a_third_person(agreed):
    exposure = agreed.exposures.get(position=1)
    Exposure.objects.filter(pk=exposure.pk).update(benefit_fen=20_000_000, agreed_fen=20_000_000)
    order = prepared(agreed)
    with refused("third_person_needed"):
        release_payment(order.number, by=steps.CHECKER)
    approve_payment(order.number, by="staff/zhouwei")
    release_payment(order.number, by=steps.CHECKER)


@pytest.mark.clause("4.3-b")
def test_receipts_are_numbered_without_gaps_and_keep_their_bytes(agreed):
    claim = steps.paid(agreed)
    for order in Order.objects.order_by("pk"):
        make_receipt(order=order.number)
        make_receipt(order=order.number)
        issue_receipt(order.number)
    vouchers = list(Voucher.objects.order_by("number"))
    assert [v.number for v in vouchers] == [1, 2]
    paper = receipt_of(vouchers[0])
    assert paper.startswith(b"%PDF-")
    assert b"/FontFile2" in paper
    steps.hear()
    assert steps.again(claim).stage == "closed"


def test_one_part_still_open_keeps_the_claim_open(approved):
    sign(approved, choices={1: "accept", 2: "object"}, words="再看一次")
    claim = steps.paid(steps.again(approved))
    make_receipt(order=Order.objects.get().number)
    steps.hear()
    assert steps.again(claim).closed_at is None


def test_the_journal_holds_no_name_phone_or_account(agreed):
    claim = steps.closed(steps.paid(agreed))
    text = "".join(e.line for e in history(claim.subject))
    party = Party.objects.get(phone=steps.PHONE)
    for private in (party.name, party.phone, "王五", "13911112222", "6222021234567890128"):
        assert private not in text
    assert Clearance.objects.count() == 6
