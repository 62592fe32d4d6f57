"""The desk: each post's own views, only one's own branches, and a page that costs the same."""

import csv
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lipei.ch01_general import worklist
from lipei.ch01_general.actors import actor
from lipei.ch01_general.duties import add_staff, assign_claim
from lipei.ch01_general.models import Branch, Claim, Staff
from lipei.ch02_intake.estimating import give_estimate
from lipei.kit import clock
from lipei.kit.models import Entry
from lipei.site.desk.listing import count_words
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
LIST = {"HX-Request": "true", "HX-Target": "div#u-work"}


def numbers_in(page):
    return [n for n in Claim.objects.values_list("number", flat=True) if n in page]


@pytest.fixture
def elsewhere(department):
    """An officer of another province, with no claim in reach."""
    root = Branch.objects.get(code="00")
    there = Branch.objects.create(code="44", name="广东分公司", parent=root, path="/00/44/")
    return add_staff(
        username="faraway", name="远方", number="44001", password="long-enough-secret",
        branch=there, held=[("SP", 1, "理赔部")], by="system/test",
    )  # fmt: skip


def test_a_post_has_the_claims_that_wait_for_it(department):
    reported, surveyed = steps.filed(), steps.surveyed(
        steps.registered(steps.accepted(steps.filed())), own_fen=400_000, other_fen=300_000
    )  # fmt: skip
    clerk = actor("staff/wangmin")
    rows, _after = worklist.work_rows(worklist.views_of(clerk)["todo"])
    assert {r.number for r in rows} == {reported.number, surveyed.number}
    finance = actor("staff/zhaolin")
    assert worklist.work_rows(worklist.views_of(finance)["todo"])[0] == []
    assert "todo" not in worklist.views_of(actor("staff/wutong"))
    assert worklist.views_of(actor("staff/itadmin"))["all"].places.paths == ()


def unticked(*kinds: str, **changes):
    """A report with photographs or papers, of whose damage nobody has ticked anything."""
    by = steps.claimant()
    uploads = tuple((steps.upload(by).pk, kind) for kind in kinds)
    return steps.filed(damage=(), uploads=uploads, **changes)


def test_an_estimate_that_is_owed_is_the_assessors_to_do_at_any_stage(department, staff_client):
    reported, applied = unticked("scene"), unticked("scene", "driving_licence")
    unticked("driving_licence")
    steps.filed()
    assert (reported.stage, applied.stage) == ("reported", "applied")
    Claim.objects.filter(pk=applied.pk).update(holder="claimant")
    assessor = actor("staff/lijun")
    views = worklist.views_of(assessor)
    owed = {reported.number, applied.number}
    rows, after = worklist.work_rows(views["todo"])
    assert ({r.number for r in rows}, after) == (owed, None)
    assert worklist.counted(views)["todo"] == 2
    one, after = worklist.work_rows(views["todo"], most=1)
    two, end = worklist.work_rows(views["todo"], after=after, most=1)
    assert ({r.number for r in (*one, *two)}, end) == (owed, None)
    client = staff_client("lijun")
    page = client.get("/desk/", headers=LIST).content.decode()
    assert page.count("待出预估区间") == page.count("我手上") == 2
    page = client.get("/desk/?stage=applied", headers=LIST).content.decode()
    assert numbers_in(page) == [applied.number]
    for claim in (reported, applied):
        give_estimate(claim.number, low_fen=1, high_fen=2, basis="看照片", by=steps.ASSESSOR)
    assert worklist.work_rows(views["todo"]) == ([], None)


def test_an_estimate_that_is_owed_is_nobody_elses_to_do(department, elsewhere):
    claim = unticked("scene", "driving_licence")
    Claim.objects.filter(pk=claim.pk).update(holder="claimant")
    for username in ("wangmin", "xujing", "zhaolin"):
        todo = worklist.views_of(actor(f"staff/{username}"))["todo"]
        assert worklist.work_rows(todo) == ([], None), username
    add_staff(
        username="farassessor", name="远方定损", number="44002", password="long-enough-secret",
        branch=Branch.objects.get(code="44"), held=[("LA", 1, "理赔部")], by="system/test",
    )  # fmt: skip
    far = worklist.views_of(actor("staff/farassessor"))
    assert worklist.work_rows(far["todo"]) == ([], None)
    assert worklist.counted(far)["todo"] == 0


def test_who_checks_papers_and_gives_estimates_sees_a_claim_once(department):
    add_staff(
        username="both", name="两职", number="31998", password="long-enough-secret",
        branch=Branch.objects.get(code="31"), held=[("SP", 1, "理赔一部"), ("LA", 1, "理赔一部")],
        by="system/test",
    )  # fmt: skip
    claims = [unticked("scene", "driving_licence"), steps.filed()]
    views = worklist.views_of(actor("staff/both"))
    rows, after = worklist.work_rows(views["todo"])
    assert (sorted(r.number for r in rows), after) == (sorted(c.number for c in claims), None)
    assert worklist.counted(views)["todo"] == 2


