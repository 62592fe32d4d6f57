"""Own damage: section C of the benefit rules."""

from datetime import date, timedelta
from fractions import Fraction

from tests.rules.exact import half_up

EPOCH = date(1970, 1, 1)
WHOLE = 10_000
SMALL_BUS, LARGE_BUS, MICRO_TRUCK, TRAILER_TRUCK, SLOW_TRUCK, OTHER = range(1, 7)
FAMILY, NON_BUSINESS, HIRE, BUSINESS = range(1, 5)
USES = (FAMILY, NON_BUSINESS, HIRE, BUSINESS)
PERCENT_A_MONTH = {
    SMALL_BUS: ("0.60", "0.60", "1.10", "0.90"),
    LARGE_BUS: ("0.90", "0.90", "1.10", "0.90"),
    MICRO_TRUCK: (None, "0.90", "1.10", "1.10"),
    TRAILER_TRUCK: (None, "0.90", "1.10", "1.10"),
    SLOW_TRUCK: (None, "1.10", "1.40", "1.40"),
    OTHER: (None, "0.90", "1.10", "0.90"),
}
DEGREES = ("full", "main", "equal", "minor", "none")


def months_in_use(claim):
    """Walked month by month: each is full on the same day, or on the last day of a short month."""
    first, last = (EPOCH + timedelta(claim[name]) for name in ("registered_on", "lost_on"))
    months = max(0, 12 * (last.year - first.year) + last.month - first.month)
    tomorrow = last + timedelta(1)
    is_last_of_month = tomorrow.month != last.month
    if months and last.day < first.day and not is_last_of_month:
        months -= 1
    return months


def worth(claim, percent=None):
    """The actual value; nothing where it was not determined."""
    if claim["actual_value_fen"] or not claim["new_price_fen"]:
        return claim["actual_value_fen"]
    if percent is None:
        percent = PERCENT_A_MONTH[claim["vehicle_code"]][USES.index(claim["use_code"])]
    lost = months_in_use(claim) * Fraction(percent) / 100
    lost = min(lost, Fraction(claim["depreciation_cap_bp"], WHOLE))
    return half_up(claim["new_price_fen"] * (1 - lost))


def is_total(claim, value):
    to_save = claim["repair_cost_fen"] + claim["rescue_expected_fen"]
    return bool(claim["is_total_loss"] or (value and to_save > value))


def rescue(claim, value):
    own = Fraction(value or claim["sum_insured_fen"])
    part = own / (own + claim["rescued_other_value_fen"])
    return min(half_up(claim["rescue_spent_fen"] * part), claim["sum_insured_fen"])


def part(claim, name):
    return Fraction(claim[name], WHOLE)


def own_damage_2020(claim):
    value, insured = worth(claim), claim["sum_insured_fen"]
    base = insured if is_total(claim, value) else min(claim["repair_cost_fen"], insured)
    taken = claim["recovered_fen"] + claim["salvage_kept_fen"] + claim["deductible_fen"]
    car = half_up(max(0, base - taken) * (1 - part(claim, "add_on_rate_bp")))
    return car + rescue(claim, value)


def rates_left(claim):
    degree = DEGREES[claim["fault_code"]]
    waived = claim["has_rate_waiver"] or degree == "none"
    by_fault = 0 if waived else part(claim, f"rate_{degree}_bp")
    return (1 - by_fault) * (1 - part(claim, "other_rates_bp"))


def own_damage_2014(claim):
    value, insured = worth(claim), claim["sum_insured_fen"]
    base = insured if is_total(claim, value) else min(claim["repair_cost_fen"], insured)
    left = max(0, base - claim["recovered_fen"] - claim["salvage_kept_fen"]) * rates_left(claim)
    return half_up(max(0, left - claim["deductible_fen"])) + rescue(claim, value)


def own_damage_2006(claim):
    value, insured = worth(claim), claim["sum_insured_fen"]
    average = Fraction(1)
    if is_total(claim, value):
        loss = min(value or insured, insured)
    else:
        loss = claim["repair_cost_fen"]
        average = min(average, Fraction(insured, claim["insured_price_fen"] or insured))
    degree = DEGREES[claim["fault_code"]]
    share = part(claim, "fault_share_bp")
    if not share and degree != "none":
        share = part(claim, f"share_{degree}_bp")
    left = max(0, loss - claim["salvage_kept_fen"] - claim["recovered_fen"])
    left = left * average * share * rates_left(claim) - claim["deductible_fen"]
    return min(half_up(max(0, left)), insured) + rescue(claim, value)


