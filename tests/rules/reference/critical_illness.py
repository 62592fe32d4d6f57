"""Critical illness cover: section H of the benefit rules."""

from fractions import Fraction

from tests.rules.draws import row
from tests.rules.exact import half_up

STAGES = ("mild", "middle", "severe")
OF_A_LIFE = ("effective_on", "mild_before_count", "middle_before_count", "ended_before_count")


def sum_of(claim, stage):
    return half_up(claim["sum_insured_fen"] * Fraction(claim[f"{stage}_bp"], 10_000))


def less_debts(claim, fen):
    owed = claim["loan_fen"] + claim["interest_fen"] + claim["premium_due_fen"]
    return max(0, fen - owed) if claim["is_debt_deducted"] else fen


def critical_illness(rows):
    is_ended = bool(rows[0]["ended_before_count"])
    times = {stage: rows[0][f"{stage}_before_count"] for stage in ("mild", "middle")}
    paid = []
    for claim in rows:
        stage, due = STAGES[claim["stage_code"]], 0
        since = claim["diagnosed_on"] - claim["effective_on"]
        if not is_ended and not claim["is_accident"] and since < claim["waiting_days"]:
            due, is_ended = claim["premiums_paid_fen"], True
        elif not is_ended and stage == "severe":
            due, is_ended = sum_of(claim, stage), True
        elif not is_ended and times[stage] < claim[f"{stage}_most_count"]:
            due = sum_of(claim, stage)
            times[stage] += 1
        paid.append(less_debts(claim, due))
    return paid


def most_paid(rows):
    """The severe stage or the premiums once, the others as often as agreed."""
    first, most = rows[0], max(claim["premiums_paid_fen"] for claim in rows)
    most = max(most, first["sum_insured_fen"])
    for stage in ("mild", "middle"):
        left = max(0, first[f"{stage}_most_count"] - first[f"{stage}_before_count"])
        most += min(left, len(rows)) * sum_of(first, stage)
    return most


def diagnoses_of_a_life(random, edition):
    """Some diagnoses of one insured in their order, most of them after the waiting period."""
    first = row(random, edition)
    same = {name: first[name] for name in (*edition.terms, *OF_A_LIFE)}
    if random.random() < 0.7:
        same |= {"ended_before_count": 0, "mild_before_count": random.randrange(2)}
        same |= {"mild_most_count": random.randint(1, 3), "middle_before_count": 0}
    drawn, on = [], same["effective_on"]
    for _ in range(random.randint(1, 4)):
        on += random.choice((0, 89, 90, 180, random.randrange(1_000)))
        drawn.append(row(random, edition) | same | {"diagnosed_on": on})
    return drawn


EDITION = "critical_illness_2020"
REFERENCE = {EDITION: critical_illness}
MOST_PAID = {EDITION: most_paid}
FIXED_SUM = {EDITION}
GROUPED = {EDITION}
DRAWN = {EDITION: diagnoses_of_a_life}
MORE_LOSS = {EDITION: ("premiums_paid_fen",)}
HIGHER_DEDUCTIBLE = {EDITION: ("loan_fen", "interest_fen", "premium_due_fen")}
USED_BEFORE = {EDITION: ("mild_before_count", "middle_before_count", "ended_before_count")}
WORKED = {f"CI-0{n}" for n in range(1, 7)}
