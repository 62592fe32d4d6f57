"""Which styles of an XLSX show a number as a day: by known numbers, or by the format's marks."""

import re

DAYS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
DAY_MARKS = re.compile(r"[ymdhs年月日]", re.IGNORECASE)


class Styles:
    """The cell styles in the order in which cells name them."""

    def __init__(self) -> None:
        self._own: dict[str, bool] = {}
        self._styles: list[bool] = []
        self._among = ""

    def told(self, name: str, attributes: dict[str, str]) -> None:
        """One element of the style sheet, in its order."""
        kind = name.rpartition(":")[2]
        if kind in {"cellXfs", "cellStyleXfs", "dxfs"}:
            self._among = kind
        elif kind == "numFmt":
            code = QUOTED.sub("", attributes.get("formatCode", "").split(";")[0])
            self._own[attributes.get("numFmtId", "")] = bool(DAY_MARKS.search(code))
        elif kind == "xf" and self._among == "cellXfs":
            number = attributes.get("numFmtId", "0")
            own = self._own.get(number)
            self._styles.append(
                own if own is not None else number.isdigit() and int(number) in DAYS
            )

    def is_day(self, style: str) -> bool:
        """Whether a cell of this style shows a day or an hour."""
        return style.isdigit() and int(style) < len(self._styles) and self._styles[int(style)]