def test_a_claim_of_somebody_else_is_not_in_my_list(department, elsewhere):
    claim = steps.filed()
    assign_claim(claim.number, to="wangmin", by="staff/zhouwei")
    add_staff(
        username="other", name="另一人", number="31999", password="long-enough-secret",
        branch=Branch.objects.get(code="31"), held=[("SP", 1, "理赔一部")], by="system/test",
    )  # fmt: skip
    for username, count in (("wangmin", 1), ("other", 0), ("faraway", 0)):
        rows, _after = worklist.work_rows(worklist.views_of(actor(f"staff/{username}"))["todo"])
        assert len(rows) == count, username


def test_another_branch_sees_nothing_of_ours(department, elsewhere):
    claim = steps.filed()
    views = worklist.views_of(actor("staff/faraway"))
    assert set(worklist.counted(views).values()) == {0}
    assert worklist.work_rows(worklist.every_open(actor("staff/faraway"))) == ([], None)
    assert worklist.counted(worklist.views_of(actor("staff/wangmin")))["todo"] == 1
    assert claim.branch_path.startswith("/00/31/")


def test_two_covers_of_one_thing_count_its_loss_once(department):
    claim = steps.surveyed(
        steps.registered(steps.accepted(steps.filed())), own_fen=400_000, other_fen=300_000
    )
    assert claim.exposures.filter(thing="other_vehicle").count() == 2
    rows, _after = worklist.work_rows(worklist.every_open(actor("staff/wangmin")))
    assert [r.amount_fen for r in rows] == [700_000]


@pytest.mark.parametrize("many", [True, False])
def test_the_pages_of_the_list_hold_every_claim_once_in_order(department, many):
    claims = [steps.filed() for _ in range(7)]
    Claim.objects.filter(pk=claims[3].pk).update(next_due_at=None)
    Claim.objects.filter(pk=claims[5].pk).update(next_due_at=None)
    places = worklist.Places(("/00/31/",), many=True)
    if not many:
        places = worklist.Places(("/00/", "/00/31/", "/00/31/3101/"))
    wanted, after, seen = worklist.Wanted(places), None, []
    for _ in range(9):
        rows, after = worklist.work_rows(wanted, after=after, most=2)
        seen += [row.claim_id for row in rows]
        if after is None:
            break
    dated = [c.pk for c in claims if c.pk not in {claims[3].pk, claims[5].pk}]
    assert seen == [*dated, claims[3].pk, claims[5].pk]


def is_wanted(claim, wanted):
    """Whether a claim belongs to a view, said plainly."""
    due = claim.next_due_at
    is_held = claim.holder != "claimant" if wanted.holder[:1] == "!" else claim.holder == "claimant"
    others = claim.officer_id not in {None, wanted.me} and claim.stage in worklist.OFFICERS_STAGES
    return (
        claim.stage in wanted.stages
        and (not wanted.holder or is_held)
        and (wanted.officer is None or claim.officer_id == wanted.officer)
        and not (wanted.me and others)
        and (wanted.due_from is None or (due is not None and due >= wanted.due_from))
        and (wanted.due_until is None or (due is not None and due < wanted.due_until))
    )


@pytest.mark.parametrize("username", ["wangmin", "zhouwei", "zhaolin"])
def test_every_view_finds_exactly_its_claims_whoever_holds_them(department, username):
    officers = [None, *Staff.objects.filter(username__in=["wangmin", "zhouwei"])]
    whose = [(holder, one) for holder in ("claimant", "insurer", "bank") for one in officers]
    stages = ("estimated", "pending", "accepted", "reviewing", "agreed")
    late, soon = clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=5)
    for n, (stage, (holder, officer)) in enumerate(product(stages, whose)):
        due = (None, late, soon, soon + timedelta(days=3))[n % 4]
        Claim.objects.filter(pk=steps.filed().pk).update(
            stage=stage, holder=holder, officer=officer, next_due_at=due
        )
    acting = actor(f"staff/{username}")
    views = {**worklist.views_of(acting), "every": worklist.every_open(acting)}
    claims = list(Claim.objects.all())
    for name, wanted in views.items():
        rows, _after = worklist.work_rows(wanted)
        expected = {claim.pk for claim in claims if is_wanted(claim, wanted)}
        assert {row.claim_id for row in rows} == expected, name
        assert worklist.counted({name: wanted}) == {name: len(expected)}
        some = replace(wanted, ids=tuple(sorted(claim.pk for claim in claims)[::2]))
        found, _after = worklist.work_rows(some)
        assert {row.claim_id for row in found} == expected & set(some.ids or ()), name


