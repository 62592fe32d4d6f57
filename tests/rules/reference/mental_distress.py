"""Mental distress of third parties: D6 and B10 of the benefit rules, and the add-on recalled."""

from fractions import Fraction

from tests.rules.draws import row
from tests.rules.exact import half_up

SHARED = ("event_key", "limit_used_fen")


def mental_distress(rows):
    left = max(0, rows[0]["limit_fen"] - rows[0]["limit_used_fen"])
    paid = []
    for victim in rows:
        award = victim["award_fen"] if victim["is_person_hurt"] else 0
        owed = min(max(0, award - victim["compulsory_fen"]), left)
        left -= owed
        paid.append(half_up(owed * (1 - Fraction(victim["rate_bp"], 10_000))))
    return paid


def most_paid(rows):
    return max(0, rows[0]["limit_fen"] - rows[0]["limit_used_fen"])


def most_lost(rows):
    return sum(victim["award_fen"] for victim in rows)


def accident(random, edition):
    """One to four victims of an accident under one policy."""
    first = row(random, edition)
    same = {name: first[name] for name in (*edition.terms, *SHARED)}
    return [row(random, edition) | same for _ in range(random.randint(1, 4))]


def without_a_rate(victim):
    """Where more of the limit moves to another victim, the rates of both are rounded anew."""
    return victim | {"rate_bp": 0}


EDITION = "mental_distress_2020"
REFERENCE = {EDITION: mental_distress}
MOST_PAID = {EDITION: most_paid}
MOST_LOST = {EDITION: most_lost}
GROUPED = {EDITION}
DRAWN = {EDITION: accident}
MORE_LOSS = {EDITION: ("award_fen",)}
HIGHER_DEDUCTIBLE = {EDITION: ("rate_bp",)}
USED_BEFORE = {EDITION: ("limit_used_fen",)}
USUAL = {EDITION: without_a_rate}
