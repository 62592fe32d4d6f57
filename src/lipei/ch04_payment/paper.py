"""The electronic receipt as a PDF with embedded Chinese type."""

from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A5, landscape
from reportlab.pdfgen.canvas import Canvas

from lipei.kit.typeface import fonts, printable

MARGIN = 40
LEADING = 21


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
