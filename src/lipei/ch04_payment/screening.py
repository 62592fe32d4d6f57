"""What a clearance is given against (4.1-e): the list of people who may not be paid (反洗钱法 40),
and whoever else is known to be paid on the same account."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from lipei.ch01_general.models import Clearance, Party
from lipei.ch04_payment.models import Account, Order

NAMES, RISK = "names", "risk"


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
    """The clearances that still hold: one of names only against the newest edition of the list,
    one of risk only as long as nobody else has come to be paid on the account."""
    found, edition = list(given), list_edition()
    shared = account_editions({one.seal for one in found if one.kind == RISK})
    newest = {NAMES: lambda seal: edition, RISK: lambda seal: shared.get(seal, "")}
    return [
        one for one in found if one.kind not in newest or one.against == newest[one.kind](one.seal)
    ]


def account_editions(seals: Collection[str]) -> dict[str, str]:
    """By the seal of an order, a digest of everybody else who was ever to be paid on its account;
    empty where there is nobody else."""
    if not seals:
        return {}
    accounts = Order.objects.filter(seal__in=seals).values("account__number_digest")
    rows = Order.objects.filter(account__number_digest__in=accounts)
    payees: dict[str, set[int]] = {}
    sealed: dict[str, tuple[str, int]] = {}
    for seal, account, payee in rows.values_list("seal", "account__number_digest", "payee_id"):
        payees.setdefault(account, set()).add(payee)
        sealed[seal] = account, payee
    others = {s: payees[sealed[s][0]] - {sealed[s][1]} for s in seals if s in sealed}
    return {s: sha256(repr(sorted(who)).encode()).hexdigest() for s, who in others.items() if who}


@lru_cache(maxsize=2)
def _read(path: str, changed_ns: int, size: int) -> NameList:
    raw = Path(path).read_bytes()
    lines = (line.strip().casefold() for line in raw.decode("utf-8-sig").splitlines())
    return NameList(frozenset(line for line in lines if line), sha256(raw).hexdigest())
