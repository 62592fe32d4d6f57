"""Compulsory motor liability: section B of the benefit rules."""

from tests.rules.draws import row
from tests.rules.exact import largest_remainders

COMPULSORY_LIMITS = {
    "2008": {True: (2_000_00, 10_000_00, 110_000_00), False: (100_00, 1_000_00, 11_000_00)},
    "2020": {True: (2_000_00, 18_000_00, 180_000_00), False: (100_00, 1_800_00, 18_000_00)},
}
HEADS = ("property", "medical", "death")


def compulsory(victims, *, limits):
    """What each victim of one insured car gets."""
    event = victims[0]
    left = [
        max(0, limit - event[f"{head}_paid_fen"])
        for head, limit in zip(HEADS, COMPULSORY_LIMITS[limits][event["is_at_fault"]], strict=True)
    ]
    if is_mutual(victims, left[0]):
        return [victim["own_car_loss_fen"] for victim in victims]
    paid = [0 for _ in victims]
    for place, limit in enumerate(left):
        asked = [covered(victim)[place] for victim in victims]
        shares = largest_remainders(min(sum(asked), limit), asked)
        paid = [before + share for before, share in zip(paid, shares, strict=True)]
    return paid


def covered(victim):
    """Property, medical costs, death and disability that the cover answers for."""
    if victim["is_victim_intent"]:
        return 0, 0, 0
    persons = 0 if victim["is_victim_own"] else 1
    medical = persons * victim["medical_loss_fen"]
    if victim["is_driver_barred"]:
        return 0, min(medical, victim["rescue_cost_fen"]), 0
    things = 0 if victim["is_property_own"] else victim["property_loss_fen"]
    return things, medical, persons * (victim["death_loss_fen"] + victim["mental_distress_fen"])


def is_mutual(victims, limit):
    event = victims[0]
    if not (event["is_mutual_agreed"] and event["is_at_fault"]):
        return False
    if event["has_outside_property"] or event["is_driver_barred"]:
        return False
    hurt = ("medical_loss_fen", "death_loss_fen", "mental_distress_fen")
    if any(victim[head] for victim in victims for head in hurt):
        return False
    own = sum(victim["own_car_loss_fen"] for victim in victims)
    return max(own, *(victim["property_loss_fen"] for victim in victims)) <= limit


def compulsory_2008(victims):
    return compulsory(victims, limits="2008")


def compulsory_2020(victims):
    return compulsory(victims, limits="2020")


def most_paid(limits):
    return lambda victims: sum(COMPULSORY_LIMITS[limits][bool(victims[0]["is_at_fault"])])


def most_lost(victims):
    lost = (*(f"{head}_loss_fen" for head in HEADS), "mental_distress_fen", "own_car_loss_fen")
    return sum(victim[fact] for victim in victims for fact in lost)


def not_mutual(victim):
    """Leaving the mutual settlement may lower what this insurer pays, since the other pays it."""
    return victim | {"is_mutual_agreed": False}


OF_THE_VICTIM = (
    *(f"{head}_loss_fen" for head in HEADS),
    *("mental_distress_fen", "is_mental_first", "rescue_cost_fen", "own_car_loss_fen"),
    *("is_victim_own", "is_property_own", "is_victim_intent", "is_paid_on_behalf"),
)


def accident(random, edition):
    """The victims of one insured car: most often one."""
    event = row(random, edition, is_usual_terms=True)
    number = random.choice((1, 1, 1, 2, 3, 4, 7))
    others = [row(random, edition, is_usual_terms=True) for _ in range(number - 1)]
    return [event] + [event | {f: other[f] for f in OF_THE_VICTIM} for other in others]


EDITIONS = ("compulsory_motor_2008", "compulsory_motor_2020")
ASKED = (*(f"{head}_loss_fen" for head in HEADS), "mental_distress_fen")

REFERENCE = {"compulsory_motor_2008": compulsory_2008, "compulsory_motor_2020": compulsory_2020}
MOST_PAID = {"compulsory_motor_2008": most_paid("2008"), "compulsory_motor_2020": most_paid("2020")}
MOST_LOST = dict.fromkeys(EDITIONS, most_lost)
FIXED_TERMS = set(EDITIONS)
GROUPED = set(EDITIONS)
DRAWN = dict.fromkeys(EDITIONS, accident)
MORE_LOSS = dict.fromkeys(EDITIONS, ASKED)
USED_BEFORE = dict.fromkeys(EDITIONS, ("property_paid_fen", "medical_paid_fen", "death_paid_fen"))
USUAL = dict.fromkeys(EDITIONS, not_mutual)
WORKED = {
    *(f"CM-{n}" for n in ("01", "02", "03", "04", "05", "06", "06b", "07", "08", "12", "13")),
    *("CM-14", "CM-15"),
}
