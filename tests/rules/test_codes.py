"""Codes, the tables that they are looked up in, and facts that depend on one another."""

import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lipei.rules import FactRefused, failed_cases, settle, settle_many
from lipei.rules.batch import settle_file
from lipei.rules.products.load import EditionBroken, read_edition
from lipei.rules.statement import recomputed, sheet

FOLDER = Path(__file__).with_name("samples") / "coded_rate_2020"
CODED = read_edition(FOLDER)


def refusal_of(**facts):
    with pytest.raises(FactRefused) as caught:
        settle(CODED, facts={"cost_fen": 1_000} | facts)
    return caught.value.field, caught.value.reason


def test_the_cases_of_the_sample_are_kept():
    assert failed_cases(CODED) == []


def test_a_code_is_told_by_its_text_or_its_place_alone_and_in_a_frame():
    by_text = settle(CODED, facts={"cost_fen": 1_000, "degree_code": "minor"})
    by_place = settle(CODED, facts={"cost_fen": 1_000, "degree_code": 2})
    assert by_text == by_place
    for codes in (["main", "minor"], np.array([1, 2]), np.array(["main", "minor"], object)):
        frame = settle_many(CODED, frame={"cost_fen": [1_000, 1_000], "degree_code": codes})
        assert frame["benefit_fen"].tolist() == [700, 300]


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"degree_code": "mian"}, ("degree_code", "unknown")),
        ({"degree_code": 3}, ("degree_code", "unknown")),
        ({"degree_code": -1}, ("degree_code", "unknown")),
        ({"degree_code": True}, ("degree_code", "wrong_kind")),
        ({}, ("share_bp", "missing")),
        ({"share_bp": 1, "extra_fen": 5}, ("kind_code", "needed")),
        ({"degree_code": "minor", "kind_code": "large"}, ("kind_code", "unlisted")),
    ],
)
def test_what_is_unknown_untold_or_unlisted_is_refused_by_name(facts, refusal):
    assert refusal_of(**facts) == refusal


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("degree_code", ["main", "mian"], "unknown"),
        ("degree_code", ["main", None], "unknown"),
        ("kind_code", ["large", "large"], "unlisted"),
    ],
)
def test_a_frame_names_the_row_of_the_bad_code(column, value, reason):
    frame = {"cost_fen": [1, 1], "degree_code": ["main", "minor"], column: value}
    with pytest.raises(FactRefused) as caught:
        settle_many(CODED, frame=frame)
    assert (caught.value.field, caught.value.reason, caught.value.row) == (column, reason, 1)


def test_a_file_tells_codes_by_their_text_and_is_settled_again_from_what_it_became(tmp_path):
    source, target = tmp_path / "claims.csv", tmp_path / "settled.parquet"
    source.write_text("cost_fen,degree_code,share_bp\n1000,main,\n1000,,500\n9,mian,\n9,,\n")
    told = settle_file(CODED, source=source, target=target)
    assert (told.settled, told.rejected, told.paid_fen) == (2, 2, 750)
    settled = pl.read_parquet(target)
    assert settled["degree_code"].to_list() == ["main", "untold"]
    refused = pl.read_csv(target.with_suffix(".rejects.csv"))
    assert refused.select("field", "reason").rows() == [
        ("degree_code", "unknown"),
        ("share_bp", "missing"),
    ]
    again = settle_file(CODED, source=_only_given(settled, tmp_path), target=target)
    assert (again.settled, again.paid_fen) == (2, 750)


def _only_given(settled, folder):
    path = folder / "again.parquet"
    settled.select(list(CODED.given)).write_parquet(path)
    return path


def test_what_came_later_and_was_not_told_does_not_stand_on_the_sheet():
    """So the hash of a sheet that was signed before stays as it is."""
    without = sheet(settle(CODED, facts={"cost_fen": 1, "share_bp": 1}), reference="E-1")
    names = [fact["name"] for fact in without.as_json()["facts"]]
    assert names == ["cost_fen", "share_bp", "degree_code"]
    told = {"cost_fen": 1, "degree_code": "main", "extra_fen": 8, "kind_code": "small"}
    made = sheet(settle(CODED, facts=told), reference="E-1")
    spoken = {fact["name"]: fact["value"] for fact in made.as_json()["facts"]}
    assert spoken == told | {"share_bp": 0}
    for one in (without, made):
        assert sheet(recomputed(one.as_json(), edition=CODED), reference="E-1") == one


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('default = "untold"', 'default = "none"', "ValueError"),
        ("main = 7_000", "most = 7_000", "most, which is no code"),
        ('"degree_code", "kind_code"', '"degree_code", "cost_fen"', "no code"),
        ("codes.", "codez.", "codez, which no fact has"),
        ('unless = "degree_code"', 'unless = "degree"', "depends on degree"),
        ("default = 0\nlater", "later", "cannot be left untold"),
        ('zh = "费用"', 'zh = "费用"\ncodes.a = { zh = "甲", en = "A" }', "values and is none"),
        ("rows = { main = 7_000", "rows = { main = 0.7", "no whole number"),
    ],
)
def test_a_broken_code_or_table_is_not_used(tmp_path, old, new, fault):
    folder = shutil.copytree(FOLDER, tmp_path / FOLDER.name)
    text = (folder / "terms.toml").read_text("utf-8")
    assert old in text
    (folder / "terms.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(EditionBroken, match=fault):
        read_edition(folder)
