"""The words of refusals: changed by two persons, at once, and back to what ships."""

import pytest

from lipei.ch01_general.models import Revision
from lipei.kit.refusal import Refused
from lipei.manual import install, install_words, shipped
from tests.site.test_api_manual import Caller
from tests.site.test_manual import page

pytestmark = pytest.mark.django_db(transaction=True)
WHERE = "/manual/refusals/claim_not_found/"
WORDS = {"zh": "查不到这个案件。", "en": "No such claim can be found.", "next_zh": "请核对案件号。",
         "next_en": "Check the number."}  # fmt: skip


@pytest.fixture(autouse=True)
def shipped_again():
    yield
    install(shipped())
    install_words({})


def approve(client, edition: int) -> None:
    path = f"/manual/changes/refusal/claim_not_found/{edition}/approve/"
    assert client.post(path).status_code == 303


def test_other_words_are_said_at_once_after_the_second_person_and_taken_back_by_two(staff_client):
    manager, compliance = staff_client("zhouwei"), staff_client("hege")
    shipped_words = Refused("claim_not_found").words("zh")
    sent = manager.post(f"{WHERE}proposals/", WORDS | {"reason": "客户看不懂"})
    assert sent.status_code == 303
    approve(manager, 1)
    assert Refused("claim_not_found").words("zh") == shipped_words, "not by oneself"
    assert "查不到这个案件" in page(compliance, WHERE)
    approve(compliance, 1)
    assert "查不到这个案件" in page(staff_client("wangmin"), "/claims/CX-0/", status=404)
    assert Refused("claim_not_found").words("en") == WORDS["en"]
    manager.post(f"{WHERE}proposals/", {"act": "shipped", "reason": "改回去"})
    approve(compliance, 2)
    assert Refused("claim_not_found").words("zh") == shipped_words


def test_another_process_says_the_new_words_too(staff_client):
    manager, compliance = staff_client("zhouwei"), staff_client("hege")
    manager.post(f"{WHERE}proposals/", WORDS | {"reason": "客户看不懂"})
    approve(compliance, 1)
    install(shipped())
    install_words({})
    assert "查不到这个案件" in page(staff_client("wangmin"), "/claims/CX-0/", status=404)


def test_a_text_that_drops_or_invents_a_value_is_refused_at_its_field(staff_client):
    manager = staff_client("zhouwei")
    where = "/manual/refusals/authority_exceeded/proposals/"
    full = {"zh": "超出权限，需要{level}。", "en": "Beyond authority; needs {level}.",
            "next_zh": "请上报。", "next_en": "Send it up.", "reason": "更短"}  # fmt: skip
    for more, told in (
        ({"zh": "超出权限。"}, "{level}"), ({"next_en": "Ask {boss}."}, "{boss}"),
        ({"en": "Needs {level} }."}, "{}"), ({"next_zh": ""}, "必须填写"),
    ):  # fmt: skip
        answer = manager.post(where, full | more)
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert manager.post(where, {"act": "shipped", "reason": "x"}).status_code == 422
    assert staff_client("wangmin").post(where, full).status_code == 403
    page(manager, "/manual/refusals/no_such_slug/", status=404)
    assert not Revision.objects.exists()
    assert manager.post(where, full).status_code == 303


def test_the_words_are_listed_and_found(staff_client):
    told = page(staff_client("wangmin"), "/manual/refusals/?q=authority_exceeded")
    assert "核赔权限" in told
    assert "/manual/refusals/claim_not_found/" not in told


def test_the_api_rewords_with_the_same_two_persons(department):
    manager, compliance = Caller("zhouwei"), Caller("hege")
    body = {"words": WORDS, "reason": "客户看不懂"}
    Caller("wangmin").post("/refusals/claim_not_found/proposals", body, status=403)
    made = manager.post("/refusals/claim_not_found/proposals", body)
    where = f"/changes/refusal/claim_not_found/{made['edition']}"
    manager.post(f"{where}/approval", {}, status=403)
    compliance.post(f"{where}/approval", {})
    assert manager.get("/refusals/claim_not_found")["zh"] == WORDS["zh"]
    lost = {"words": WORDS, "reason": "更短"}
    manager.post("/refusals/authority_exceeded/proposals", lost, status=422)
    manager.get("/refusals/no_such_slug", status=404)
