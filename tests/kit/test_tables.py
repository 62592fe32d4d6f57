"""Tables that people hand in are read in every usual form, and refused in words."""

import io
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from lipei.kit import clock
from lipei.kit.refusal import Refused
from lipei.kit.tables import (
    Limits,
    Reading,
    amount_cell,
    day_cell,
    erase_table,
    fetched,
    guessed,
    instant_cell,
    keep_table,
    open_table,
    safe_cell,
)
from tests.kit.workbooks import packed, workbook

TEXT = "保单号,被保险人,起期\nP1,周国栋,2026-05-01\nP2,李晓燕,2026/6/1\n"


def table(tmp_path: Path, raw: bytes | str, **limits):
    path = tmp_path / "table"
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return open_table(path, limits=Limits(**limits))


def refused(tmp_path: Path, raw: bytes | str, **limits) -> str:
    with pytest.raises(Refused) as no:
        list(table(tmp_path, raw, **limits).rows())
    assert no.value.words("zh")
    assert no.value.next_step("en")
    return no.value.slug


def slugs(tmp_path: Path, raw: bytes | str) -> list[tuple[int, str, str]]:
    return [(f.row, f.column, f.slug) for row in table(tmp_path, raw).rows() for f in row.faults]


@pytest.mark.parametrize("writing", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_csv_is_read_in_every_usual_writing(tmp_path, writing):
    read = table(tmp_path, TEXT.encode(writing))
    assert read.columns == ("保单号", "被保险人", "起期")
    assert read.height == 2
    assert [(r.number, r.cells["被保险人"]) for r in read.rows()] == [(2, "周国栋"), (3, "李晓燕")]


@pytest.mark.parametrize("mark", ["\t", ";", "|"])
def test_another_delimiter_is_found_in_the_head(tmp_path, mark):
    read = table(tmp_path, TEXT.replace(",", mark))
    assert [row.cells["起期"] for row in read.rows()] == ["2026-05-01", "2026/6/1"]


def test_rows_are_numbered_as_a_table_program_shows_them(tmp_path):
    read = table(tmp_path, '承保清单,,\n保单号,名称,备注\n\nP1,甲,"两\n行"\nP2,乙,\n')
    assert read.height == 2
    assert [row.number for row in read.rows()] == [4, 5]
    assert [row.number for row in read.rows(after=4)] == [5]


def test_a_workbook_is_read_as_it_looks(tmp_path):
    raw = workbook(
        [["保单号", "起期", "保费", "份数", "备注"], ["P1", 46143, 1234.5, 3, None],
         ["P2", 46143.5, 0.1, 10, "好"]],
        days=[1],
    )  # fmt: skip
    read = table(tmp_path, raw)
    assert read.kind == "xlsx"
    assert [dict(row.cells) for row in read.rows()] == [
        {"保单号": "P1", "起期": "2026-05-01", "保费": "1234.5", "份数": "3", "备注": ""},
        {"保单号": "P2", "起期": "2026-05-01 12:00:00", "保费": "0.1", "份数": "10", "备注": "好"},
    ]


def test_shared_texts_are_read_without_their_pronunciation(tmp_path):
    raw = workbook([["a", "b"], [("s", 1), ("s", 0)]], shared=["周国栋", "李晓燕"])
    assert [tuple(row.cells.values()) for row in table(tmp_path, raw).rows()] == [
        ("李晓燕", "周国栋")
    ]


def test_parquet_is_read_exactly(tmp_path):
    path = tmp_path / "table"
    pl.DataFrame({
        "id": [310101198503120010, 2], "from": [date(2026, 5, 1), None], "amount": [12.0, 0.5],
        "at": [datetime(2026, 5, 1, 8, tzinfo=clock.LOCAL), None],
    }).write_parquet(path)  # fmt: skip
    read = open_table(path)
    assert [tuple(row.cells.values()) for row in read.rows()] == [
        ("310101198503120010", "2026-05-01", "12", "2026-05-01 08:00:00"),
        ("2", "", "0.5", ""),
    ]
    assert next(read.rows()).number == 1


def test_what_is_wrong_with_a_row_is_said_and_the_others_go_on(tmp_path):
    raw = "no,name,id\nP1,甲,1.10101E+17\nP2,乙\nno,name,id\nP3,#REF!,1\nP4,丙\u202e,1\nP5,丁,2,3\n"
    assert slugs(tmp_path, raw) == [
        (2, "id", "cell_rounded"), (3, "", "row_fields"), (4, "", "row_is_head"),
        (5, "name", "cell_is_error"), (6, "name", "text_not_allowed"), (7, "", "row_fields"),
    ]  # fmt: skip
    fault = next(f for row in table(tmp_path, raw).rows(after=2) for f in row.faults)
    assert fault.words("zh-hans") == "这一行有 2 列，表头有 3 列。"
    assert fault.words("en") == "This row has 2 fields, and the head has 3."


def test_a_long_number_that_a_workbook_rounded_is_told(tmp_path):
    raw = workbook([["id", "name"], [310101198503120010, "甲"], ["310101198503120010", "乙"]])
    assert slugs(tmp_path, raw) == [(2, "id", "cell_rounded")]


@pytest.mark.parametrize(
    ("raw", "slug"),
    [
        (b"", "file_empty"),
        (b"\n\n", "file_empty"),
        (TEXT.encode()[:-20] + '\n"开'.encode(), "file_cut"),
        (TEXT.encode() + "周".encode()[:2], "file_cut"),
        (b"a,b\n1,\x00\n", "file_broken"),
        (b"a,b\n1,\xff\xff\n", "table_writing_unknown"),
        (b'a,b\n"1"x,2\n', "table_quotes_wrong"),
        (b"a,a\n1,2\n", "table_head_wrong"),
        (b"a,,b\n1,2,3\n", "table_head_wrong"),
        (b"<html><table></table></html>", "table_type_not_taken"),
        (packed({"word/document.xml": "<x/>"}), "table_type_not_taken"),
        (workbook([["a", "b"], ["1", "2"]])[:-40], "file_broken"),
        (b"PAR1 and no more", "file_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "table_type_not_taken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
         "file_encrypted"),
        (workbook([["a", "b"]], more='<!DOCTYPE x [<!ENTITY a "b">]>'), "file_broken"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_name(tmp_path, raw, slug):
    assert refused(tmp_path, raw) == slug


def test_limits_are_refused_before_memory_is_spent(tmp_path):
    assert refused(tmp_path, TEXT, file_bytes=20) == "table_too_large"
    assert refused(tmp_path, "a,b\n" + "1,2\n" * 50, rows=20) == "table_rows_too_many"
    assert refused(tmp_path, TEXT, columns=2) == "table_columns_too_many"
    bomb = packed({"xl/workbook.xml": "<x/>", "xl/a.xml": " " * 5_000_000})
    assert refused(tmp_path, bomb, unfolded_bytes=1_000_000) == "file_bomb"
    wide = tmp_path / "bomb"
    pl.DataFrame({"a": ["x" * 100_000] * 10}).write_parquet(wide)
    with pytest.raises(Refused, match="file_bomb"):
        open_table(wide)


def test_columns_are_guessed_from_heads_in_both_languages():
    known = {"number": ("保单号", "保单号码"), "name": ("被保险人",), "sum": ("保额",)}
    columns = ("*保单号码", "被保险人：", "保额（元）", "其他")
    assert guessed(columns, known=known) == {
        "number": "*保单号码", "name": "被保险人：", "sum": "保额（元）",
    }  # fmt: skip
    assert guessed(("Number", "x"), known=known) == {"number": "Number"}


def test_cells_are_read_as_people_write_them():
    days = ("2026-05-01", "2026/5/1", "2026.5.1", "20260501", "2026年5月1日", "２０２６-05-01")
    assert {day_cell(text, field="x") for text in days} == {date(2026, 5, 1)}
    noon = datetime(2026, 5, 1, 12, tzinfo=clock.LOCAL)
    at = ("2026-05-01 12:00", "2026年5月1日12时", "2026/5/1 12:00:00", "2026-05-01T04:00:00Z")
    assert {instant_cell(text, field="x") for text in at} == {noon}
    assert instant_cell("20260501", field="x") == noon.replace(hour=0)
    for text in ("12.5万", "￥125,000.00元", "12.5 万元"):
        assert amount_cell(text, field="x") == 12_500_000


@pytest.mark.parametrize("text", ["-5", "1,23", "12.345", "1.2345678万", "abc", "1e5"])
def test_an_amount_that_is_none_is_refused(text):
    with pytest.raises(Refused, match="amount_wrong"):
        amount_cell(text, field="x")


@pytest.mark.parametrize("text", ["31/12/2025", "2026-02-30", "20261301", "46143", "明天"])
def test_a_day_that_is_none_is_refused(text):
    with pytest.raises(Refused, match="day_cell_wrong"):
        day_cell(text, field="x")


def test_a_reading_gathers_every_fault_of_a_row(tmp_path):
    row = next(table(tmp_path, "day,amount,who\n2026-13-01,-1,\n").rows())
    reading = Reading(row, mapping={"on": "day", "sum": "amount", "name": "who"})
    assert reading.needed("on", day_cell) is None
    assert reading.told("sum", amount_cell) is None
    assert reading.needed("name", day_cell) is None
    assert [(f.column, f.slug) for f in reading.faults] == [
        ("day", "day_cell_wrong"), ("amount", "amount_wrong"), ("who", "cell_missing"),
    ]  # fmt: skip


def test_a_kept_table_is_there_until_it_is_erased():
    digest, height = keep_table(io.BytesIO(TEXT.encode()))
    assert height == 2
    with fetched(digest) as path:
        assert open_table(path).height == 2
    erase_table(digest)
    with pytest.raises(FileNotFoundError), fetched(digest):
        pass


def test_no_cell_that_we_give_out_is_a_formula():
    assert safe_cell("=1+1") == "'=1+1"
    assert safe_cell("周国栋") == "周国栋"
