"""The claims of a frame settled one by one, every limit carried forward as a database would."""

from lipei.rules import settle
from tests.rules.random_claims import facts_of, terms_of


def is_in_turn(edition):
    """Whether an edition has accumulators, all used up in the order of settlement."""
    used = {a.consumed for a in edition.accumulators}
    return used == {"in_turn"}


def settle_in_turn(edition, rows):
    """The settlements of claims in their order: what each uses up is before the next."""
    used, made = {}, []
    for claim in rows:
        facts = facts_of(edition, claim)
        for a in edition.accumulators:
            before = used.setdefault((a.name, claim[a.key]), claim[a.opening])
            facts[a.opening] = before
        made.append(settle(edition, facts=facts, terms=terms_of(edition, claim)))
        for a in edition.accumulators:
            used[a.name, claim[a.key]] += made[-1].columns[a.used]
    return made
