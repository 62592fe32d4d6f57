"""Files: evidence as it came, kept for good, never trusted.

``keep`` takes a file in, ``serve`` hands it to a browser, ``display`` draws it for the screen.
What a file is comes from its bytes, where it lies from their digest. Who may see it, to which
claim it belongs and how long it stays is for the chapters to say.
"""

from lipei.kit.files.keeping import (
    StoredFile,
    display,
    erase,
    is_intact,
    keep,
    open_original,
    type_of,
)
from lipei.kit.files.kinds import KINDS, Kind, Limits
from lipei.kit.files.seen import Place
from lipei.kit.files.serving import serve
from lipei.kit.files.stores import DiskStore, Store, current_store

__all__ = [
    "KINDS",
    "DiskStore",
    "Kind",
    "Limits",
    "Place",
    "Store",
    "StoredFile",
    "current_store",
    "display",
    "erase",
    "is_intact",
    "keep",
    "open_original",
    "serve",
    "type_of",
]
