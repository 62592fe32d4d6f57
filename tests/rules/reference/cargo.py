"""Cargo at agreed value: Insurance Law, articles 55 and 57."""

from fractions import Fraction

from tests.rules.exact import half_up


def agreed(claim):
    """What is due for the goods by the value agreed, before anything is taken."""
    if claim["is_total_loss"]:
        return claim["sum_insured_fen"]
    lost = claim["sound_value_fen"] - claim["damaged_value_fen"]
    return half_up(Fraction(claim["sum_insured_fen"] * lost, claim["sound_value_fen"]))


def cargo(claim):
    goods = agreed(claim) - claim["recovered_fen"] - claim["deductible_fen"]
    goods -= claim["salvage_fen"] if claim["is_total_loss"] else 0
    return max(0, goods) + min(claim["rescue_cost_fen"], claim["sum_insured_fen"])


def most_lost(claim):
    """The value agreed stands for what the goods were worth."""
    return agreed(claim) + claim["rescue_cost_fen"]


EDITION = "cargo_2009"
REFERENCE = {EDITION: cargo}
MOST_PAID = {EDITION: lambda claim: 2 * claim["sum_insured_fen"]}
MOST_LOST = {EDITION: most_lost}
MORE_LOSS = {EDITION: ("rescue_cost_fen",)}
HIGHER_DEDUCTIBLE = {EDITION: ("deductible_fen", "salvage_fen", "recovered_fen")}
WORKED = {"cargo01"}
