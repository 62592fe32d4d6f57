"""Values drawn at random where rules break: at nothing, at limits, and beside."""

from datetime import date
from operator import eq

import numpy as np

from lipei.rules.days import day_number

EDGES_FEN = (1, 9_999, 10_000, 100_000, 180_000, 200_000, 200_001, 1_000_000, 1_800_000)
LARGE_EDGES_FEN = (11_000_000, 18_000_000, 18_000_001, 10**13)
RATES_BP = (0, 1, 500, 1_000, 2_000, 3_000, 3_333, 5_000, 7_000, 9_999, 10_000)
FIRST_ON, DAYS = day_number(date(2019, 1, 1)), 4_000


def amount(random):
    """An amount in fen: often nothing, often at an edge, of every order of size."""
    draw = random.random()
    if draw < 0.25:
        return 0
    if draw < 0.50:
        return random.choice(EDGES_FEN)
    if draw < 0.55:
        return random.choice(LARGE_EDGES_FEN)
    return random.randrange(10 ** random.randint(1, 9))


def value(random, fact):
    """One value for a fact or term, within its limits; a key is 0."""
    if fact.kind == "key":
        return 0
    if fact.default is not None and random.random() < 0.4:
        return usual(fact)
    if fact.kind == "yes_no":
        return random.random() < 0.5
    if fact.kind == "code":
        return random.randrange(len(fact.codes))
    if fact.kind == "date":
        drawn = FIRST_ON + random.randrange(DAYS)
    elif fact.kind == "bp":
        drawn = random.choice((random.choice(RATES_BP), random.randrange(10_001)))
    elif fact.kind == "fen":
        drawn = amount(random)
    else:
        drawn = random.choice((0, 1, 2, 3, 7, 10, 30, 90, 180, 365, random.randrange(400)))
    return min(max(fact.least, drawn), fact.most)


def usual(fact):
    """The default of a fact, as a claim tells it."""
    return bool(fact.default) if fact.kind == "yes_no" else fact.default


def row(random, edition, *, is_usual_terms=False):
    """Facts and terms of one claim, everything filled in, dates in order."""
    drawn = {name: value(random, fact) for name, fact in edition.facts.items()}
    for name, term in edition.terms.items():
        keeps = is_usual_terms and term.default is not None
        drawn[name] = usual(term) if keeps else value(random, term)
    return in_order(edition, told_whole(random, edition, drawn))


def told_whole(random, edition, claim):
    """The claim without what tells too little, and with codes that are listed together."""
    for name, others in edition.needed:
        if claim[name] == edition.given[name].default:
            claim |= {other: usual(edition.given[other]) for other in others}
    for table in edition.tables:
        if table.cells[tuple(claim[name] for name in table.by)] < 0:
            untold = [edition.given[name].default for name in table.by]
            listed = np.argwhere(table.cells >= 0).tolist()
            told = [codes for codes in listed if not any(map(eq, codes, untold))]
            claim |= dict(zip(table.by, random.choice(told), strict=True))
    return claim


def in_order(edition, claim):
    """The claim with every date moved behind the one that it may not precede, and every number
    raised to the one that it may not be below."""
    ordered = (*edition.dated, *edition.ranked)
    for _ in ordered:
        for name, other in ordered:
            claim[name] = max(claim[name], claim[other])
    return claim


def filled(edition, claim):
    """The claim with the default of everything that it does not tell."""
    told = {name: claim.get(name, usual(fact)) for name, fact in edition.given.items()}
    assert claim.keys() <= told.keys(), claim.keys() - told.keys()
    assert None not in told.values(), [name for name, v in told.items() if v is None]
    return told
