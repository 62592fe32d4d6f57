"""The pages of policies: a file is looked at before it comes in, a policy read as on any day."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from lipei.ch01_general.endorsing import Told, change_policy
from lipei.ch01_general.models import ImportMapping, Party, Policy, PolicyImport
from lipei.ch01_general.policy_import import run_import
from lipei.kit import clock
from lipei.kit.models import Entry
from tests import steps
from tests.ch01_general.test_policy_import import HEAD, IDENTITY, line, text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager(staff_client):
    return staff_client("zhouwei")


def handed_in(client, raw: bytes) -> PolicyImport:
    answer = client.post("/policies/import/", {"file": SimpleUploadedFile("p.csv", raw)})
    assert answer.status_code == 303, answer.content.decode()
    return PolicyImport.objects.latest("pk")


def told(run: PolicyImport, **more: str) -> dict[str, str]:
    return {f"map_{field}": column for field, column in run.mapping.items()} | more


def test_a_file_is_looked_at_tried_and_brought_in(manager):
    run = handed_in(manager, text(line("P001"), line("P002", id="123")))
    place = f"/policies/import/{run.pk}/"
    page = manager.get(place).content.decode()
    assert "P001" in page
    assert "身份证件号码不正确" in page
    assert IDENTITY not in page
    for act, state in (("try", "tried"), ("import", "done")):
        assert manager.post(f"{place}start/", told(run, act=act)).status_code == 303
        assert "hx-trigger" in manager.get(place).content.decode()
        run_import(run.pk, by="staff/zhouwei")
        run.refresh_from_db()
        assert (run.state, run.added, run.refused) == (state, 1, 1)
        assert Policy.objects.filter(number="P001").exists() == (act == "import")
    assert "第 3 行" in manager.get(place).content.decode()


def test_a_job_brings_in_what_a_person_started(manager):
    run = handed_in(manager, text(line("P001")))
    manager.post(f"/policies/import/{run.pk}/start/", told(run, act="import"))
    waiting = Entry.objects.filter(subject=run.subject).order_by("number")
    assert [e.verb for e in waiting] == ["general.import_begun", "general.import_started"]
    jobs = ProcrastinateJob.objects.filter(queueing_lock=run.subject)
    assert [job.args for job in jobs] == [{"number": run.pk, "by": "staff/zhouwei"}]


def test_columns_are_corrected_and_kept_under_a_name(manager):
    run = handed_in(manager, text(line("P001"), head=HEAD.replace("险种", "种别")))
    place = f"/policies/import/{run.pk}/"
    refused = manager.post(f"{place}start/", told(run, act="try"))
    assert refused.status_code == 422
    assert "还没有指定对应的列" in refused.content.decode()
    right = told(run, map_product="种别")
    kept = manager.post(f"{place}start/", {**right, "act": "keep", "name": "核心"})
    assert kept.status_code == 200
    assert ImportMapping.objects.get(name="核心").mapping["product"] == "种别"
    assert "P001" in manager.get(f"{place}?mapping=核心").content.decode()
    assert manager.post(f"{place}start/", {**right, "act": "try"}).status_code == 303


def test_refused_rows_are_downloaded_without_a_formula_and_the_taking_is_recorded(manager):
    run = handed_in(manager, text(line("P001", id="=cmd|'/c calc'!A1"), line("P002")))
    manager.post(f"/policies/import/{run.pk}/start/", told(run, act="import"))
    run_import(run.pk, by="staff/zhouwei")
    answer = manager.get(f"/policies/import/{run.pk}/refused.csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0][:4] == ["行号", "有什么问题", "怎么办", "保单号"]
    assert (rows[1][0], rows[1][3]) == ("2", "P001")
    assert not [cell for cell in rows[1] if cell.startswith("=")]
    assert len(rows) == 2
    assert Entry.objects.filter(verb="general.list_exported", facts__view=run.subject).exists()


def test_what_is_no_table_is_refused_on_the_page(manager):
    for raw in (b"", b"PK\x03\x04nothing", b"\xff\xd8\xff\xe0\x00"):
        answer = manager.post("/policies/import/", {"file": SimpleUploadedFile("p.csv", raw)})
        assert answer.status_code in {415, 422}
        assert "文件没有收下" in answer.content.decode()
    assert not PolicyImport.objects.exists()


def test_who_may_not_bring_policies_in_sees_no_import(staff_client, manager):
    run = handed_in(manager, text(line("P001")))
    clerk = staff_client("wangmin")
    for place in ("", f"{run.pk}/", f"{run.pk}/refused.csv"):
        assert clerk.get(f"/policies/import/{place}").status_code == 403
    assert clerk.post(f"/policies/import/{run.pk}/start/", told(run, act="try")).status_code == 403


def test_a_policy_is_found_and_read_as_it_stood_on_a_day(staff_client):
    clerk = staff_client("wangmin")
    policy = Party.objects.get(phone=steps.PHONE).policies.get()
    claim = steps.filed()
    at = clock.now() - timedelta(days=10)
    change = Told("endorsed", {"plate": "沪B99999", "premium_paid": False}, at, "E-1")
    change_policy(policy.number, told=change, by="system/core")
    for q in (policy.number, "沪A6K27P", "沪B99999", "周国栋", steps.PHONE):
        assert policy.number in clerk.get("/policies/", {"q": q}).content.decode(), q
    place = f"/policies/of/{policy.number}/"
    now = clerk.get(place).content.decode()
    assert "沪B99999" in now
    assert "保费未缴" in now
    assert claim.number in now
    assert "E-1" in now
    day = (at - timedelta(days=1)).astimezone(clock.LOCAL).date()
    then = clerk.get(place, {"on": f"{day}"}).content.decode()
    assert "沪A6K27P" in then
    assert "保费未缴" not in then
    person = policy.insured
    assert person.phone not in now
    assert clerk.get(place, {"on": "never"}).status_code == 200


def test_a_policy_of_another_branch_is_as_unknown_as_none(staff_client):
    clerk = staff_client("wangmin")
    Policy.objects.update(branch=Policy.objects.first().branch.parent.parent)
    number = Policy.objects.first().number
    assert clerk.get(f"/policies/of/{number}/").status_code == 404
    assert clerk.get("/policies/of/NONE/").status_code == 404
    found = clerk.get("/policies/", {"q": number}).content.decode()
    assert f"/policies/of/{number}/" not in found
