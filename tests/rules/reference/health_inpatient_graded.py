"""Inpatient medical cover with a graded scale: section E of the benefit rules."""

from fractions import Fraction

from tests.rules.draws import row
from tests.rules.exact import half_up

GRADES = range(1, 6)


def by_the_scale(claim):
    wait = 0 if claim["is_accident"] else claim["waiting_days"]
    if claim["occurred_on"] < claim["insured_from_on"] + wait:
        return 0
    left = max(0, claim["cost_fen"] - claim["social_paid_fen"] - claim["other_paid_fen"])
    paid = Fraction(0)
    for grade in reversed(GRADES):
        slice_fen = max(0, left - claim[f"bound_{grade}_fen"])
        paid += slice_fen * Fraction(claim[f"grade_{grade}_bp"], 10_000)
        left -= slice_fen
    return min(half_up(paid), claim["stay_limit_fen"])


def graded_inpatient(rows):
    left = rows[0]["yearly_limit_fen"] - rows[0]["paid_before_fen"]
    paid = []
    for claim in rows:
        paid.append(min(by_the_scale(claim), max(0, left)))
        left -= paid[-1]
    return paid


def most_paid(rows):
    return max(0, rows[0]["yearly_limit_fen"] - rows[0]["paid_before_fen"])


def most_lost(rows):
    taken = ("social_paid_fen", "other_paid_fen")
    return sum(max(0, c["cost_fen"] - sum(c[name] for name in taken)) for c in rows)


def year_of_stays(random, edition):
    """Some stays of one insured in one year, most of them after the waiting period."""
    first = row(random, edition)
    same = {n: first[n] for n in (*edition.terms, "insured_from_on", "paid_before_fen")}
    stays = [row(random, edition) | same for _ in range(random.randint(1, 4))]
    for stay in stays:
        if random.random() < 0.7:
            stay["occurred_on"] = stay["insured_from_on"] + random.choice((0, 89, 90, 200))
            stay["cost_fen"] = max(stay["cost_fen"], random.randrange(10**7))
    return stays


EDITION = "health_inpatient_graded_2016"
REFERENCE = {EDITION: graded_inpatient}
MOST_PAID = {EDITION: most_paid}
MOST_LOST = {EDITION: most_lost}
GROUPED = {EDITION}
DRAWN = {EDITION: year_of_stays}
MORE_LOSS = {EDITION: ("cost_fen",)}
USED_BEFORE = {EDITION: ("paid_before_fen",)}
WORKED = {"HI-05", "HI-06", "HI-07", "PX-20"}
