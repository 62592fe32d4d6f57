"""No float near money: none is written in the rules, and none is made."""

import ast
import tomllib
from pathlib import Path

import numpy as np
import pytest

import lipei.rules
from lipei.rules import edition, edition_names, settle_many
from tests.rules.random_claims import random_claims

RULES = Path(lipei.rules.__file__).parent
SOURCES = sorted(RULES.rglob("*.py"))
FLOATING = {
    "float",
    "round",
    "Decimal",
    "float16",
    "float32",
    "float64",
    "true_divide",
    "divide",
}


def floats_in(source):
    """Where a float could come from: literals, true division, and names that make floats."""
    for node in ast.walk(ast.parse(source)):
        is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
        is_division = isinstance(getattr(node, "op", None), ast.Div)
        named = getattr(node, "id", None) or getattr(node, "attr", None)
        if is_literal or is_division or named in FLOATING:
            yield node.lineno


def test_the_search_finds_what_it_looks_for():
    found = "x = 0.8\ny = a / b\nz = float(a)\nw = round(a)\nv /= 2\nu = np.float64(1)\n"
    assert sorted(floats_in(found)) == [1, 2, 3, 4, 5, 6]
    assert list(floats_in("z = a // b\ny = a.joinpath(b)\nx = 8\n")) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(RULES)))
def test_no_float_is_written_in_the_rules(path):
    assert list(floats_in(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", sorted(RULES.rglob("*.toml")), ids=lambda p: p.parent.name)
def test_no_float_stands_in_terms_and_cases(path):
    assert "Decimal" not in _kinds(path)
    assert "float" not in _kinds(path)


def _kinds(path):
    def walk(thing):
        if isinstance(thing, dict):
            return {k for value in thing.values() for k in walk(value)}
        if isinstance(thing, list):
            return {k for value in thing for k in walk(value)}
        return {type(thing).__name__}

    return walk(tomllib.loads(path.read_text("utf-8")))


@pytest.mark.parametrize("name", edition_names())
def test_every_column_is_a_whole_number_or_yes_and_no(name):
    held = edition(name)
    claims = random_claims(held, number=50, seed=5)
    frame = settle_many(held, frame={k: np.array([c[k] for c in claims]) for k in claims[0]})
    made = {r.column for r in held.rules}
    for column in made:
        wanted = np.bool_ if column.startswith(("is_", "has_", "was_")) else np.int64
        assert frame[column].dtype == wanted, column
        assert frame[column].shape == (len(claims),), column
