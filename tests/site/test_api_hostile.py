"""Hostile, absurd and repeated requests to the API: a clear answer each time, nothing half done."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from lipei.ch01_general.models import Claim, Party
from lipei.ch01_general.tokens import PARTY_SCOPES
from lipei.kit import clock
from lipei.kit.models import Upload
from tests.naughty import BLNS
from tests.site.conftest import POLICY, caller
from tests.steps import photograph

_keys = count(1)


def post(client, where, body, key=""):
    headers = {"Idempotency-Key": key or f"hostile-{next(_keys)}"}
    text = json.dumps(body)
    path = f"/api/v1{where}"
    return client.post(path, data=text, content_type="application/json", headers=headers)


def report(**changes):
    said = {
        "lost_at": (clock.now() - timedelta(hours=3)).isoformat(), "place": "科苑路 15 号",
        "cause": "collision", "story": "倒车时刮到立柱。", "consented": True, "another": True,
        "policy": POLICY,
    }  # fmt: skip
    return {**said, **changes}


def problem(response, status, field=""):
    assert response.status_code == status, response.content.decode()
    told = response.json()
    assert told["detail"]
    assert told["next"]
    named = [e["field"] for e in told.get("errors", [])] or [told.get("field", "")]
    assert not field or named == [field]
    return told


# Strings


@pytest.mark.django_db
def test_naughty_strings_in_every_text_of_a_report(phone_app, policy):
    """What is taken is kept as it was tidied; what is not is refused by name; never a 500."""
    texts = ("place", "cause", "story", "policy", "relation", "phone", "other_plate",
             "other_name", "other_phone", "fault", "proof", "others")  # fmt: skip
    for naughty in BLNS:
        response = post(phone_app, "/claims", report(**dict.fromkeys(texts, naughty)))
        assert response.status_code in {400, 422}, naughty
        short = naughty.strip()[:40]
        response = post(phone_app, "/claims", report(story=naughty, place=short or "x"))
        assert response.status_code in {201, 400, 422}, naughty
        if response.status_code == 201:
            claim = Claim.objects.get(number=response.json()["number"])
            read = phone_app.get(f"/api/v1/claims/{claim.number}").json()
            assert read["story"] == claim.story


@pytest.mark.django_db
def test_naughty_strings_in_path_query_and_key(phone_app):
    for naughty in BLNS[::3]:
        for response in (
            phone_app.get("/api/v1/claims", {"cursor": naughty, "stage": naughty}),
            phone_app.get("/api/v1/claims", {naughty: naughty}),
            phone_app.get(f"/api/v1/claims/{naughty.replace('/', '')}"),
            post(phone_app, "/claims", {naughty: naughty}),
        ):
            assert response.status_code < 500, naughty


@pytest.mark.django_db
def test_a_misspelt_key_is_refused_not_ignored(phone_app, policy):
    problem(post(phone_app, "/claims", report(injurred=True)), 422, "injurred")


# Values


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lost_at": "yesterday"}, "lost_at"), ({"lost_at": "2026-01-01T08:00:00"}, "lost_at"),
        ({"lost_at": "2999-01-01T00:00:00Z"}, "lost_at"), ({"lost_at": 5}, "lost_at"),
        ({"lost_at": "1889-01-01T00:00:00Z"}, "lost_at"), ({"lost_at": None}, "lost_at"),
        ({"consented": "yes"}, "consented"), ({"consented": 1}, "consented"),
        ({"injured": "true"}, "injured"), ({"phone": "123"}, "phone"),
        ({"other_plate": "ABC"}, "other_plate"), ({"fault": "mine"}, "fault"),
        ({"damage": "front"}, "damage"), ({"story": "x" * 2001}, "story"), ({"story": ""}, "story"),
        ({"uploads": [{"upload": 0, "kind": "scene"}]}, "uploads.0.upload"),
        ({"uploads": [{"upload": 1.5, "kind": "scene"}]}, "uploads.0.upload"),
        ({"damage": [{"thing": "own_vehicle", "part": "x"}]}, "damage.0.severity"),
    ],
)  # fmt: skip
@pytest.mark.clause("2.3-d")
def test_a_wrong_value_names_its_field_and_files_nothing(phone_app, policy, changes, field):
    problem(post(phone_app, "/claims", report(**changes)), 422, field)
    assert not Claim.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"lost_at": "2016-01-01T08:00:00+08:00"}, "time_too_early"),
        ({"consented": False}, "consent_missing"),
        ({"uploads": [{"upload": 9_007_199_254_740_991, "kind": "scene"}]}, "file_not_found"),
        ({"damage": [{"thing": "own_vehicle", "part": "wing", "severity": "dent"}]},
         "choice_unknown"),
    ],
)  # fmt: skip
@pytest.mark.clause("2.1-h")
def test_what_the_department_refuses_is_told_with_its_clause(phone_app, policy, changes, slug):
    response = post(phone_app, "/claims", report(**changes))
    assert 400 <= response.status_code < 500
    assert response.json()["slug"] == slug
    assert response.json()["clause"]
    assert not Claim.objects.exists()


@pytest.mark.django_db
def test_a_report_without_a_policy_is_taken_all_the_same(phone_app, branch):
    for policy in ("", "UNKNOWN-1"):
        assert post(phone_app, "/claims", report(policy=policy)).status_code == 201


@pytest.mark.django_db
def test_without_a_key_nothing_happens(phone_app, policy):
    response = phone_app.post(
        "/api/v1/claims", data=json.dumps(report()), content_type="application/json"
    )
    (error,) = problem(response, 422, "Idempotency-Key")["errors"]
    assert error["slug"] == "request_key_missing"
    problem(post(phone_app, "/claims", report(), key="short"), 422, "Idempotency-Key")
    assert not Claim.objects.exists()


# Files


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "slug"),
    [
        ("a.jpg", b"", "file_empty"),
        ("a.jpg", b"MZ\x90\x00 not a picture", "file_type_not_taken"),
        ("a.jpg", b"<html><script>alert(1)</script>", "file_type_not_taken"),
        ("a.jpg", b"\xff\xd8\xff\xe0 broken", "file_broken"),
        ("a.pdf", b"%PDF-1.7 broken", "file_broken"),
    ],
)
def test_a_file_that_is_not_taken_is_told_why(phone_app, name, content, slug):
    file = SimpleUploadedFile(name, content, content_type="image/jpeg")
    headers = {"Idempotency-Key": f"hostile-{next(_keys)}"}
    response = phone_app.post("/api/v1/uploads", {"file": file}, headers=headers)
    assert 400 <= response.status_code < 500
    assert response.json()["slug"] == slug
    assert not Upload.objects.exists()


@pytest.mark.django_db
def test_a_photograph_is_taken_once_under_its_key_and_belongs_to_who_sent_it(
    phone_app, other_app, policy
):
    headers = {"Idempotency-Key": "photo-key-1"}
    first, again = (
        phone_app.post("/api/v1/uploads", {"file": photograph()}, headers=headers) for _ in range(2)
    )
    assert first.status_code == 201
    assert first.json() == again.json()
    stolen = [{"upload": first.json()["upload"], "kind": "scene"}]
    response = post(other_app, "/claims", report(uploads=stolen))
    assert response.json()["slug"] == "file_not_found"


# At the same time


def in_parallel(person, bodies):
    """The answers to requests that one person sends all at once."""

    def send(told):
        client = caller_of[told[0]]
        try:
            return post(client, "/claims", told[1], key=told[0])
        finally:
            connection.close()

    caller_of = {key: caller(person, PARTY_SCOPES) for key, _ in bodies}
    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(send, bodies))


@pytest.mark.django_db(transaction=True)
def test_the_same_report_eight_times_at_once_is_one_claim(claimant, policy):
    answers = in_parallel(claimant, [("parallel-key", report())] * 8)
    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["number"] for a in answers}) == 1
    assert Claim.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_event_reported_under_eight_keys_at_once_is_told_as_a_duplicate(claimant, policy):
    said = report(another=False)
    answers = in_parallel(claimant, [(f"parallel-{n}", said) for n in range(8)])
    taken = [a for a in answers if a.status_code == 201]
    refused = [a for a in answers if a.status_code == 409]
    assert len(taken) + len(refused) == 8
    assert {a.json()["slug"] for a in refused} <= {"report_duplicate"}
    assert Claim.objects.count() == len(taken) == 1
    assert Party.objects.filter(pk=claimant.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_filing_over_http_is_at_most_eight_statements(
    phone_app, policy, django_assert_max_num_queries
):
    post(phone_app, "/claims", report())
    with django_assert_max_num_queries(8):
        assert post(phone_app, "/claims", report()).status_code == 201
