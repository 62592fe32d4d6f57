"""Names: whether a payee stands on a list of people who may not be paid (4.1-e, 反洗钱法 40)."""

from functools import cache
from pathlib import Path

from django.conf import settings

from lipei.ch01_general.models import Party
from lipei.ch04_payment.models import Account


@cache
def _listed(path: str) -> frozenset[str]:
    file = Path(path)
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return frozenset(line.strip().casefold() for line in lines if line.strip())


def names_clear(payee: Party, account: Account) -> bool:
    """Whether neither the payee nor the holder of the account stands on the list.

    The list is a file that the department keeps (LIPEI_NAME_LIST, one name a line).
    """
    listed = _listed(str(settings.LIPEI_NAME_LIST))
    return not {payee.name.casefold(), account.holder_name.casefold()} & listed
