"""Every edition keeps every one of its own worked cases, to the fen."""

import pytest

from lipei.rules import edition, edition_names, failed_cases, settle
from lipei.rules.products.load import HERE, read_edition
from lipei.rules.statement import sheet, signed_sum

CASES = [
    pytest.param(name, case, id=f"{name}: {case.name}")
    for name in edition_names()
    for case in edition(name).cases
]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_case(name, case):
    settled = settle(name, facts=case.facts, terms=case.terms)
    assert {k: settled.columns[k] for k in case.expected} == case.expected
    assert signed_sum(sheet(settled, reference="case").steps) == settled.benefit_fen


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


WORKED = {
    "compulsory_motor": "CM-01 CM-02 CM-03 CM-04 CM-05 CM-06 CM-06b CM-12 CM-14 CM-15",
    "own_damage": "OD-01 OD-02 OD-03 OD-10 OD-13 OD-15",
    "third_party": "TP-01 TP-02 TP-03 TP-07 TP-08",
}


@pytest.mark.parametrize("product", WORKED)
def test_the_worked_examples_of_the_small_motor_walk_are_cases(product):
    held = {
        case.name.split()[0]
        for name in edition_names()
        if edition(name).product == product
        for case in edition(name).cases
    }
    assert set(WORKED[product].split()) <= held
