"""3.1 beside the survey: the facts of a sum are told, each with the paper that shows it."""

from collections.abc import Mapping, Sequence

from lipei.ch01_general.case import Case
from lipei.ch01_general.models import Exposure
from lipei.ch01_general.policies import insures
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import ORDER, Stage
from lipei.ch01_general.words import stage_words
from lipei.ch02_intake.covers import DEATH
from lipei.ch02_intake.materials import handed_kinds
from lipei.ch03_assessment import events
from lipei.ch03_assessment.facts import Event, facts_held, formula_of, tellable
from lipei.ch03_assessment.models import ToldFact
from lipei.kit.refusal import Refused
from lipei.rules import FactRefused, Settlement, edition, settle
from lipei.rules.facts import Fact, refuse_unknown
from lipei.rules.products.edition import Edition

Thing = Exposure.Thing
OPEN_TO_FACTS = frozenset({Stage.REGISTERED, Stage.INVESTIGATING, Stage.ASSESSED, Stage.RETURNED})
BY_TELLING = frozenset({Thing.PERSON, Thing.INSURED, Thing.OWN_PROPERTY})
"""Things whose loss is assessed once everything is told; a vehicle's is by its survey."""
AWAITED: Mapping[str, object] = {
    "is_at_fault": True, "fault_code": "full", "property_compulsory_fen": 0,
    "medical_compulsory_fen": 0, "death_compulsory_fen": 0,
}  # fmt: skip
"""Facts that come later from the certificate or another sum, as the loss is tried without them:
what is asked does not depend on them."""

# Commands


def tell_facts(
    number: str, *, position: int, facts: Mapping[str, object], paper: str, by: str,
    about: str = ToldFact.About.COVER,
) -> list[str]:  # fmt: skip
    """Tell facts of an exposure in the kinds of its formula, and the paper that shows them (3.1-d).

    None takes back what was told. What the claim knows of itself is established where it comes
    from, not here. With the last fact that is needed the loss of a person, or of insured property,
    is assessed. Told again unchanged, nothing changes. Returns the names of what changed.
    """
    with open_case(number, by=by, duty="facts.tell") as case:
        exposure = case.exposure(position)
        _ask_open(case, exposure, about)
        if paper not in handed_kinds(case.claim):
            raise Refused("paper_not_handed", field="paper")
        rows = _changed(case, exposure, facts, about)
        for row in rows:
            row.paper, row.told_by = paper, case.actor.reference
        ToldFact.objects.bulk_create(rows)
        _pay_no_dead(case, rows)
        event = Event(case.claim, case.live())
        _ask_coherent(event, exposure, about)
        assessed = _assess(case, event)
        case.record(
            events.FACTS_TOLD, clause="3.1-d", position=position, about=about, paper=paper,
            names=[row.name for row in rows], told=[row.pk for row in rows],
            assessed={str(e.position): e.assessed_fen for e in assessed},
        )  # fmt: skip
    return [row.name for row in rows]


# Queries


def what_is_missing(event: Event, exposure: Exposure) -> FactRefused | None:
    """The first fact that still keeps an exposure from being settled; none where it can be."""
    tried = _tried(event, exposure)
    return tried if isinstance(tried, FactRefused) else None


def is_told(exposure: Exposure) -> bool:
    """Whether the loss of an exposure is assessed by telling, not by a survey."""
    return exposure.thing in BY_TELLING


# The parts of the command


def _ask_open(case: Case, exposure: Exposure, about: str) -> None:
    if about not in ToldFact.About.values:
        raise Refused("choice_unknown", field="about")
    if about == ToldFact.About.INJURY and exposure.thing != Thing.PERSON:
        raise Refused("injury_of_a_thing", field="about")
    if exposure not in case.live():
        raise Refused("claim_closed")
    if Stage(exposure.stage) not in OPEN_TO_FACTS:
        raise Refused.stage(stage_words(exposure.stage))


