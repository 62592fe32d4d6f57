"""What must hold of a product edition before any claim is settled with it."""

from collections.abc import Iterator
from datetime import date
from string import Formatter

from lipei.rules.engine import Rule
from lipei.rules.facts import KINDS, Fact
from lipei.rules.products.edition import Accumulator, Edition

ENDINGS = {
    "fen": "_fen",
    "bp": "_bp",
    "days": "_days",
    "count": "_count",
    "date": "_on",
    "key": "_key",
    "code": "_code",
}
SCOPES = (
    "insured_year",
    "insured_life",
    "event",
    "event_person",
    "event_part",
    "family_year",
    "policy_year",
)
USED_UP = ("fen", "days", "count")
RANKED = ("fen", "bp", "days", "count")
CONSUMED = ("in_turn", "together")
FLAGS = ("is_", "has_", "was_")
ONE_ALREADY = ("同一", "一", "各", "The ", "One ", "Same ")
SIGNS = ("+", "-", "=", "")


def broken_promises(made: Edition) -> list[str]:
    """Every fault of an edition in a sentence; an empty list where it may be used."""
    return [
        *_faults_of_the_head(made),
        *_faults_of_facts(made),
        *_faults_between_facts(made),
        *_faults_of_order(made),
        *_faults_of_needs(made),
        *_faults_of_shares(made),
        *_faults_of_rules(made),
        *_faults_of_words(made),
        *_faults_of_the_chain(made),
        *_faults_of_accumulators(made),
        *_faults_of_papers(made),
        *_faults_of_cases(made),
    ]


def _faults_of_the_head(made: Edition) -> Iterator[str]:
    if made.name.rpartition("_")[0] != made.product:
        yield f"the folder {made.name} is not named <product>_<edition> for {made.product}"
    if made.chosen_by not in ("loss", "policy"):
        yield f"chosen_by is {made.chosen_by!r}, not loss or policy"
    if type(made.starts_on) is not date:
        yield "starts_on is not a day"
    elif made.ends_on is not None and made.ends_on < made.starts_on:
        yield "ends_on lies before starts_on"


def _faults_of_facts(made: Edition) -> Iterator[str]:
    read = {column for r in made.rules for column in r.reads}
    for name in made.facts.keys() & made.terms.keys():
        yield f"{name} is both a fact and a term"
    for name, fact in made.given.items():
        if name not in read:
            yield f"{name} is read by no rule"
        if fact.kind not in KINDS:
            yield f"{name} has the unknown kind {fact.kind}"
        elif not _is_named_for_its_kind(fact):
            yield f"{name} is not named for its kind {fact.kind}"
        if (fact.kind == "code") != bool(fact.codes):
            yield f"{name} is a code without values, or has values and is none"
        if fact.default is not None and not fact.least <= fact.default <= fact.most:
            yield f"the default of {name} lies outside its own limits"


def _faults_between_facts(made: Edition) -> Iterator[str]:
    kinds = {name: fact.kind for name, fact in made.given.items()}
    for name, fact in made.given.items():
        if fact.alike and kinds.get(fact.alike) != "key":
            yield f"{name} is alike in the rows of {fact.alike}, which is no key"
        if fact.kind == "key" and any(w.startswith(ONE_ALREADY) for w in (fact.zh, fact.en)):
            yield f"{name} says of itself that it is one, which the refusals say of it"
        if fact.kind in ("key", "code") and name in made.terms:
            yield f"{name} is a {fact.kind} and not a fact"
        if fact.unless and fact.unless not in made.facts.keys() - {name}:
            yield f"{name} depends on {fact.unless}, which is no other fact"
        if fact.later and fact.default is None:
            yield f"{name} has no default, so that it cannot be left untold"


def _faults_of_order(made: Edition) -> Iterator[str]:
    kinds = {name: fact.kind for name, fact in made.given.items()}
    for name, other in made.dated:
        if not kinds[name] == kinds.get(other) == "date":
            yield f"{name} and {other}, which it may not precede, are not both dates"
    for name, other in made.ranked:
        if kinds[name] not in RANKED or kinds[name] != kinds.get(other):
            yield f"{name} and {other}, which it may not be below, are no like numbers"
    for name, other in (*made.dated, *made.ranked):
        if name == other:
            yield f"{name} may not precede itself"


def _faults_of_needs(made: Edition) -> Iterator[str]:
    can_be_untold = {name for name, fact in made.given.items() if fact.default is not None}
    for name, others in made.needed:
        if name not in can_be_untold:
            yield f"{name} is always needed, since it has no default"
        for other in others:
            if other not in can_be_untold - {name}:
                yield f"{name} is needed for {other}, which is no other fact with a default"


