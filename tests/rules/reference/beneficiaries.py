"""The division of one sum among beneficiaries: N1-N6 of the benefit rules."""

from fractions import Fraction

from tests.rules.draws import row
from tests.rules.exact import half_up, largest_remainders

ENTITLED = 0


def takers(rows):
    """The places of those whose turn it is: beneficiaries before heirs, order by order."""
    for is_heir in (False, True):
        class_of = [i for i, one in enumerate(rows) if one["is_heir"] == is_heir]
        for order in sorted({rows[i]["order_count"] for i in class_of}):
            named = [i for i in class_of if rows[i]["order_count"] == order]
            if any(rows[i]["standing_code"] == ENTITLED for i in named):
                return named
    return []


def parts_of(rows, named):
    """The part of each of one order, as fractions of the whole; None where none was given."""
    given = {i: Fraction(rows[i]["share_bp"], 10_000) for i in named if not rows[i]["is_heir"]}
    given = {i: part for i, part in given.items() if part}
    without = [i for i in named if i not in given]
    rest = max(Fraction(0), Fraction(1) - sum(given.values()))
    return given | {i: rest / len(without) for i in without}


def beneficiaries(rows):
    due = Fraction(rows[0]["sum_fen"])
    paid, owed = rows[0]["premium_paid_fen"], rows[0]["premium_due_fen"]
    if owed > paid:
        due = due * paid / owed
    named = takers(rows)
    parts = parts_of(rows, named)
    left = [i for i in named if rows[i]["standing_code"] == ENTITLED]
    if not sum(parts[i] for i in left):
        parts = dict.fromkeys(left, Fraction(1))
    weights = [parts[i] if i in left else Fraction(0) for i in range(len(rows))]
    shares = largest_remainders(half_up(due), weights)
    benefits = [0 for _ in rows]
    for key in {one["beneficiary_key"] for one in rows}:
        own = [i for i, one in enumerate(rows) if one["beneficiary_key"] == key]
        total = sum(shares[i] for i in own)
        open_fen = max(0, total - rows[own[0]]["paid_before_fen"])
        for i, part in zip(
            own, largest_remainders(open_fen, [shares[i] for i in own]), strict=True
        ):
            benefits[i] = part
    return benefits


def sum_divided(random, edition):
    """Some beneficiaries and heirs of one sum; now and then one person twice."""
    first, drawn = row(random, edition), []
    same = {name: first[name] for name in ("sum_fen", "premium_paid_fen", "premium_due_fen")}
    for key in range(random.randint(1, 6)):
        one = row(random, edition) | same | {"beneficiary_key": key, "paid_before_fen": 0}
        one["order_count"] = random.choice((1, 1, 1, 2, 3, 99))
        one["is_heir"] = random.random() < 0.25
        one["standing_code"] = random.choice((0, 0, 0, 0, 1, 2, 3, 4))
        one["share_bp"] = random.choice((0, 0, 1, 2_000, 3_000, 3_333, 5_000, 8_000, 10_000))
        if random.random() < 0.3:
            one["paid_before_fen"] = random.randint(0, same["sum_fen"])
        drawn.append(one)
        if random.random() < 0.1:
            drawn.append(one | {"order_count": 1, "is_heir": random.random() < 0.5})
    return within_the_whole(drawn)


def within_the_whole(rows):
    """The shares of each order cut to what those before leave of 100%."""
    left = {}
    for one in rows:
        order = one["is_heir"], one["order_count"]
        one["share_bp"] = min(one["share_bp"], left.get(order, 10_000))
        left[order] = left.get(order, 10_000) - one["share_bp"]
    return rows


EDITION = "beneficiaries_2014"
REFERENCE = {EDITION: beneficiaries}
MOST_PAID = {EDITION: lambda rows: rows[0]["sum_fen"]}
FIXED_SUM = {EDITION}
GROUPED = {EDITION}
DRAWN = {EDITION: sum_divided}
USED_BEFORE = {EDITION: ("paid_before_fen",)}
WORKED = {f"BN-0{n}" for n in range(1, 7)}
