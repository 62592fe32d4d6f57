"""How limits and deductibles stand: beside a sum, and held against everything that was counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, Q, Sum

from lipei.ch03_assessment.models import Accumulator, AccumulatorUse, Calculation, PriorUse
from lipei.kit.audit import Fault
from lipei.kit.models import Entry
from lipei.rules import Accumulator as Rule
from lipei.rules import edition
from lipei.rules.money import MOST_FEN

BY_EVENT = frozenset({"event", "event_person", "event_part"})
Told = dict[str, tuple[int, int, int]]


@dataclass(frozen=True)
class Standing:
    """One accumulator beside a sum: its limit, what was used before it, by it, and what is left.

    `state`: waiting until the sum is approved, counted from then on, given back when it stands
    no more. Amounts are in `unit`.
    """

    rule: Rule
    unit: str
    limit_units: int
    before_units: int
    used_units: int
    state: str

    @property
    def left_units(self) -> int:
        """What is left of it after this sum."""
        return max(0, self.limit_units - self.before_units - self.used_units)

    @property
    def is_limited(self) -> bool:
        """Whether there is a limit at all: a policy without one has the largest amount."""
        return self.unit != Accumulator.Unit.FEN or self.limit_units < MOST_FEN

    @staticmethod
    def outlasts(rule: Rule) -> bool:
        """Whether later claims use it up too: it is of a year or a life, not of one event."""
        return rule.scope not in BY_EVENT


def standings(calculations: Sequence[Calculation]) -> dict[int, list[Standing]]:
    """How every accumulator of these calculations stands, by calculation, in the order of its
    edition. What was settled in the same command before it, was used before it."""
    claims = {made.exposure.claim_id for made in calculations if edition(made.edition).accumulators}
    uses = AccumulatorUse.objects.filter(calculation__exposure__claim__in=claims)
    by_round: dict[tuple[int, int], list[AccumulatorUse]] = {}
    ordered = uses.select_related("accumulator", "calculation").order_by("pk")
    for use in ordered if claims else ():
        by_round.setdefault((use.accumulator_id, use.round), []).append(use)
    shown: dict[int, list[Standing]] = {made.pk: [] for made in calculations}
    editions = {made.pk: made.edition for made in calculations}
    for together in by_round.values():
        earlier = 0
        for use in together:
            if use.calculation_id in shown:
                rules = edition(editions[use.calculation_id]).accumulators
                rule = next(r for r in rules if r.name == use.accumulator.name)
                shown[use.calculation_id].append(_standing(rule, use, earlier))
            earlier += use.amount_units
    return shown


def limit_faults() -> list[Fault]:
    """Every accumulator that is not as what was counted of it says, one by one and in the
    journal: the table can be rebuilt from either."""
    rows = {_subject(a.key, a.product, a.name): a for a in Accumulator.objects.all()}
    faults = []
    told_by = {"not as its uses say": _by_uses(), "not as the journal says": _by_journal()}
    for kind, told in told_by.items():
        for subject in sorted(rows.keys() | told.keys()):
            row = rows.get(subject)
            held = (row.used_units, row.turns, row.limit_units) if row else (0, 0, 0)
            if held != told.get(subject, (0, 0, 0)):
                faults.append(Fault(subject, held[1], kind))
    return faults


def _standing(rule: Rule, use: AccumulatorUse, earlier: int) -> Standing:
    state = "given_back" if use.given_back_at else "counted" if use.counted_at else "waiting"
    return Standing(
        rule=rule, unit=use.accumulator.unit, limit_units=use.limit_units,
        before_units=use.before_units + earlier, used_units=use.amount_units, state=state,
    )  # fmt: skip


def _subject(key: str, product: str, name: str) -> str:
    return f"limit/{key}/{product}/{name}"


def _by_uses() -> Told:
    """What is used, the last turn and the highest limit of each, by the uses that were counted
    here and by what was brought in from before."""
    counted = AccumulatorUse.objects.filter(counted_at__isnull=False)
    rows = counted.values_list(
        "accumulator__key", "accumulator__product", "accumulator__name"
    ).annotate(
        used=Sum("amount_units", filter=Q(given_back_at=None), default=0), last=Max("turn"),
        limit=Max("limit_units"),
    )  # fmt: skip
    before = PriorUse.objects.filter(turn__isnull=False).values_list("key", "product", "name")
    brought = before.annotate(used=Sum("counted_units"), last=Max("turn"), limit=Max("limit_units"))
    told: Told = {}
    for key, product, name, used, last, most in (*rows, *brought):
        held = told.get(_subject(key, product, name), (0, 0, 0))
        told[_subject(key, product, name)] = (
            held[0] + used, max(held[1], last), max(held[2], most)
        )  # fmt: skip
    return told


def _by_journal() -> Told:
    """The same by the entries of the commands that counted and gave back."""
    told: Told = {}
    entries = Entry.objects.filter(facts__has_key="counted").order_by("pk")
    for facts in entries.values_list("facts", flat=True).iterator(2000):
        for _position, key, product, name, turn, units, limit in facts["counted"]:
            used, last, most = told.get(_subject(key, product, name), (0, 0, 0))
            told[_subject(key, product, name)] = (used + units, max(last, turn), max(most, limit))
    return told
