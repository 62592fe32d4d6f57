"""What machines ask: does a process live, is it ready, how does the house run."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from lipei.ch01_general.models import Clock
from lipei.kit import clock, parties
from lipei.kit.models import Cursor, PartySeen
from tests import steps
from tests.site.test_standby import database_out_of_reach

LINE = re.compile(r'(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.e+-]+)')
SECRET = "a-token-for-those-who-watch"


def figures(answer):
    """The samples of an answer by name and labels, once every line was well formed."""
    lines = answer.content.decode().splitlines()
    assert [one for one in lines if not LINE.fullmatch(one)] == []
    return dict(one.rsplit(" ", 1) for one in lines if not one.startswith("#"))


def furthest_behind(told, unit="entries"):
    name = f"lipei_listener_behind_{unit}"
    return max(float(value) for key, value in told.items() if key.startswith(name))


def ready(client, query=""):
    answer = client.get(f"/readyz{query}")
    return answer.status_code, answer.json()["down"]


def test_health_is_answered_for_any_host_without_a_session():
    response = Client().get("/healthz", headers={"Host": "10.0.0.9:1234"})
    assert (response.status_code, response.json()) == (200, {"ok": True})
    assert not response.cookies


@pytest.mark.django_db
def test_a_process_that_has_everything_is_ready(client):
    assert client.get("/readyz", headers={"Host": "any"}).json() == {"ok": True, "down": []}


@pytest.mark.django_db(transaction=True)
def test_readiness_says_that_the_database_is_away_and_the_balancer_may_send_reports_all_the_same(
    client,
):
    with database_out_of_reach():
        assert ready(client) == (503, ["database"])
        assert ready(client, "?exclude=database") == (200, [])
        assert client.get("/healthz").status_code == 200
    assert ready(client) == (200, [])


@pytest.mark.django_db
def test_a_process_whose_tables_are_not_made_yet_is_not_ready_and_newer_tables_do_not_mind(client):
    with connection.cursor() as cursor:
        newer = "INSERT INTO django_migrations (app, name, applied) VALUES ('kit', '9999', now())"
        cursor.execute(newer)
        assert ready(client) == (200, [])
        cursor.execute("DELETE FROM django_migrations WHERE app = 'kit' AND name LIKE '0003%'")
    assert ready(client) == (503, ["migrations"])


@pytest.mark.django_db
def test_a_process_that_cannot_write_files_is_not_ready(client, settings, tmp_path):
    (tmp_path / "file").write_text("no folder")
    settings.LIPEI_FILES = str(tmp_path / "file" / "below")
    assert ready(client) == (503, ["files"])


@pytest.mark.django_db
def test_a_process_that_is_being_stopped_is_not_ready_and_lives(client, settings, tmp_path):
    settings.LIPEI_STOPPING = str(tmp_path / "stopping")
    assert ready(client) == (200, [])
    (tmp_path / "stopping").touch()
    assert ready(client) == (503, ["stopping"])
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_the_figures_are_for_this_machine_or_for_who_has_the_token(client, settings):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 403
    passed_on = client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert passed_on.status_code == 403
    settings.LIPEI_METRICS_TOKEN = SECRET
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 403
    told = client.get(
        "/metrics", headers={"Authorization": f"Bearer {SECRET}"}, REMOTE_ADDR="10.0.0.7"
    )
    assert told.status_code == 200


def test_the_figures_say_how_far_listeners_jobs_clocks_and_parties_are(department):
    claim = steps.filed()
    running = Clock.objects.filter(claim=claim, stopped_at=None, due_at__isnull=False).first()
    Clock.objects.filter(pk=running.pk).update(due_at=clock.now() - timedelta(minutes=5))
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts)"
            " VALUES ('outside', 'lipei.instruct_bank', 'failed', 8),"
            " ('default', 'lipei.make_receipt', 'doing', 0)"
        )
    PartySeen.objects.create(
        party="bank", process="elsewhere/1", state="down", reason="HTTP 503",
        since=clock.now() - timedelta(minutes=9), failed_at=clock.now(), seen_at=clock.now(),
    )  # fmt: skip
    Cursor.objects.update(reached_transaction=0, reached_id=0)
    told = figures(Client().get("/metrics"))
    assert told["lipei_database_up"] == "1"
    assert told['lipei_jobs{task="lipei.instruct_bank",state="failed"}'] == "1"
    assert told['lipei_jobs{task="lipei.make_receipt",state="stalled"}'] == "1"
    assert float(told['lipei_clocks{state="due_and_not_marked"}']) >= 1
    assert told['lipei_party_up{party="bank"}'] == "0"
    assert float(told['lipei_party_failing_seconds{party="bank"}']) >= 540
    assert told['lipei_party_up{party="messages"}'] == "1"
    assert furthest_behind(told) > 0
    assert furthest_behind(told, "seconds") >= 0
    steps.hear()
    told = figures(Client().get("/metrics"))
    assert furthest_behind(told) == 0


@pytest.mark.django_db
def test_the_figures_name_routes_and_no_address_and_say_which_process_counted(client):
    client.get("/m/claims/CLM-OF-SOMEBODY/")
    client.get("/nowhere/13800138000/")
    told = client.get("/metrics").content.decode()
    assert "CLM-OF-SOMEBODY" not in told
    assert "13800138000" not in told
    assert re.search(r'lipei_process_requests_total\{process="\d+",route="pocket:claim"', told)
    assert re.search(r'lipei_process_request_seconds_bucket\{.*route="none".*le="\+Inf"\}', told)


@pytest.mark.django_db
def test_the_age_of_the_last_backup_is_told_once_there_is_one(client, settings, tmp_path):
    settings.LIPEI_BACKUP_MARK = tmp_path / "last_backup.json"
    assert "lipei_backup_age_seconds" not in figures(client.get("/metrics"))
    made_at = clock.now() - timedelta(hours=3)
    settings.LIPEI_BACKUP_MARK.write_text(json.dumps({"made_at": made_at.isoformat()}))
    assert float(figures(client.get("/metrics"))["lipei_backup_age_seconds"]) >= 3 * 3600


@pytest.mark.django_db(transaction=True)
def test_without_the_database_the_figures_say_so_and_what_lies_on_the_disk(client):
    with database_out_of_reach():
        told = figures(client.get("/metrics"))
    assert told["lipei_database_up"] == "0"
    assert told['lipei_reports_kept{state="waiting"}'] == "0"


@pytest.mark.django_db
def test_what_one_process_knows_of_a_party_the_others_see_while_it_lives():
    at = clock.now()
    seen = {"party": "bank", "state": "down", "reason": "HTTP 503", "since": at, "failed_at": at}
    PartySeen.objects.create(process="worker/1", seen_at=at, **seen)
    assert {one.party: one.state for one in parties.known()} == {"bank": "down", "messages": "up"}
    PartySeen.objects.update(seen_at=at - timedelta(minutes=2))
    bank = next(one for one in parties.known() if one.party == "bank")
    assert (bank.state, bank.reason) == ("up", "HTTP 503"), "its last trouble is still told"
    parties.note()
    parties.note()
    assert PartySeen.objects.filter(process=parties.process_name()).count() == 2
