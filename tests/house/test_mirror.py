"""The tree and the manual say the same."""

import ast
import re
from importlib.util import find_spec

import pytest

from lipei.manual import refusals, sections, shipped
from tests.house.source import CHECKOUT, MODULES, PACKAGE, top_functions

CITED = re.compile(r"\b(?:\d{1,2}\.[1-4]-[a-z](?:-[a-z]+)?|K\d(?:-[a-z]+)?)\b")
BUILT = [s for s in sections() if find_spec(s.module)]
SOURCE = "\n".join(m.text for m in MODULES if m.place.startswith(("ch", "site", "kit")))
COMMANDS = [
    pytest.param(m, f, id=f"{m.place}:{f.name}")
    for m in MODULES
    if re.match(r"ch\d\d_\w+/\w+\.py$", m.place) and not m.place.endswith("api.py")
    for f in top_functions(m)
    if "by" in [a.arg for a in f.args.kwonlyargs] and not f.name.startswith("_")
]


@pytest.mark.parametrize("section", BUILT, ids=lambda s: s.number)
def test_each_built_section_says_its_number(section):
    path = PACKAGE.parent / (section.module.replace(".", "/") + ".py")
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))).startswith(section.number)


def test_sections_that_are_not_built_have_no_module():
    """What is not built is not shown as built: a section without code has no empty module."""
    for section in sections():
        if find_spec(section.module) is None:
            path = PACKAGE.parent / (section.module.replace(".", "/") + ".py")
            assert not path.exists(), section


def test_each_citation_in_code_exists_in_the_register():
    known = set(shipped().ids()) | {id.split("-")[0] for id in shipped().ids()}
    cited = set(CITED.findall(SOURCE))
    assert sorted(cited - known) == []


def test_each_clock_of_the_first_walk_is_carried_by_code():
    """A clock that is started stands in code as a word of its own, not only in a comment."""
    carried = {
        node.value
        for m in MODULES
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    walk = {"1.1-a", "1.1-e", "1.1-g", "1.2-e", "1.2-g", "1.3-b", "1.3-d", "1.3-i-credit",
            "1.3-k", "1.3-k-final", "2.3-a", "3.1-a", "9.2-a", "K2", "K3", "K5", "K6-list",
            "K6-decide", "K6-pay"}  # fmt: skip
    assert sorted(walk - carried) == []


NO_ENTRY_OF_THEIR_OWN = {
    "open_case": "it is the frame in which commands write theirs",
    "file_claim": "its entry is composed in filing.planned and written by swift.write",
    "take_report": "it opens the transaction in which file_claim writes its one entry",
    "save_draft": "a draft is nothing that has happened yet; it is told when it is filed",
    "attach_to_draft": "as save_draft",
    "discard_draft": "as save_draft",
}


@pytest.mark.parametrize(("module", "function"), COMMANDS)
def test_each_command_writes_one_entry(module, function):
    """One command, one entry: `case.record` or `record` stands in it once, or it hands on."""
    calls = [n for n in ast.walk(function) if isinstance(n, ast.Call)]
    names = [getattr(c.func, "attr", getattr(c.func, "id", "")) for c in calls]
    written = names.count("record")
    assert written <= 1, names
    opened = {"open_case", "atomic"} & set(names)
    excused = function.name in NO_ENTRY_OF_THEIR_OWN
    assert written == 1 or excused or not opened, (
        f"{function.name} changes the world without an entry"
    )


@pytest.mark.parametrize(("module", "function"), COMMANDS)
def test_each_command_says_what_the_department_would_say(module, function):
    assert ast.get_docstring(function)


def test_each_refusal_that_code_says_has_its_words():
    said = set()
    for module in MODULES:
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                said.add(node.args[0].value)
    assert sorted(said - set(refusals())) == []


def test_each_clause_with_a_test_names_one_that_exists():
    marked = set()
    for path in (CHECKOUT / "tests").rglob("test_*.py"):
        marked |= set(re.findall(r'mark\.clause\("([^"]+)"\)', path.read_text("utf-8")))
    assert marked
    assert sorted(marked - set(shipped().ids())) == []
