"""2.1 A phone that we wrote down wrongly is put right; one that its owner proved never is."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lipei.ch01_general.duties import know_caller, reports_under, send_code, sign_in_party
from lipei.ch01_general.models import Claim, Message, Party, Staff
from lipei.ch01_general.tokens import PARTY_SCOPES
from lipei.ch02_intake.callers import correct_phone
from lipei.ch02_intake.models import Document
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from tests import steps
from tests.site.conftest import caller

pytestmark = pytest.mark.django_db(transaction=True)
WRONG, RIGHT = "13900001111", "13900001112"
WHY = "回放录音，末位记错"


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.fixture(autouse=True)
def demonstration_codes(settings):
    settings.LIPEI_DEMO = True


@pytest.fixture
def keyed(department):
    """A report of a caller whose phone the clerk typed wrongly."""
    return steps.keyed(steps.inpatient_policy(), "illness", phone=WRONG)


def correct(claim: Claim, **changes: object) -> None:
    told: dict[str, object] = {
        "position": 0, "phone": RIGHT, "reason": WHY, "proof": steps.upload(steps.CLERK).pk,
        "by": steps.CLERK,
    }  # fmt: skip
    correct_phone(claim.number, **{**told, **changes})  # type: ignore[arg-type]


def named(who: Client, name: str, key: str):
    """Say over the API under which name one reported."""
    return who.post(
        "/api/v1/me/caller", {"name": name}, content_type="application/json",
        headers={"Idempotency-Key": key},
    )  # fmt: skip


def signed_in(phone: str) -> Party:
    return sign_in_party(phone, code=send_code(phone, purpose="sign_in"))


def test_a_mistyped_phone_is_put_right_and_the_caller_finds_the_report_by_it(keyed):
    who = signed_in(RIGHT)
    assert not reports_under(who).exists()
    correct(keyed)
    claim = steps.again(keyed)
    assert (claim.phone, claim.reporter.phone) == (RIGHT, RIGHT)
    assert know_caller(who.pk, name=claim.reporter.name, by=f"party/{who.pk}") == [claim.number]


def test_the_entry_says_who_and_why_and_holds_neither_number(keyed):
    correct(keyed)
    told = history(keyed.subject)[-1]
    assert (told.verb, told.actor, told.clause) == ("intake.phone_corrected", steps.CLERK, "2.1-a")
    assert told.facts["position"] == 0
    assert told.facts["before"] != told.facts["after"]
    for private in (WRONG, RIGHT, WHY):
        assert private not in told.line
    proof = Document.objects.get(claim=keyed, kind="phone_proof")
    assert (proof.upload_id, proof.received_why) == (told.facts["proof"], WHY)


def test_the_third_party_is_called_at_the_right_phone_from_then_on(department):
    claim = steps.filed()
    position = claim.exposures.exclude(payee=None).get(payee__phone="13911112222").position
    correct(claim, position=position)
    assert claim.exposures.get(position=position).payee.reached_at == RIGHT
    assert steps.again(claim).phone == steps.PHONE


def test_a_phone_that_was_proved_or_is_the_policys_stays(department, keyed):
    signed = signed_in("13900002222")
    Claim.objects.filter(pk=keyed.pk).update(reporter=signed)
    with refused("phone_proved"):
        correct(keyed)
    assert Party.objects.get(pk=signed.pk).reached_at == "13900002222"
    Claim.objects.filter(pk=keyed.pk).update(reporter=keyed.policy.insured)
    with refused("phone_of_the_policy"):
        correct(keyed)
    assert steps.again(keyed).phone == WRONG
    assert not Document.objects.filter(claim=keyed, kind="phone_proof").exists()


def test_it_needs_the_duty_a_reason_a_proof_of_ones_own_and_another_number(keyed):
    for changes, slug in (
        ({"by": steps.MAKER}, "duty_missing"),
        ({"by": steps.claimant()}, "claim_not_found"),
        ({"reason": "  "}, "reason_missing"),
        ({"phone": WRONG}, "phone_unchanged"),
        ({"proof": steps.upload(steps.MAKER).pk}, "file_not_found"),
        ({"proof": 2**40}, "file_not_found"),
        ({"position": 9}, "claim_not_found"),
    ):
        with refused(slug):
            correct(keyed, **changes)
    assert steps.again(keyed).reporter.phone == WRONG
    assert "intake.phone_corrected" not in [e.verb for e in history(keyed.subject)]


def test_the_claim_page_asks_whose_and_says_which_it_does_not_change(department, staff_client):
    claim = steps.filed()
    signed_in(steps.PHONE)
    position = claim.exposures.get(payee__phone="13911112222").position
    url = f"/claims/{claim.number}/acts/phone/"
    clerk, finance = staff_client("wangmin"), staff_client("zhaolin")
    assert url in clerk.get(f"/claims/{claim.number}/").content.decode()
    assert url not in finance.get(f"/claims/{claim.number}/").content.decode()
    assert finance.get(url).status_code == 403
    form = clerk.get(url).content.decode()
    assert "登录证明过，不能改" in form
    assert "13911112222" not in form
    seen = form.split('name="seen" value="')[1].split('"')[0]

    def sent(**changes: object):
        told = {"seen": seen, "position": position, "phone": RIGHT, "reason": WHY}
        picture = SimpleUploadedFile("call.jpg", steps.photograph(7).read(), "image/jpeg")
        return clerk.post(url, {**told, "proof": picture, **changes})

    assert sent(phone="12").status_code == 422
    assert sent(reason="").status_code == 422
    assert sent(proof="").status_code == 422
    no = sent(position=0)
    assert no.status_code == 409
    assert "工作人员不能更改" in no.content.decode()
    assert sent().status_code == 302
    assert Party.objects.get(phone=RIGHT).name == "王五"


def test_a_phone_is_put_right_over_the_api(keyed):
    clerk = caller(Staff.objects.get(username="wangmin"), ["claims.work"])
    proof = steps.upload(steps.CLERK).pk

    def asked(key: str, **changes: object):
        body = {"position": 0, "phone": RIGHT, "reason": WHY, "proof": proof, **changes}
        return clerk.post(
            f"/api/v1/claims/{keyed.number}/phone-correction", body,
            content_type="application/json", headers={"Idempotency-Key": key},
        )  # fmt: skip

    no = asked("phone-0001", phone=WRONG)
    assert (no.status_code, no.json()["slug"]) == (422, "phone_unchanged")
    for _ in range(2):
        assert asked("phone-0002").status_code == 200
    assert steps.again(keyed).reporter.phone == RIGHT


def test_somebody_names_themselves_as_the_caller_over_the_api(department):
    claim = steps.keyed(steps.inpatient_policy(), "illness", phone=RIGHT)
    app = caller(signed_in(RIGHT), PARTY_SCOPES)

    assert app.get(f"/api/v1/claims/{claim.number}").status_code == 404
    for n in range(2):
        no = named(app, "李四", f"caller-no-000{n}")
        assert (no.status_code, no.json()["slug"]) == (422, "caller_unknown")
    assert named(app, "", "caller-no-0002").status_code == 422
    for _ in range(2):
        yes = named(app, claim.reporter.name, "caller-0001")
        assert (yes.status_code, yes.json()) == (200, {"numbers": [claim.number]})
    assert app.get(f"/api/v1/claims/{claim.number}").status_code == 200


def test_the_name_of_a_caller_is_tried_five_times_a_day_and_only_by_a_claimant(department):
    claim = steps.keyed(steps.inpatient_policy(), "illness", phone=RIGHT)
    app = caller(signed_in(RIGHT), PARTY_SCOPES)
    clerk = caller(Staff.objects.get(username="wangmin"), ["claims.report"])

    for n in range(5):
        assert named(app, "李四", f"caller-no-000{n}").json()["slug"] == "caller_unknown"
    spent = named(app, claim.reporter.name, "caller-0001")
    assert (spent.status_code, spent.json()["slug"]) == (429, "caller_tries_spent")
    assert named(clerk, claim.reporter.name, "caller-0002").status_code == 403


def test_what_is_told_after_the_correction_goes_to_the_right_phone(keyed):
    correct(keyed)
    before = Message.objects.count()
    steps.handed_over(keyed)
    new = Message.objects.order_by("pk")[before:]
    assert {one.phone for one in new} <= {RIGHT}