def test_counts_stop_at_a_thousand():
    assert [count_words(n) for n in (0, 999, 1000, 4000)] == ["0", "999", "999+", "999+"]


def cost_of(client, *, headers=None):
    client.get("/desk/", headers=headers or {})
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/desk/", headers=headers or {}).status_code == 200
    return len(asked)


def test_the_list_asks_as_much_for_ten_rows_as_for_fifty(staff_client):
    client = staff_client("wangmin")
    for _ in range(10):
        steps.filed()
    ten = cost_of(client, headers=LIST)
    for _ in range(45):
        steps.filed()
    assert cost_of(client, headers=LIST) <= ten
    assert ten <= 14


def test_the_filters_stand_in_the_address_and_whatever_is_wrong_there_is_left_out(staff_client):
    claim, gone = steps.filed(), steps.registered(steps.accepted(steps.filed()))
    client = staff_client("wangmin")
    page = client.get("/desk/?stage=registered", headers=LIST).content.decode()
    assert numbers_in(page) == [gone.number]
    assert "stage=registered" in page
    hostile = ("view=nothing", "stage=%27%3B", "branch=zzz", "after=x~y", "after=2026~9", "q=%00",
               "after=9999-99-99T00:00~1", "line=x", "q=" + "长" * 300)  # fmt: skip
    for query in hostile:
        answer = client.get(f"/desk/?{query}", headers=LIST)
        assert answer.status_code in {200, 400}, query
    assert claim.number in client.get("/desk/?view=nothing", headers=LIST).content.decode()


def test_searching_within_a_view_keeps_to_the_view(staff_client):
    claim = steps.filed()
    client = staff_client("wangmin")
    for view, there in (("todo", True), ("overdue", False)):
        page = client.get(f"/desk/?view={view}&q=周国栋", headers=LIST).content.decode()
        assert (claim.number in page) is there


# Dealing out


def test_a_manager_deals_claims_out_and_each_refusal_is_said(staff_client):
    claim = steps.filed()
    client = staff_client("zhouwei")
    told = {"number": [claim.number, "CX-0000"], "to": "wangmin"}
    page = client.post("/desk/assign/", told, follow=True).content.decode()
    assert steps.again(claim).officer.username == "wangmin"
    assert "已分派 1 件" in page
    assert "CX-0000：" in page


def test_a_claim_is_dealt_out_only_by_who_may_to_who_may(staff_client):
    claim = steps.filed()
    told = {"number": claim.number, "to": "wangmin"}
    assert staff_client("wangmin").post("/desk/assign/", told).status_code == 403
    client = staff_client("zhouwei")
    client.post("/desk/assign/", {**told, "to": "lijun"})
    client.post("/desk/assign/", {**told, "to": ""})
    assert steps.again(claim).officer is None


# The file


def test_the_file_holds_what_is_filtered_and_says_who_took_it(staff_client):
    gone, claim = steps.registered(steps.accepted(steps.filed())), steps.filed()
    answer = staff_client("wangmin").post("/desk/export/?stage=registered")
    text = b"".join(answer.streaming_content).decode()
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
    assert gone.number in text
    assert claim.number not in text
    assert rows[0] == rows[-1]
    assert rows[0][1].startswith("王敏 wangmin ")
    assert rows[2][6] == "4000.00"
    entry = Entry.objects.get(verb="general.list_exported")
    assert entry.actor == "staff/wangmin"
    assert entry.facts["filters"] == ["stage"]


def test_no_cell_of_the_file_is_a_formula(staff_client):
    claim = steps.filed()
    party = claim.policy.insured
    type(party).objects.filter(pk=party.pk).update(name="=HYPERLINK(1)")
    answer = staff_client("wangmin").post("/desk/export/")
    assert "'=HYPERLINK(1)" in b"".join(answer.streaming_content).decode()


def test_the_file_is_not_taken_by_opening_an_address(staff_client):
    assert staff_client("wangmin").get("/desk/export/").status_code == 405
    assert staff_client("itadmin").post("/desk/export/").status_code == 403
    assert not Entry.objects.filter(verb="general.list_exported").exists()


# All claims


def test_all_claims_open_and_closed(staff_client):
    closed, claim = steps.all_the_way(), steps.filed()
    client = staff_client("wangmin")
    assert numbers_in(client.get("/claims/").content.decode()) == [claim.number]
    assert numbers_in(client.get("/claims/?view=closed").content.decode()) == [closed.number]
    for query in ("view=closed&after=zz", "view=closed&after=" + "9" * 40, "view=closed&q=x"):
        assert client.get(f"/claims/?{query}").status_code == 200
