"""Reporting on the phone by what happened: each line asks its own, and nobody sees others'."""

from uuid import uuid4

import pytest

from lipei.ch01_general.models import Branch, Claim, Party
from lipei.ch02_intake.lines import LINES
from lipei.site import demonstration
from tests import steps
from tests.site import pocket

pytestmark = pytest.mark.django_db(transaction=True)
SICK, HURT, HOME = (person.phone for person in demonstration.PERSONS)
BLANK = "00000000-0000-0000-0000-000000000000"
FIRST = {
    "health": {"cause": "illness", "place": "上海市第六人民医院"},
    "accident": {"cause": "disability"},
    "property": {"cause": "water"},
}
ANSWERS = {
    "health": {"answer_stay": "discharged", "answer_social": "settled", "answer_diagnosis": "肺炎"},
    "accident": {"answer_doing": "life", "answer_treated": "inpatient"},
    "property": {"answer_things": "木地板 6000\n电视 4000", "answer_stopped": "yes",
                 "answer_told": "management"},
}  # fmt: skip
PICTURES = {"health": "medical_invoices", "accident": "medical_records", "property": "scene"}


@pytest.fixture(autouse=True)
def in_a_demonstration(settings):
    settings.LIPEI_DEMO = True


def first(line: str, **changes: str) -> dict[str, str]:
    typed = pocket.occurrence(**FIRST[line], line=line)
    del typed["injured"]
    return typed | changes


def third(line: str, **changes: str) -> dict[str, str]:
    return {"line": line, "story": "昨天夜里发生的。", **ANSWERS[line], **changes}


def reported(client, line: str) -> Claim:
    """A claim of a line, through the plain forms."""
    draft = str(uuid4())
    client.post(pocket.step(draft, 1), first(line))
    client.post(pocket.step(draft, 2), {"line": line, PICTURES[line]: steps.photograph(3)})
    client.post(pocket.step(draft, 3), third(line))
    consent = {"line": line, "phone": "13800006000", "consented": "on"}
    answer = client.post(pocket.step(draft, 4), consent)
    assert answer.status_code == 302, answer.content.decode()
    return Claim.objects.latest("pk")


@pytest.mark.parametrize(
    ("phone", "line", "products"),
    [
        (SICK, "health", ["health_inpatient"]),
        (HURT, "accident", ["accident", "accident_medical"]),
        (HOME, "property", ["property"]),
    ],
)
def test_what_happened_is_reported_on_the_phone_by_its_own_questions(
    claimant_client, phone, line, products
):
    client = claimant_client(phone)
    claim = reported(client, line)
    assert (claim.line, claim.flags, claim.injured) == (line, [], False)
    assert [e.product for e in claim.exposures.order_by("position")] == products
    assert claim.facts["answers"] == {
        name.removeprefix("answer_"): answer for name, answer in ANSWERS[line].items()
    }
    assert claim.materials.get(kind="claim_request").state == "accepted"
    if line != "property":
        assert claim.materials.get(kind=PICTURES[line]).state == "received"


def test_the_last_look_tells_the_answers_in_words(claimant_client):
    client, draft = claimant_client(SICK), str(uuid4())
    client.post(pocket.step(draft, 1), first("health"))
    client.post(pocket.step(draft, 3), third("health"))
    page = client.get(pocket.step(draft, 4)).content.decode()
    for words in ("生病、住院", "疾病住院", "已经出院", "已经结算", "肺炎", "第六人民医院"):
        assert words in page
    for words in ("对方", "责任", "受损部位", "有人受伤"):
        assert words not in page


def test_a_clerk_reads_the_answers_on_the_page_of_the_claim(claimant_client, staff_client):
    claim = reported(claimant_client(HOME), "property")
    page = staff_client("wangmin").get(f"/claims/{claim.number}/").content.decode()
    assert "险情停住了吗" in page
    assert "木地板 6000" in page
    assert "事故责任" not in page


@pytest.mark.parametrize(
    ("line", "n", "wrong"),
    [
        ("health", 1, {"cause": "collision"}),
        ("property", 1, {"cause": "illness"}),
        ("health", 1, {"relation": "driver"}),
        ("health", 3, {"answer_stay": "lost"}),
        ("accident", 3, {"answer_treated": ""}),
        ("property", 3, {"answer_things": "x" * 1001}),
        ("property", 3, {"answer_things": ""}),
    ],
)
def test_what_a_line_does_not_know_is_refused_at_its_field(claimant_client, line, n, wrong):
    phone = dict(zip(("health", "accident", "property"), (SICK, HURT, HOME), strict=True))[line]
    typed = first(line) if n == 1 else third(line)
    answer = claimant_client(phone).post(pocket.step(str(uuid4()), n), typed | wrong)
    assert answer.status_code == 422
    assert "data-errors" in answer.content.decode()


