"""Reads the rows of the manual's tables strictly: a wrong row is named, never guessed at."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from pathlib import Path

HERE = Path(__file__).parent
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Row:
    """One row of a table, read column by column.

    Every reading method raises ValueError with the row's name in it when a column is missing or
    has another shape than asked; `done()` refuses columns that nobody asked for.
    """

    def __init__(self, columns: Mapping[str, object], *, name: str) -> None:
        self.name = name
        self._left = dict(columns)

    def wrong(self, why: str) -> ValueError:
        """The error that names this row and says what is wrong with it."""
        return ValueError(f"{self.name}: {why}")

    def has(self, column: str) -> bool:
        """Whether the row still holds a column that was not read."""
        return column in self._left

    def text(self, column: str, *, default: str | None = None) -> str:
        """A text without blanks at its ends; empty only where a default allows it."""
        found = self._left.pop(column, default)
        if not isinstance(found, str) or found != found.strip():
            raise self.wrong(f"{column} must be a text, found {found!r}")
        if not found and default is None:
            raise self.wrong(f"{column} must not be empty")
        return found

    def one_of(self, column: str, *, allowed: Iterable[str], default: str | None = None) -> str:
        """A text that stands on a list."""
        found = self.text(column, default=default)
        if found not in allowed:
            raise self.wrong(f"unknown {column} {found!r}")
        return found

    def whole(self, column: str, *, default: int | None = None) -> int:
        """A whole number; true and false are none."""
        found = self._left.pop(column, default)
        if not isinstance(found, int) or isinstance(found, bool):
            raise self.wrong(f"{column} must be a whole number, found {found!r}")
        return found

    def flag(self, column: str, *, default: bool = False) -> bool:
        """True or false."""
        found = self._left.pop(column, default)
        if not isinstance(found, bool):
            raise self.wrong(f"{column} must be true or false, found {found!r}")
        return found

    def day(self, column: str, *, default: date | None = None) -> date | None:
        """A day, written as TOML writes it or as ISO text (as JSON keeps it)."""
        found = self._left.pop(column, default)
        if found is None or type(found) is date:
            return found
        try:
            return date.fromisoformat(str(found))
        except ValueError:
            raise self.wrong(f"{column} must be a day, found {found!r}") from None

    def time_of_day(self, column: str) -> time | None:
        """A time of day such as 17:30, or none."""
        found = self._left.pop(column, None)
        try:
            return None if found is None else time.fromisoformat(str(found))
        except ValueError:
            raise self.wrong(f"{column} must be a time of day, found {found!r}") from None

    def texts(self, column: str) -> tuple[str, ...]:
        """A list of texts; none if the column is absent."""
        found = self._left.pop(column, ())
        if not isinstance(found, Sequence) or isinstance(found, str):
            raise self.wrong(f"{column} must be a list, found {found!r}")
        if not all(isinstance(text, str) and text for text in found):
            raise self.wrong(f"{column} must hold texts, found {found!r}")
        return tuple(found)

    def named(self, column: str, *, short_for: str) -> list[tuple[str, dict[str, object]]]:
        """Named small tables inside the row, in order: {a = {…}} or [{name = "a", …}].

        {a = 1} is short for a table with the one column `short_for`.
        """
        found = self._left.pop(column, {})
        if isinstance(found, Mapping):
            found = [
                {"name": name, **(one if isinstance(one, Mapping) else {short_for: one})}
                for name, one in found.items()
            ]
        if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
            raise self.wrong(f"{column} must hold tables, found {found!r}")
        listed = []
        for columns in map(dict, found):
            name = columns.pop("name", None)
            if not isinstance(name, str) or not name:
                raise self.wrong(f"{column} must name each table")
            listed.append((name, columns))
        return listed

    def done(self) -> None:
        """Every column was read; an unknown one is a mistake in the table."""
        if self._left:
            raise self.wrong(f"unknown columns {sorted(self._left)}")


def tables(path: Path) -> dict[str, object]:
    """The contents of one TOML file. ValueError names the file when it is not TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def rows(source: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    """The list of rows under a key of a file; ValueError when it is something else."""
    found = source.get(key, [])
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        raise ValueError(f"{key}: must be a list of rows")
    return found


def distinct(names: Iterable[str], *, what: str) -> None:
    """ValueError naming the first row that stands twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what} {name}: stands twice")
        seen.add(name)


def placeholders(text: str) -> frozenset[str]:
    """The words in braces that a text wants filled: "{date}" gives {"date"}."""
    return frozenset(PLACEHOLDER.findall(text))
