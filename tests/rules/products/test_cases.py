"""Every edition keeps every one of its own worked cases, to the fen."""

import pytest

from lipei.rules import edition, edition_names, failed_cases, settle_together
from lipei.rules.products.load import HERE, read_edition
from lipei.rules.statement import sheet, signed_sum
from tests.rules.reference import WORKED

CASES = [
    pytest.param(name, case, id=f"{name}: {case.name}")
    for name in edition_names()
    for case in edition(name).cases
]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_case(name, case):
    facts, terms = [row.facts for row in case.rows], [row.terms for row in case.rows]
    for one, row in zip(settle_together(name, rows=facts, terms=terms), case.rows, strict=True):
        assert {k: one.columns[k] for k in row.expected} == row.expected, one.row
        assert signed_sum(sheet(one, reference="case").steps) == one.benefit_fen


def test_a_case_that_is_not_kept_is_named_with_both_figures(tmp_path):
    folder = tmp_path / "own_damage_2020"
    folder.mkdir()
    for path in (HERE / "own_damage_2020").glob("*.*"):
        text = path.read_text("utf-8")
        (folder / path.name).write_text(text.replace("1_068_000", "1_068_001"), "utf-8")
    assert failed_cases(edition("own_damage_2020")) == []
    (told,) = failed_cases(read_edition(folder))
    assert told.startswith("OD-01 ")
    assert told.endswith("benefit_fen is 1068000, not 1068001")


def test_every_worked_example_that_a_family_names_is_a_case():
    held = {case.name.split()[0] for name in edition_names() for case in edition(name).cases}
    assert held >= WORKED
