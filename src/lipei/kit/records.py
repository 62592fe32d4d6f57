"""A paper of several pages as a PDF: words, labelled lines, tables, a signature or a seal.

The same record gives the same bytes, so that it is kept once however often it is made.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Image, Paragraph, SimpleDocTemplate, Spacer, Table

from lipei.kit.typeface import fonts, missing_signs, printable

EDGE = 48
FRAME = 6
WIDTH = A4[0] - 2 * (EDGE + FRAME)
LABEL = 104
GREY = colors.Color(0.4, 0.4, 0.4)
LINE = colors.Color(0.8, 0.8, 0.8)
POINT = re.compile(r"([ML])(\d{1,4}) (\d{1,4})")
DRAWN_WIDE, DRAWN_HIGH = 200, 80


@dataclass(frozen=True)
class Part:
    """One part of a record: words in paragraphs, labelled lines, then a table whose first row
    names its columns."""

    heading: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Record:
    """A record as it is printed; `drawing` is a signature as SVG path data, `seal` a picture,
    `language` that of the few words which the paper itself says: zh or en."""

    title: str
    number: str
    parts: tuple[Part, ...]
    drawing: str = ""
    notes: tuple[str, ...] = ()
    seal: bytes = b""
    language: str = "zh"


PAGE = {"zh": "第 {n} 页", "en": "Page {n}"}
LACKING = {
    "zh": "下列字符字库未收录，以编码列示：{codes}",
    "en": "The type lacks these signs; they are listed by their code: {codes}",
}
SEAL = 104


def record_pdf(record: Record) -> bytes:
    """The record as PDF bytes, A4, fonts embedded; the same record, the same bytes."""
    out = BytesIO()
    page = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=EDGE, rightMargin=EDGE, topMargin=EDGE, bottomMargin=EDGE,
        title=f"{record.title} {record.number}", invariant=1,
    )  # fmt: skip

    def numbered(canvas: Canvas, told: SimpleDocTemplate) -> None:
        canvas.setFont(fonts()[0], 8)
        canvas.setFillGray(0.4)
        canvas.drawCentredString(A4[0] / 2, 26, _foot(record, told.page))

    page.build(_story(record), onFirstPage=numbered, onLaterPages=numbered)
    return out.getvalue()


def _foot(record: Record, page: int) -> str:
    return f"{record.number}　{PAGE[record.language].format(n=page)}"


class Drawing(Flowable):  # type: ignore[misc]  # the library has no types
    """A signature as it was drawn, fitted into its box."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.points = [(mark, int(x), int(y)) for mark, x, y in POINT.findall(path)]
        self.width, self.height = DRAWN_WIDE, DRAWN_HIGH

    def draw(self) -> None:
        """Draw each stroke, left and top first."""
        if not self.points:
            return
        across = [x for _, x, _ in self.points]
        down = [y for _, _, y in self.points]
        wide, high = max(across) - min(across) or 1, max(down) - min(down) or 1
        scale = min(DRAWN_WIDE / wide, DRAWN_HIGH / high)
        path = self.canv.beginPath()
        for mark, x, y in self.points:
            to = path.moveTo if mark == "M" else path.lineTo
            to((x - min(across)) * scale, DRAWN_HIGH - (y - min(down)) * scale)
        self.canv.drawPath(path)


def _story(record: Record) -> list[Flowable]:
    plain, bold = fonts()
    told: list[Flowable] = [
        _words(record.title, bold, size=16), Spacer(1, 4),
        _words(record.number, plain, size=9, color=GREY), Spacer(1, 10),
    ]  # fmt: skip
    for part in record.parts:
        told += _part(part)
    if record.drawing:
        told += [Spacer(1, 6), Drawing(record.drawing)]
    if record.seal:
        told.append(Image(BytesIO(record.seal), width=SEAL, height=SEAL, hAlign="RIGHT"))
    for note in (*record.notes, *_lacking(record)):
        told += [Spacer(1, 6), _words(note, plain, size=8, color=GREY)]
    return told


def _part(part: Part) -> list[Flowable]:
    plain, bold = fonts()
    told: list[Flowable] = []
    if part.heading:
        told += [Spacer(1, 6), _words(part.heading, bold, size=11), Spacer(1, 4)]
    for words in filter(None, part.words.split("\n\n")):
        told += [_words(words, plain, size=10.5), Spacer(1, 6)]
    if part.lines:
        told.append(_table(part.lines, widths=[LABEL, WIDTH - LABEL]))
    if part.rows:
        head, *rows = part.rows
        shares = [2 if n == 0 else 1 for n in range(len(head))]
        widths = [WIDTH * share / sum(shares) for share in shares]
        told.append(_table([head, *rows], widths=widths, head=bold, body=plain))
    return [*told, Spacer(1, 6)]


def _table(
    rows: Sequence[Sequence[str]], *, widths: Sequence[float], head: str = "", body: str = ""
) -> Table:
    plain = body or fonts()[0]
    cells = [
        [_words(cell, head if head and n == 0 else plain, size=9) for cell in row]
        for n, row in enumerate(rows)
    ]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
    ]
    return Table(cells, colWidths=list(widths), style=style, repeatRows=1 if head else 0)


def _words(text: str, font: str, *, size: float, color: colors.Color = colors.black) -> Paragraph:
    style = ParagraphStyle(
        font, fontName=font, fontSize=size, leading=size * 1.5, textColor=color, wordWrap="CJK"
    )
    return Paragraph(escape(printable(text, font)).replace("\n", "<br/>"), style)


def _lacking(record: Record) -> list[str]:
    """Signs that the type lacks are listed by their code, as on the receipt."""
    cells = [c for p in record.parts for row in ([p.words], *p.lines, *p.rows) for c in row]
    lacking = missing_signs("".join([record.title, *cells]))
    codes = " ".join(f"U+{ord(c):04X}" for c in lacking)
    return [LACKING[record.language].format(codes=codes)] if lacking else []
