"""The Chinese type of every paper: whole fonts, embedded; what they lack is listed."""

from functools import cache
from pathlib import Path

from django.conf import settings
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

MISSING = "〓"


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
