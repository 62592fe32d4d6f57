"""Policies come in from a file: every row or its refusal in words, once, and never half (2.3-e)."""

import io

import pytest
from django.db import connection

from lipei.ch01_general import policy_import
from lipei.ch01_general.models import Cover, Party, Policy, PolicyImport
from lipei.ch01_general.policies import policy_held
from lipei.ch01_general.policy_import import (
    begin_import,
    discard_import,
    forget_imported_files,
    import_of,
    preview,
    refused_rows,
    run_import,
    start_import,
)
from lipei.kit import clock, journal, sealed
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused
from lipei.kit.tables import instant_cell
from lipei.site.demonstration import with_check_digit
from tests import steps
from tests.kit.workbooks import workbook

pytestmark = pytest.mark.django_db(transaction=True)
CONSOLE = "system/console"
HEAD = (
    "保单号,险类,机构代码,起期,止期,被保险人,被保险人证件号,被保险人手机,车牌号,险种,保额,保费已缴"
)
IDENTITY = with_check_digit("11010119900307735")


def line(number: str, product: str = "三者险", total: str = "200万", **changes: str) -> str:
    told = {
        "line": "车险", "branch": "3101", "from": "2026-01-01", "until": "2026-12-31",
        "name": "赵一", "id": IDENTITY, "phone": "13912340001", "plate": "沪A12345",
        "paid": "是", **changes,
    }  # fmt: skip
    cells = (number, told["line"], told["branch"], told["from"], told["until"], told["name"],
             told["id"], told["phone"], told["plate"], product, total, told["paid"])  # fmt: skip
    return ",".join(cells)


def text(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *lines, "")).encode()


def brought_in(raw: bytes, *, by: str = CONSOLE, trial: bool = False, **told) -> PolicyImport:
    run = begin_import(io.BytesIO(raw), by=by)
    start_import(run.pk, mapping=run.mapping, trial=trial, by=by, **told)
    return run_import(run.pk, by=by)


def counts(run: PolicyImport) -> tuple[int, int, int, int]:
    return run.added, run.changed, run.same, run.refused


def faults(run: PolicyImport) -> list[tuple[int, str, str]]:
    return list(run.faults.order_by("row", "pk").values_list("row", "column", "slug"))


def at(day: str):
    return instant_cell(day, field="x")


def test_a_file_becomes_policies_with_their_people_and_covers(department):
    raw = text(line("P001", "交强险", "20万"), line("P001"), line("P002", "车损险", "15.5万",
               name="钱二", id="", plate="沪B12345"))  # fmt: skip
    run = brought_in(raw)
    assert (run.state, counts(run)) == ("done", (2, 0, 0, 0))
    held = policy_held("P001", lost_at=at("2026-12-31 23:59"))
    assert held.in_force
    assert not policy_held("P001", lost_at=at("2027-01-01 00:00")).in_force
    assert {c[0]: c[2] for c in held.covers} == {
        "compulsory_motor": {}, "third_party": {"limit_fen": 200_000_000},
    }  # fmt: skip
    person = Policy.objects.get(number="P001").insured
    assert (person.id_digest, person.id_tail) == (sealed.digest(IDENTITY), IDENTITY[-4:])
    assert sealed.unseal(person.id_sealed) == IDENTITY
    assert Cover.objects.get(policy__number="P002").terms == {"sum_insured_fen": 15_500_000}


def test_the_same_person_is_one_row_however_many_policies_name_them(department):
    brought_in(text(line("P001"), line("P002", plate="沪B12345")))
    brought_in(text(line("P003", plate="沪C12345")))
    assert Party.objects.filter(id_digest=sealed.digest(IDENTITY)).count() == 1


def test_the_journal_tells_the_import_without_a_person(department):
    run = brought_in(text(line("P001"), line("P002", id="123")))
    told = journal.history(run.subject)
    assert [e.verb for e in told] == [
        "general.import_begun", "general.import_started", "general.import_chunk",
        "general.import_ended",
    ]  # fmt: skip
    assert {e.facts["sha256"] for e in told} == {run.sha256}
    chunk = told[2].facts
    assert (chunk["added"], chunk["refused"], chunk["rows"]) == (1, 1, [0, 3])
    lines = "".join(e.line for e in Entry.objects.filter(subject=run.subject))
    assert not [word for word in ("赵一", IDENTITY, "13912340001") if word in lines]


