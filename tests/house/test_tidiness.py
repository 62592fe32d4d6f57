"""The limits of house.md 6, and a few words that do not stand here."""

import ast
import re

import pytest

from tests.house.source import (
    CHECKOUT,
    MODULES,
    PACKAGE,
    functions,
    is_public,
    positional,
    top_functions,
)

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
    """The rules of the products too: what a column is stands in their docstrings."""
    silent = [
        f"{m.place}:{f.name}"
        for m in MODULES
        if m.place.startswith(DOCUMENTED)
        for f in m.tree.body
        if isinstance(f, ast.FunctionDef) and is_public(f) and not ast.get_docstring(f)
        and "overload" not in decorators(f)
    ]  # fmt: skip
    assert silent == []


COMMANDS = [
    pytest.param(f, id=f"{m.place}:{f.name}")
    for m in MODULES
    if re.match(r"ch\d\d_\w+/\w+\.py$", m.place) and not m.place.endswith("api.py")
    for f in top_functions(m)
    if "by" in [a.arg for a in f.args.kwonlyargs] and is_public(f)
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_takes_its_first_thing_and_then_keywords(command):
    assert len(positional(command)) <= 1


CALLED_BY_OTHERS = {
    "site/settings.py:told": "reads the surroundings as os.environ.get does",
    "ch01_general/actors.py:may": "a duty in a branch is one question: may(duty, branch)",
    "kit/forms.py:render": "Django asks a widget for its element",
    "run/postgres.py:kill": "the system calls it with a signal's number",
}


def test_what_may_be_left_out_and_what_is_true_or_false_is_named():
    """`pay("A1", True, None)` cannot be written. Columns of rules, pages, endpoints and tags of
    templates are not called by us, so theirs is another shape."""
    loose = []
    for module in MODULES:
        for function in functions(module):
            others = positional(function)[1:]
            left_out = others[-len(function.args.defaults) :] if function.args.defaults else []
            flags = [a for a in others if getattr(a.annotation, "id", "") == "bool"]
            if is_public(function) and (left_out or flags) and not is_called_by_others(function):
                loose.append(f"{module.place}:{function.name}")
    assert sorted(set(loose) - set(CALLED_BY_OTHERS)) == []
    assert sorted(set(CALLED_BY_OTHERS) - set(loose)) == []


def is_called_by_others(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a page is asked, a template calls, or the engine of the rules fills columns in."""
    first = [a.arg for a in positional(function)][:1]
    return first == ["request"] or bool(decorators(function) & {"register", "rule"})


def decorators(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The words of a function's decorators."""
    told = " ".join(ast.unparse(one) for one in function.decorator_list)
    return set(re.findall(r"\w+", told))


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
