"""A hold stops the money of one exposure, never a clock of law, and another person lifts it."""

import pytest

from lipei.ch01_general.holds import lift_hold, place_hold
from lipei.ch01_general.models import Clock, Hold, Staff
from lipei.ch01_general.tokens import PARTY_SCOPES
from lipei.ch04_payment.release import prepare_payment, release_payment
from lipei.kit.refusal import Refused
from tests import steps
from tests.site.conftest import caller

pytestmark = pytest.mark.django_db(transaction=True)


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.fixture
def ordered(department, settings):
    settings.LIPEI_DEMO = True
    claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
    payee = claim.exposures.get(position=1).payee
    order = prepare_payment(claim.number, position=1, account=steps.account_of(payee).pk,
                            by=steps.MAKER)  # fmt: skip
    steps.hear()
    return claim, order.number


def test_money_waits_until_another_person_lifts_the_hold(ordered):
    claim, order = ordered
    running = Clock.objects.filter(claim=claim, stopped_at=None).count()
    place_hold(claim.number, position=1, kind="fraud", reason="旧伤痕待查", by="staff/hege")
    assert Clock.objects.filter(claim=claim, stopped_at=None).count() == running
    with refused("hold_in_force"):
        release_payment(order, by=steps.CHECKER)
    hold = Hold.objects.get()
    with refused("same_person"):
        lift_hold(claim.number, hold=hold.pk, reason="查清", by="staff/hege")
    lift_hold(claim.number, hold=hold.pk, reason="查清，非旧伤", by="staff/zhouwei")
    release_payment(order, by=steps.CHECKER)
    with refused("hold_not_found"):
        lift_hold(claim.number, hold=hold.pk, reason="再次", by="staff/zhouwei")


def test_a_hold_needs_a_kind_a_reason_and_the_duty(ordered):
    claim, _order = ordered
    for kind, reason, by, slug in (
        ("moon", "x", "staff/hege", "choice_unknown"),
        ("fraud", " ", "staff/hege", "reason_missing"),
        ("fraud", "x", steps.CLERK, "duty_missing"),
    ):
        with refused(slug):
            place_hold(claim.number, position=1, kind=kind, reason=reason, by=by)


def test_the_clerk_who_first_works_on_a_claim_answers_for_it(department):
    claim = steps.filed()
    assert claim.officer is None
    assert steps.accepted(claim).officer.username == "wangmin"


# On the claim page and over the API


def pressed(client, claim, key, **fields):
    """Open an act's form and send it; the status of the answer."""
    url = f"/claims/{claim.number}/acts/{key}/"
    form = client.get(url).content.decode()
    seen = form.split('name="seen" value="')[1].split('"')[0]
    return client.post(url, {"seen": seen, **fields}).status_code


def test_compliance_holds_and_a_manager_lifts_on_the_claim_page(ordered, staff_client):
    claim, order = ordered
    compliance, manager = staff_client("hege"), staff_client("zhouwei")
    told = {"position": 1, "kind": "court", "reason": "法院协助执行通知书"}
    assert staff_client("wangmin").get(f"/claims/{claim.number}/acts/hold/").status_code == 403
    for wrong in ({"reason": " "}, {"kind": "moon"}, {"position": 9}):
        assert pressed(compliance, claim, "hold", **{**told, **wrong}) == 422
    assert not Hold.objects.exists()
    assert pressed(compliance, claim, "hold", **told) == 302
    page = compliance.get(f"/claims/{claim.number}/").content.decode()
    assert "付款中止" in page
    with refused("hold_in_force"):
        release_payment(order, by=steps.CHECKER)
    hold = Hold.objects.get().pk
    assert pressed(compliance, claim, "lift", hold=hold, reason="查清") == 403
    assert pressed(manager, claim, "lift", hold=hold, reason=" ") == 422
    assert pressed(manager, claim, "lift", hold=hold, reason="法院已解除") == 302
    assert "付款中止" not in manager.get(f"/claims/{claim.number}/").content.decode()
    release_payment(order, by=steps.CHECKER)


def test_the_claimant_is_not_told_of_a_hold(ordered, claimant_client):
    claim, _order = ordered
    place_hold(claim.number, position=1, kind="fraud", reason="旧伤痕待查", by="staff/hege")
    phone = claimant_client()
    page = phone.get(f"/m/claims/{claim.number}/").content.decode()
    assert "旧伤痕" not in page
    assert "中止" not in page
    own = caller(claim.reporter, PARTY_SCOPES)
    assert own.get(f"/api/v1/claims/{claim.number}/holds").status_code == 403


def test_a_hold_is_placed_seen_and_lifted_over_the_api(ordered):
    claim, order = ordered
    people = {name: Staff.objects.get(username=name) for name in ("hege", "zhouwei")}
    apps = {name: caller(person, ["claims.work"]) for name, person in people.items()}
    url = f"/api/v1/claims/{claim.number}/holds"

    def asked(name: str, key: str, where: str = "", **body: object):
        return apps[name].post(f"{url}{where}", body, content_type="application/json",
                               headers={"Idempotency-Key": key})  # fmt: skip

    placed = asked("hege", "hold-0001", position=1, kind="court", reason="协助执行")
    assert placed.status_code == 201
    hold = placed.json()["hold"]
    (seen,) = apps["zhouwei"].get(url).json()
    assert (seen["hold"], seen["kind"], seen["placed_by"]) == (hold, "court", "staff/hege")
    with refused("hold_in_force"):
        release_payment(order, by=steps.CHECKER)
    own = asked("hege", "hold-0002", "/lifting", hold=hold, reason="查清")
    assert (own.status_code, own.json()["slug"]) == (403, "same_person")
    assert asked("zhouwei", "hold-0003", "/lifting", hold=hold, reason=" ").status_code == 422
    assert asked("zhouwei", "hold-0004", "/lifting", hold=hold, reason="解除").status_code == 200
    assert apps["zhouwei"].get(url).json() == []
