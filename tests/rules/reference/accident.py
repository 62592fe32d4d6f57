"""Accident cover: section G of the benefit rules."""

from datetime import date
from fractions import Fraction

from tests.rules.draws import row
from tests.rules.exact import half_up

DAY_0 = date(1970, 1, 1).toordinal()
GRADES = range(1, 11)
OF_A_YEAR = ("insured_from_on", "insured_to_on", "paid_before_fen")


def age(born, day):
    """Birthdays had by a day; one of 29 February is had on the 28th of a common year."""
    born, day = date.fromordinal(born + DAY_0), date.fromordinal(day + DAY_0)
    years = day.year - born.year
    try:
        birthday = born.replace(year=day.year)
    except ValueError:
        birthday = date(day.year, 2, 28)
    return years - (day < birthday)


def grade_of(claim):
    told = [grade for grade in GRADES for _ in range(claim[f"grade_{grade}_count"])]
    if not told:
        return 0
    heaviest = min(told)
    return max(1, heaviest - 1) if told.count(heaviest) > 1 else heaviest


def is_covered(claim):
    if not claim["insured_from_on"] <= claim["accident_on"] <= claim["insured_to_on"]:
        return False
    return claim["established_on"] - claim["accident_on"] <= claim["within_days"]


def due(claim):
    if not is_covered(claim):
        return 0
    if claim["is_death"]:
        years = age(claim["born_on"], claim["established_on"])
        if years >= claim["minor_age_count"]:
            return claim["sum_insured_fen"]
        which = "child_most_fen" if years < claim["child_age_count"] else "minor_most_fen"
        return min(claim["sum_insured_fen"], max(0, claim[which] - claim["death_elsewhere_fen"]))
    grade = grade_of(claim)
    rate = Fraction(claim[f"grade_{grade}_bp"], 10_000) if grade else 0
    return max(0, half_up(claim["sum_insured_fen"] * rate) - claim["earlier_paid_fen"])


def accident(rows):
    left, paid = rows[0]["sum_insured_fen"] - rows[0]["paid_before_fen"], []
    for claim in rows:
        paid.append(min(due(claim), max(0, left)))
        left -= paid[-1]
    return paid


def most_paid(rows):
    return max(0, rows[0]["sum_insured_fen"] - rows[0]["paid_before_fen"])


def accidents_of_a_year(random, edition):
    """Some accidents of one insured, most of them within the insurance and in time."""
    first = row(random, edition)
    first["insured_to_on"] = max(first["insured_to_on"], first["insured_from_on"] + 364)
    same = {name: first[name] for name in (*edition.terms, *OF_A_YEAR)}
    drawn = []
    for _ in range(random.randint(1, 3)):
        claim = row(random, edition) | same
        for grade in GRADES:
            claim[f"grade_{grade}_count"] = random.choice((0, 0, 0, 0, 0, 1, 2))
        if random.random() < 0.8:
            on = first["insured_from_on"] + random.randrange(365)
            claim |= {"accident_on": on, "born_on": on - random.randrange(60, 9_000)}
            claim |= {"established_on": on + random.choice((0, 120, 180, 181))}
        drawn.append(claim)
    return drawn


EDITIONS = ("accident_2014", "accident_contract_2014")
REFERENCE = dict.fromkeys(EDITIONS, accident)
MOST_PAID = dict.fromkeys(EDITIONS, most_paid)
FIXED_SUM = set(EDITIONS)
GROUPED = set(EDITIONS)
DRAWN = dict.fromkeys(EDITIONS, accidents_of_a_year)
MORE_LOSS = dict.fromkeys(EDITIONS, tuple(f"grade_{grade}_count" for grade in GRADES))
USED_BEFORE = dict.fromkeys(EDITIONS, ("paid_before_fen", "death_elsewhere_fen"))
WORKED = {f"AD-{n:02}" for n in (*range(1, 10), 11)}
