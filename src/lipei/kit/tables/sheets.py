"""XLSX, read as a stream from the first sheet that is shown; no formula runs."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.parsers import expat

from lipei.kit.refusal import Refused
from lipei.kit.tables.styles import Styles

CHUNK = 256 * 1024
MOST_ENTRIES = 2_000
ENCRYPTED = 0x1
LOCKED = "EncryptedPackage".encode("utf-16-le")
EXACT_DIGITS = 15
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError, KeyError)
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
EPOCH, EPOCH_MAC = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001  a cell has no zone
LAST_SERIAL = 2_958_466
Line = tuple[int, list[str]]


def is_locked(path: Path) -> bool:
    """Whether an old compound file is an XLSX behind a password."""
    with path.open("rb") as file:
        return any(LOCKED in piece for piece in iter(lambda: file.read(CHUNK), b""))


def lines(path: Path, *, unfolded: int, columns: int) -> Iterator[Line]:
    """Every row of the sheet with its number, each cell as a text at its place.

    Refuses a file that is cut, broken, locked, no XLSX, or that unfolds to too much.
    """
    try:
        with zipfile.ZipFile(path) as folder:
            _refuse_bomb(folder, unfolded)
            book = _Book(folder)
            yield from _rows(folder, book, columns)
    except BROKEN:
        raise Refused("file_broken") from None
    except expat.ExpatError:
        raise Refused("file_broken") from None


def _refuse_bomb(folder: zipfile.ZipFile, unfolded: int) -> None:
    entries = folder.infolist()
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise Refused("file_encrypted")
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > unfolded:
        raise Refused("file_bomb")
    if "xl/workbook.xml" not in folder.namelist():
        raise Refused("table_type_not_taken")


class _Parser:
    """A parser that knows no document types: nothing in a table may define anything."""

    def __init__(self) -> None:
        self.expat = expat.ParserCreate(namespace_separator=None)
        self.expat.buffer_text = True
        self.expat.StartDoctypeDeclHandler = self._refuse

    def _refuse(self, *told: object) -> None:
        raise Refused("file_broken")

    def feed(self, folder: zipfile.ZipFile, name: str) -> Iterator[None]:
        """Parse one entry piece by piece; what it gave may be taken after each."""
        with folder.open(name) as content:
            while piece := content.read(CHUNK):
                self.expat.Parse(piece, False)
                yield
        self.expat.Parse(b"", True)
        yield


def _each(
    folder: zipfile.ZipFile, name: str, started: Callable[[str, dict[str, str]], None]
) -> None:
    parser = _Parser()
    parser.expat.StartElementHandler = started
    for _ in parser.feed(folder, name):
        pass


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Book:
    """What the cells of the sheet lean on: shared texts, styles, the epoch of its days."""

    def __init__(self, folder: zipfile.ZipFile) -> None:
        self.epoch = EPOCH
        self._sheets: list[tuple[str, str]] = []
        targets: dict[str, str] = {}
        _each(folder, "xl/workbook.xml", self._of_book)
        _each(
            folder, "xl/_rels/workbook.xml.rels",
            lambda name, told: targets.update({told.get("Id", ""): told.get("Target", "")}),
        )  # fmt: skip
        if not self._sheets:
            raise Refused("file_empty")
        target = targets[self._sheets[0][1]]
        self.sheet = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        names = set(folder.namelist())
        self.styles = Styles()
        if "xl/styles.xml" in names:
            _each(folder, "xl/styles.xml", self.styles.told)
        self.texts: list[str] = []
        if "xl/sharedStrings.xml" in names:
            self.texts = _shared(folder)

    def _of_book(self, name: str, told: dict[str, str]) -> None:
        kind = _local(name)
        if kind == "workbookPr" and told.get("date1904") in {"1", "true"}:
            self.epoch = EPOCH_MAC
        if kind == "sheet" and told.get("state", "visible") == "visible":
            self._sheets.append((told.get("name", ""), told.get("r:id", "")))

    def text(self, kind: str, style: str, value: str) -> str:
        """What a cell shows, as a text."""
        if kind == "s":
            return self.texts[int(value)] if value else ""
        if kind == "b":
            return {"1": "true", "0": "false"}.get(value, value)
        if kind in {"str", "inlineStr", "e", "d"} or not value:
            return value
        if self.styles.is_day(style):
            return self._day(value)
        return _number(value)

    def _day(self, value: str) -> str:
        serial = float(value)
        if not 0 <= serial < LAST_SERIAL:
            return value
        at = self.epoch + timedelta(seconds=round(serial * 86_400))
        return (
            f"{at:%Y-%m-%d}"
            if at.hour == at.minute == at.second == 0
            else f"{at:%Y-%m-%d %H:%M:%S}"
        )


def _number(value: str) -> str:
    """A number as people read it. One of more digits than a table program keeps stays in its
    short form (1.1E+17), by which it is known that its last digits are lost."""
    if value.isdigit() and len(value) <= EXACT_DIGITS:
        return value
    number = float(value)
    if number.is_integer():
        whole = int(number)
        return str(whole) if len(str(abs(whole))) <= EXACT_DIGITS else f"{number:E}"
    return f"{number:.10f}".rstrip("0").rstrip(".")


class _Texts:
    """The shared texts; what is only their pronunciation (rPh) is left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.held: list[str] = []
        self.hears = self.sounds = False

    def started(self, name: str, told: dict[str, str]) -> None:
        kind = _local(name)
        self.hears = self.hears or kind == "t"
        self.sounds = self.sounds or kind == "rPh"

    def ended(self, name: str) -> None:
        kind = _local(name)
        self.hears = self.hears and kind != "t"
        self.sounds = self.sounds and kind != "rPh"
        if kind == "si":
            self.texts.append("".join(self.held))
            self.held.clear()

    def said(self, text: str) -> None:
        if self.hears and not self.sounds:
            self.held.append(text)


