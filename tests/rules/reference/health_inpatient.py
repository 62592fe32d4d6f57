"""Inpatient medical cover: section E of the benefit rules."""

from fractions import Fraction

from tests.rules.draws import row
from tests.rules.exact import half_up

COSTS = ("catalogue_cost_fen", "first_own_share_fen", "outside_cost_fen", "bed_cost_fen")
PAID_BY = ("social_paid_fen", "other_paid_fen", "wrongdoer_paid_fen")
OF_A_YEAR = (
    "insured_from_on",
    "year_from_on",
    "year_to_on",
    "deductible_used_before_fen",
    "own_borne_before_fen",
    "paid_before_fen",
)
NO_LIMIT = 10**13


def is_in_cover(claim):
    if not claim["is_hospital_in_scope"]:
        return False
    if not claim["year_from_on"] <= claim["admitted_on"] <= claim["year_to_on"]:
        return False
    wait = 0 if claim["is_accident"] else claim["waiting_days"]
    return claim["occurred_on"] >= claim["insured_from_on"] + wait


def in_scope(claim):
    if not is_in_cover(claim):
        return 0
    days = max(1, claim["discharged_on"] - claim["admitted_on"])
    cost = claim["catalogue_cost_fen"]
    cost += min(claim["bed_cost_fen"], days * claim["bed_day_limit_fen"])
    cost += claim["first_own_share_fen"] if claim["is_own_share_covered"] else 0
    return cost + (claim["outside_cost_fen"] if claim["is_outside_covered"] else 0)


def ratio_of(claim):
    is_unsettled = not claim["was_settled_socially"] and not claim["social_paid_fen"]
    is_lower = claim["has_social_insurance"] and is_unsettled
    return Fraction(claim["unsettled_ratio_bp" if is_lower else "ratio_bp"], 10_000)


class Year:
    """What one insured has used up of a year."""

    def __init__(self, first):
        self.deducted = first["deductible_used_before_fen"]
        self.borne = first["own_borne_before_fen"]
        self.paid = first["paid_before_fen"]

    def stay(self, claim):
        unpaid, met = in_scope(claim), 0
        for by in PAID_BY:
            taken = min(unpaid, claim[by])
            unpaid -= taken
            if by == "other_paid_fen" and claim["is_deductible_met_by_others"]:
                met += taken
            if by == "wrongdoer_paid_fen" and claim["is_deductible_met_by_wrongdoer"]:
                met += taken
        above = max(0, unpaid - claim["stay_deductible_fen"])
        left = max(0, claim["yearly_deductible_fen"] - self.deducted)
        self.deducted += min(left, met + above)
        above -= min(above, max(0, left - met))
        own = unpaid - half_up(above * ratio_of(claim))
        own = min(own, max(0, claim["stop_loss_fen"] - self.borne))
        self.borne += own
        left = max(0, claim["yearly_limit_fen"] - self.paid)
        paid = min(unpaid - own, claim["stay_limit_fen"], left)
        self.paid += paid
        return paid


def health_inpatient(rows):
    year = Year(rows[0])
    return [year.stay(claim) for claim in rows]


def most_paid(rows):
    return max(0, rows[0]["yearly_limit_fen"] - rows[0]["paid_before_fen"])


def most_lost(rows):
    lost = (sum(c[h] for h in COSTS) - sum(c[by] for by in PAID_BY) for c in rows)
    return sum(max(0, fen) for fen in lost)


def year_of_stays(random, edition):
    """Some stays of one insured in one year. Three in four are likely to be covered."""
    first = row(random, edition)
    if random.random() < 0.75:
        first["year_from_on"] = first["insured_from_on"] + random.choice((0, 365, 730))
        first["year_to_on"] = first["year_from_on"] + 364
    same = {name: first[name] for name in (*edition.terms, *OF_A_YEAR)}
    return [likely(random, row(random, edition) | same) for _ in range(random.randint(1, 4))]


def likely(random, stay):
    """A stay, most often within its year and its hospitals, above the waiting period, and of
    some cost that others paid only in part."""
    if random.random() < 0.25:
        return in_order(stay)
    on = stay["year_from_on"] + random.randrange(365)
    stay |= {"occurred_on": on - random.choice((0, 1, 30, 90)), "admitted_on": on}
    stay |= {"discharged_on": on + random.randrange(40)}
    stay |= {"is_hospital_in_scope": random.random() < 0.95}
    stay |= {"catalogue_cost_fen": max(stay["catalogue_cost_fen"], random.randrange(10**7))}
    return stay | {by: stay[by] * (random.random() < 0.5) for by in PAID_BY}


def in_order(stay):
    stay["admitted_on"] = max(stay["admitted_on"], stay["occurred_on"])
    return stay | {"discharged_on": max(stay["discharged_on"], stay["admitted_on"])}


def without_a_limit_of_each_stay(claim):
    """A stop-loss of the year beside a limit of each stay: what the insured bears in a stay
    that its limit cuts anyhow, he need not bear in the next one."""
    return claim | {"stay_limit_fen": NO_LIMIT}


EDITION = "health_inpatient_2020"
REFERENCE = {EDITION: health_inpatient}
MOST_PAID = {EDITION: most_paid}
MOST_LOST = {EDITION: most_lost}
GROUPED = {EDITION}
DRAWN = {EDITION: year_of_stays}
MORE_LOSS = {EDITION: COSTS}
HIGHER_DEDUCTIBLE = {EDITION: ("stay_deductible_fen", "yearly_deductible_fen")}
USED_BEFORE = {EDITION: ("paid_before_fen",)}
USUAL = {EDITION: without_a_limit_of_each_stay}
WORKED = {f"HI-{n:02}" for n in (1, 2, 3, 4, *range(8, 17))} | {"health01", "health03"}
