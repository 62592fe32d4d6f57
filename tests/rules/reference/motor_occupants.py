"""Driver and passengers: section D8 of the benefit rules. Rows are the persons of one accident.

It is in no MORE_LOSS: a passenger for whom something comes to be owed takes a seat, which a later
one then lacks (P2).
"""

from fractions import Fraction

from tests.rules.draws import row
from tests.rules.exact import half_up

DEGREES = ("untold", "full", "main", "equal", "minor", "none")
BY_DEGREE = DEGREES[1:]
WHOLE = 10_000


def occupants_2020(rows):
    seats = max(0, rows[0]["passenger_seats_count"] - rows[0]["seats_used_count"])
    paid = []
    for person in rows:
        rest = sum(
            max(0, person[f"{head}_loss_fen"] - person[f"{head}_compulsory_fen"])
            for head in ("medical", "death")
        )
        owed = rest * share_of(person)
        limit = person["driver_limit_fen" if person["is_driver"] else "passenger_limit_fen"]
        if not person["is_driver"] and half_up(owed):
            limit = limit if seats else 0
            seats = max(0, seats - 1)
        kept = 1 - Fraction(person["add_on_rate_bp"], WHOLE)
        paid.append(half_up(min(owed, limit) * kept))
    return paid


def occupants_2014(rows):
    """As in 2020, but with the rates by fault and the others beside it, both after the seat."""
    seats = max(0, rows[0]["passenger_seats_count"] - rows[0]["seats_used_count"])
    paid = []
    for person in rows:
        rest = sum(
            max(0, person[f"{head}_loss_fen"] - person[f"{head}_compulsory_fen"])
            for head in ("medical", "death")
        )
        degree = BY_DEGREE[person["fault_code"]]
        share = Fraction(person["fault_share_bp"] or person.get(f"share_{degree}_bp", 0), WHOLE)
        limit = person["driver_limit_fen" if person["is_driver"] else "passenger_limit_fen"]
        if not person["is_driver"] and half_up(rest * share):
            limit = limit if seats else 0
            seats = max(0, seats - 1)
        waived = person["has_rate_waiver"] or degree == "none"
        kept = Fraction(0 if waived else person[f"rate_{degree}_bp"], WHOLE)
        rates = (1 - kept) * (1 - Fraction(person["other_rates_bp"], WHOLE))
        paid.append(half_up(min(rest * share, limit) * rates))
    return paid


def share_of(person):
    degree = DEGREES[person["fault_code"]]
    if person["fault_share_bp"] or degree in ("untold", "none"):
        return Fraction(person["fault_share_bp"], WHOLE)
    return Fraction(person[f"share_{degree}_bp"], WHOLE)


def most_paid(rows):
    drivers = sum(1 for person in rows if person["is_driver"])
    seats = min(len(rows) - drivers, rows[0]["passenger_seats_count"])
    limits = rows[0]["driver_limit_fen"], rows[0]["passenger_limit_fen"]
    return drivers * limits[0] + seats * limits[1]


def most_lost(rows):
    return sum(person["medical_loss_fen"] + person["death_loss_fen"] for person in rows)


SHARED_FACTS = {"fault_code", "fault_share_bp", "other_rates_bp", "event_key", "seats_used_count"}


def accident(random, edition):
    """The persons of one car: a driver and some passengers, in the order of settlement."""
    first = row(random, edition)
    of_accident = {*edition.terms, *SHARED_FACTS}
    shared = {name: value for name, value in first.items() if name in of_accident}
    shared["passenger_seats_count"] = random.choice((1, 2, 4, 5))
    shared["seats_used_count"] = random.choice((0, 0, 1, 4))
    driver = random.randrange(6)
    return [
        row(random, edition) | shared | {"is_driver": at == driver}
        for at in range(random.randint(1, 6))
    ]


BOTH = ("occupants_2014", "occupants_2020")

REFERENCE = {"occupants_2014": occupants_2014, "occupants_2020": occupants_2020}
MOST_PAID = dict.fromkeys(BOTH, most_paid)
MOST_LOST = dict.fromkeys(BOTH, most_lost)
GROUPED = set(BOTH)
DRAWN = dict.fromkeys(BOTH, accident)
HIGHER_DEDUCTIBLE = {
    "occupants_2014": ("other_rates_bp", "rate_full_bp", "rate_minor_bp"),
    "occupants_2020": ("add_on_rate_bp",),
}
USED_BEFORE = dict.fromkeys(BOTH, ("seats_used_count",))
WORKED = {"TP-10"}