def _shared(folder: zipfile.ZipFile) -> list[str]:
    parser, texts = _Parser(), _Texts()
    parser.expat.StartElementHandler, parser.expat.EndElementHandler = texts.started, texts.ended
    parser.expat.CharacterDataHandler = texts.said
    for _ in parser.feed(folder, "xl/sharedStrings.xml"):
        pass
    return texts.texts


class _Sheet:
    """The rows of one sheet as they come out of the parser."""

    def __init__(self, book: _Book, columns: int) -> None:
        self.book, self.columns = book, columns
        self.done: list[Line] = []
        self.number = 0
        self.cells: list[str] = []
        self.kind = self.style = ""
        self.place = -1
        self.held: list[str] = []
        self.hears = False

    def started(self, name: str, told: dict[str, str]) -> None:
        kind = _local(name)
        if kind == "row":
            self.number = int(told.get("r", self.number + 1))
            self.cells, self.place = [], -1
        elif kind == "c":
            self.kind, self.style = told.get("t", "n"), told.get("s", "")
            self.place = _place(told["r"]) if "r" in told else self.place + 1
            self.held.clear()
        elif kind in {"v", "t"}:
            self.hears = True

    def ended(self, name: str) -> None:
        kind = _local(name)
        if kind in {"v", "t"}:
            self.hears = False
        elif kind == "c":
            self._keep(self.book.text(self.kind, self.style, "".join(self.held)).strip())
        elif kind == "row":
            self.done.append((self.number, self.cells))

    def said(self, text: str) -> None:
        if self.hears:
            self.held.append(text)

    def _keep(self, text: str) -> None:
        if not text:
            return
        if self.place >= self.columns:
            raise Refused("table_columns_too_many", limit=self.columns)
        self.cells.extend([""] * (self.place - len(self.cells)))
        self.cells.append(text)


def _rows(folder: zipfile.ZipFile, book: _Book, columns: int) -> Iterator[Line]:
    parser, sheet = _Parser(), _Sheet(book, columns)
    parser.expat.StartElementHandler, parser.expat.EndElementHandler = sheet.started, sheet.ended
    parser.expat.CharacterDataHandler = sheet.said
    for _ in parser.feed(folder, book.sheet):
        yield from sheet.done
        sheet.done.clear()


def _place(reference: str) -> int:
    """The place of a column from 0: A is 0, AA is 26."""
    found = PLACE.fullmatch(reference)
    if found is None:
        raise Refused("file_broken")
    place = 0
    for letter in found[1]:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
