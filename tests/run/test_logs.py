"""The logs tell what happened and where, and nothing of the people whom it concerns."""

import json
import re
from datetime import timedelta

import httpx
import pytest

from lipei.kit import clock
from lipei.run import postgres
from lipei.run.environment import manage
from tests.run.house import CREATED, KEPT, PHONE, POLICY, department

NAME, OTHER_PHONE = "欧阳娜娜子", "13911112222"
IDENTITY, ACCOUNT = "110101199003077352", "6222021001112345678"
STORY = "倒车时碰到立柱，车尾凹陷。"
PRIVATE = (NAME, OTHER_PHONE, PHONE, IDENTITY, ACCOUNT, STORY, "139 1111 2222")


@pytest.fixture(scope="module")
def talkative(tmp_path_factory):
    """A department whose processes write as much as they ever do."""
    with pytest.MonkeyPatch.context() as surroundings:
        surroundings.setenv("LIPEI_LOG", "DEBUG")
        with department(tmp_path_factory.mktemp("talkative")) as house:
            yield house


def report():
    return {
        "lost_at": (clock.now() - timedelta(hours=3)).isoformat(), "place": "春和路 1 号",
        "cause": "collision", "story": STORY, "policy": POLICY, "consented": True,
        "others": "vehicle", "other_plate": "沪C12345", "other_name": NAME,
        "other_phone": OTHER_PHONE, "fault": "full", "proof": "agreement",
        "damage": [{"thing": "own_vehicle", "part": "rear_bumper", "severity": "dent"}],
    }  # fmt: skip


def control_of(house):
    """Where the world outside is told how to behave."""
    words = house.children[0].command
    return f"http://127.0.0.1:{words[words.index('--port') + 1]}/control"


def said(house, program):
    return (house.home.logs / f"{program}.log").read_text()


def test_a_report_and_everything_that_goes_wrong_around_it_leaves_no_person_in_the_logs(talkative):
    house, control = talkative, control_of(talkative)
    with house.client() as door, httpx.Client(trust_env=False) as world:
        code = door.post("/codes", json={"phone": PHONE}).json()["code"]
        token = door.post("/tokens", json={"phone": PHONE, "code": code}).json()["token"]
        assert world.post(control, json={"messages": {"down": True}}).status_code == 200
        door.headers["Authorization"] = f"Bearer {token}"
        filed = door.post("/claims", json=report(), headers={"Idempotency-Key": "log-00000001"})
        assert filed.status_code == CREATED, filed.text
        door.post("/codes", json={"phone": OTHER_PHONE})
        wrong = {**report(), "policy": IDENTITY, "other_phone": ACCOUNT, "story": 7}
        refused = door.post("/claims", json=wrong, headers={"Idempotency-Key": "log-00000002"})
        assert 400 <= refused.status_code < 500
        door.get(f"/claims/{ACCOUNT}")
        broken = json.dumps({"code_id": 1, "sealed_code": ACCOUNT, "phone": OTHER_PHONE})
        told = house.children[0].environment
        words = ("procrastinate", "defer", "lipei.send_code", broken)
        assert manage(*words, environment=told).returncode == 0
        house.until(lambda: "job_error lipei.send_code" in said(house, "worker"), what="no fault")
        postgres.kill(house.server)
        kept = door.post("/claims", json=report(), headers={"Idempotency-Key": "log-00000003"})
        assert kept.status_code == KEPT, kept.text
        postgres.start(house.server)
    for program in ("web", "worker"):
        told = said(house, program)
        assert told
        assert [one for one in PRIVATE if one in told] == [], program
        assert [one for one in PRIVATE if json.dumps(one)[1:-1] in told] == [], program
    lines = [json.loads(one) for one in said(house, "worker").splitlines() if one[:1] == "{"]
    assert any(re.search(r"lipei\.send_code #\d+", one["says"]) for one in lines)
    assert {"at", "level", "from", "says"} <= set(lines[0])
