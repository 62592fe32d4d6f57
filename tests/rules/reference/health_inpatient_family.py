"""Inpatient medical cover of a family: section E of the benefit rules, what is shared beside it."""

from tests.rules.draws import amount, row
from tests.rules.exact import half_up
from tests.rules.reference.health_inpatient import (
    COSTS,
    PAID_BY,
    in_order,
    in_scope,
    likely,
    most_lost,
    ratio_of,
    without_a_limit_of_each_stay,
)

OF_A_MEMBER = ("deductible_used_before_fen", "own_borne_before_fen", "paid_before_fen")
OF_THE_FAMILY = ("family_deducted_before_fen", "family_paid_before_fen")
OF_A_YEAR = ("insured_from_on", "year_from_on", "year_to_on")
MEMBERS = 3


def unpaid_of(claim):
    """What nobody has paid of a stay, and what of that compensation meets the deductible."""
    unpaid, met = in_scope(claim), 0
    for by in PAID_BY:
        taken = min(unpaid, claim[by])
        unpaid -= taken
        is_met = {"other_paid_fen": "is_deductible_met_by_others",
                  "wrongdoer_paid_fen": "is_deductible_met_by_wrongdoer"}.get(by)  # fmt: skip
        met += taken if is_met and claim[is_met] else 0
    return unpaid, met


def health_inpatient_family(rows):
    first = rows[0]
    family_deducted, family_paid = (first[name] for name in OF_THE_FAMILY)
    members, paid = {}, []
    for claim in rows:
        opening = [claim[name] for name in OF_A_MEMBER]
        mine = members.setdefault(claim["insured_year_key"], opening)
        unpaid, met = unpaid_of(claim)
        above = max(0, unpaid - claim["stay_deductible_fen"])
        own_left = max(0, claim["yearly_deductible_fen"] - mine[0])
        family_left = max(0, claim["family_deductible_fen"] - family_deducted)
        used = min(met + above, own_left, family_left)
        mine[0] += used
        family_deducted += used
        above -= max(0, used - met)
        own = unpaid - half_up(above * ratio_of(claim))
        own = min(own, max(0, claim["stop_loss_fen"] - mine[1]))
        mine[1] += own
        own_left = max(0, claim["yearly_limit_fen"] - mine[2])
        family_left = max(0, claim["family_limit_fen"] - family_paid)
        benefit = min(unpaid - own, claim["stay_limit_fen"], own_left, family_left)
        mine[2] += benefit
        family_paid += benefit
        paid.append(benefit)
    return paid


def most_paid(rows):
    first = rows[0]
    members = {claim["insured_year_key"]: claim["paid_before_fen"] for claim in rows}
    each = sum(max(0, first["yearly_limit_fen"] - before) for before in members.values())
    return min(each, max(0, first["family_limit_fen"] - first["family_paid_before_fen"]))


def year_of_a_family(random, edition):
    """The stays of some members in one year, in the order in which they are settled. The family
    shares something in most of the draws."""
    first = row(random, edition)
    if random.random() < 0.75:
        first["year_from_on"] = first["insured_from_on"] + random.choice((0, 365, 730))
        first["year_to_on"] = first["year_from_on"] + 364
    if random.random() < 0.7:
        first["family_deductible_fen"] = random.randrange(3 * 10**6)
        first["family_limit_fen"] = random.randrange(3 * 10**7)
    same = {name: first[name] for name in (*edition.terms, *OF_A_YEAR, *OF_THE_FAMILY)}
    used = [{name: amount(random) for name in OF_A_MEMBER} for _ in range(MEMBERS)]
    stays = []
    for _ in range(random.randint(1, 6)):
        member = random.randrange(MEMBERS)
        stay = likely(random, row(random, edition) | same)
        stays.append(in_order(stay) | used[member] | {"insured_year_key": member})
    return stays


EDITION = "health_inpatient_family_2020"
REFERENCE = {EDITION: health_inpatient_family}
MOST_PAID = {EDITION: most_paid}
MOST_LOST = {EDITION: most_lost}
GROUPED = {EDITION}
DRAWN = {EDITION: year_of_a_family}
MORE_LOSS = {EDITION: COSTS}
# A higher deductible of each member may leave less of the family's for one whose ratio is higher.
HIGHER_DEDUCTIBLE = {EDITION: ("stay_deductible_fen", "family_deductible_fen")}
USED_BEFORE = {EDITION: ("family_paid_before_fen",)}
USUAL = {EDITION: without_a_limit_of_each_stay}
