"""The limits of house.md 6, and a few words that do not stand here."""

import ast
import re

import pytest

from tests.house.source import CHECKOUT, MODULES, PACKAGE, functions, is_public

FUNCTION_LINES, MODULE_LINES, TEMPLATE_LINES = 40, 400, 150
TIME_ASKED = re.compile(
    r"datetime\.now|timezone\.now|date\.today|datetime\.utcnow|time\.time\(|today\(\)\.replace"
)
TIME_TELLERS = {"kit/clock.py"}
NOT_USED = {"manager", "helper", "util", "handler", "processor", "temp"}
HAN_ASCII = re.compile(r"[\u4e00-\u9fff][,;:!?][\u4e00-\u9fff]")
DOCUMENTED = ("rules/", "manual/", "kit/")


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.place)
def test_modules_and_functions_fit(module):
    assert len(module.text.splitlines()) <= MODULE_LINES
    long = [
        f.name for f in functions(module) if (f.end_lineno or 0) - f.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_templates_fit():
    long = {
        path.name: lines
        for path in PACKAGE.rglob("*.html")
        if (lines := len(path.read_text("utf-8").splitlines())) > TEMPLATE_LINES
    }
    assert long == {}


def test_only_the_clock_asks_the_time():
    for module in MODULES:
        if module.place not in TIME_TELLERS and not module.place.startswith("run/"):
            assert not TIME_ASKED.search(module.text), module.place


def test_imports_stand_at_the_top_and_name_what_they_take():
    for module in MODULES:
        for function in functions(module):
            inner = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not inner, f"{module.place}:{function.name}"
        stars = [
            n
            for n in ast.walk(module.tree)
            if isinstance(n, ast.ImportFrom) and any(a.name == "*" for a in n.names)
        ]
        assert not stars, module.place


def test_no_float_stands_near_money():
    for module in MODULES:
        if module.place.startswith("rules/"):
            floats = [
                n
                for n in ast.walk(module.tree)
                if (isinstance(n, ast.Constant) and isinstance(n.value, float))
                or (isinstance(n, ast.BinOp) and isinstance(n.op, ast.Div)
                    and not module.text.count("Path"))
            ]  # fmt: skip
            assert not floats, module.place


def test_public_functions_of_the_pure_parts_and_the_kit_say_what_they_do():
    silent = [
        f"{m.place}:{f.name}"
        for m in MODULES
        if m.place.startswith(DOCUMENTED)
        for f in m.tree.body
        if isinstance(f, ast.FunctionDef) and is_public(f) and not ast.get_docstring(f)
        and "rules.py" not in m.place and not f.decorator_list
    ]  # fmt: skip
    assert silent == []


def test_nothing_is_left_for_later():
    for module in MODULES:
        assert not re.search(r"\b(TODO|FIXME|XXX)\b", module.text), module.place


def test_names_that_say_nothing_are_not_used():
    for module in MODULES:
        names = {f.name for f in functions(module)} | {module.path.stem}
        words = {word for name in names for word in name.lower().split("_")}
        assert not words & NOT_USED, (module.place, words & NOT_USED)


def test_punctuation_between_han_characters_is_chinese():
    for path in [*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.toml"), *PACKAGE.rglob("*.py")]:
        if "node_modules" not in path.parts and "migrations" not in path.parts:
            found = HAN_ASCII.search(path.read_text("utf-8"))
            assert not found, f"{path.name}: {found.group() if found else ''}"


def test_no_address_stands_in_a_lock_file():
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-node.lock",
                 "frontend/package-lock.json"):  # fmt: skip
        text = (CHECKOUT / name).read_text("utf-8")
        assert "://" not in text, name
        assert '"resolved"' not in text, name


def test_nobody_counts_working_days_by_hand():
    for module in MODULES:
        if module.place.startswith("ch"):
            assert "weekday()" not in module.text, module.place
