"""The recipe for a new product works as it is written."""

import doctest
import re
from pathlib import Path
from runpy import run_path

import pytest

from lipei.rules import failed_cases, settle, settle_many
from lipei.rules.products.load import read_edition
from tests.rules.in_turn import is_in_turn, settle_in_turn
from tests.rules.random_claims import random_groups, settled
from tests.rules.test_reference import columns_of

RECIPE = Path(__file__).parents[2] / "docs" / "recipes" / "new-product.md"
CHANGE = RECIPE.with_name("change-a-rule.md")
BLOCKS = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "paint_scratch_2020"
    made.mkdir()
    for name, text in BLOCKS.findall(RECIPE.read_text("utf-8")):
        (made / name).write_text(text, "utf-8")
    return made


def test_the_folder_of_the_recipe_is_whole_and_keeps_its_cases(folder):
    edition = read_edition(folder)
    assert failed_cases(edition) == []
    assert len(edition.cases) == 2


def test_the_example_of_the_recipe_prints_what_it_says(folder):
    typed = RECIPE.read_text("utf-8").split("```pycon\n")[1].split("```")[0]
    test = doctest.DocTestParser().get_doctest(
        typed, {"edition": read_edition(folder)}, "recipe", str(RECIPE), 0
    )
    assert len(test.examples) == 5
    assert doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF).run(test).failed == 0


def test_the_later_edition_of_the_recipe_keeps_the_formula_and_changes_a_term(folder):
    later = folder.with_name("paint_scratch_2026")
    later.mkdir()
    (folder / "later-terms.toml").rename(later / "terms.toml")
    (later / "cases.toml").write_text((folder / "cases.toml").read_text("utf-8"), "utf-8")
    edition = read_edition(later)
    assert failed_cases(edition) == []
    assert settle(edition, facts={"repair_cost_fen": 900_000}).benefit_fen == 500_000


def test_the_reference_of_the_recipe_pays_what_its_edition_pays_in_turn_and_together(folder):
    edition = read_edition(folder)
    told = run_path(str(folder / "paint_scratch_reference.py"))
    name = edition.name
    groups = random_groups(edition, number=500, seed=1, drawn=told["DRAWN"][name])
    paid = settle_many(edition, frame=columns_of(groups))["benefit_fen"].tolist()
    claims = [claim for group in groups for claim in group]
    assert is_in_turn(edition)
    assert [one.benefit_fen for one in settle_in_turn(edition, claims)] == paid
    for group in groups:
        wanted = told["REFERENCE"][name](group)
        assert [one.benefit_fen for one in settled(edition, group)] == wanted
        assert sum(wanted) <= min(told["MOST_PAID"][name](group), told["MOST_LOST"][name](group))


def test_the_changed_edition_of_the_other_recipe_keeps_a_formula_that_ships(tmp_path):
    changed = tmp_path / "own_damage_2026"
    changed.mkdir()
    for name, text in BLOCKS.findall(CHANGE.read_text("utf-8")):
        (changed / name).write_text(text, "utf-8")
    edition = read_edition(changed)
    assert failed_cases(edition) == []
    assert len(edition.cases) == 1
