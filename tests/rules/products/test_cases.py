"""Every edition keeps every one of its own worked cases, to the fen."""

import pytest

from lipei.rules import edition, edition_names, settle
from lipei.rules.products.load import read_cases
from lipei.rules.statement import sheet, signed_sum

CASES = [
    pytest.param(name, case, id=f"{name}: {case['name']}")
    for name in edition_names()
    for case in read_cases(name)
]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_case(name, case):
    held = edition(name)
    given = {k: v for k, v in case.items() if k != "name"}
    settled = settle(
        held,
        facts={k: v for k, v in given.items() if k in held.facts},
        terms={k: v for k, v in given.items() if k in held.terms},
    )
    expected = {k: v for k, v in given.items() if k not in {*held.facts, *held.terms}}
    assert "benefit_fen" in expected
    assert {k: settled.columns[k] for k in expected} == expected
    assert signed_sum(sheet(settled, reference="case").steps) == case["benefit_fen"]


@pytest.mark.parametrize("name", edition_names())
def test_an_edition_ships_with_cases_and_no_two_share_a_name(name):
    names = [case["name"] for case in read_cases(name)]
    assert names
    assert len(names) == len(set(names))


WORKED = {
    "compulsory_motor": "CM-01 CM-02 CM-03 CM-04 CM-05 CM-06 CM-06b CM-12 CM-14 CM-15",
    "own_damage": "OD-01 OD-02 OD-03 OD-10 OD-13 OD-15",
    "third_party": "TP-01 TP-02 TP-03 TP-07 TP-08",
}


@pytest.mark.parametrize("product", WORKED)
def test_the_worked_examples_of_the_small_motor_walk_are_cases(product):
    held = {
        case["name"].split()[0]
        for name in edition_names()
        if edition(name).product == product
        for case in read_cases(name)
    }
    assert set(WORKED[product].split()) <= held
