"""A rule is a function: named for the column it makes, its parameters the columns it reads."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from lipei.rules.facts import Column

Frame = dict[str, Column]
Sign = Literal["+", "-", "=", ""]


@dataclass(frozen=True, slots=True)
class Rule:
    """A column of a settlement: how it is made, which clause it carries, what it is called.

    `sign` places it on the sheet: "+" adds, "-" takes away, "=" is a sum of its part (or of
    the whole sheet where `part` is empty), "" is working only. The words of `why` may name
    columns in braces: "限额 {medical_limit_fen}".
    """

    column: str
    reads: tuple[str, ...]
    formula: Callable[..., Column]
    clause: str
    zh: str
    en: str
    sign: Sign
    part: str
    why_zh: str
    why_en: str

    def __call__(self, *columns: Column) -> Column:
        return self.formula(*columns)


def rule(
    *,
    clause: str,
    zh: str,
    en: str,
    sign: Sign = "",
    part: str = "",
    why: tuple[str, str] = ("", ""),
) -> Callable[[Callable[..., Any]], Rule]:
    """Mark a function as the rule of the column that it is named for.

    `clause` is a key of the edition's own register of clauses, `zh` and `en` are the words of
    the sheet, `why` the reason in Chinese and English. The loader checks them all.
    """

    def mark(formula: Callable[..., Any]) -> Rule:
        reads = tuple(inspect.signature(formula).parameters)
        return Rule(formula.__name__, reads, formula, clause, zh, en, sign, part, why[0], why[1])

    return mark


def rules_in(module: ModuleType) -> tuple[Rule, ...]:
    """The rules of a product in the order in which its file tells them."""
    return tuple(r for r in vars(module).values() if isinstance(r, Rule))


def ordered(rules: Iterable[Rule], *, given: Iterable[str]) -> tuple[Rule, ...]:
    """Sort rules so that each comes after the columns it reads.

    Raises ValueError naming the columns that nobody makes or that wait for one another.
    """
    waiting = {r.column: r for r in rules}
    known, done = set(given), []
    while waiting:
        ready = [r for r in waiting.values() if known.issuperset(r.reads)]
        if not ready:
            raise ValueError(_why_none_is_ready(waiting, known))
        for r in ready:
            done.append(waiting.pop(r.column))
            known.add(r.column)
    return tuple(done)


def _why_none_is_ready(waiting: Mapping[str, Rule], known: set[str]) -> str:
    read = {column for r in waiting.values() for column in r.reads}
    missing = sorted(read - known - waiting.keys())
    if missing:
        return f"read but neither given nor made: {', '.join(missing)}"
    return f"waiting for one another: {', '.join(sorted(waiting))}"


def run(rules: tuple[Rule, ...], claims: Mapping[str, Column]) -> Frame:
    """Add one column for each rule, over the whole batch; every column is kept.

    Every claim in the frame is treated alike, so that one claim and ten million claims give
    the same fen.
    """
    frame: Frame = dict(claims)
    for r in rules:
        frame[r.column] = r.formula(*[frame[name] for name in r.reads])
    return frame
