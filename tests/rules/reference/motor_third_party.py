"""Third-party liability: section D of the benefit rules."""

from fractions import Fraction

from tests.rules.exact import half_up

HEADS = ("property", "medical", "death")


def third_party_2020(claim):
    rest = sum(
        max(0, claim[f"{head}_loss_fen"] - claim[f"{head}_compulsory_fen"]) for head in HEADS
    )
    owed = rest * Fraction(claim["fault_share_bp"], 10_000)
    limited = min(owed, max(0, claim["limit_fen"] - claim["limit_used_fen"]))
    return half_up(limited * (1 - Fraction(claim["add_on_rate_bp"], 10_000)))


def most_paid(claim):
    return max(0, claim["limit_fen"] - claim["limit_used_fen"])


def most_lost(claim):
    return sum(claim[f"{head}_loss_fen"] for head in HEADS)


REFERENCE = {"third_party_2020": third_party_2020}
MOST_PAID = {"third_party_2020": most_paid}
MOST_LOST = {"third_party_2020": most_lost}
MORE_LOSS = {"third_party_2020": tuple(f"{head}_loss_fen" for head in HEADS)}
HIGHER_DEDUCTIBLE = {"third_party_2020": ("add_on_rate_bp",)}
USED_BEFORE = {"third_party_2020": ("limit_used_fen",)}
WORKED = {f"TP-{n}" for n in ("01", "02", "03", "07", "08")}
