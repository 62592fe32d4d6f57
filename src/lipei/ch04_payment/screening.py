"""Names: whether a payee stands on a list of people who may not be paid (4.1-e, 反洗钱法 40)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from lipei.ch01_general.models import Clearance, Party
from lipei.ch04_payment.models import Account

NAMES = "names"


@dataclass(frozen=True)
class NameList:
    """The list as it stood when it was read, and the digest by which one can say which it was."""

    names: frozenset[str]
    digest: str

    def clears(self, payee: Party, account: Account) -> bool:
        """Whether neither the payee nor the holder of the account stands on the list."""
        return not {payee.name.casefold(), account.holder_name.casefold()} & self.names


def name_list() -> NameList | None:
    """The list as it is now, a file that the department keeps (LIPEI_NAME_LIST, a name a line).

    None where there is no file that can be read: then no name is cleared.
    """
    try:
        told = Path(settings.LIPEI_NAME_LIST).stat()
        return _read(str(settings.LIPEI_NAME_LIST), told.st_mtime_ns, told.st_size)
    except (OSError, UnicodeDecodeError):
        return None


def list_edition() -> str:
    """The digest of the list as it is now; empty where none can be read."""
    listed = name_list()
    return listed.digest if listed else ""


def in_force(given: Iterable[Clearance]) -> list[Clearance]:
    """The clearances that still hold: one of names only against the newest edition of the list."""
    edition = list_edition()
    return [one for one in given if one.kind != NAMES or one.against == edition]


@lru_cache(maxsize=2)
def _read(path: str, changed_ns: int, size: int) -> NameList:
    raw = Path(path).read_bytes()
    lines = (line.strip().casefold() for line in raw.decode("utf-8-sig").splitlines())
    return NameList(frozenset(line for line in lines if line), sha256(raw).hexdigest())
