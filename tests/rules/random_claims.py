"""Random claims for any edition, drawn where rules break: at nothing, at limits, and beside."""

from random import Random

EDGES_FEN = (1, 9_999, 10_000, 100_000, 180_000, 200_000, 200_001, 1_000_000, 1_800_000)
LARGE_EDGES_FEN = (11_000_000, 18_000_000, 18_000_001, 10**13)
RATES_BP = (0, 1, 500, 1_000, 2_000, 3_000, 3_333, 5_000, 7_000, 9_999, 10_000)


def amount(random):
    draw = random.random()
    if draw < 0.25:
        return 0
    if draw < 0.50:
        return random.choice(EDGES_FEN)
    if draw < 0.55:
        return random.choice(LARGE_EDGES_FEN)
    return random.randrange(10 ** random.randint(1, 9))


def value(random, fact):
    if fact.default is not None and random.random() < 0.4:
        return bool(fact.default) if fact.kind == "yes_no" else fact.default
    if fact.kind == "yes_no":
        return random.random() < 0.5
    if fact.kind == "bp":
        return random.choice((random.choice(RATES_BP), random.randrange(10_001)))
    return max(fact.least, amount(random))


def random_claims(edition, *, number, seed):
    """Facts and terms of `number` claims, each a dict with everything filled in."""
    random = Random(seed)
    known = {**edition.facts, **edition.terms}
    kept = {n for n in edition.terms if edition.product == "compulsory_motor"}
    return [
        {
            name: fact.default if name in kept else value(random, fact)
            for name, fact in known.items()
        }
        for _ in range(number)
    ]