def test_each_wrong_row_is_told_in_words_and_the_others_come_in(department):
    wrong = IDENTITY[:-1] + ("0" if IDENTITY[-1] != "0" else "1")
    run = brought_in(text(
        line("P001", id=wrong), line("P002", **{"from": "2026-12-31", "until": "2026-01-01"}),
        line("P003", total="-5"), line("P004", branch="99"), line("P005", "宠物险"),
        HEAD, "P006,车险", line("P007"), line("P007"), line("P008"), line("P009"), line("P008"),
    ))  # fmt: skip
    assert counts(run) == (2, 0, 0, 9)
    assert faults(run) == [
        (2, "被保险人证件号", "identity_number_wrong"), (3, "止期", "days_upside_down"),
        (4, "保额", "amount_wrong"), (5, "机构代码", "branch_unknown"),
        (6, "险种", "choice_unknown"), (7, "", "row_is_head"), (8, "", "row_fields"),
        (10, "险种", "cover_told_twice"), (13, "保单号", "policy_rows_apart"),
    ]  # fmt: skip
    rows = [row.number for row, _ in refused_rows(run)]
    assert rows == [2, 3, 4, 5, 6, 7, 8, 10, 13]


def test_a_dry_run_says_the_same_and_writes_nothing(department):
    before = Policy.objects.count(), Party.objects.count()
    raw = text(line("P001"), line("P002", id="123"), line("P003"), line("P001"))
    run = brought_in(raw, trial=True)
    assert (run.state, counts(run)) == ("tried", (2, 0, 0, 2))
    assert (Policy.objects.count(), Party.objects.count()) == before
    start_import(run.pk, mapping=run.mapping, trial=False, by=CONSOLE)
    assert counts(run_import(run.pk, by=CONSOLE)) == (2, 0, 0, 2)


def test_the_same_file_again_changes_nothing_and_other_content_is_a_new_version(department):
    raw = text(line("P001"), line("P002", plate="沪B12345"))
    brought_in(raw)
    assert counts(brought_in(raw)) == (0, 0, 2, 0)
    day = at("2026-06-01 00:00")
    other = text(line("P001", total="300万", name="新车主", id=""), line("P002", plate="沪B12345"))
    assert counts(brought_in(other, as_of=day)) == (0, 1, 1, 0)
    before, after = (policy_held("P001", lost_at=at(d)) for d in ("2026-05-31", "2026-06-01"))
    assert before.covers[0][2] == {"limit_fen": 200_000_000}
    assert after.covers[0][2] == {"limit_fen": 300_000_000}
    assert before.insured_id != after.insured_id
    policy = Policy.objects.get(number="P001")
    assert [c.kind for c in policy.changes.order_by("number")] == ["issued", "endorsed"]
    assert counts(brought_in(other)) == (0, 0, 2, 0)
    assert policy.changes.count() == 2


def test_an_endorsement_in_the_file_holds_from_its_own_day(department):
    brought_in(text(line("P001")))
    head = HEAD + ",批单号,批改生效日期"
    brought_in(text(line("P001", total="100万") + ",E-7,2026-03-01", head=head))
    limits = [policy_held("P001", lost_at=at(d)).covers[0][2]["limit_fen"]
              for d in ("2026-02-28", "2026-03-01")]  # fmt: skip
    assert limits == [200_000_000, 100_000_000]
    assert Policy.objects.get(number="P001").changes.last().reference == "E-7"


@pytest.mark.parametrize("dies_in", ["general_party", "general_policy", "general_cover"])
def test_an_import_that_is_killed_goes_on_without_doubling(department, monkeypatch, dies_in):
    """The worker dies while a chunk is written: nothing of it stands, and the next goes on."""
    monkeypatch.setattr(policy_import, "CHUNK", 2)
    raw = text(*(line(f"P{n:03}", name=f"客户{n}号", id="") for n in range(7)))
    run = begin_import(io.BytesIO(raw), by=CONSOLE)
    start_import(run.pk, mapping=run.mapping, trial=False, by=CONSOLE)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION die() RETURNS trigger AS $$ BEGIN IF (SELECT row_done FROM"
            f" general_policyimport WHERE id = {run.pk}) >= 5 THEN RAISE 'killed'; END IF;"
            " RETURN NEW; END $$ LANGUAGE plpgsql"
        )
        cursor.execute(
            f"CREATE TRIGGER dies BEFORE INSERT ON {dies_in} FOR EACH ROW EXECUTE FUNCTION die()"
        )
    try:
        with pytest.raises(Exception, match="killed"):
            run_import(run.pk, by=CONSOLE)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION die() CASCADE")
    half = import_of(run.pk, by=CONSOLE)
    assert (half.state, half.row_done, half.added) == ("importing", 5, 4)
    assert Policy.objects.filter(number__startswith="P0").count() == 4
    done = run_import(run.pk, by=CONSOLE)
    assert (done.state, counts(done)) == ("done", (7, 0, 0, 0))
    assert Policy.objects.filter(number__startswith="P0").count() == 7
    assert Party.objects.filter(name__startswith="客户").count() == 7
    chunks = [e.facts["rows"] for e in journal.history(run.subject)
              if e.verb == "general.import_chunk"]  # fmt: skip
    assert chunks == [[0, 3], [3, 5], [5, 7], [7, 8]]


