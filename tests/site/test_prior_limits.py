"""What was used up before Lipei, at the desk and over the API: the same commands and words."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lipei.ch01_general.models import Branch, Cover, Staff
from lipei.ch01_general.tokens import SCOPES, issue_token
from lipei.ch03_assessment import prior
from lipei.ch03_assessment.models import Accumulator, PriorBatch
from lipei.kit import uploads
from tests import stays, steps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("department")]
ABOUT = {"source": "旧核心系统", "paper": "移交清单第 3 页", "reason": "系统切换"}


@pytest.fixture
def policy():
    made = stays.policy_of(stays.insured("住院人"))
    Cover.objects.create(
        policy=made, product=stays.PRODUCT, edition=stays.EDITION, terms=stays.TERMS,
        starts_at=made.starts_at, ends_at=made.ends_at,
    )  # fmt: skip
    return made


def proof() -> SimpleUploadedFile:
    return SimpleUploadedFile("list.jpg", steps.photograph(9).getvalue(), "image/jpeg")


def typed(held, /, **changes: object) -> dict[str, object]:
    told = {"policy": held.number, "limit": "年度限额", "amount": "5,000.00", "year": "1"}
    return {**ABOUT, "proof": proof(), **told, **changes}


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_one_person_brings_in_a_row_and_another_approves_what_they_have_read(policy, staff_client):
    clerk, manager = staff_client("wangmin"), staff_client("zhouwei")
    answer = clerk.post("/limits/bring/", typed(policy))
    assert answer.status_code == 303
    held = PriorBatch.objects.get()
    here = f"/limits/{held.pk}/"
    assert answer["Location"] == here
    shown = page(clerk, here)
    assert "须由另一位有权人员批准" in shown
    assert "批准计入" not in shown
    assert clerk.post(f"{here}approve/", {"digest": held.digest}).status_code == 403
    shown = page(manager, here)
    assert "5,000.00 元" in shown
    assert policy.number in shown
    assert "批准计入" in shown
    assert manager.get(f"{here}proof/").status_code == 200
    assert manager.post(f"{here}approve/", {"digest": "0" * 64}).status_code == 303
    assert not Accumulator.objects.exists()
    assert manager.post(f"{here}approve/", {"digest": held.digest}).status_code == 303
    assert Accumulator.objects.get().used_units == 500_000
    assert "+5,000.00 元" in page(manager, here)
    assert "已计入" in page(clerk, "/limits/")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"policy": ""}, "保单号"),
        ({"policy": "PH-NO-SUCH"}, "没有找到这份保单"),
        ({"limit": "月度限额"}, "没有这项限额"),
        ({"amount": "-5"}, "金额"),
        ({"amount": "99,999,999.00"}, "最多还能计入"),
        ({"year": "77"}, "没有这个年度"),
        ({"proof": ""}, "凭证文件"),
    ],
)
def test_a_bad_row_says_what_is_wrong_and_keeps_nothing(policy, staff_client, changes, words):
    answer = staff_client("wangmin").post("/limits/bring/", typed(policy, **changes))
    assert answer.status_code in {404, 409, 422}
    assert words in answer.content.decode()
    assert not PriorBatch.objects.exists()


def test_a_table_comes_in_whole_or_names_every_row_to_correct(policy, staff_client):
    clerk = staff_client("wangmin")
    lines = ["保单号,限额,已用,保单年度", f"{policy.number},年度限额,5000,1",
             f"{policy.number},年免赔额,3000,1", f"{policy.number},年度限额,五千,2"]  # fmt: skip

    def table(text: str) -> SimpleUploadedFile:
        return SimpleUploadedFile("uses.csv", text.encode("gbk"), "text/csv")

    sent = {**ABOUT, "proof": proof(), "table": table("\n".join(lines))}
    answer = clerk.post("/limits/bring/", sent)
    assert answer.status_code == 422
    told = answer.content.decode()
    assert "有 1 行不能计入" in told
    assert '<td class="u-n u-right">4</td><td>已用</td>' in told
    assert not PriorBatch.objects.exists()
    sent = {**ABOUT, "proof": proof(), "table": table("\n".join(lines[:3]))}
    assert clerk.post("/limits/bring/", sent).status_code == 303
    assert PriorBatch.objects.get().uses.count() == 2


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\x00\x01\x02", b"<html>"])
def test_a_file_that_is_no_table_is_refused_in_words(policy, staff_client, content):
    sent = {**ABOUT, "proof": proof(), "table": SimpleUploadedFile("uses.xlsx", content)}
    answer = staff_client("wangmin").post("/limits/bring/", sent)
    assert answer.status_code in {413, 415, 422}
    assert not PriorBatch.objects.exists()


def test_others_see_no_batch_and_the_audit_reads_it(policy, staff_client):
    staff_client("wangmin").post("/limits/bring/", typed(policy))
    held = PriorBatch.objects.get()
    page(staff_client("zhaolin"), "/limits/", status=403)
    page(staff_client("zhaolin"), f"/limits/{held.pk}/", status=403)
    page(staff_client("wangmin"), "/limits/99999999999999999999/", status=404)
    policy.branch = Branch.objects.get(code="00")
    policy.save()
    page(staff_client("wangmin"), f"/limits/{held.pk}/", status=404)
    page(staff_client("hege"), f"/limits/{held.pk}/")


def test_a_program_brings_in_and_approves_once_each(policy):
    tokens = {
        name: issue_token(Staff.objects.get(username=name), scopes=list(SCOPES),
                          life=timedelta(days=1), by="system/console")
        for name in ("wangmin", "zhouwei", "zhaolin")
    }  # fmt: skip

    def call(name, method, path, body=None, key="k-0123456789abcdef"):
        heads = {"Authorization": f"Bearer {tokens[name]}", "Idempotency-Key": key}
        return getattr(Client(), method)(
            f"/api/v1{path}", json.dumps(body) if body is not None else None,
            content_type="application/json", headers=heads,
        )  # fmt: skip

    taken = uploads.take(proof(), owner="staff/wangmin", client_id="p", filename="list.jpg")
    one = {"policy": policy.number, "limit": "yearly_limit", "amount_units": 500_000}
    body = {**ABOUT, "proof": taken.pk, "rows": [{**one, "year": 1}]}
    assert call("zhaolin", "post", "/prior-uses", body).status_code == 403
    wrong = {**body, "rows": [{**one, "year": 1, "on": "2025-06-01"}]}
    assert (
        call("wangmin", "post", "/prior-uses", wrong, key="k-wrong-0123456789").status_code == 422
    )
    made = call("wangmin", "post", "/prior-uses", body).json()
    assert call("wangmin", "post", "/prior-uses", body).json() == made
    assert made["uses"][0]["amount_units"] == 500_000
    path = f"/prior-uses/{made['batch']}"
    approval = {"digest": made["digest"]}
    assert call("wangmin", "post", f"{path}/approval", approval).status_code == 403
    done = call("zhouwei", "post", f"{path}/approval", approval).json()
    assert done["state"] == "approved"
    assert call("zhouwei", "post", f"{path}/approval", approval).json() == done
    assert Accumulator.objects.get().used_units == 500_000
    assert call("zhouwei", "get", path).json()["uses"][0]["counted_units"] == 500_000
    assert call("zhouwei", "get", "/prior-uses").json()["batches"][0]["batch"] == made["batch"]
    assert call("zhaolin", "get", "/prior-uses").status_code == 403
    correction = {**body, "rows": [{**one, "on": "2025-06-01", "amount_units": 1}]}
    later = call("wangmin", "post", "/prior-uses", correction, key="k-later-0123456789").json()
    dropped = call(
        "wangmin", "post", f"/prior-uses/{later['batch']}/drop", {}, key="k-drop-012345678"
    )
    assert dropped.json()["state"] == "dropped"
    assert prior.settled_before(PriorBatch.objects.get(pk=made["batch"])) == []
