"""A row of a table, and what is wrong with it in words: row, column, why, what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from lipei.kit.refusal import Refused

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a row. `column` is the head of the column, "" for the row."""

    row: int
    column: str
    slug: str
    params: Mapping[str, object] = field(default_factory=dict)

    def words(self, language: str) -> str:
        """What is wrong, in the reader's language; never what the cell holds."""
        return Refused(self.slug, **self.params).words(language)

    def next_step(self, language: str) -> str:
        """What the person can do about it."""
        return Refused(self.slug, **self.params).next_step(language)


class Row(NamedTuple):
    """One row as the table tells it: its number as a table program shows it, its cells by
    column, and what is wrong before anybody reads them."""

    number: int
    cells: Mapping[str, str]
    faults: tuple[Fault, ...] = ()


def fault_of(row: int, column: str, refused: Refused) -> Fault:
    """A refusal as the fault of a cell."""
    params = {name: value for name, value in refused.params.items() if name != "field"}
    return Fault(row, column, refused.slug, params)


class Reading:
    """The cells of one row, read field by field; what is wrong is gathered and stops nothing."""

    def __init__(self, row: Row, *, mapping: Mapping[str, str]) -> None:
        """`mapping` says for each field from which column it is read; a field may lack one."""
        self.row, self.mapping = row, mapping
        self.faults: list[Fault] = list(row.faults)

    def text(self, name: str) -> str:
        """The cell of a field as it stands, trimmed; empty where there is no such column."""
        return self.row.cells.get(self.mapping.get(name, ""), "").strip()

    def needed(self, name: str, check: Callable[..., T]) -> T | None:
        """The checked cell of a field that must be told; none, with a fault, where it is not."""
        if not self.text(name):
            self.wrong(name, Refused("cell_missing"))
            return None
        return self.told(name, check)

    def told(self, name: str, check: Callable[..., T]) -> T | None:
        """The checked cell of a field; none where it is empty, or wrong, which is a fault."""
        text = self.text(name)
        if not text:
            return None
        try:
            return check(text, field=name)
        except Refused as refused:
            self.wrong(name, refused)
            return None

    def wrong(self, name: str, refused: Refused) -> None:
        """Keep a refusal as the fault of a field's column."""
        column = self.mapping.get(name, "")
        if not any(one.column == column and column for one in self.faults):
            self.faults.append(fault_of(self.row.number, column or name, refused))