def test_who_has_one_policy_is_not_asked_what_happened(claimant_client):
    client = claimant_client(HOME)
    draft = str(uuid4())
    place = f"/m/report/{draft}/kind/"
    assert client.get(place)["Location"] == f"{pocket.step(draft, 1)}?line=property"
    page = client.get(pocket.step(draft, 1)).content.decode()
    assert "水淹、水管爆裂" in page
    assert "有人受伤" not in page
    assert "碰撞" not in page


def test_who_has_policies_of_two_lines_chooses_between_these_alone(claimant_client):
    party = Party.objects.get(phone=SICK)
    branch = Branch.objects.get(code="3101")
    demonstration.add_policy("PPRO0000000000000009", line="property", insured=party,
                             branch=branch, covers=demonstration.HOME)  # fmt: skip
    client, draft = claimant_client(SICK), str(uuid4())
    assert client.get(pocket.step(draft, 1))["Location"] == f"/m/report/{draft}/kind/"
    page = client.get(f"/m/report/{draft}/kind/").content.decode()
    assert "生病、住院" in page
    assert "家里或店里的财物受损" in page
    assert "车出了事故" not in page
    assert "车出了事故" in client.get(f"/m/report/{draft}/kind/?all").content.decode()
    home = client.get(f"{pocket.step(draft, 1)}?line=property").content.decode()
    assert "PPRO0000000000000009" in home
    assert "PHEA" not in home


def test_without_a_policy_anything_that_happened_can_be_reported(department):
    client = pocket.signed_in("13700001111")
    page = client.get(f"/m/report/{uuid4()}/kind/").content.decode()
    assert all(str(line.happened) in page for line in LINES.values())
    claim = reported(client, "accident")
    assert (claim.line, claim.flags) == ("accident", ["unmatched"])
    assert [e.product for e in claim.exposures.order_by("position")] == [
        "accident", "accident_medical",
    ]  # fmt: skip


@pytest.mark.parametrize("line", list(LINES))
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_a_phone_keeps_the_empty_steps_of_every_line(client, line, n):
    address = f"{pocket.step(BLANK, n)}?line={line}"
    assert address in client.get("/m/sw.js").content.decode()
    page = client.get(address).content.decode()
    assert f'name="line" value="{line}"' in page
    if n < 4:
        assert f"{pocket.step(BLANK, n + 1)}?line={line}" in page


@pytest.mark.parametrize("line", list(LINES))
def test_every_line_is_asked_in_english_too(client, line):
    for n in (1, 2, 3):
        page = client.get(f"{pocket.step(BLANK, n)}?line={line}", headers={"Accept-Language": "en"})
        main = page.content.decode().partition("<main")[2].partition("</main>")[0]
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in main), main


CARS_ALONE = ("查勘", "您的车", "车牌", "预估区间", "对方")


@pytest.mark.parametrize(("phone", "line"), [(SICK, "health"), (HURT, "accident")])
def test_who_was_ill_or_hurt_reads_of_papers_and_of_no_survey(claimant_client, phone, line):
    client = claimant_client(phone)
    claim = reported(client, line)
    receipt = client.get("/m/claims/").content.decode()
    page = client.get(f"/m/claims/{claim.number}/").content.decode()
    assert "核实损失" in page
    assert "不用上门" in page
    assert not [word for word in CARS_ALONE if word in page or word in receipt]
    claim = steps.registered(steps.handed_over(claim))
    page = client.get(f"/m/claims/{claim.number}/").content.decode()
    assert "核实中" in page
    assert not [word for word in CARS_ALONE if word in page]


def test_a_home_is_surveyed_and_no_car(claimant_client):
    client = claimant_client(HOME)
    claim = reported(client, "property")
    page = client.get(f"/m/claims/{claim.number}/").content.decode()
    assert "查勘员到现场看" in page
    assert not [word for word in ("看车", "您的车", "车牌", "对方") if word in page]


def test_the_receipt_promises_an_estimate_only_where_one_is_due(claimant_client):
    for phone, line, due in ((SICK, "health", False), (HOME, "property", True)):
        client = claimant_client(phone)
        claim = reported(client, line)
        draft = claim.reporter.drafts.get(claim=claim).client_id
        page = client.get(f"/m/report/{draft}/done/").content.decode()
        assert ("很快给出预估区间" in page) == due
        assert ("安排查勘员" in page) == due
