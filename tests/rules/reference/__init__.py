"""The benefit rules once more, told plainly: exact fractions, one claim at a time.

Written from the rules in words, with none of the code under test. Each family of products is a
module here, found by itself; it may export these, each by the name of an edition:

REFERENCE          claim -> fen paid; for a GROUPED edition rows of one group -> list of fen
MOST_PAID          claim (or rows) -> what the cover pays at most, for all rows together
MOST_LOST          claim (or rows) -> what was lost; an edition without one is in FIXED_SUM
GROUPED            set of editions whose rows belong together (every one with keys)
FIXED_SUM          set of editions that pay agreed sums, whatever was lost
FIXED_TERMS        set of editions whose terms are law, never those of a policy
DRAWN              (random, edition) -> rows of one group, where claims must fit together
MORE_LOSS          names of facts: where one is raised, no less is paid
TIE_FEN            set of editions where more loss may move the fen left over of a division (A2)
                   from one row to another, which its own limit cuts
HIGHER_DEDUCTIBLE  names of terms or facts: where one is raised, no more is paid
USED_BEFORE        names of facts: what was used up before never raises the payment
USUAL              claim -> the claim without what these three are exempt from (P2)
WORKED             set of the worked examples ("OD-01") that are cases of the family

A claim is a dict of all facts and terms by name; a date is a day's number, yes is true.
"""

from importlib import import_module
from pkgutil import iter_modules

MODULES = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]


def _tables(name):
    """What the modules export under a name, by edition; each edition stands in one module."""
    joined = {}
    for module in MODULES:
        table = getattr(module, name, {})
        assert not joined.keys() & table.keys(), (name, joined.keys() & table.keys())
        joined |= table
    return joined


def _sets(name):
    return {one for module in MODULES for one in getattr(module, name, set())}


REFERENCE, MOST_PAID, MOST_LOST = _tables("REFERENCE"), _tables("MOST_PAID"), _tables("MOST_LOST")
DRAWN, USUAL = _tables("DRAWN"), _tables("USUAL")
MORE_LOSS, HIGHER_DEDUCTIBLE = _tables("MORE_LOSS"), _tables("HIGHER_DEDUCTIBLE")
USED_BEFORE = _tables("USED_BEFORE")
GROUPED, FIXED_SUM, FIXED_TERMS = _sets("GROUPED"), _sets("FIXED_SUM"), _sets("FIXED_TERMS")
TIE_FEN = _sets("TIE_FEN")
WORKED = _sets("WORKED")


def paid_by_reference(name, rows):
    """What the reference pays for each row of a group (fen)."""
    if name in GROUPED:
        return REFERENCE[name](rows)
    return [REFERENCE[name](claim) for claim in rows]


def at_most(table, name, rows):
    """What MOST_PAID or MOST_LOST allows for a group (fen)."""
    return table[name](rows) if name in GROUPED else sum(table[name](claim) for claim in rows)
