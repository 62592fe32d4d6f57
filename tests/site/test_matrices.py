"""Authority matrices: read by the gates as they are in force, changed by two persons."""

from datetime import timedelta

import pytest
import time_machine

from lipei.ch01_general.models import Revision
from lipei.ch03_assessment.adjudication import calculate_claim, decide_claim, submit_for_review
from lipei.ch03_assessment.questions import QUESTIONS
from lipei.kit import clock
from lipei.kit.refusal import Refused
from lipei.manual import authority, install, install_authority, shipped
from tests import steps
from tests.site.test_api_manual import Caller
from tests.site.test_manual import next_month, page, tomorrow

pytestmark = pytest.mark.django_db(transaction=True)
WHERE = "/manual/authority/coverage/"


@pytest.fixture(autouse=True)
def shipped_again():
    yield
    install(shipped())
    install_authority(())


def asked(**more: str) -> dict[str, str]:
    amounts = {"L1": "100.00", "L2": "200.00", "L3": "200,000.00", "L4": "500,000.00"}
    told = {"effective_from": tomorrow(), "reason": "新人较多", "act": "propose"}
    return amounts | {"L5": "不限"} | told | more


def test_a_matrix_is_changed_by_two_persons_and_begins_on_its_day(staff_client):
    manager, compliance = staff_client("zhouwei"), staff_client("hege")
    assert manager.post(f"{WHERE}proposals/", asked()).status_code == 303
    assert "有提议待批" in page(compliance, "/manual/authority/")
    manager.post("/manual/changes/authority/coverage/1/approve/")
    day = clock.today() + timedelta(days=1)
    assert authority(at=day).needed("coverage", amount_fen=20_001) == "L1", "not by oneself"
    compliance.post("/manual/changes/authority/coverage/1/approve/")
    assert authority(at=day).needed("coverage", amount_fen=20_001) == "L3"
    assert authority().needed("coverage", amount_fen=20_001) == "L1", "not before its day"
    assert authority(at=day).needed("payment", amount_fen=20_001) == "L1", "nor another matter"
    assert "≤ 200.00" in page(manager, WHERE)


@pytest.mark.clause("3.3-b")
def test_a_decision_is_held_against_the_matrix_in_force_when_it_is_made(staff_client):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())), own_fen=750_000)
    calculate_claim(claim.number, by=steps.CLERK)
    submit_for_review(claim.number, by=steps.CLERK)
    staff_client("zhouwei").post(f"{WHERE}proposals/", asked(L3="300.00"))
    staff_client("hege").post("/manual/changes/authority/coverage/1/approve/")
    told = {"approve": True, "answers": dict.fromkeys(QUESTIONS, True), "remark": "",
            "by": steps.REVIEWER}  # fmt: skip
    first = claim.exposures.filter(stage="reviewing").order_by("position")[0]
    with time_machine.travel(clock.now() + timedelta(days=1)):
        with pytest.raises(Refused, match=r"^authority_exceeded$") as no:
            decide_claim(claim.number, position=first.position, **told)
        assert "level 4" in no.value.words("en")
    decide_claim(claim.number, position=first.position, **told)


def test_levels_that_do_not_rise_and_a_matrix_that_ends_are_refused_at_their_field(staff_client):
    manager = staff_client("zhouwei")
    for more, told in (
        ({"L3": "150.00"}, "没有高过下一级"), ({"L2": "不限"}, "没有高过下一级"),
        ({"L5": ""}, "最后一级必须写"), ({"L1": "很多"}, "金额"),
        ({"effective_from": clock.today().isoformat()}, "生效日必须晚于今天"),
    ):  # fmt: skip
        answer = manager.post(f"{WHERE}proposals/", asked(**more))
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert staff_client("wangmin").post(f"{WHERE}proposals/", asked()).status_code == 403
    page(manager, "/manual/authority/poetry/", status=404)
    assert not Revision.objects.exists()


def test_before_a_matrix_changes_it_is_told_which_claims_would_have_gone_higher(staff_client):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    with next_month():
        answer = staff_client("zhouwei").post(f"{WHERE}proposals/", asked(act="preview"))
    told = answer.content.decode()
    assert claim.number in told.split("要更高一级的")[1]
    assert not Revision.objects.exists()


def test_the_api_changes_a_matrix_with_the_same_two_persons(department):
    manager, compliance = Caller("zhouwei"), Caller("hege")
    rows = [{"level": "L1", "upto_fen": 10_000}, {"level": "L5"}]
    body = {"steps": rows, "effective_from": tomorrow(), "reason": "新人较多", "based_on": 0}
    made = manager.post("/authority/coverage/proposals", body)
    assert manager.post("/authority/coverage/proposals", body, status=409)
    where = f"/changes/authority/coverage/{made['edition']}"
    manager.post(f"{where}/approval", {}, status=403)
    compliance.post(f"{where}/approval", {})
    other = body | {"effective_from": (clock.today() + timedelta(days=9)).isoformat()}
    rows.insert(1, {"level": "L2", "upto_fen": 20_000})
    manager.post("/authority/coverage/proposals", other, status=409)
    manager.post("/authority/coverage/proposals", other | {"based_on": 1})
    wrong = [{"level": "L2", "upto_fen": 1}, {"level": "L1"}]
    manager.post("/authority/payment/proposals", body | {"steps": wrong}, status=422)
    assert Caller("wangmin").get("/authority/coverage")[0]["upto_fen"] == 500_000
    Caller("wangmin").get("/authority/poetry", status=404)
