"""Several compulsory covers in one accident: B6 and B7 of the benefit rules."""

from tests.rules.draws import amount
from tests.rules.exact import largest_remainders
from tests.rules.reference.motor_compulsory import COMPULSORY_LIMITS, HEADS

PROPERTY, MEDICAL, DEATH = range(3)


def shares(rows, *, limits):
    """What each cover pays to each victim: a plain bookkeeping of who owes whom."""
    places = range(len(rows))
    limit = [COMPULSORY_LIMITS[limits][row["is_at_fault"]] for row in rows]
    paid, rest = no_fault_first(rows, limit)
    for head in (PROPERTY, MEDICAL, DEATH):
        lost = rest if head == PROPERTY else [row[f"{HEADS[head]}_loss_fen"] for row in rows]
        answers = [not row["is_own"] and (head or row["is_at_fault"]) for row in rows]
        owed = [0 for _ in rows]
        for victim in members(rows, "victim_key"):
            weights = [limit[i][head] if answers[i] else 0 for i in victim]
            put(owed, victim, largest_remainders(lost[victim[0]], weights))
        for cover in members(rows, "cover_key"):
            asked = [owed[i] for i in cover]
            total = min(sum(asked), limit[cover[0]][head])
            put(owed, cover, largest_remainders(total, asked))
        paid = [paid[i] + owed[i] for i in places]
    return paid


def no_fault_first(rows, limit):
    """What the cars without fault pay, and what is left of each row's damage after it."""
    given = [0 for _ in rows]
    for cover in members(rows, "cover_key"):
        if not rows[cover[0]]["is_at_fault"]:
            takers = [
                rows[i]["is_victim_car"] and rows[i]["is_victim_at_fault"] and not rows[i]["is_own"]
                for i in cover
            ]
            put(given, cover, largest_remainders(limit[cover[0]][PROPERTY], takers))
    rest = [row["property_loss_fen"] for row in rows]
    for victim in members(rows, "victim_key"):
        parts = [given[i] for i in victim]
        damage = rest[victim[0]]
        received = min(sum(parts), damage)
        put(given, victim, largest_remainders(received, parts))
        put(rest, victim, [damage - received for _ in victim])
    return given, rest


def members(rows, key):
    """The places of the rows of each key."""
    return [[i for i, row in enumerate(rows) if row[key] == one] for one in {r[key] for r in rows}]


def put(column, places, values):
    for place, value in zip(places, values, strict=True):
        column[place] = value


def shares_2008(rows):
    return shares(rows, limits="2008")


def shares_2020(rows):
    return shares(rows, limits="2020")


def most_paid(limits):
    def of(rows):
        covers = {row["cover_key"]: row["is_at_fault"] for row in rows}
        return sum(sum(COMPULSORY_LIMITS[limits][bool(fault)]) for fault in covers.values())

    return of


def most_lost(rows):
    victims = {row["victim_key"]: row for row in rows}
    return sum(row[f"{head}_loss_fen"] for row in victims.values() for head in HEADS)


def accident(random, edition):
    """Cars, each with its cover, and people and things beside them; not every pair is told."""
    cars = [
        {"number": n, "is_at_fault": random.random() < 0.6} for n in range(random.randint(1, 4))
    ]
    victims = [
        {
            "victim_key": n,
            "is_victim_car": n < len(cars),
            "is_victim_at_fault": n < len(cars) and cars[n]["is_at_fault"],
            **{f"{head}_loss_fen": amount(random) for head in HEADS},
        }
        for n in range(len(cars) + random.randint(0 if len(cars) > 1 else 1, 3))
    ]
    pairs = [
        victim
        | {"event_key": 0, "cover_key": car["number"], "is_at_fault": car["is_at_fault"]}
        | {"is_own": car["number"] == victim["victim_key"]}
        for car in cars
        for victim in victims
    ]
    told = [pair for pair in pairs if random.random() < 0.9] or pairs
    random.shuffle(told)
    return told


EDITIONS = ("compulsory_shares_2008", "compulsory_shares_2020")

REFERENCE = {"compulsory_shares_2008": shares_2008, "compulsory_shares_2020": shares_2020}
MOST_PAID = {
    "compulsory_shares_2008": most_paid("2008"),
    "compulsory_shares_2020": most_paid("2020"),
}
MOST_LOST = dict.fromkeys(EDITIONS, most_lost)
FIXED_TERMS = set(EDITIONS)
GROUPED = set(EDITIONS)
DRAWN = dict.fromkeys(EDITIONS, accident)
WORKED = {"CM-09", "CM-10", "CM-11", "CM-16", "ctp03"}
