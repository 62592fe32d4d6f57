"""Rounding as the rules in words say it, for exact fractions."""

from fractions import Fraction


def half_up(exact):
    """A fraction of fen as whole fen; half a fen counts up (benefit_rules A1)."""
    whole, below = divmod(Fraction(exact), 1)
    return int(whole) + (1 if below >= Fraction(1, 2) else 0)


def largest_remainders(total, weights):
    """A total divided in proportion to weights (benefit_rules A2); nothing without a weight."""
    if not sum(weights):
        return [0 for _ in weights]
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares
