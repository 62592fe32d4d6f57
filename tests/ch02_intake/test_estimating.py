"""The estimate rests on something, is due from the photographs on, and can be given while due."""

from datetime import timedelta

import pytest

from lipei.ch01_general.models import Claim, Message, Staff
from lipei.ch01_general.stages import Stage
from lipei.ch02_intake.channels import Damage
from lipei.ch02_intake.estimating import give_estimate
from lipei.ch02_intake.materials import receive_document
from lipei.kit import clock
from lipei.kit.refusal import Refused
from tests import steps
from tests.site.conftest import caller

pytestmark = pytest.mark.django_db(transaction=True)
DENT = Damage("own_vehicle", "front_bumper", "dent")


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def due(claim: Claim) -> bool:
    return claim.clocks.filter(clause="1.3-b", stopped_at=None).exists()


def unticked(*kinds: str) -> Claim:
    """A report of whose damage nobody has said anything yet."""
    by = steps.claimant()
    uploads = tuple((steps.upload(by).pk, kind) for kind in kinds)
    return steps.filed(damage=(), uploads=uploads)


@pytest.mark.clause("1.3-b-range")
def test_an_interval_that_rests_on_nothing_is_refused_and_its_clock_runs_on(department):
    claim = unticked("scene")
    for told, slug in (
        ({}, "estimate_empty"),
        ({"damage": []}, "estimate_empty"),
        ({"low_fen": 1}, "text_missing"),
        ({"high_fen": 1}, "text_missing"),
        ({"basis": "看照片"}, "text_missing"),
        ({"low_fen": 1, "high_fen": 2}, "reason_missing"),
        ({"low_fen": 2, "high_fen": 1, "basis": "看照片"}, "estimate_range_upside_down"),
        ({"low_fen": 0, "high_fen": 0, "basis": "看照片"}, "estimate_empty"),
        ({"damage": [Damage("own_vehicle", "wing", "dent")]}, "choice_unknown"),
        ({"damage": [Damage("person", "front_bumper", "dent")]}, "thing_not_claimed"),
    ):
        with refused(slug):
            give_estimate(claim.number, by=steps.ASSESSOR, **told)
    assert due(claim)
    assert steps.again(claim).estimate_low_fen is None
    assert not Message.objects.filter(claim=claim, template="estimate").exists()


@pytest.mark.clause("1.3-b")
def test_the_assessor_ticks_the_parts_or_gives_two_sums_with_their_basis(department):
    ticked, said = unticked("scene"), unticked("close")
    give_estimate(ticked.number, damage=[DENT], by=steps.ASSESSOR)
    give_estimate(said.number, low_fen=80_000, high_fen=120_000, basis="按修理厂报价",
                  by=steps.ASSESSOR)  # fmt: skip
    ticked, said = steps.again(ticked), steps.again(said)
    assert 0 < ticked.estimate_low_fen < ticked.estimate_high_fen
    assert (said.estimate_low_fen, said.estimate_high_fen) == (80_000, 120_000)
    for claim in (ticked, said):
        assert not due(claim)
        assert Message.objects.filter(claim=claim, template="estimate").count() == 1


@pytest.mark.clause("1.3-b")
def test_the_hours_begin_when_photographs_come_and_not_before(department):
    by = steps.claimant()
    claim = unticked("driving_licence")
    assert claim.stage == Stage.APPLIED
    assert not due(claim)
    receive_document(claim.number, kind="vehicle_licence", upload=steps.upload(by).pk, by=by)
    assert not due(claim)
    picture = steps.upload(steps.CLERK).pk
    at = clock.now() - timedelta(minutes=30)
    receive_document(claim.number, kind="scene", upload=picture, by=steps.CLERK,
                     duty="materials.receive", received_at=at, reason="微信发来",
                     proof=steps.upload(steps.CLERK).pk)  # fmt: skip
    running = claim.clocks.get(clause="1.3-b")
    assert running.due_at - at == timedelta(hours=2)
    receive_document(claim.number, kind="close", upload=steps.upload(by).pk, by=by)
    assert claim.clocks.get(clause="1.3-b").started_at == running.started_at


def test_what_is_estimated_already_starts_no_hours(department):
    by = steps.claimant()
    claim = steps.filed()
    receive_document(claim.number, kind="plate", upload=steps.upload(by).pk, by=by)
    assert not due(claim)


def test_the_act_is_open_while_the_clock_runs_whatever_the_stage(department, staff_client):
    claim = unticked("scene", "driving_licence")
    assert claim.stage == Stage.APPLIED
    url = f"/claims/{claim.number}/acts/estimate/"
    assessor, clerk = staff_client("lijun"), staff_client("wangmin")
    assert url in assessor.get(f"/claims/{claim.number}/").content.decode()
    assert url not in clerk.get(f"/claims/{claim.number}/").content.decode()
    form = assessor.get(url).content.decode()
    seen = form.split('name="seen" value="')[1].split('"')[0]
    empty = assessor.post(url, {"seen": seen})
    assert empty.status_code == 422
    assert "没有可以依据的内容" in empty.content.decode()
    wrong = assessor.post(url, {"seen": seen, "low_fen": "100", "high_fen": "", "basis": "估"})
    assert wrong.status_code == 422
    told = {"seen": seen, "damage_own_vehicle_front_bumper": "dent"}
    assert assessor.post(url, told).status_code == 302
    assert not due(claim)
    page = assessor.get(f"/claims/{claim.number}/").content.decode()
    assert url not in page
    assert "按定损员勾选的受损部位和价格表估算" in page


def test_the_claimant_reads_what_an_interval_in_words_rests_on(department, claimant_client):
    claim = unticked("scene")
    give_estimate(claim.number, low_fen=80_000, high_fen=120_000, basis="按修理厂报价",
                  by=steps.ASSESSOR)  # fmt: skip
    page = claimant_client().get(f"/m/claims/{claim.number}/").content.decode()
    assert "依据：按修理厂报价" in page
    assert "1,200.00" in page
    assert "参考价（元）" not in page


def test_an_estimate_is_given_over_the_api(department):
    claim = unticked("scene")
    assessor = caller(Staff.objects.get(username="lijun"), ["claims.work"])

    def asked(key: str, **body: object):
        return assessor.post(
            f"/api/v1/claims/{claim.number}/estimate", body, content_type="application/json",
            headers={"Idempotency-Key": key},
        )  # fmt: skip

    no = asked("estimate-0001")
    assert (no.status_code, no.json()["slug"]) == (422, "estimate_empty")
    part = {"thing": "own_vehicle", "part": "front_bumper", "severity": "dent"}
    assert asked("estimate-0002", damage=[part]).status_code == 200
    assert steps.again(claim).estimate["by_staff"]
