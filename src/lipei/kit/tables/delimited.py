"""CSV as it is found: UTF-8 or GB 18030, with or without a mark in front, comma, tab or other."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from lipei.kit.refusal import Refused

CHUNK = 1024 * 1024
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ",\t;|，"
GB = "gb18030"


def lines(path: Path, *, cell: int) -> Iterator[tuple[int, list[str]]]:
    """Every record with its number from 1, blank ones too, cells trimmed.

    Refuses what is no text (`file_broken`), text in no known writing (`table_writing_unknown`)
    and a file that ends within a character or within quotes (`file_cut`).
    """
    writing = _writing(path)
    with path.open(encoding=writing, newline="") as text:
        delimiter = _delimiter(text.readline())
        text.seek(0)
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        try:
            for number, told in enumerate(reader, start=1):
                yield number, [field.strip() for field in told]
        except csv.Error as error:
            slug = "file_cut" if "unexpected end" in str(error) else "table_quotes_wrong"
            raise Refused(slug, line=reader.line_num) from None


def _writing(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    for mark, writing in MARKS:
        if start.startswith(mark):
            _decoded(path, writing)
            return writing
    try:
        _decoded(path, "utf-8")
    except Refused as refused:
        if refused.slug != "table_writing_unknown":
            raise
        _decoded(path, GB)
        return GB
    return "utf-8"


def _decoded(path: Path, writing: str) -> None:
    """Read the file through once, to see that all of it is text in this writing."""
    decoder = codecs.getincrementaldecoder(writing)()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            if b"\x00" in piece and writing != "utf-16":
                raise Refused("file_broken")
            _decode(decoder, piece)
    if decoder.getstate()[0]:
        raise Refused("file_cut", line="")


def _decode(decoder: codecs.IncrementalDecoder, piece: bytes) -> None:
    try:
        decoder.decode(piece)
    except UnicodeDecodeError:
        raise Refused("table_writing_unknown") from None


def _delimiter(head: str) -> str:
    """The mark that stands oftenest in the first line, outside of quotes."""
    bare = "".join(head.split('"')[::2])
    found = max(DELIMITERS, key=bare.count)
    return found if bare.count(found) else ","
