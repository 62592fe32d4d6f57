"""Random claims for any edition, in groups of claims that are settled together."""

from random import Random

from lipei.rules import settle_together
from tests.rules.draws import filled, row
from tests.rules.reference import DRAWN, FIXED_TERMS

GROUPS_APART = 1_000
SCATTER, KEYS = 7_919, 2**31


def random_groups(edition, *, number, seed, drawn=None):
    """Groups of claims, at least `number` claims in all, each a dict with everything filled in.

    `drawn` draws the rows of one group; keys below 1,000 within it are kept apart from those of
    other groups, and scattered, so that they stand together but in no order.
    """
    random, groups, rows = Random(seed), [], 0
    while rows < number:
        group = one_group(random, edition, drawn=drawn)
        base = len(groups) * SCATTER % KEYS * GROUPS_APART
        for claim in group:
            for key in edition.keys:
                assert claim[key] < GROUPS_APART
                claim[key] += base
        groups.append(group)
        rows += len(group)
    return groups


def one_group(random, edition, *, drawn=None):
    """The rows of one group, as the product's own draw makes them, or one row of its own."""
    drawn = drawn or DRAWN.get(edition.name)
    if drawn:
        return [filled(edition, claim) for claim in drawn(random, edition)]
    return [row(random, edition, is_usual_terms=edition.name in FIXED_TERMS)]


def random_claims(edition, *, number, seed):
    """The claims of random groups, one after the other."""
    groups = random_groups(edition, number=number, seed=seed)
    return [claim for group in groups for claim in group]


def facts_of(edition, claim):
    """What of a claim are facts."""
    return {name: claim[name] for name in edition.facts}


def terms_of(edition, claim):
    """What of a claim are terms."""
    return {name: claim[name] for name in edition.terms}


def settled(edition, rows):
    """The settlements of the rows of one group."""
    facts, terms = [facts_of(edition, r) for r in rows], [terms_of(edition, r) for r in rows]
    return settle_together(edition, rows=facts, terms=terms)
