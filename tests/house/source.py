"""The source of the house, read once for the tests of its tidiness."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = CHECKOUT / "src" / "lipei"


@dataclass(frozen=True)
class Module:
    """One module: its path in the package, its text, its tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def place(self) -> str:
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def dotted(self) -> str:
        return "lipei." + self.place.removesuffix(".py").replace("/", ".")


def modules() -> Iterator[Module]:
    """Every module of the package but its migrations."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts and "node_modules" not in path.parts:
            text = path.read_text("utf-8")
            yield Module(path, text, ast.parse(text))


MODULES = tuple(modules())


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_public(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return not function.name.startswith("_")


def top_functions(module: Module) -> list[ast.FunctionDef]:
    """The functions at the top of a module."""
    return [n for n in module.tree.body if isinstance(n, ast.FunctionDef)]


def positional(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """The parameters that a caller may pass without their names; not the object itself."""
    found = [*function.args.posonlyargs, *function.args.args]
    return found[1:] if found and found[0].arg in {"self", "cls"} else found
