"""The staff of a house from a file: good rows in, bad rows told, nothing done half or twice."""

import csv
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from lipei.ch01_general.leaving import let_go
from lipei.ch01_general.models import Appointment, Certificate, Staff
from lipei.ch06_systems.models import Invitation, RollFile
from lipei.ch06_systems.roll import BAD, MORE, NEW, SAME, read_roll, take_in
from lipei.ch06_systems.rolls import forget_old_rolls
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)
IT = "staff/itadmin"
HEAD = "工号,姓名,用户名,电话,机构,部门,岗位,级别,证书,证书编号,发证单位,有效期从,有效期至"
PAPER = "理赔从业资格证,LP-1,行业协会,2026-01-01,2028-12-31"
GOOD = (
    f"31077,沈青,shenqing,13700001111,31,理赔一部,理赔专员,1,{PAPER}",
    "31078,丁波,dingbo,,上海分公司,理赔一部,LA,L1,,,,,",
    "31077,沈青,shenqing,,31,客服中心,客服代表,0,,,,,",
)


@pytest.fixture
def file(tmp_path, department):
    """Writes a file of staff with these rows below the head."""

    def written(*rows: str, head: str = HEAD):
        path = tmp_path / "staff.csv"
        path.write_text("\n".join([head, *rows]), "utf-8")
        return path

    return written


def states(roll) -> list[str]:
    return [one.state for one in roll.lines]


def why(roll) -> list[str]:
    return [fault.slug for one in roll.of(BAD) for fault in one.faults]


def test_a_look_changes_nothing_and_the_same_file_twice_neither(file):
    path = file(*GOOD)
    entries = Entry.objects.count()
    assert states(read_roll(path, by=IT)) == [NEW, NEW, MORE]
    assert (Entry.objects.count(), Staff.objects.filter(number="31077").count()) == (entries, 0)
    assert states(take_in(path, by=IT)) == [NEW, NEW, MORE]
    person = Staff.objects.get(username="shenqing")
    assert {one.post for one in person.appointments.all()} == {"SP", "CS"}
    assert person.certificates.get().number == "LP-1"
    assert not person.has_usable_password()
    entries = Entry.objects.count()
    assert states(take_in(path, by=IT)) == [SAME, SAME, SAME]
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    ("row", "slugs"),
    [
        ("20817,沈青,shenqing,,31,理赔一部,SP,1,,,,,", ["staff_number_taken"]),
        ("20817,王敏敏,wangmin,,31,理赔一部,SP,1,,,,,", ["person_differs"]),
        ("31077,沈青,Shen Qing,,31,理赔一部,SP,1,,,,,", ["username_wrong"]),
        ("31077,,shenqing,12,99,理赔一部,SP,1,,,,,",
         ["cell_missing", "telephone_wrong", "branch_not_found"]),
        ("31077,沈青,shenqing,,31,影子部,SP,1,,,,,", ["department_not_found"]),
        ("31077,沈青,shenqing,,31,理赔一部,飞行员,9,,,,,", ["choice_unknown", "choice_unknown"]),
        ("20105,许静,xujing,,00,信息部,IT,0,,,,,", ["posts_clash"]),
        ("31077,沈青,shenqing,,31,理赔一部,SP,1,CDA,,协会,2028-01-01,2026-01-01",
         ["cell_missing", "days_out_of_order"]),
        ("31077,沈青,shenqing,,31,理赔一部,SP,1,CDA,CDA-20633,协会,2026-01-01,2028-01-01",
         ["certificate_number_taken"]),
        ("31077,沈青,shenqing,,31", ["row_fields", "cell_missing", "cell_missing"]),
    ],
)  # fmt: skip
def test_a_bad_row_says_everything_that_is_wrong_and_stops_no_other(file, row, slugs):
    path = file(row, GOOD[1])
    people = Staff.objects.count()
    roll = take_in(path, by=IT)
    assert states(roll) == [BAD, NEW]
    assert why(roll) == slugs
    assert Staff.objects.count() == people + 1
    for fault in roll.of(BAD)[0].faults:
        assert fault.words("zh")
        assert fault.words("en")


def test_rows_of_one_file_are_held_against_each_other(file):
    roll = read_roll(file(
        GOOD[0], "31077,丁波,dingbo,,31,理赔一部,LA,1,,,,,",
        "31079,沈青,shenqing,,31,客服中心,CS,0,,,,,",
        "31077,沈青,shenqing,,00,信息部,IT,0,,,,,", GOOD[0],
    ), by=IT)  # fmt: skip
    assert states(roll) == [NEW, BAD, BAD, BAD, SAME]
    assert why(roll) == ["staff_number_taken", "person_differs", "posts_clash"]


def test_a_leaver_does_not_come_back_by_a_file(file):
    let_go("heyu", by=IT)
    roll = take_in(file("21012,何雨,heyu,,31,客服中心,CS,0,,,,,"), by=IT)
    assert why(roll) == ["person_left"]
    assert not Staff.objects.get(username="heyu").is_active