def monthly_percent(claim):
    power = ("untold", "electric", "hybrid", "fuel_cell")[claim["power_code"]]
    price = claim["new_price_fen"]
    if power != "electric":
        rate = 0 if power == "untold" else claim["monthly_other_bp"]
    else:
        passed = [price >= claim["price_low_fen"], price >= claim["price_middle_fen"]]
        band = sum([*passed, price > claim["price_high_fen"]])
        names = ("monthly_low_bp", "monthly_middle_bp", "monthly_high_bp", "monthly_top_bp")
        rate = claim[names[band]]
    return Fraction(rate, 100)


def own_damage_nev_2021(claim):
    value = worth(claim, percent=monthly_percent(claim))
    insured, repair = claim["sum_insured_fen"], claim["repair_cost_fen"]
    base = min(max(0, repair - claim["battery_wear_fen"]), insured)
    if is_total(claim, value):
        base = insured
    taken = claim["recovered_fen"] + claim["salvage_kept_fen"] + claim["deductible_fen"]
    car = half_up(max(0, base - taken) * (1 - part(claim, "add_on_rate_bp")))
    if claim["is_grid_fault"] and not claim["has_grid_cover"]:
        car = 0
    else:
        car += rescue(claim, value)
    charger = min(claim["charger_loss_fen"], claim["charger_limit_fen"])
    return car + charger + min(claim["charger_harm_fen"], claim["charger_liability_limit_fen"])


def most_lost_nev(claim):
    return most_lost(claim) + claim["charger_loss_fen"] + claim["charger_harm_fen"]


def most_paid_nev(claim):
    limits = claim["charger_limit_fen"] + claim["charger_liability_limit_fen"]
    return 2 * claim["sum_insured_fen"] + limits


def most_lost(claim):
    """A total loss is worth the sum insured, by the clause."""
    lost = max(claim["sum_insured_fen"], claim["repair_cost_fen"])
    if claim["actual_value_fen"] == claim["new_price_fen"] == 0 and not claim["is_total_loss"]:
        lost = claim["repair_cost_fen"]
    return lost + claim["rescue_spent_fen"]


def never_worth_less_than_the_repair(claim):
    """The step from a partial to a total loss may lower the sum."""
    return claim | {"actual_value_fen": 0, "new_price_fen": 0}


OF_FUEL = ("own_damage_2006", "own_damage_2014", "own_damage_2020")
NEV = "own_damage_nev_2021"
EDITIONS = (*OF_FUEL, NEV)
CHARGER = ("charger_loss_fen", "charger_harm_fen")
RATES = ("deductible_fen", "other_rates_bp", "rate_full_bp", "rate_minor_bp")

REFERENCE = {
    "own_damage_2006": own_damage_2006,
    "own_damage_2014": own_damage_2014,
    "own_damage_2020": own_damage_2020,
    NEV: own_damage_nev_2021,
}
MOST_PAID = dict.fromkeys(OF_FUEL, lambda claim: 2 * claim["sum_insured_fen"])
MOST_PAID[NEV] = most_paid_nev
MOST_LOST = dict.fromkeys(OF_FUEL, most_lost) | {NEV: most_lost_nev}
MORE_LOSS = dict.fromkeys(OF_FUEL, ("repair_cost_fen", "rescue_spent_fen"))
MORE_LOSS[NEV] = ("repair_cost_fen", "rescue_spent_fen", *CHARGER)
HIGHER_DEDUCTIBLE = {
    "own_damage_2006": RATES,
    "own_damage_2014": RATES,
    "own_damage_2020": ("deductible_fen", "add_on_rate_bp"),
    NEV: ("deductible_fen", "add_on_rate_bp", "battery_wear_fen"),
}
USUAL = dict.fromkeys(EDITIONS, never_worth_less_than_the_repair)
WORKED = {f"OD-{n:02}" for n in range(1, 16)} | {"motor03", "motor05"}
