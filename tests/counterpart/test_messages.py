"""The message gateway of the outside world, over HTTP."""

import pytest

from tests.counterpart.calls import message, until


def _state(counterpart, message_id):
    return counterpart.client.get(f"/messages/{message_id}").json()


def test_a_code_reaches_its_phone_and_no_other(counterpart):
    sent = message(to="13800000101", variables={"code": "918273", "minutes": "5"})
    assert counterpart.client.post("/messages", json=sent).status_code == 201
    texts = until(lambda: counterpart.received_by("13800000101"))
    assert "918273" in texts[0]
    assert counterpart.received_by("13800000102") == []


def test_the_same_message_is_sent_once(counterpart):
    sent = message(to="13800000103")
    for _ in range(3):
        assert counterpart.client.post("/messages", json=sent).status_code in (200, 201)
    until(lambda: counterpart.received_by("13800000103"))
    assert len(counterpart.received_by("13800000103")) == 1


def test_another_message_under_a_used_id_is_refused(counterpart):
    sent = message()
    counterpart.client.post("/messages", json=sent)
    other = sent | {"variables": {"code": "000000", "minutes": "5"}}
    assert counterpart.client.post("/messages", json=other).status_code == 409


def test_a_message_is_not_received_before_its_time(counterpart):
    counterpart.control(messages={"deliver_after_ms": 60_000})
    sent = message(to="13800000104")
    counterpart.client.post("/messages", json=sent)
    assert _state(counterpart, sent["message_id"])["state"] == "ACCEPTED"
    assert counterpart.received_by("13800000104") == []


@pytest.mark.parametrize(
    ("phone", "reason"),
    [("19900000001", "absent_number"), ("19900000002", "switched_off")],
)
def test_a_phone_out_of_reach_fails_with_its_reason(counterpart, phone, reason):
    sent = message(to=phone)
    counterpart.client.post("/messages", json=sent)
    now = until(lambda: (now := _state(counterpart, sent["message_id"]))["reason"] and now)
    assert (now["state"], now["reason"]) == ("FAILED", reason)
    assert counterpart.received_by(phone) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"template": "LP9999"}, "unknown_template"),
        ({"variables": {"code": "1"}}, "bad_variables"),
        ({"variables": {"code": "1", "minutes": "5", "more": "x"}}, "bad_variables"),
        ({"variables": {"code": 1, "minutes": "5"}}, "missing_field"),
        ({"variables": "code"}, "bad_field"),
        ({"to": "12345"}, "bad_field"),
        ({"to": "23800138000"}, "bad_field"),
    ],
)
def test_only_registered_templates_go_out_filled_in_full(counterpart, changes, code):
    answer = counterpart.client.post("/messages", json=message(**changes))
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_template_can_be_registered(counterpart):
    counterpart.control(messages={"templates": {"LP7001": "【理赔】{word}"}})
    sent = message(to="13800000105", template="LP7001", variables={"word": "{code}"})
    assert counterpart.client.post("/messages", json=sent).status_code == 201
    assert until(lambda: counterpart.received_by("13800000105")) == ["【理赔】{code}"]
