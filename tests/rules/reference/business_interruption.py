"""Business interruption: I10 of the benefit rules."""

from fractions import Fraction

from tests.rules.draws import row
from tests.rules.exact import half_up

BP = 10_000
OF_A_YEAR = ("sum_insured_fen", "paid_before_fen")


def lost(claim):
    """The gross profit lost and the costs that were worth it."""
    standard, rate = claim["standard_turnover_fen"], claim["gross_profit_bp"]
    expected = standard + half_up(Fraction(standard * claim["growth_bp"], BP))
    expected -= half_up(Fraction(standard * claim["decline_bp"], BP))
    short = max(0, expected - claim["actual_turnover_fen"])
    worth = half_up(Fraction(claim["saved_turnover_fen"] * rate, BP))
    return half_up(Fraction(short * rate, BP)) + min(claim["extra_cost_fen"], worth)


def due(claim):
    loss = max(0, lost(claim) - claim["saved_cost_fen"])
    years = Fraction(max(12, claim["longest_months_count"]), 12)
    profit = Fraction(claim["yearly_turnover_fen"] * claim["gross_profit_bp"], BP)
    must = max(1, half_up(profit * years))
    insured = min(Fraction(1), Fraction(claim["sum_insured_fen"], must))
    days = claim["indemnity_days"]
    after = Fraction(max(0, days - claim["waiting_days"]), days)
    return max(0, half_up(loss * insured * after) - claim["deductible_fen"])


def business_interruption(rows):
    left, paid = most_paid(rows), []
    for claim in rows:
        paid.append(min(left, due(claim)))
        left -= paid[-1]
    return paid


def most_paid(rows):
    return max(0, rows[0]["sum_insured_fen"] - rows[0]["paid_before_fen"])


def most_lost(rows):
    return sum(lost(claim) for claim in rows)


def year(random, edition):
    """Some interruptions of one business in one year; most are likely to be paid something."""
    first = row(random, edition)
    same = {name: first[name] for name in (*edition.terms, *OF_A_YEAR)}
    return [likely(random, row(random, edition) | same) for _ in range(random.randint(1, 3))]


def likely(random, claim):
    if random.random() < 0.3:
        return claim
    turnover = random.randint(1, 10 ** random.randint(4, 11))
    claim |= {"standard_turnover_fen": turnover, "decline_bp": 0, "saved_cost_fen": 0}
    claim |= {"actual_turnover_fen": random.randint(0, turnover)}
    return claim | {"yearly_turnover_fen": turnover * random.randint(1, 12)}


EDITION = "business_interruption_2025"
REFERENCE = {EDITION: business_interruption}
MOST_PAID = {EDITION: most_paid}
MOST_LOST = {EDITION: most_lost}
GROUPED = {EDITION}
DRAWN = {EDITION: year}
MORE_LOSS = {EDITION: ("standard_turnover_fen", "saved_turnover_fen")}
HIGHER_DEDUCTIBLE = {EDITION: ("waiting_days", "deductible_fen")}
USED_BEFORE = {EDITION: ("paid_before_fen",)}
WORKED = {"PR-13", "bi02"}
