"""Own damage: section C of the benefit rules."""

from fractions import Fraction

from tests.rules.exact import half_up


def is_total(claim):
    to_save = claim["repair_cost_fen"] + claim["rescue_expected_fen"]
    worth = claim["actual_value_fen"]
    return bool(claim["is_total_loss"] or (worth and to_save > worth))


def own_damage_2020(claim):
    insured = claim["sum_insured_fen"]
    base = insured if is_total(claim) else min(claim["repair_cost_fen"], insured)
    taken = claim["recovered_fen"] + claim["salvage_kept_fen"] + claim["deductible_fen"]
    left = Fraction(max(0, base - taken))
    car = half_up(left * (1 - Fraction(claim["add_on_rate_bp"], 10_000)))
    return car + min(claim["rescue_spent_fen"], insured)


def most_lost(claim):
    """A total loss is worth the sum insured, by the clause."""
    car = claim["sum_insured_fen"] if is_total(claim) else claim["repair_cost_fen"]
    return car + claim["rescue_spent_fen"]


def never_worth_less_than_the_repair(claim):
    """The step from a partial to a total loss may lower the sum."""
    return claim | {"actual_value_fen": 0}


REFERENCE = {"own_damage_2020": own_damage_2020}
MOST_PAID = {"own_damage_2020": lambda claim: 2 * claim["sum_insured_fen"]}
MOST_LOST = {"own_damage_2020": most_lost}
MORE_LOSS = {"own_damage_2020": ("repair_cost_fen",)}
HIGHER_DEDUCTIBLE = {"own_damage_2020": ("deductible_fen", "add_on_rate_bp")}
USUAL = {"own_damage_2020": never_worth_less_than_the_repair}
WORKED = {f"OD-{n}" for n in ("01", "02", "03", "10", "13", "15")}
