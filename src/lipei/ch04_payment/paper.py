"""The electronic receipt as a PDF with embedded Chinese type; what the font lacks is listed."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from reportlab.lib.pagesizes import A5, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

MARGIN = 40
LEADING = 21
MISSING = "〓"


@dataclass(frozen=True)
class Receipt:
    """A receipt as it is printed: a title, labelled lines, the sum, and small print."""

    title: str
    lines: tuple[tuple[str, str], ...]
    sum_label: str
    sum_figures: str
    sum_words: str
    notes: tuple[str, ...]


def receipt_pdf(receipt: Receipt) -> bytes:
    """The receipt as PDF bytes, A5 landscape, fonts embedded; the same receipt, the same bytes."""
    plain, bold = fonts()
    out = BytesIO()
    canvas = Canvas(out, pagesize=landscape(A5), invariant=1)
    canvas.setTitle(receipt.title)
    width, height = landscape(A5)
    canvas.setFont(bold, 17)
    canvas.drawCentredString(width / 2, height - 50, printable(receipt.title, bold))
    y = height - 84
    for label, value in receipt.lines:
        canvas.setFont(plain, 10)
        canvas.setFillGray(0.4)
        canvas.drawString(MARGIN, y, label)
        canvas.setFillGray(0)
        canvas.drawString(MARGIN + 110, y, printable(value, plain))
        y -= LEADING
    _draw_sum(canvas, receipt, y - 6, width)
    canvas.setFont(plain, 8)
    canvas.setFillGray(0.35)
    for n, note in enumerate(reversed(receipt.notes)):
        canvas.drawString(MARGIN, 26 + 12 * n, printable(note, plain))
    canvas.save()
    return out.getvalue()


def missing_signs(text: str) -> list[str]:
    """The signs of a text that the type cannot show; they are listed, never an empty box."""
    face = pdfmetrics.getFont(fonts()[0]).face
    return sorted({c for c in text if not c.isspace() and ord(c) not in face.charToGlyph})


def printable(text: str, font: str) -> str:
    """The text with a mark in place of each sign that the type lacks."""
    known = pdfmetrics.getFont(font).face.charToGlyph
    return "".join(c if ord(c) in known or c.isspace() else MISSING for c in text)


@cache
def fonts() -> tuple[str, str]:
    """The plain and the bold type, registered once. RuntimeError where they are not installed."""
    folder = Path(settings.LIPEI_FONTS)
    found = {}
    for name, pattern in (("plain", "*400Regular.ttf"), ("bold", "*700Bold.ttf")):
        files = sorted(folder.glob(pattern))
        if not files:
            raise RuntimeError(
                f"no Chinese type in the fonts folder: {pattern}; build the front end"
            )
        pdfmetrics.registerFont(TTFont(f"lipei-{name}", files[0]))
        found[name] = f"lipei-{name}"
    return found["plain"], found["bold"]


def _draw_sum(canvas: Canvas, receipt: Receipt, y: float, width: float) -> None:
    plain, bold = fonts()
    canvas.setFillGray(0.95)
    canvas.rect(MARGIN - 8, y - 32, width - 2 * MARGIN + 16, 46, stroke=0, fill=1)
    canvas.setFillGray(0)
    canvas.setFont(plain, 10)
    canvas.drawString(MARGIN, y - 6, receipt.sum_label)
    canvas.setFont(bold, 18)
    canvas.drawString(MARGIN + 110, y - 9, receipt.sum_figures)
    canvas.setFont(plain, 10)
    canvas.drawString(MARGIN + 110, y - 26, receipt.sum_words)
