"""Rule change at the desk, over the API and at the console: the same run, the same report."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from lipei.ch01_general.editions import is_live
from lipei.ch01_general.models import Staff
from lipei.ch01_general.tokens import SCOPES, issue_token
from lipei.ch03_assessment import replay
from lipei.ch03_assessment.models import Replay
from lipei.kit import clock
from lipei.run.environment import environment_of
from lipei.run.home import CHECKOUT
from tests import steps
from tests.injuries import lay_compulsory, two_hurt

pytestmark = pytest.mark.django_db(transaction=True)
CHANGED = "own_damage_2026"


@pytest.fixture
def changed(department, editions):
    editions.lay()
    return editions


def decided():
    return steps.surveyed(steps.registered(steps.accepted(steps.filed())))


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def started(client: Client, **asked) -> Replay:
    answer = client.post("/rules/replays/", {"edition": CHANGED} | asked)
    assert answer.status_code == 303
    return Replay.objects.latest("pk")


def test_the_desk_starts_a_replay_shows_its_report_and_lets_another_person_approve(
    changed, staff_client
):
    claim = decided()
    manager, compliance = staff_client("zhouwei"), staff_client("hege")
    assert CHANGED in page(manager, "/rules/")
    run = started(manager)
    assert "every 2s" in page(manager, f"/rules/replays/{run.pk}/")
    replay.run_replay(run.pk)
    report = page(manager, f"/rules/replays/{run.pk}/")
    assert "every 2s" not in report
    assert claim.number in report
    assert "500.00" in report
    assert "浦东支公司" in report
    assert "须由另一位有权人员批准" in report
    approve = f"/rules/replays/{run.pk}/approve/"
    report_hash = {"report_hash": Replay.objects.get().report_hash}
    assert manager.post(approve, report_hash).status_code == 403
    assert not is_live(CHANGED)
    assert "批准生效" in page(compliance, f"/rules/replays/{run.pk}/")
    assert compliance.post(approve, report_hash).status_code == 303
    assert is_live(CHANGED)
    assert "已生效" in page(compliance, "/rules/")


def test_a_report_draws_money_by_month_and_changed_sums_by_group_and_tells_both_in_figures(
    changed, staff_client
):
    first, second = decided(), decided()
    manager = staff_client("zhouwei")
    run = started(manager)
    replay.run_replay(run.pk)
    held = Replay.objects.get()
    earlier = held.tally["by"]["month"][f"{clock.today():%Y-%m}"] | {"up_fen": 30_000, "up": 1}
    held.tally["by"]["month"]["2026-01"] = earlier
    held.tally["by"]["branch"]["3101"] |= {"up": 1, "down": 3}
    held.save()
    report = page(manager, f"/rules/replays/{run.pk}/")
    assert (first.stage, second.stage) == ("approved", "approved")
    (columns,) = re.findall(r'<svg class="u-chart__columns".*?</svg>', report)
    assert "按出险月份：赔款增加和减少的金额" in columns
    assert "<title>2026-01 +300.00 / −1,000.00</title>" in columns
    drawn = [int(high) for high in re.findall(r'u-chart__(?:up|down)".*? height="(\d+)"', columns)]
    assert drawn == [46, 153, 153]  # 300 up and 1,000 down on one scale of 200 units
    assert f"<title>{clock.today():%Y-%m} +0.00 / −1,000.00</title>" in columns
    assert report.count('<ul class="u-chart__rows"') == 3
    assert "浦东支公司</span>" in report
    assert "+1 / −3</span>" in report
    assert report.count("<table") == 4
    assert "<td>2026-01</td>" in report


def test_a_report_in_which_nothing_changes_draws_nothing(department, editions, staff_client):
    editions.lay(deductible_fen=0)
    decided()
    manager = staff_client("zhouwei")
    run = started(manager)
    replay.run_replay(run.pk)
    report = page(manager, f"/rules/replays/{run.pk}/")
    assert "u-chart" not in report
    assert report.count("<table") == 4


def test_the_desk_says_no_to_other_posts_and_to_days_upside_down(changed, staff_client):
    clerk, manager = staff_client("wangmin"), staff_client("zhouwei")
    page(clerk, "/rules/", status=403)
    assert clerk.post("/rules/replays/", {"edition": CHANGED}).status_code == 403
    wrong = {"edition": CHANGED, "from_on": "2026-05-02", "to_on": "2026-05-01"}
    answer = manager.post("/rules/replays/", wrong)
    assert answer.status_code == 422
    assert "结束日期早于开始日期" in answer.content.decode()
    assert manager.post("/rules/replays/", {"edition": "no_such_2026"}).status_code == 422
    page(manager, "/rules/replays/99999999999999999999/", status=404)
    assert not Replay.objects.exists()


def test_a_report_on_the_compulsory_cover_says_what_the_cover_after_would_bear(
    department, editions, staff_client
):
    claim = two_hurt()
    name = lay_compulsory(editions, medical=2_700_000)
    run = started(staff_client("zhouwei"), edition=name)
    replay.run_replay(run.pk)
    report = page(staff_client("zhouwei"), f"/rules/replays/{run.pk}/")
    assert "对商业三者险的影响" in report
    assert "+0.00 / −9,000.00" in report
    after = claim.exposures.filter(product="third_party", label="伤者乙").get()
    assert f"第 {after.position} 项" in report


def test_a_range_without_claims_says_what_to_do(changed, staff_client):
    manager = staff_client("zhouwei")
    run = started(manager, to_on="2020-01-01")
    replay.run_replay(run.pk)
    assert "放宽日期再回放" in page(manager, f"/rules/replays/{run.pk}/")


def test_a_report_names_no_claim_of_a_branch_that_is_not_theirs(changed, staff_client):
    claim = decided()
    made = replay.start_replay(CHANGED, by="staff/zhouwei")
    replay.run_replay(made.pk)
    held = Replay.objects.get()
    held.tally["hardest"][0]["branch_path"] = "/00/44/"
    held.save()
    path = f"/rules/replays/{made.pk}/"
    assert claim.number not in page(staff_client("zhouwei"), path)
    assert claim.number in page(staff_client("hege"), path)


def test_the_api_runs_reads_and_approves_a_replay(changed):
    decided()
    tokens = {
        name: issue_token(Staff.objects.get(username=name), scopes=list(SCOPES),
                          life=timedelta(days=1), by="system/console")
        for name in ("zhouwei", "hege", "wangmin")
    }  # fmt: skip

    def call(name, method, path, body=None, key="k-0123456789abcdef"):
        heads = {"Authorization": f"Bearer {tokens[name]}", "Idempotency-Key": key}
        return getattr(Client(), method)(
            f"/api/v1{path}", json.dumps(body) if body is not None else None,
            content_type="application/json", headers=heads,
        )  # fmt: skip

    assert call("wangmin", "post", "/replays", {"edition": CHANGED}).status_code == 403
    run = call("zhouwei", "post", "/replays", {"edition": CHANGED}).json()
    assert call("zhouwei", "post", "/replays", {"edition": CHANGED}).json() == run
    replay.run_replay(run["replay"])
    report = Client().get(
        f"/api/v1/replays/{run['replay']}", headers={"Authorization": f"Bearer {tokens['hege']}"}
    ).json()  # fmt: skip
    assert (report["state"], report["report"]["total"]["down_fen"]) == ("done", 50_000)
    path, word = f"/replays/{run['replay']}/approval", {"report_hash": report["report_hash"]}
    assert call("zhouwei", "post", path, word).status_code == 403
    assert call("hege", "post", path, {"report_hash": "sha256:0"}).status_code == 409
    assert call("hege", "post", path, word).json()["edition"] == CHANGED
    assert is_live(CHANGED)


def console(changed, *words) -> subprocess.CompletedProcess[str]:
    told = connection.settings_dict
    who, where = f"{told['USER']}:{quote(told['PASSWORD'])}", quote(told["HOST"], safe="")
    url = f"postgresql://{who}@/{told['NAME']}?host={where}&port={told['PORT']}"
    env = environment_of(url=url, data=changed.place, LIPEI_PRODUCTS=str(changed.place),
                         LIPEI_SECRET_KEY=settings.SECRET_KEY, LIPEI_FIELD_KEY=settings.FIELD_KEY,
                         LIPEI_CALLBACK_SECRET=settings.LIPEI_CALLBACK_SECRET)  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "lipei", "replay", *words, "--data", str(changed.place)],
        cwd=CHECKOUT, capture_output=True, text=True, env={**os.environ, **env}, check=False,
    )  # fmt: skip


def test_the_console_tells_the_same_with_a_bar_and_exit_codes(changed):
    claim = decided()
    done = console(changed, "--product", "own_damage", "--edition", "2026", "--json")
    assert done.returncode == 0, done.stderr
    assert "1 of 1" in done.stderr
    told = json.loads(done.stdout)
    assert told["report"]["hardest"][0]["claim"] == claim.number
    made = replay.start_replay(CHANGED, by="staff/zhouwei")
    replay.run_replay(made.pk)
    assert replay.replay_of(made.pk).report_hash == told["report_hash"]
    words = console(changed, "--product", "own_damage", "--edition", "2026")
    assert "1 settled sums, 1 change" in words.stdout
    unknown = console(changed, "--product", "own_damage", "--edition", "1999")
    assert unknown.returncode == 1
    assert "There is no such edition" in unknown.stderr


def test_the_desk_lets_an_edition_run_beside_the_live_one_and_shows_what_differs(
    changed, staff_client
):
    manager, today = staff_client("zhouwei"), f"{clock.today():%Y-%m-%d}"
    asked = {"edition": CHANGED, "from_on": today, "to_on": today}
    answer = manager.post("/rules/beside/", asked)
    assert answer.status_code == 303
    claim = decided()
    told = page(manager, answer["Location"])
    assert claim.number in told
    assert "1,300.00" in told
    assert CHANGED in page(manager, "/rules/")
    assert staff_client("wangmin").post("/rules/beside/", asked).status_code == 403
    again = manager.post("/rules/beside/", asked)
    assert again.status_code == 409
    assert "已有并行试算" in again.content.decode()
    assert manager.post("/rules/beside/", {**asked, "to_on": "2020-01-01"}).status_code == 422
    assert manager.post(f"{answer['Location']}end/").status_code == 303
    assert "提前结束" not in page(manager, answer["Location"])
    page(manager, "/rules/beside/999999/", status=404)


def test_the_desk_lists_claims_alike_that_are_paid_unlike(changed, staff_client):
    decided()
    assert "没有与同组不同的金额" in page(staff_client("xujing"), "/rules/alike/")
    page(staff_client("sunjie"), "/rules/alike/", status=403)


def test_the_api_runs_an_edition_beside_and_lists_what_is_unlike(changed):
    token = issue_token(Staff.objects.get(username="zhouwei"), scopes=list(SCOPES),
                        life=timedelta(days=1), by="system/console")  # fmt: skip
    heads = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k-0123456789abcdef"}
    today = f"{clock.today():%Y-%m-%d}"

    def post(path, body):
        return Client().post(f"/api/v1{path}", json.dumps(body), headers=heads,
                             content_type="application/json")  # fmt: skip

    made = post("/shadows", {"edition": CHANGED, "from_on": today, "to_on": today}).json()
    decided()
    path = f"/api/v1/shadows/{made['shadow']}"
    assert Client().get(path, headers=heads).json()["down_fen"] == 50_000
    assert post(f"/shadows/{made['shadow']}/end", {}).json()["ended_at"]
    assert Client().get("/api/v1/unlike-peers", headers=heads).json() == []
    assert Client().get("/api/v1/shadows/999999", headers=heads).status_code == 404
    assert [e["edition"] for e in Client().get("/api/v1/editions", headers=heads).json()] == [
        CHANGED
    ]
    assert Client().get("/api/v1/replays", headers=heads).json() == {"replays": [], "next": ""}