def test_a_chunk_is_brought_in_by_one_of_two(department):
    run = begin_import(io.BytesIO(text(line("P001"))), by=CONSOLE)
    start_import(run.pk, mapping=run.mapping, trial=False, by=CONSOLE)
    groups = preview(run, run.mapping)
    told = {"groups": groups, "after": 0, "seen": set(), "by": CONSOLE, "mapping": run.mapping}
    assert policy_import.import_chunk(run.pk, **told)
    assert not policy_import.import_chunk(run.pk, **told)
    assert Policy.objects.filter(number="P001").count() == 1


def test_an_import_that_is_stopped_brings_no_more_in(department):
    run = begin_import(io.BytesIO(text(line("P001"))), by=CONSOLE)
    start_import(run.pk, mapping=run.mapping, trial=False, by=CONSOLE)
    discard_import(run.pk, by=CONSOLE)
    assert run_import(run.pk, by=CONSOLE).state == "discarded"
    assert not Policy.objects.filter(number="P001").exists()
    with pytest.raises(Refused, match="import_ended"):
        start_import(run.pk, mapping=run.mapping, trial=True, by=CONSOLE)


def test_columns_are_asked_for_before_anything_is_read(department):
    run = begin_import(io.BytesIO(text(line("P001"))), by=CONSOLE)
    for change, slug in (
        ({"product": ""}, "column_missing"), ({"plate": "险种"}, "column_told_twice"),
        ({"plate": "没有的列"}, "choice_unknown"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=slug):
            start_import(run.pk, mapping={**run.mapping, **change}, trial=True, by=CONSOLE)


def test_only_who_may_bring_policies_in_does_so_and_only_into_their_branches(department):
    raw = text(line("P001"), line("P002", branch="00"))
    with pytest.raises(Refused, match="duty_missing"):
        begin_import(io.BytesIO(raw), by=steps.CLERK)
    run = brought_in(raw, by="staff/zhouwei")
    assert counts(run) == (1, 0, 0, 1)
    assert faults(run) == [(3, "机构代码", "branch_unknown")]


def test_a_file_is_seen_by_who_brought_it_and_by_the_head_office_alone(department):
    head = begin_import(io.BytesIO(text(line("P001"))), by="staff/itadmin")
    own = begin_import(io.BytesIO(text(line("P002"))), by="staff/zhouwei")
    assert import_of(own.pk, by="staff/itadmin") == own
    with pytest.raises(Refused, match="import_not_found"):
        import_of(head.pk, by="staff/zhouwei")
    with pytest.raises(Refused, match="import_not_found"):
        start_import(head.pk, mapping=head.mapping, trial=False, by="staff/zhouwei")


def test_what_a_file_has_no_column_for_stays_as_it_stands(department):
    brought_in(text(line("P001")))
    place = HEAD.split(",").index("车牌号")
    cells = line("P001", paid="否").split(",")
    head = ",".join(name for n, name in enumerate(HEAD.split(",")) if n != place)
    row = ",".join(cell for n, cell in enumerate(cells) if n != place)
    assert counts(brought_in(text(row, head=head))) == (0, 1, 0, 0)
    policy = Policy.objects.get(number="P001")
    assert policy.plate == "沪A12345"
    assert not policy.premium_paid


def test_a_workbook_and_a_file_in_gbk_read_alike(department):
    cells = [one.split(",") for one in (HEAD, line("P001"))]
    assert counts(brought_in(workbook(cells))) == (1, 0, 0, 0)
    gbk = text(line("P001")).decode().encode("gbk")
    assert counts(brought_in(gbk)) == (0, 0, 1, 0)


def test_a_file_is_forgotten_a_while_after_it_ended(department):
    run = brought_in(text(line("P001")))
    forget_imported_files()
    assert len(preview(run, run.mapping)) == 1
    PolicyImport.objects.update(ended_at=clock.now() - policy_import.KEPT * 2)
    forget_imported_files()
    assert preview(run, run.mapping) == []
    assert import_of(run.pk, by=CONSOLE).erased_at is not None


def test_a_policy_that_came_in_is_reported_on(department):
    day = clock.today()
    brought_in(text(line("P001", "车损险", "15万", **{
        "from": f"{day.replace(year=day.year - 1)}", "until": f"{day.replace(year=day.year + 1)}"
    })))  # fmt: skip
    policy = Policy.objects.get(number="P001")
    claim = steps.keyed(policy, "collision", days_ago=3)
    assert (claim.policy, claim.flags) == (policy, [])
