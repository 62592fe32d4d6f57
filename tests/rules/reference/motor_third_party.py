"""Third-party liability: section D of the benefit rules. Rows are the claims of one accident."""

from fractions import Fraction

from tests.rules.draws import row
from tests.rules.exact import half_up

HEADS = ("property", "medical", "death")
DEGREES = ("full", "main", "equal", "minor", "none")
WHOLE = 10_000


def share_of(claim, degree):
    if claim["fault_share_bp"]:
        return Fraction(claim["fault_share_bp"], WHOLE)
    if degree in ("none", "untold"):
        return Fraction(0)
    return Fraction(claim[f"share_{degree}_bp"], WHOLE)


def outside_and_compulsory(claim):
    """The costs outside the catalogue, and what of the compulsory payment is left for them."""
    outside = min(claim["medical_outside_fen"], claim["medical_loss_fen"])
    inside = claim["medical_loss_fen"] - outside
    return outside, max(0, claim["medical_compulsory_fen"] - inside)


def owed_for(claim, share):
    lost = {head: claim[f"{head}_loss_fen"] for head in HEADS}
    lost["medical"] -= outside_and_compulsory(claim)[0]
    return share * sum(max(0, lost[head] - claim[f"{head}_compulsory_fen"]) for head in HEADS)


def within(owed, left):
    """What of it lies within the limit, exactly, and what is left: a claim uses up whole fen."""
    return min(owed, Fraction(left)), left - min(half_up(owed), left)


def third_party_2020(rows):
    left = max(0, rows[0]["limit_fen"] - rows[0]["limit_used_fen"])
    outside_left = max(0, rows[0]["outside_limit_fen"] - rows[0]["outside_used_fen"])
    paid = []
    for claim in rows:
        share = share_of(claim, ("untold", *DEGREES)[claim["fault_code"]])
        reached, left = within(owed_for(claim, share), left)
        main = half_up(reached * (1 - Fraction(claim["add_on_rate_bp"], WHOLE)))
        outside, compulsory = outside_and_compulsory(claim)
        added = min(half_up(share * max(0, outside - compulsory)), outside_left)
        outside_left -= added
        paid.append(main + added)
    return paid


def third_party_2014(rows):
    left = max(0, rows[0]["limit_fen"] - rows[0]["limit_used_fen"])
    paid = []
    for claim in rows:
        degree = DEGREES[claim["fault_code"]]
        waived = claim["has_rate_waiver"] or degree == "none"
        by_fault = 0 if waived else Fraction(claim[f"rate_{degree}_bp"], WHOLE)
        reached, left = within(owed_for(claim, share_of(claim, degree)), left)
        rates = (1 - by_fault) * (1 - Fraction(claim["other_rates_bp"], WHOLE))
        paid.append(half_up(reached * rates))
    return paid


def most_paid(rows):
    main = max(0, rows[0]["limit_fen"] - rows[0]["limit_used_fen"])
    return main + rows[0].get("outside_limit_fen", 0)


def most_lost(rows):
    return sum(claim[f"{head}_loss_fen"] for head in HEADS for claim in rows)


def accident(random, edition):
    """One to three claims of an accident under one policy."""
    first = row(random, edition)
    of_accident = {"fault_code", "fault_share_bp", "other_rates_bp", "event_key"}
    alike = {*edition.terms, *of_accident, "limit_used_fen", "outside_used_fen"}
    shared = {name: value for name, value in first.items() if name in alike}
    return [first] + [row(random, edition) | shared for _ in range(random.randrange(3))]


def without_rates(claim):
    """Claims of one accident: where more of the limit moves to another claim, the rates of both
    are rounded anew, by a fen at most."""
    waived = {"has_rate_waiver": True, "other_rates_bp": 0, "add_on_rate_bp": 0}
    return claim | {name: value for name, value in waived.items() if name in claim}


EDITIONS = ("third_party_2006", "third_party_2014", "third_party_2020")
OLDER = EDITIONS[:2]

REFERENCE = {"third_party_2020": third_party_2020} | dict.fromkeys(OLDER, third_party_2014)
MOST_PAID = dict.fromkeys(EDITIONS, most_paid)
MOST_LOST = dict.fromkeys(EDITIONS, most_lost)
GROUPED = set(EDITIONS)
DRAWN = dict.fromkeys(EDITIONS, accident)
MORE_LOSS = dict.fromkeys(EDITIONS, tuple(f"{head}_loss_fen" for head in HEADS))
HIGHER_DEDUCTIBLE = dict.fromkeys(OLDER, ("other_rates_bp", "rate_full_bp", "rate_minor_bp")) | {
    "third_party_2020": ("add_on_rate_bp",)
}
USED_BEFORE = dict.fromkeys(OLDER, ("limit_used_fen",)) | {
    "third_party_2020": ("limit_used_fen", "outside_used_fen")
}
USUAL = dict.fromkeys(EDITIONS, without_rates)
WORKED = {f"TP-0{n}" for n in range(1, 10)} | {"motor03", "ctp03"}
