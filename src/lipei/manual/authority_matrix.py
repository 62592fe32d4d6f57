"""Authority: up to which amount each level may decide, in each matter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from lipei.manual.reading import HERE, Row, distinct, rows, tables
from lipei.manual.register import today


@dataclass(frozen=True, slots=True)
class Level:
    """One level of authority; L0 is the automatic path, no person."""

    code: str
    zh: str
    en: str
    posts: tuple[str, ...]

    @property
    def words(self) -> tuple[str, str]:
        """The level in both languages, as a refusal says it."""
        return self.zh, self.en


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
def shipped_authority() -> Authority:
    """The matrices that ship with Lipei, read once."""
    return read_authority(HERE / "authority.toml")


class _Installed:
    """What people changed, in the order in which it begins; exchanged whole."""

    editions: tuple[tuple[date, Authority], ...] = ()


def install_authority(changes: Iterable[tuple[date, str, Sequence[Mapping[str, object]]]]) -> None:
    """Let matrices of single matters hold from their days on, over those that ship."""
    held = shipped_authority()
    editions = []
    for begins, matter, told in sorted(changes, key=lambda one: one[0]):
        held = replace(held, steps={**held.steps, matter: steps_from(matter, told=told)})
        editions.append((begins, held))
    _Installed.editions = tuple(editions)


def authority(*, at: date | None = None) -> Authority:
    """The matrices in force on a day; without one, today's."""
    day = at or today()
    for begins, held in reversed(_Installed.editions):
        if day is None or begins <= day:
            return held
    return shipped_authority()


def steps_from(matter: str, *, told: Sequence[Mapping[str, object]]) -> tuple[Step, ...]:
    """The steps of one matter from plain rows, lowest level first. ValueError names what is
    wrong: an unknown level, one that does not rise, a last step with an end."""
    order = [level.code for level in shipped_authority().levels]
    steps = tuple(_step({"matter": matter, **columns}, order=order) for columns in told)
    if not steps:
        raise ValueError(f"step {matter}: nobody decides")
    _check_rises(matter, steps, order=order)
    return steps


def step_rows(steps: Iterable[Step]) -> list[dict[str, object]]:
    """Steps as plain rows, fit for JSON; `steps_from` is the way back."""
    return [
        {"level": one.level, "operator": one.operator}
        | ({} if one.upto_fen is None else {"upto_fen": one.upto_fen})
        for one in steps
    ]


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
