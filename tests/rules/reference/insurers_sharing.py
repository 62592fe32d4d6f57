"""Several insurers of one loss, and the insurers of insurers: section K of the benefit rules."""

from fractions import Fraction
from itertools import pairwise

from tests.rules.draws import amount, row
from tests.rules.exact import half_up, largest_remainders

WHOLE_BP = 10_000


def contribution(rows):
    sums = [one["sum_insured_fen"] for one in rows]
    joint = min(rows[0]["loss_fen"], rows[0]["value_fen"], sum(sums))
    alone = [min(joint, one["sum_insured_fen"], one["alone_fen"]) for one in rows]
    method = rows[0]["method_code"]
    if method == 2:
        paid, left = [], joint
        for most in alone:
            paid.append(min(most, left))
            left -= paid[-1]
        return paid
    by = sums if method == 0 else alone
    total = joint if method == 0 else min(joint, sum(alone))
    parts = largest_remainders(total, by)
    return [min(part, most) for part, most in zip(parts, alone, strict=True)]


def insurers(random, edition):
    """The insurers of one loss, most often for sums of a like size."""
    first = row(random, edition)
    same = {name: first[name] for name in ("loss_fen", "value_fen", "method_code")}
    rows = [row(random, edition) | same for _ in range(random.randint(1, 5))]
    if random.random() < 0.7:
        loss = random.randint(1, 10**9)
        for one in rows:
            one |= {"loss_fen": loss, "value_fen": loss + same["value_fen"] // 2}
            one |= {"sum_insured_fen": random.randint(1, 2 * loss)}
    return rows


def coinsurance(rows):
    return largest_remainders(rows[0]["payable_fen"], [one["share_bp"] for one in rows])


def coinsurers(random, edition):
    """The co-insurers of one policy, whose shares make 100%."""
    first = row(random, edition)
    same = {name: first[name] for name in ("payable_fen", "is_paid_by_leader")}
    rows = [row(random, edition) | same for _ in range(random.randint(1, 5))]
    cuts = sorted(random.sample((*range(1, WHOLE_BP),), len(rows) - 1))
    if random.random() < 0.3:
        cuts = [WHOLE_BP * at // len(rows) for at in range(1, len(rows))]
    bounds = pairwise([0, *cuts, WHOLE_BP])
    return [
        one | {"is_leader": at == 0, "share_bp": above - below}
        for at, (one, (below, above)) in enumerate(zip(rows, bounds, strict=True))
    ]


def surplus(claim):
    by_quota = half_up(Fraction(claim["sum_insured_fen"] * claim["quota_bp"], 10_000))
    line = claim["retention_fen"]
    above = max(0, claim["sum_insured_fen"] - by_quota - line)
    ceded = by_quota + min(above, line * claim["lines_count"])
    return half_up(Fraction(claim["loss_fen"] * ceded, claim["sum_insured_fen"]))


def excess(rows):
    left, paid = max(0, rows[0]["yearly_limit_fen"] - rows[0]["recovered_before_fen"]), []
    for one in rows:
        within = min(one["layer_limit_fen"], max(0, one["loss_fen"] - one["retention_fen"]))
        paid.append(min(left, half_up(Fraction(within * one["placed_bp"], 10_000))))
        left -= paid[-1]
    return paid


def layer_of_a_year(random, edition):
    """Some losses to one layer in one year."""
    first = row(random, edition)
    if random.random() < 0.7:
        first |= {"retention_fen": amount(random) // 100, "recovered_before_fen": 0}
    return [first | {"loss_fen": amount(random)} for _ in range(random.randint(1, 4))]


CONTRIBUTION, COINSURANCE = "contribution_2009", "coinsurance_2009"
SURPLUS, EXCESS = "reinsurance_surplus_2009", "reinsurance_excess_2009"
REFERENCE = {
    CONTRIBUTION: contribution,
    COINSURANCE: coinsurance,
    SURPLUS: surplus,
    EXCESS: excess,
}
MOST_PAID = {
    CONTRIBUTION: lambda rows: sum(one["sum_insured_fen"] for one in rows),
    COINSURANCE: lambda rows: rows[0]["payable_fen"],
    SURPLUS: lambda claim: claim["loss_fen"],
    EXCESS: lambda rows: max(0, rows[0]["yearly_limit_fen"] - rows[0]["recovered_before_fen"]),
}
MOST_LOST = {
    CONTRIBUTION: lambda rows: rows[0]["loss_fen"],
    COINSURANCE: lambda rows: rows[0]["payable_fen"],
    SURPLUS: lambda claim: claim["loss_fen"],
    EXCESS: lambda rows: sum(one["loss_fen"] for one in rows),
}
GROUPED = {CONTRIBUTION, COINSURANCE, EXCESS}
DRAWN = {CONTRIBUTION: insurers, COINSURANCE: coinsurers, EXCESS: layer_of_a_year}
MORE_LOSS = {
    CONTRIBUTION: ("loss_fen",),
    COINSURANCE: ("payable_fen",),
    SURPLUS: ("loss_fen",),
    EXCESS: ("loss_fen",),
}
HIGHER_DEDUCTIBLE = {EXCESS: ("retention_fen",)}
TIE_FEN = {CONTRIBUTION}
USED_BEFORE = {EXCESS: ("recovered_before_fen",)}
WORKED = {f"CO-{n:02}" for n in range(1, 9)} | {"dup01", "dup03", "re01"}
