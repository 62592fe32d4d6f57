"""The benefit rules once more, told plainly: exact fractions, one claim at a time.

Written from the rules in words (sections B, C and D), with none of the code under test. Every
function takes the facts and terms of one claim as a dict and gives the fen that are paid.
"""

from fractions import Fraction

COMPULSORY_LIMITS = {
    "2008": {True: (2_000_00, 10_000_00, 110_000_00), False: (100_00, 1_000_00, 11_000_00)},
    "2020": {True: (2_000_00, 18_000_00, 180_000_00), False: (100_00, 1_800_00, 18_000_00)},
}


def half_up(exact):
    whole, below = divmod(exact, 1)
    return int(whole) + (1 if below >= Fraction(1, 2) else 0)


def compulsory(claim, *, limits):
    limit_property, limit_medical, limit_death = COMPULSORY_LIMITS[limits][claim["is_at_fault"]]
    left_property = max(0, limit_property - claim["property_paid_fen"])
    left_medical = max(0, limit_medical - claim["medical_paid_fen"])
    left_death = max(0, limit_death - claim["death_paid_fen"])
    if is_mutual(claim, left_property):
        return claim["own_car_loss_fen"]
    if claim["is_victim_intent"]:
        return 0
    persons = 0 if claim["is_victim_own"] else 1
    medical = persons * claim["medical_loss_fen"]
    if claim["is_driver_barred"]:
        return min(medical, claim["rescue_cost_fen"], left_medical)
    things = 0 if claim["is_property_own"] else claim["property_loss_fen"]
    death = persons * claim["death_loss_fen"]
    return min(things, left_property) + min(medical, left_medical) + min(death, left_death)


def is_mutual(claim, limit):
    if not (claim["is_mutual_agreed"] and claim["is_at_fault"]):
        return False
    if claim["has_outside_property"] or claim["is_driver_barred"]:
        return False
    if claim["medical_loss_fen"] or claim["death_loss_fen"]:
        return False
    return max(claim["own_car_loss_fen"], claim["property_loss_fen"]) <= limit


def compulsory_2008(claim):
    return compulsory(claim, limits="2008")


def compulsory_2020(claim):
    return compulsory(claim, limits="2020")


def compulsory_most_paid(limits):
    return lambda claim: sum(COMPULSORY_LIMITS[limits][bool(claim["is_at_fault"])])


def compulsory_most_lost(claim):
    heads = ("property_loss_fen", "medical_loss_fen", "death_loss_fen", "own_car_loss_fen")
    return sum(claim[head] for head in heads)


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


def third_party_2020(claim):
    rest = sum(
        max(0, claim[f"{head}_loss_fen"] - claim[f"{head}_compulsory_fen"])
        for head in ("property", "medical", "death")
    )
    owed = rest * Fraction(claim["fault_share_bp"], 10_000)
    limited = min(owed, max(0, claim["limit_fen"] - claim["limit_used_fen"]))
    return half_up(limited * (1 - Fraction(claim["add_on_rate_bp"], 10_000)))


def own_damage_most_lost(claim):
    """A total loss is worth the sum insured, by the clause."""
    car = claim["sum_insured_fen"] if is_total(claim) else claim["repair_cost_fen"]
    return car + claim["rescue_spent_fen"]


def third_party_most_lost(claim):
    return sum(claim[f"{head}_loss_fen"] for head in ("property", "medical", "death"))


REFERENCE = {
    "compulsory_motor_2008": compulsory_2008,
    "compulsory_motor_2020": compulsory_2020,
    "own_damage_2020": own_damage_2020,
    "third_party_2020": third_party_2020,
}

MOST_PAID = {
    "compulsory_motor_2008": compulsory_most_paid("2008"),
    "compulsory_motor_2020": compulsory_most_paid("2020"),
    "own_damage_2020": lambda claim: 2 * claim["sum_insured_fen"],
    "third_party_2020": lambda claim: max(0, claim["limit_fen"] - claim["limit_used_fen"]),
}

MOST_LOST = {
    "compulsory_motor_2008": compulsory_most_lost,
    "compulsory_motor_2020": compulsory_most_lost,
    "own_damage_2020": own_damage_most_lost,
    "third_party_2020": third_party_most_lost,
}
