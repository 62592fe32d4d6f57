"""Small XLSX files made by hand, as a table program would write them."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DAY_STYLE = 1
Cell = str | int | float | tuple[str, int] | None


def workbook(
    rows: Sequence[Sequence[Cell]], *, days: Sequence[int] = (), more: str = "",
    shared: Sequence[str] = (),
) -> bytes:  # fmt: skip
    """A book of one shown sheet after a hidden one; columns of `days` hold serial numbers of
    days. `more` is put before the sheet's data, as it stands. Of the `shared` texts, a cell ("s",
    n) names the one of that place; each has its pronunciation beside it."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            _cell(place, number, value, is_day=place in days and number > 1)
            for place, value in enumerate(row)
            if value is not None
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    sheet = f"{HEAD}{more}<worksheet {MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>"
    return packed({
        "xl/workbook.xml": f'{HEAD}<workbook {MAIN} xmlns:r="r"><sheets>'
        '<sheet name="旧" sheetId="1" state="hidden" r:id="rId1"/>'
        '<sheet name="保单" sheetId="2" r:id="rId2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"{HEAD}<Relationships>"
        '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>',
        "xl/styles.xml": f'{HEAD}<styleSheet {MAIN}><numFmts count="1">'
        '<numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
        '</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="176"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f"{HEAD}<sst {MAIN}>{_shared(shared)}</sst>",
        "xl/worksheets/sheet1.xml": f"{HEAD}<worksheet {MAIN}><sheetData/></worksheet>",
        "xl/worksheets/sheet2.xml": sheet,
    })  # fmt: skip


def packed(entries: dict[str, str]) -> bytes:
    """These entries as a ZIP file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, text in entries.items():
            folder.writestr(name, text)
    return made.getvalue()


def _shared(texts: Sequence[str]) -> str:
    return "".join(
        f"<si><r><t>{escape(text[:1])}</t></r><r><t>{escape(text[1:])}</t></r>"
        f'<rPh sb="0" eb="1"><t>zhou</t></rPh></si>'
        for text in texts
    )


def _cell(place: int, number: int, value: Cell, *, is_day: bool) -> str:
    reference = f"{chr(ord('A') + place)}{number}"
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if isinstance(value, tuple):
        return f'<c r="{reference}" t="{value[0]}"><v>{value[1]}</v></c>'
    style = f' s="{DAY_STYLE}"' if is_day else ""
    return f'<c r="{reference}"{style}><v>{value!r}</v></c>'
