"""Compulsory motor liability: section B of the benefit rules."""

COMPULSORY_LIMITS = {
    "2008": {True: (2_000_00, 10_000_00, 110_000_00), False: (100_00, 1_000_00, 11_000_00)},
    "2020": {True: (2_000_00, 18_000_00, 180_000_00), False: (100_00, 1_800_00, 18_000_00)},
}


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


def most_paid(limits):
    return lambda claim: sum(COMPULSORY_LIMITS[limits][bool(claim["is_at_fault"])])


def most_lost(claim):
    heads = ("property_loss_fen", "medical_loss_fen", "death_loss_fen", "own_car_loss_fen")
    return sum(claim[head] for head in heads)


def not_mutual(claim):
    """Leaving the mutual settlement may lower what this insurer pays, since the other pays it."""
    return claim | {"is_mutual_agreed": False}


EDITIONS = ("compulsory_motor_2008", "compulsory_motor_2020")
ASKED = ("property_loss_fen", "medical_loss_fen", "death_loss_fen")

REFERENCE = {"compulsory_motor_2008": compulsory_2008, "compulsory_motor_2020": compulsory_2020}
MOST_PAID = {"compulsory_motor_2008": most_paid("2008"), "compulsory_motor_2020": most_paid("2020")}
MOST_LOST = dict.fromkeys(EDITIONS, most_lost)
FIXED_TERMS = set(EDITIONS)
MORE_LOSS = dict.fromkeys(EDITIONS, ASKED)
USED_BEFORE = dict.fromkeys(EDITIONS, ("property_paid_fen", "medical_paid_fen", "death_paid_fen"))
USUAL = dict.fromkeys(EDITIONS, not_mutual)
WORKED = {f"CM-{n}" for n in ("01", "02", "03", "04", "05", "06", "06b", "12", "14", "15")}