def _faults_of_shares(made: Edition) -> Iterator[str]:
    for name, others in (*made.whole, *made.partial):
        if made.given[name].kind != "bp":
            yield f"{name} sums to 100% and is no rate in basis points"
        for other in others:
            if other not in made.given.keys() - {name}:
                yield f"{name} sums to 100% over the rows of {other}, which is no other fact"


def _is_named_for_its_kind(fact: Fact) -> bool:
    if fact.kind == "yes_no":
        return fact.name.startswith(FLAGS)
    return fact.name.endswith(ENDINGS[fact.kind])


def _faults_of_rules(made: Edition) -> Iterator[str]:
    given = made.facts.keys() | made.terms.keys()
    for r in made.rules:
        if r.column in given:
            yield f"{r.column} is made by a rule and also given"
        if not (r.formula.__doc__ or "").strip():
            yield f"{r.column} has no docstring"
        if not r.clause:
            yield f"{r.column} carries no clause"


def _faults_of_words(made: Edition) -> Iterator[str]:
    for name, column in made.columns.items():
        if not (column.zh and column.en):
            yield f"{name} has no words in both languages"
        if column.clause and column.clause not in made.clauses:
            yield f"{name} cites the unknown clause {column.clause}"
        if isinstance(column, Rule):
            yield from _faults_of_the_reason(made, column)
    cited = {column.clause for column in made.columns.values()}
    for key in made.clauses.keys() - cited:
        yield f"the clause {key} is cited by no column"


def _faults_of_the_reason(made: Edition, told: Rule) -> Iterator[str]:
    for field in sorted(_named_in(told.why_zh) | _named_in(told.why_en)):
        if field not in made.columns:
            yield f"the reason of {told.column} names the unknown column {field}"
        if field.endswith("_code"):
            yield f"the reason of {told.column} names a code, which is no figure"


def _named_in(words: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(words) if field}


def _faults_of_the_chain(made: Edition) -> Iterator[str]:
    for column in made.told:
        name = column.column if isinstance(column, Rule) else column.name
        if column.sign not in SIGNS:
            yield f"{name} has the unknown sign {column.sign!r}"
        if not name.endswith("_fen"):
            yield f"{name} is a step and not an amount"
        if column.part and column.part not in made.parts:
            yield f"{name} stands in the unknown part {column.part}"
    last = made.told[-1] if made.told else None
    if not (isinstance(last, Rule) and last.column == "benefit_fen" and last.sign == "="):
        yield "the last step is not benefit_fen with the sign ="


def _faults_of_accumulators(made: Edition) -> Iterator[str]:
    for a in made.accumulators:
        if not (a.zh and a.en):
            yield f"the accumulator {a.name} has no words in both languages"
        if a.scope not in SCOPES:
            yield f"the accumulator {a.name} has the unknown scope {a.scope}"
        if a.consumed not in CONSUMED:
            yield f"the accumulator {a.name} is used up {a.consumed}, not in_turn or together"
        for key in filter(None, (a.key, a.within)):
            if key not in made.keys:
                yield f"the accumulator {a.name} is shared by {key}, which is no key"
        yield from _faults_of_what_is_used_up(made, a)


def _faults_of_what_is_used_up(made: Edition, a: Accumulator) -> Iterator[str]:
    opening, columns = made.facts.get(a.opening), {r.column for r in made.rules}
    if opening is None or opening.kind not in USED_UP or opening.default != 0:
        yield f"the opening {a.opening} of {a.name} is no fact in fen, days or count, by default 0"
        return
    ending = ENDINGS[opening.kind]
    if a.limit not in columns | made.terms.keys() or not a.limit.endswith(ending):
        yield f"the limit {a.limit} of {a.name} is no term or made column like its opening"
    if a.used not in columns or not a.used.endswith(ending):
        yield f"{a.used}, which {a.name} counts, is no made column like its opening"


def _faults_of_papers(made: Edition) -> Iterator[str]:
    for paper in made.papers:
        if not (paper.zh and paper.en):
            yield f"the paper {paper.slug} has no words in both languages"
        if paper.part and paper.part not in made.parts:
            yield f"the paper {paper.slug} belongs to the unknown part {paper.part}"


def _faults_of_cases(made: Edition) -> Iterator[str]:
    names = [case.name for case in made.cases]
    if not names:
        yield "there is no worked case"
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"two cases are called {name!r}"
    for case in made.cases:
        if not case.rows:
            yield f"the case {case.name!r} has no rows"
        if not all("benefit_fen" in row.expected for row in case.rows):
            yield f"the case {case.name!r} does not say what is paid"
        for column in {c for row in case.rows for c in row.expected} - made.columns.keys():
            yield f"the case {case.name!r} names the unknown column {column}"
