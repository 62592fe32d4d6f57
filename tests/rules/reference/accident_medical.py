"""Accident medical cover: section G6 of the benefit rules."""

from collections import defaultdict
from fractions import Fraction

from tests.rules.draws import row
from tests.rules.exact import half_up

OF_A_YEAR = ("insured_from_on", "insured_to_on", "paid_before_fen")


def unpaid(claim):
    if not claim["insured_from_on"] <= claim["accident_on"] <= claim["insured_to_on"]:
        return 0
    if claim["treated_on"] > claim["accident_on"] + claim["within_days"]:
        return 0
    return max(0, claim["cost_fen"] - claim["social_paid_fen"] - claim["other_paid_fen"])


def accident_medical(rows):
    left, deducted, paid = rows[0]["limit_fen"] - rows[0]["paid_before_fen"], defaultdict(int), []
    for claim in rows:
        so_far = deducted[claim["accident_key"]] + claim["deducted_before_fen"]
        taken = min(unpaid(claim), max(0, claim["deductible_fen"] - so_far))
        deducted[claim["accident_key"]] += taken
        owed = half_up((unpaid(claim) - taken) * Fraction(claim["ratio_bp"], 10_000))
        paid.append(min(owed, max(0, left)))
        left -= paid[-1]
    return paid


def most_paid(rows):
    return max(0, rows[0]["limit_fen"] - rows[0]["paid_before_fen"])


def most_lost(rows):
    taken = ("social_paid_fen", "other_paid_fen")
    return sum(max(0, c["cost_fen"] - sum(c[name] for name in taken)) for c in rows)


def treatments_of_a_year(random, edition):
    """Some accidents of one insured in a year, each with some treatments, one among the other."""
    first, drawn = row(random, edition), []
    first["insured_to_on"] = max(first["insured_to_on"], first["insured_from_on"] + 364)
    same = {name: first[name] for name in (*edition.terms, *OF_A_YEAR)}
    for accident in range(random.randint(1, 2)):
        one = row(random, edition)
        if random.random() < 0.8:
            one["accident_on"] = first["insured_from_on"] + random.randrange(365)
        alike = {"accident_key": accident}
        alike |= {name: one[name] for name in ("accident_on", "deducted_before_fen")}
        for _ in range(random.randint(1, 3)):
            claim = row(random, edition) | same | alike
            claim["treated_on"] = claim["accident_on"] + random.choice((0, 1, 90, 180, 181))
            drawn.append(claim)
    random.shuffle(drawn)
    return drawn


EDITION = "accident_medical_2014"
REFERENCE = {EDITION: accident_medical}
MOST_PAID = {EDITION: most_paid}
MOST_LOST = {EDITION: most_lost}
GROUPED = {EDITION}
DRAWN = {EDITION: treatments_of_a_year}
MORE_LOSS = {EDITION: ("cost_fen",)}
HIGHER_DEDUCTIBLE = {EDITION: ("deductible_fen",)}
USED_BEFORE = {EDITION: ("paid_before_fen",)}
WORKED = {"AD-10"}
