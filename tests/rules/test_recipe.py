"""The recipe for a new product works as it is written."""

import doctest
import re
from pathlib import Path

import pytest

from lipei.rules import failed_cases, settle
from lipei.rules.products.load import read_edition

RECIPE = Path(__file__).parents[2] / "docs" / "recipes" / "new-product.md"
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