def test_an_import_that_was_cut_off_is_finished_by_doing_it_again(file):
    take_in(file(GOOD[0]), by=IT)
    assert states(take_in(file(*GOOD), by=IT)) == [SAME, NEW, MORE]


def test_what_is_no_table_or_lacks_a_column_is_refused_whole(file, tmp_path):
    with pytest.raises(Refused, match=r"^roll_columns$"):
        read_roll(file("1,2", head="工号,姓名"), by=IT)
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with pytest.raises(Refused, match=r"^file_empty$"):
        read_roll(empty, by=IT)


@pytest.mark.clause("6.1-a")
def test_who_manages_no_branch_brings_nobody_in(file):
    roll = take_in(file(*GOOD), by="staff/zhouwei")
    assert set(states(roll)) == {BAD}
    assert "branch_not_found" in why(roll)


def sent(client, name: str, content: bytes):
    return client.post("/people/import/", {"file": SimpleUploadedFile(name, content)})


def test_the_page_shows_every_row_first_and_then_takes_the_good_ones_in(staff_client):
    it = staff_client("itadmin")
    bad = "20817,沈青,shenqing2,,31,理赔一部,SP,1,,,,,"
    looked = sent(it, "人员.csv", "\n".join([HEAD, *GOOD, bad]).encode())
    where = looked.headers["Location"]
    page = it.get(where).content.decode()
    assert "沈青" in page
    assert "第 5 行" in page
    assert "工号已经属于" in page
    assert not Staff.objects.filter(number="31077").exists()
    it.post(f"{where}take/", {"invite": "1"})
    assert Staff.objects.filter(number="31077").exists()
    assert Invitation.objects.get().staff.username == "shenqing", "the one with a mobile"
    after = it.get(where).content.decode()
    assert "没有要导入的行" in after
    rows = list(csv.reader(io.StringIO(it.get(f"{where}bad/").content.decode("utf-8-sig"))))
    assert (rows[1][0], rows[1][2]) == ("5", "20817")
    posts = Appointment.objects.count()
    it.post(f"{where}take/", {"invite": "1"})
    assert (Appointment.objects.count(), Invitation.objects.count()) == (posts, 1)


def test_the_sample_is_taken_as_it_stands_but_for_who_is_there(staff_client):
    it = staff_client("itadmin")
    sample = it.get("/people/import/sample/").content
    page = it.get(sent(it, "sample.csv", sample).headers["Location"]).content.decode()
    assert "不能导入的行" not in page


def book(*rows: str) -> bytes:
    """A workbook of one sheet, as a table program writes it."""
    lines = "".join(
        f'<row r="{n}">' + "".join(
            f'<c r="{chr(65 + m)}{n}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for m, cell in enumerate(row.split(","))
        ) + "</row>" for n, row in enumerate([HEAD, *rows], start=1)
    )  # fmt: skip
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kinds = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    told = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{kinds}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{kinds}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{lines}</sheetData></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in told.items():
            packed.writestr(name, text)
    return out.getvalue()


def test_a_workbook_is_read_like_a_text(staff_client):
    it = staff_client("itadmin")
    looked = sent(it, "人员.xlsx", book(*GOOD))
    assert looked.status_code == 303
    it.post(f"{looked.headers['Location']}take/")
    assert Staff.objects.filter(username="dingbo").exists()
    assert Certificate.objects.filter(number="LP-1").exists()


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"<html></html>", b"PK\x03\x04 cut", "工号\n1".encode()]
)
def test_a_file_that_is_none_is_refused_in_words(staff_client, content):
    answer = sent(staff_client("itadmin"), "a.xlsx", content)
    assert 400 <= answer.status_code < 500
    assert 'role="alert"' in answer.content.decode()


def test_a_file_is_its_own_handers_and_is_erased_after_a_day(staff_client, settings):
    it = staff_client("itadmin")
    where = sent(it, "a.csv", "\n".join([HEAD, GOOD[0]]).encode()).headers["Location"]
    assert staff_client("zhouwei").get(where).status_code == 403
    RollFile.objects.update(by="staff/another")
    assert it.get(where).status_code == 404
    RollFile.objects.update(by=IT, at="2026-01-01T00:00:00Z")
    assert forget_old_rolls() == 1
    assert it.get(where).status_code == 404


def test_the_command_line_tries_and_then_does_it(file, tmp_path, capsys):
    path, rejects = file(*GOOD, "1,2"), tmp_path / "bad.csv"
    with pytest.raises(SystemExit) as end:
        call_command("import_staff", str(path), "--dry-run")
    assert end.value.code == 2
    assert "2 new people and 1 further rows would be taken in" in capsys.readouterr().out
    assert not Staff.objects.filter(username="dingbo").exists()
    with pytest.raises(SystemExit):
        call_command("import_staff", str(path), "--rejects", str(rejects))
    assert Staff.objects.filter(username="dingbo").exists()
    assert len(rejects.read_text("utf-8-sig").splitlines()) == 2
