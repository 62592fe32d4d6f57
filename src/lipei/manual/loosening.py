"""Whether another edition of a clause asks for less: the law may be tightened by a house, never
loosened."""

from itertools import chain

from lipei.manual.clauses import BETWEEN, Clause, Limit

FIXED = frozenset(
    {
        "id",
        "section",
        "kind",
        "origin",
        "rank",
        "number_from",
        "same_as",
        "awaits",
        "trigger",
        "ends",
        "applies",
        "per",
        "who",
        "edition",
        "effective_from",
        "effective_to",
    }
)
"""What makes a clause the one that it is: no edition of it says these otherwise."""
AT_MOST, AT_LEAST = ("<=", "<"), (">=", ">")


def loosened(before: Clause, *, after: Clause) -> str:
    """The name of the number or column in which `after` asks for less; "" where in none.

    A number that cannot be compared (another unit, another direction, "exactly") counts as
    loosened when it changed.
    """
    held = {one.name: one for one in after.limits}
    for limit in before.limits:
        if limit.name not in held or _is_looser(limit, held[limit.name]):
            return limit.name
    if set(after.pauses) - set(before.pauses):
        return "pauses"
    if (after.rolls and not before.rolls) or (before.pulls and not after.pulls):
        return "rolls"
    if after.closes_at != before.closes_at and after.closes_at is not None:
        return "closes_at"
    return ""


def _is_looser(before: Limit, after: Limit) -> bool:
    if before == after:
        return False
    if before.unit != after.unit:
        return True
    if before.operator == after.operator == BETWEEN:
        assert before.upper is not None
        assert after.upper is not None
        return after.value < before.value or after.upper > before.upper
    for side, sign in ((AT_MOST, 1), (AT_LEAST, -1)):
        if before.operator in side and after.operator in side:
            moved = sign * (after.value - before.value)
            return moved > 0 or (not moved and before.operator == side[1])
    return True


def changed_names(before: Clause, *, after: Clause) -> tuple[str, ...]:
    """The numbers that are not the same in two editions, in their order; the new ones last."""
    old = {one.name: one for one in before.limits}
    new = {one.name: one for one in after.limits}
    names = dict.fromkeys(chain(old, new))
    return tuple(name for name in names if old.get(name) != new.get(name))
