"""Where each clause is carried out: the functions and tests that cite it, read from the code.

Read once a process, from the files that run: nothing of it is typed by hand. Tests stand beside
the source of a checkout; an installed package has none, and `proofs()` then says so.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import lipei
from lipei.manual import refusals, shipped

CITED = re.compile(r"\b(?:\d{1,2}\.[1-4]-[a-z](?:-[a-z]+)?|K\d(?:-[a-z]+)?)\b")
MARKED = re.compile(r'mark\.clause\("([^"]+)"\)')
CARRYING = re.compile(r"(ch\d\d_\w+|kit)/")
PACKAGE = Path(lipei.__file__).parent
TESTS = PACKAGE.parents[1] / "tests"
Functions = list[tuple[int, int, str]]


@dataclass(frozen=True, order=True)
class Carrier:
    """A function, or a module where it is none, that cites a clause: its place and name."""

    place: str
    name: str
    line: int

    @property
    def words(self) -> str:
        """As a developer would say it: ch01_general.case · new_clock."""
        return f"{self.place} · {self.name}" if self.name else self.place


Index = Mapping[str, tuple[Carrier, ...]]


@cache
def carriers() -> Index:
    """By clause: the functions of the chapters and of the kit that cite it or refuse by it."""
    found: dict[str, dict[tuple[str, str], Carrier]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE).as_posix()
        if CARRYING.match(inside) and "/migrations/" not in inside:
            for clause_id, one in _citations(path, inside.removesuffix(".py").replace("/", ".")):
                found.setdefault(clause_id, {}).setdefault((one.place, one.name), one)
    return {clause_id: tuple(sorted(ones.values())) for clause_id, ones in found.items()}


@cache
def proofs() -> Index | None:
    """By clause: the tests that are marked with it; none where no tests stand beside the code."""
    if not TESTS.is_dir():
        return None
    found: dict[str, set[Carrier]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for clause_id, one in _marks(path):
            found.setdefault(clause_id, set()).add(one)
    return {clause_id: tuple(sorted(ones)) for clause_id, ones in found.items()}


@cache
def is_built(module: str) -> bool:
    """Whether the module that carries a section is there."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def family(clause_id: str) -> tuple[str, ...]:
    """A clause and those that only repeat it: one obligation under several numbers."""
    return (clause_id, *(one.id for one in shipped() if one.same_as == clause_id))


def carried_by(clause_id: str) -> list[Carrier]:
    """Who carries a clause, or another that repeats it."""
    return [one for id in family(clause_id) for one in carriers().get(id, ())]


def proved_by(clause_id: str) -> list[Carrier] | None:
    """The tests of a clause, or of another that repeats it; none where there are no tests."""
    index = proofs()
    if index is None:
        return None
    return [one for id in family(clause_id) for one in index.get(id, ())]


# The parts


def _citations(path: Path, place: str) -> Iterator[tuple[str, Carrier]]:
    text = path.read_text("utf-8")
    known = set(shipped().ids())
    if not CITED.search(text) and "Refused(" not in text:
        return
    tree = ast.parse(text)
    functions = _functions(tree)
    for number, line in enumerate(text.splitlines(), start=1):
        for clause_id in known & set(CITED.findall(line)):
            yield clause_id, Carrier(place, _inside(functions, number), number)
    for clause_id, number in _refused(tree):
        yield clause_id, Carrier(place, _inside(functions, number), number)


def _refused(tree: ast.Module) -> Iterator[tuple[str, int]]:
    known = refusals()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused" and node.args:
            slug = getattr(node.args[0], "value", "")
            if slug in known:
                yield known[slug].clause, node.lineno


def _marks(path: Path) -> Iterator[tuple[str, Carrier]]:
    text = path.read_text("utf-8")
    if "mark.clause(" not in text:
        return
    place = path.relative_to(TESTS).as_posix().removesuffix(".py").replace("/", ".")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for mark in node.decorator_list:
                for clause_id in MARKED.findall(ast.unparse(mark).replace("'", '"')):
                    yield clause_id, Carrier(place, node.name, node.lineno)


def _functions(tree: ast.Module) -> Functions:
    return [
        (node.lineno, node.end_lineno or node.lineno, node.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]


def _inside(functions: Functions, line: int) -> str:
    around = [(end - start, name) for start, end, name in functions if start <= line <= end]
    return min(around)[1] if around else ""
