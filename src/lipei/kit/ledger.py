"""Double entry in two steps: reserve, then post or void. Amounts are whole fen.

The key makes a transfer happen once: the same key with the same amount and accounts is the
same transfer, under another amount it is a broken promise of ours.
"""

from django.db.models import Sum

from lipei.kit.clock import now
from lipei.kit.models import Transfer


def reserve(key: str, *, debit: str, credit: str, amount_fen: int) -> Transfer:
    """Set money aside under a key; nothing is paid yet. Shape: amount in fen, above zero."""
    assert amount_fen > 0, key
    transfer, made = Transfer.objects.get_or_create(
        key=key,
        defaults={
            "kind": Transfer.Kind.PENDING,
            "debit": debit,
            "credit": credit,
            "amount_fen": amount_fen,
            "at": now(),
        },
    )
    same = (transfer.amount_fen, transfer.debit, transfer.credit)
    assert made or same == (amount_fen, debit, credit), key
    return transfer


def post(key: str) -> Transfer:
    """The reserved money has arrived."""
    return _settle(key, Transfer.Kind.POST)


def void(key: str) -> Transfer:
    """The reserved money did not go out; it is free again."""
    return _settle(key, Transfer.Kind.VOID)


def balance_fen(account: str) -> int:
    """What has arrived on an account less what has left it, in fen; reserved sums do not count."""
    posted = Transfer.objects.filter(kind=Transfer.Kind.POST)
    credited = posted.filter(credit=account).aggregate(s=Sum("amount_fen"))["s"] or 0
    debited = posted.filter(debit=account).aggregate(s=Sum("amount_fen"))["s"] or 0
    return int(credited) - int(debited)


def _settle(key: str, kind: Transfer.Kind) -> Transfer:
    pending = Transfer.objects.get(key=key)
    assert pending.kind == Transfer.Kind.PENDING, key
    outcome, _ = Transfer.objects.get_or_create(
        of=pending,
        defaults={
            "key": f"{key}/outcome",
            "kind": kind,
            "debit": pending.debit,
            "credit": pending.credit,
            "amount_fen": pending.amount_fen,
            "at": now(),
        },
    )
    assert outcome.kind == kind, f"{key} is already {outcome.kind}"
    return outcome
