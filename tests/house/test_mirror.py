"""The tree and the manual say the same."""

import ast
import re
from importlib.util import find_spec

import pytest

from lipei.manual import Clause, refusals, sections, shipped
from tests.house.source import CHECKOUT, MODULES, PACKAGE, top_functions

CITED = re.compile(r"\b(?:\d{1,2}\.[1-4]-[a-z](?:-[a-z]+)?|K\d(?:-[a-z]+)?)\b")
BUILT = [s for s in sections() if find_spec(s.module)]
SOURCE = "\n".join(m.text for m in MODULES if m.place.startswith(("ch", "site", "kit")))
CARRIERS = "\n".join(m.text for m in MODULES if m.place.startswith(("ch", "kit")))
OWN = [one for one in shipped() if not one.same_as]
PROVED = {"clock", "gate", "ban"}
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


SHOWN_BY = {
    "1.1": "site/pages/desk.py",
    "1.2": "site/pages/sign_in.py",
    "1.3": "site/pages/claims.py",
    "2.1": "site/pages/claim_report.py",
    "2.2": "site/pages/claim_acts.py",
    "2.3": "site/pages/claim_acts.py",
    "2.4": "site/pages/pocket_acts.py",
    "3.2": "ch03_assessment/pages/adjudication.py",
    "4.2": "site/pages/pocket_confirm.py",
    "4.4": "ch04_payment/pages/release.py",
    "6.2": "site/pages/people.py",
    "6.3": "site/pages/running.py",
    "8.1": "ch04_payment/pages/release.py",
    "9.1": "ch09_archive/pages/filing.py",
    "9.4": "ch09_archive/pages/filing.py",
}
"""Sections whose work is done on a page that they share with others, and which page that is."""


@pytest.mark.parametrize("section", BUILT, ids=lambda s: s.number)
def test_each_built_section_has_a_page_and_a_test_of_its_name(section):
    chapter, name = section.module.split(".")[1:]
    own = PACKAGE / chapter / "pages" / f"{name}.py"
    assert own.exists() != (section.number in SHOWN_BY), "a page of its own, or a shared one"
    assert own.exists() or (PACKAGE / SHOWN_BY[section.number]).exists()
    assert (CHECKOUT / "tests" / chapter / f"test_{name}.py").exists()


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


def said_refusals() -> set[str]:
    """The slugs of all refusals that code says."""
    said = set()
    for module in MODULES:
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                said.add(node.args[0].value)
    return said


def test_each_refusal_that_code_says_has_its_words():
    assert sorted(said_refusals() - set(refusals())) == []


def family(clause: Clause) -> set[str]:
    """A clause and those that only repeat it: one obligation under several numbers."""
    return {clause.id, *(one.id for one in shipped() if one.same_as == clause.id)}


def cited() -> set[str]:
    """The clauses that chapters and kit cite, themselves or by a refusal that they say."""
    known = refusals()
    refused = {known[slug].clause for slug in said_refusals() & set(known)}
    return set(CITED.findall(CARRIERS)) | refused


def marked() -> set[str]:
    """The clauses with a test of their own."""
    found = set()
    for path in (CHECKOUT / "tests").rglob("test_*.py"):
        found |= set(re.findall(r'mark\.clause\("([^"]+)"\)', path.read_text("utf-8")))
    return found


def test_each_clause_is_carried_by_code_or_says_which_section_will():
    """What is not built is not shown as built: it awaits a section, and no code cites it."""
    carried = cited()
    lost = [one.id for one in OWN if not one.awaits and not family(one) & carried]
    assert lost == [], "cite them where they are carried, or let them await a section"
    early = [one.id for one in OWN if one.awaits and family(one) & carried]
    assert early == [], "code cites them, so they await nothing"


def test_each_clock_gate_and_ban_that_code_carries_has_a_test_marked_with_it():
    proved = marked()
    unproved = [
        one.id for one in OWN
        if one.kind in PROVED and not one.awaits and not family(one) & proved
    ]  # fmt: skip
    assert unproved == []


def test_each_clause_with_a_test_names_one_that_exists():
    assert marked()
    assert sorted(marked() - set(shipped().ids())) == []
