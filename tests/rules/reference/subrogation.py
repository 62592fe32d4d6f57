"""Recoveries and salvage: section L of the benefit rules."""

from fractions import Fraction

from tests.rules.exact import half_up


def owed_for(claim):
    return claim["payable_fen"] if claim["is_fixed_sum"] or not claim["was_waived_before"] else 0


def of_recovery(claim):
    owed = owed_for(claim)
    if claim["is_fixed_sum"] or (claim["is_household"] and not claim["is_intentional"]):
        return 0
    pot = claim["recovered_fen"] + claim["insured_received_fen"]
    if not pot:
        return 0
    if claim["is_insured_first"]:
        insurer = max(0, pot - (claim["loss_fen"] - owed))
    else:
        insurer = half_up(Fraction(pot * owed, claim["loss_fen"])) if claim["loss_fen"] else 0
    insurer = min(insurer, owed)
    cost = min(claim["recovery_cost_fen"], claim["recovered_fen"])
    return insurer - half_up(Fraction(cost * insurer, pot))


def of_salvage(claim):
    total, value = claim["sum_insured_fen"], claim["value_fen"]
    if claim["is_fixed_sum"] or not total or not value or owed_for(claim) < total:
        return 0
    return half_up(claim["salvage_sold_fen"] * min(Fraction(1), Fraction(total, value)))


def subrogation(claim):
    return of_recovery(claim) + of_salvage(claim)


def most_paid(claim):
    return claim["payable_fen"] + claim["salvage_sold_fen"]


def most_lost(claim):
    parts = ("recovered_fen", "insured_received_fen", "salvage_sold_fen")
    return sum(claim[part] for part in parts)


EDITION = "subrogation_2009"
REFERENCE = {EDITION: subrogation}
MOST_PAID = {EDITION: most_paid}
MOST_LOST = {EDITION: most_lost}
MORE_LOSS = {EDITION: ("recovered_fen", "insured_received_fen")}
HIGHER_DEDUCTIBLE = {EDITION: ("recovery_cost_fen",)}
WORKED = {f"SB-0{n}" for n in range(1, 8)}

# A cost above the recovery eats all of it, so that more recovered only makes the cost larger.
USUAL = {EDITION: lambda claim: claim | {"recovery_cost_fen": 0}}
