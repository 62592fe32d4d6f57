"""Authority: up to which amount each level may decide, in each matter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from lipei.manual.reading import HERE, Row, distinct, rows, tables


@dataclass(frozen=True, slots=True)
class Level:
    """One level of authority; L0 is the automatic path, no person."""

    code: str
    zh: str
    en: str
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Up to which amount a level decides in a matter; none means without end."""

    matter: str
    level: str
    upto_fen: int | None
    operator: str

    def covers(self, amount_fen: int) -> bool:
        """Whether the amount lies within the step ("<=" includes the amount itself)."""
        if self.upto_fen is None:
            return True
        return amount_fen < self.upto_fen or (self.operator == "<=" and amount_fen == self.upto_fen)


@dataclass(frozen=True, slots=True)
class Authority:
    """All matters with their steps, lowest level first."""

    levels: tuple[Level, ...]
    steps: Mapping[str, tuple[Step, ...]]

    def level(self, code: str) -> Level:
        """The level of this code. KeyError if there is none."""
        for one in self.levels:
            if one.code == code:
                return one
        raise KeyError(f"no level {code}")

    def needed(self, matter: str, *, amount_fen: int) -> str:
        """The lowest level of a person that may decide an amount in a matter (fen, >= 0).

        The amount is the whole event's: with advances and supplements already granted.
        """
        assert amount_fen >= 0, amount_fen
        for step in self.steps[matter]:
            if step.covers(amount_fen):
                return step.level
        raise AssertionError(f"matter {matter} ends below {amount_fen}")

    def suffices(self, level: str, *, matter: str, amount_fen: int) -> bool:
        """Whether a level may decide an amount in a matter."""
        order = [one.code for one in self.levels]
        needed = self.needed(matter, amount_fen=amount_fen)
        return order.index(level) >= order.index(needed)


def read_authority(path: Path) -> Authority:
    """The matrices of one file. ValueError names the row that is wrong."""
    source = tables(path)
    levels = tuple(_level(row) for row in rows(source, "level"))
    distinct((level.code for level in levels), what="level")
    order = [level.code for level in levels]
    found: dict[str, tuple[Step, ...]] = {}
    for columns in rows(source, "step"):
        step = _step(columns, order=order)
        found[step.matter] = (*found.get(step.matter, ()), step)
    for matter, steps in found.items():
        _check_rises(matter, steps, order=order)
    return Authority(levels=levels, steps=found)


@cache
def authority() -> Authority:
    """The matrices that ship with Lipei, read once."""
    return read_authority(HERE / "authority.toml")


def _level(columns: Mapping[str, object]) -> Level:
    row = Row(columns, name=f"level {columns.get('code', '?')}")
    found = Level(row.text("code"), row.text("zh"), row.text("en"), row.texts("posts"))
    row.done()
    return found


def _step(columns: Mapping[str, object], *, order: Sequence[str]) -> Step:
    row = Row(columns, name=f"step {columns.get('matter', '?')} {columns.get('level', '?')}")
    found = Step(
        matter=row.text("matter"),
        level=row.one_of("level", allowed=order),
        upto_fen=row.whole("upto_fen") if row.has("upto_fen") else None,
        operator=row.one_of("operator", allowed={"<=", "<"}, default="<="),
    )
    row.done()
    if found.upto_fen is not None and found.upto_fen < 0:
        raise row.wrong("upto_fen is negative")
    return found


def _check_rises(matter: str, steps: Sequence[Step], *, order: Sequence[str]) -> None:
    for low, high in pairwise(steps):
        rises = order.index(low.level) < order.index(high.level)
        wider = low.upto_fen is not None and (high.upto_fen is None or low.upto_fen < high.upto_fen)
        if not (rises and wider):
            raise ValueError(f"step {matter} {high.level}: does not rise above {low.level}")
    if steps[-1].upto_fen is not None:
        raise ValueError(f"step {matter} {steps[-1].level}: the last step must have no end")
