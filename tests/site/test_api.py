"""The API's door: who may come in, what is read, and how a no is told."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from lipei.ch01_general.models import Token
from lipei.ch01_general.tokens import issue_token, revoke_token
from lipei.kit import clock
from lipei.kit.refusal import Refused
from tests.site.conftest import caller

pytestmark = pytest.mark.django_db


def told(response, status):
    """The problem in an answer that must be one."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    for name in ("type", "title", "detail", "slug", "next", "instance", "reference"):
        assert problem[name], name
    return problem


def test_a_caller_learns_who_it_is(phone_app, claimant):
    told_me = phone_app.get("/api/v1/me").json()
    assert told_me["reference"] == f"party/{claimant.pk}"
    assert told_me["scopes"] == ["claims.read", "claims.report", "own.confirm"]


def test_without_a_token_nothing_is_told():
    response = Client().get("/api/v1/me")
    assert told(response, 401)["slug"] == "token_missing"
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic abc", "Bearer wrong", "Bearer " + "x" * 5000, "bearer \x7f\xff"])  # fmt: skip # noqa: E501
def test_a_wrong_token_is_no_token(db, header):
    told(Client().get("/api/v1/me", headers={"Authorization": header}), 401)


def test_an_ended_or_revoked_token_opens_nothing(claimant):
    app = caller(claimant, ["claims.read"])
    token = Token.objects.get(party=claimant)
    assert app.get("/api/v1/claims").status_code == 200
    revoke_token(token.pk, by="system/test")
    revoke_token(token.pk, by="system/test")
    told(app.get("/api/v1/claims"), 401)
    Token.objects.update(revoked_at=None, expires_at=clock.now() - timedelta(seconds=1))
    told(app.get("/api/v1/claims"), 401)


def test_who_has_left_the_house_has_no_token(officer):
    app = caller(officer, ["claims.read"])
    assert app.get("/api/v1/me").status_code == 200
    type(officer).objects.filter(pk=officer.pk).update(is_active=False)
    told(app.get("/api/v1/me"), 401)


@pytest.mark.clause("6.1-a")
def test_a_token_serves_only_what_it_was_given_for(claimant):
    problem = told(caller(claimant, ["own.confirm"]).get("/api/v1/claims"), 403)
    assert problem["slug"] == "scope_missing"


def test_a_token_needs_a_known_use_and_an_end(claimant):
    for scopes, life in ((["everything"], 1), ([], 1), (["claims.read"], 400), (["claims.read"], 0)):  # fmt: skip # noqa: E501
        with pytest.raises(Refused):
            issue_token(claimant, scopes=scopes, life=timedelta(days=life), by="system/test")


def test_the_caller_is_found_in_one_statement(phone_app, django_assert_num_queries):
    with django_assert_num_queries(1):
        phone_app.get("/api/v1/me")


def test_an_unknown_address_and_method_are_told_as_problems(phone_app):
    told(phone_app.get("/api/v1/nothing"), 404)
    response = phone_app.delete("/api/v1/me")
    assert told(response, 405)["slug"] == "method_not_allowed"
    assert response["Allow"] == "GET"


def test_a_problem_speaks_the_readers_language(phone_app):
    chinese = told(phone_app.get("/api/v1/claims/CX-0"), 404)
    english = told(phone_app.get("/api/v1/claims/CX-0", headers={"Accept-Language": "en"}), 404)
    assert chinese["slug"] == english["slug"] == "claim_not_found"
    assert "案件" in chinese["detail"]
    assert "claim" in english["detail"]
    assert phone_app.get(english["type"]).json()["clause"] == english["clause"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"),
        ("stage=lost", "stage"), ("is_open=maybe", "is_open"), ("cursor=forged", "cursor"),
        ("cursor=" + "c" * 999, "cursor"),
    ],
)  # fmt: skip
def test_a_wrong_question_names_its_field(phone_app, query, field):
    problem = told(phone_app.get(f"/api/v1/claims?{query}"), 422)
    named = [e["field"] for e in problem.get("errors", [])] or [problem["field"]]
    assert named == [field]


def test_the_description_gives_every_operation_scope_problem_and_key(db):
    described = Client().get("/api/v1/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["description"], where
            assert operation["responses"]["422"]["content"]["application/problem+json"], where
            if operation.get("security") and path != "/api/v1/me":
                assert operation["x-scope"], where
            names = {p["name"] for p in operation["parameters"]}
            if method == "post" and operation.get("security"):
                assert "Idempotency-Key" in names, where


def test_the_page_of_operations_needs_no_foreign_script(db):
    page = Client().get("/api/v1/docs").content.decode()
    assert "/api/v1/claims/{number}" in page
    assert "<script" not in page
    assert "https://" not in page.replace("https://www.w3.org", "")


# Bodies


def sent(client, body, content_type="application/json", path="/api/v1/claims"):
    headers = {"Idempotency-Key": "test-key-1"}
    return client.post(path, data=body, content_type=content_type, headers=headers)


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[1,]", b"\xff\xfe", b'{"a":NaN}', b'{"a":Infinity}', b'{"a":1e999}',
        b'{"a":1,"a":2}', b'{"a":123456789012345678901234567890}',
        b"[" * 40 + b"]" * 40, b"[" * 100_000, b'{"a":' * 50 + b"1" + b"}" * 50,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_told(phone_app, body):
    assert told(sent(phone_app, body), 400)["slug"] == "request_malformed"


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800", "\\udc00\\ud800", "a\\u0000b"])
def test_nul_and_halves_of_pairs_are_refused_in_keys_and_values(phone_app, text):
    for body in (f'{{"{text}":1}}', f'{{"a":"{text}"}}', f'{{"a":[{{"b":["{text}"]}}]}}'):
        problem = told(sent(phone_app, body.encode()), 400)
        assert problem["slug"] == "text_not_allowed"


def test_a_whole_pair_is_a_character(phone_app):
    problem = told(sent(phone_app, b'{"story":"\\ud83d\\ude97"}'), 422)
    assert problem["slug"] == "input_wrong"


def test_another_content_type_is_refused(phone_app):
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
        assert told(sent(phone_app, b"a=1", kind), 415)["slug"] == "content_type_wrong"


def test_a_body_that_is_too_large_is_refused(phone_app):
    body = json.dumps({"story": "x" * 1_100_000}).encode()
    assert told(sent(phone_app, body), 413)["slug"] == "request_too_large"
