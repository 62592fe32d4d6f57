"""Which column tells which field: guessed from the heads, for a person to correct."""

import re
from collections.abc import Iterable, Mapping
from unicodedata import normalize

NOISE = re.compile(r"[\s_\-*:：()（）\[\]【】.,、/]+")
UNITS = re.compile(r"(?:元|万元|rmb|cny)$")


def heading(text: str) -> str:
    """A head as it is compared: half-width, lower case, without blanks, marks and stars."""
    return NOISE.sub("", normalize("NFKC", text)).lower()


def guessed(columns: Iterable[str], *, known: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """For each field the column whose head is one of its `known` names; none twice.

    A whole name goes before one with a unit behind it (保额(元)).
    """
    heads = {heading(column): column for column in reversed(list(columns))}
    bare = {UNITS.sub("", head): column for head, column in heads.items()}
    found: dict[str, str] = {}
    for field, names in known.items():
        for name in (field, *names):
            column = heads.get(heading(name)) or bare.get(heading(name))
            if column is not None and column not in found.values():
                found[field] = column
                break
    return found
