"""What this installation is built on: every package, its version, its licence, read from the
packages themselves."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path

FRONT_END = Path(__file__).resolve().parent / "static" / "dist" / "licences.json"
"""Written by the build of the front end: name, version, licence and text of what browsers get."""
PLACES = ("server", "browser")
TEXTS = ("LICEN", "COPYING", "NOTICE", "COPYRIGHT")
CLASSIFIER = "License :: "


@dataclass(frozen=True, slots=True)
class Package:
    """A package of others that runs on the server or in the browser.

    `licence` is its name as the package gives it, "" where it gives none; `text` the whole
    wording, "" where the package ships none.
    """

    place: str
    name: str
    version: str
    licence: str
    text: str


@cache
def packages() -> tuple[Package, ...]:
    """All packages by place and name. Those of the browser are missing until the front end was
    built."""
    found = [*_of_server(), *_of_browser()]
    return tuple(sorted(found, key=lambda one: (PLACES.index(one.place), one.name.lower())))


def package(place: str, name: str) -> Package | None:
    """One package, None if this installation is not built on it."""
    return next((one for one in packages() if (one.place, one.name) == (place, name)), None)


def _of_server() -> Iterator[Package]:
    for one in {found.name: found for found in distributions()}.values():
        yield Package("server", one.name, one.version, _licence_of(one), _text_of(one))


def _of_browser() -> list[Package]:
    try:
        told = json.loads(FRONT_END.read_text())
    except FileNotFoundError:
        return []
    return [Package("browser", **one) for one in told]


def _licence_of(one: Distribution) -> str:
    """The expression of the package; in older ones the short field, else the classifier."""
    said = one.metadata.get_all
    named = [
        name.rpartition(" :: ")[2] for name in said("Classifier", []) if name.startswith(CLASSIFIER)
    ]
    short = [name for name in said("License", []) if name and "\n" not in name]
    return " / ".join(said("License-Expression", []) or named or short)


def _text_of(one: Distribution) -> str:
    """The licences and notices that lie beside the metadata of the package, one after another."""
    named = [
        file
        for file in one.files or []
        if ".dist-info" in file.parts[0] and any(word in file.name.upper() for word in TEXTS)
    ]
    read = [Path(str(file.locate())).read_text(errors="replace") for file in sorted(named)]
    return "\n\n".join(text.strip() for text in read)