def _changed(
    case: Case, exposure: Exposure, facts: Mapping[str, object], about: str
) -> list[ToldFact]:
    """What is told otherwise than it stands, each checked for itself."""
    event = Event(case.claim, case.live())
    formula = formula_of(event, exposure, about)
    held = facts_held(event, exposure, about=about)
    rows: list[ToldFact] = []
    for name, given in facts.items():
        value = _checked(formula, name, given)
        if name not in tellable(formula):
            raise Refused("fact_stands_elsewhere", field=name)
        now = held.get(name)
        if now and now.is_fixed:
            if value is not None and value != _spoken(formula.facts[name], now.value):
                raise Refused("fact_stands_elsewhere", field=name)
            continue
        told = now.told.value if now and now.told else None
        untold = formula.facts[name].default
        is_default = untold is not None and value == formula.facts[name].spoken(untold)
        if value == told or (told is None and is_default):
            continue
        rows.append(ToldFact(exposure=exposure, about=about, name=name, value=value))
    return rows


def _checked(formula: Edition, name: str, given: object) -> object:
    """A told value in the kind of its fact. Raises `fact_refused` with the field."""
    try:
        refuse_unknown({name: given}, known=formula.facts)
        fact = formula.facts[name]
        if fact.kind == "key":
            raise fact.refused("unknown")
        return None if given is None else _spoken(fact, given)
    except FactRefused as no:
        raise refused(no) from no


def _spoken(fact: Fact, given: object) -> object:
    return fact.spoken(fact.checked(given))


def _pay_no_dead(case: Case, rows: Sequence[ToldFact]) -> None:
    """With the word that the insured has died nothing goes to them any more (4.1-b, 保险法42);
    where it was a mistake, it goes to them again."""
    deaths = (row for row in rows if row.name == "is_death")
    said = next((row for row in deaths if row.exposure.thing == Thing.INSURED), None)
    claim, policy = case.claim, case.claim.policy_then
    if said is None or policy is None or claim.cause == DEATH:
        return
    for one in case.live():
        if one.thing != Thing.INSURED or ORDER[Stage(one.stage)] >= ORDER[Stage.AGREED]:
            continue
        payee = one.payee_id
        lives = payee is not None and insures(claim.policy_id, party_id=payee, at=claim.lost_at)
        if said.value and lives:
            one.payee_id = None
        elif not said.value and not lives:
            one.payee_id = policy.insured_id


def _ask_coherent(event: Event, exposure: Exposure, about: str) -> None:
    """What is told may still be incomplete, but not contradict itself; an injury is whole."""
    try:
        if about == ToldFact.About.INJURY:
            event.injury_of(exposure)
            return
    except FactRefused as no:
        raise refused(no) from no
    tried = _tried(event, exposure)
    if isinstance(tried, FactRefused) and tried.reason != "missing":
        raise refused(tried)


def refused(no: FactRefused) -> Refused:
    """The no of the rules to one fact, as the department says it."""
    return Refused("fact_refused", fact=(no.zh, no.en), field=no.field)


def _assess(case: Case, event: Event) -> list[Exposure]:
    """Everything whose facts are all told now is assessed: its loss is what is asked."""
    assessed = []
    for exposure in case.live():
        if not is_told(exposure) or Stage(exposure.stage) not in OPEN_TO_FACTS:
            continue
        tried = _tried(event, exposure)
        if isinstance(tried, FactRefused):
            continue
        exposure.assessed_fen = asked_fen(tried)
        exposure.reserve_fen = exposure.assessed_fen
        assessed.append(exposure)
        if exposure.stage in {Stage.REGISTERED, Stage.INVESTIGATING}:
            case.move(exposure, Stage.ASSESSED)
    if assessed:
        case.start("1.2-e")
        case.ask("calculate", duty="calculate")
        case.answer("tell_facts")
        case.hand_to("insurer")
    return assessed


def asked_fen(settlement: Settlement) -> int:
    """What is asked in all: the lines that add."""
    return sum(step.amount_fen for step in settlement.steps if step.sign == "+")


def _tried(event: Event, exposure: Exposure) -> Settlement | FactRefused:
    """An exposure settled alone, as far as its own facts go."""
    formula = edition(exposure.edition)
    later = {name: value for name, value in AWAITED.items() if name in formula.facts}
    known: Sequence[tuple[str, object]] = ()
    try:
        known = tuple((n, one.value) for n, one in facts_held(event, exposure).items())
        keys = {key: 0 for key in formula.keys if formula.given[key].default is None}
        return settle(formula, facts={**later, **keys, **dict(known)}, terms=exposure.terms)
    except FactRefused as no:
        return no
