"""What several claims use up together: limits and deductibles, counted under a lock.

A calculation reads what others have used up; its approval counts what it uses itself, if nothing
has moved meanwhile. The order of approval is the order in which an accumulator is used up. Locks
are taken claim first, then accumulators in the order of their keys.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

import numpy as np
from django.db.models import Max

from lipei.ch01_general.case import Case
from lipei.ch01_general.models import Claim, Exposure, Party, Policy, Stretch
from lipei.ch03_assessment.models import Accumulator, AccumulatorUse, Calculation
from lipei.kit import clock
from lipei.kit.refusal import Refused
from lipei.rules import Accumulator as Rule
from lipei.rules import Edition, edition
from lipei.rules.days import day_number, full_years
from lipei.rules.yuan import yuan

Named = tuple[str, str, str]


class Count:
    """The accumulators of some exposures of a claim, locked until the command ends."""

    def __init__(self, case: Case, exposures: Sequence[Exposure]) -> None:
        self._case = case
        self._rows: dict[Named, Accumulator] = {}
        self._names: dict[int, list[Named]] = {}
        self._lock(exposures)

    def openings(self, exposure: Exposure) -> dict[str, object]:
        """What was used up before, as the facts of this exposure's edition; the table alone
        tells it, whatever was told."""
        return {rule.opening: row.used_units for rule, row in self._of(exposure)}

    def note(self, calculation: Calculation, *, exposure: Exposure) -> list[AccumulatorUse]:
        """Keep what a calculation saw, and what it will use up once it is approved."""
        columns = calculation.columns
        return AccumulatorUse.objects.bulk_create(
            AccumulatorUse(
                accumulator=row, calculation=calculation, round=self._round,
                before_units=columns[rule.opening], amount_units=columns[rule.used],
                limit_units=columns[rule.limit],
            )
            for rule, row in self._of(exposure)
        )  # fmt: skip

    def take(self, calculation: Calculation, *, exposure: Exposure) -> None:
        """Count what an approved calculation uses up; a second time changes nothing.

        Refuses what is more than is left, and a calculation that saw another use than there is
        now: it must be made again, since its sheet would tell it wrongly.
        """
        uses = list(calculation.uses.all()) or self.note(calculation, exposure=exposure)
        rows = {row.pk: (rule, row) for rule, row in self._of(exposure)}
        for use in uses:
            assert use.given_back_at is None, f"{use} was given back: it needs a new calculation"
            if not use.in_force:
                rule, row = rows[use.accumulator_id]
                _ask_left(use, rule, row, beside=beside(use, self._counted))
                self._change(row, use, exposure)
                self._counted.append(use)

    def give_back(self, exposure: Exposure, *, why: str) -> None:
        """What an exposure used up is free again: its approval stands no more."""
        rows = {row.pk: row for row in self._rows.values()}
        for use in [u for u in self._counted if u.calculation.exposure_id == exposure.pk]:
            use.given_back_why = why
            self._change(rows[use.accumulator_id], use, exposure)
            self._counted.remove(use)

    def _lock(self, exposures: Sequence[Exposure]) -> None:
        named = {e.pk: _named(self._case, e) for e in exposures}
        self._names |= {pk: list(units) for pk, units in named.items()}
        self._rows |= locked({name: u for units in named.values() for name, u in units.items()})

    def _of(self, exposure: Exposure) -> list[tuple[Rule, Accumulator]]:
        """The accumulators of an exposure; of one that was opened meanwhile they are those of
        this claim alone, which is locked."""
        if exposure.pk not in self._names:
            self._lock([exposure])
        rows = [self._rows[name] for name in self._names[exposure.pk]]
        return list(zip(edition(exposure.edition).accumulators, rows, strict=True))

    @cached_property
    def _counted(self) -> list[AccumulatorUse]:
        return counted_of(self._case.claim) if self._rows else []

    @cached_property
    def _round(self) -> int:
        """The number of this calculation among those of the claim."""
        of_claim = AccumulatorUse.objects.filter(calculation__exposure__claim=self._case.claim)
        return (of_claim.aggregate(last=Max("round"))["last"] or 0) + 1

    def _change(self, row: Accumulator, use: AccumulatorUse, exposure: Exposure) -> None:
        """Count a use, or give back one that counts; row, use and entry say the same."""
        back = use.in_force
        amount = -use.amount_units if back else use.amount_units
        if back:
            use.given_back_at = clock.now()
        else:
            row.turns += 1
            row.limit_units = max(row.limit_units, use.limit_units)
            use.turn, use.counted_at = row.turns, clock.now()
        row.used_units += amount
        row.save(update_fields=["used_units", "limit_units", "turns"])
        use.save(update_fields=["turn", "counted_at", "given_back_at", "given_back_why"])
        told = (row.key, row.product, row.name, use.turn, amount, use.limit_units)
        self._case.count(exposure.position, *told)


# Queries


def counted_of(claim: Claim) -> list[AccumulatorUse]:
    """What counts now of the approved calculations of a claim, in the order of the rows."""
    uses = AccumulatorUse.objects.filter(
        calculation__exposure__claim=claim, counted_at__isnull=False, given_back_at=None
    )
    return list(uses.select_related("calculation").order_by("accumulator_id", "turn"))


def beside(use: AccumulatorUse, counted: Iterable[AccumulatorUse]) -> int:
    """How much of `counted` the other calculations of the same command on the claim have used."""
    same = (use.accumulator_id, use.round)
    return sum(o.amount_units for o in counted
               if o.pk != use.pk and (o.accumulator_id, o.round) == same)  # fmt: skip


def stand(claim: Claim, exposures: Sequence[Exposure]) -> bool:
    """Whether what the newest calculations saw as used by others is still so; where several
    claims use up nothing together, it always is."""
    shared = [e.pk for e in exposures if edition(e.edition).accumulators]
    if not shared:
        return True
    found = AccumulatorUse.objects.filter(calculation__exposure__claim=claim)
    uses = list(found.select_related("accumulator", "calculation"))
    counted = [use for use in uses if use.in_force]
    newest: dict[int, int] = {}
    for use in uses:
        made = use.calculation
        newest[made.exposure_id] = max(made.version, newest.get(made.exposure_id, 0))
    return all(
        use.accumulator.used_units - beside(use, counted) == use.before_units
        for use in uses
        if not use.in_force
        and use.calculation.exposure_id in shared
        and use.calculation.version == newest[use.calculation.exposure_id]
    )


def in_unit(units: int, unit: str) -> tuple[str, str]:
    """An amount of an accumulator in Chinese and in English: 1,200.00 元, 3 天, 2 次."""
    if unit == Accumulator.Unit.FEN:
        return f"{yuan(units)} 元", f"CNY {yuan(units)}"
    zh, en = UNITS[unit]
    return f"{units} {zh}", f"{units} {en}"


UNITS: Mapping[str, tuple[str, str]] = {"days": ("天", "days"), "count": ("次", "times")}

# Whose an accumulator is


def policy_year(policy: Policy, claim: Claim) -> int:
    """In which year of the policy a loss falls, from 1: a new one begins on the anniversary of
    the first day, that of a 29 February on 28 February (民法典 202)."""
    return year_on(policy.at(claim.lost_at), claim.lost_at.astimezone(clock.LOCAL).date())


def year_on(policy: Policy | Stretch, day: date) -> int:
    """In which year of a policy a day falls, from 1."""
    starts_on = policy.starts_at.astimezone(clock.LOCAL).date()
    first, other = (np.array([day_number(one)], np.int64) for one in (starts_on, day))
    return int(full_years(first, other)[0]) + 1


def insures_several(policy: Policy | Stretch, formula: Edition) -> bool:
    """Whether a policy insures several, whose limits are told apart by their identity: one of a
    company, or of a family that shares a limit."""
    shares = any(a.scope == "family_year" for a in formula.accumulators)
    return shares or policy.insured.kind != Party.Kind.PERSON


def insured_of(policy: Policy, claim: Claim, *, formula: Edition) -> str:
    """Whose limit it is: the insured's own, or, where a policy insures several, that of whoever
    claims for themselves and is identified. Raises `insured_unknown`."""
    then = policy.at(claim.lost_at)
    if not insures_several(then, formula):
        return f"party/{then.insured_id}"
    person = claim.reporter
    if person is None or claim.reporter_relation != "insured" or not person.id_digest:
        raise Refused("insured_unknown")
    return f"identity/{person.id_digest}"


def _of_policy(claim: Claim) -> Policy:
    if claim.policy is None:
        raise Refused("policy_not_linked")
    return claim.policy


LASTING: Mapping[str, str] = {
    "insured_life": "policy/{policy}/{insured}",
    "insured_year": "policy/{policy}/year/{year}/{insured}",
    "policy_year": "policy/{policy}/year/{year}",
    "family_year": "policy/{policy}/year/{year}/family",
}
"""The keys of what outlasts a claim, by scope: of a policy, in a year of it, of an insured. A
family is insured by one policy."""


def _lasting(scope: str) -> Callable[[Case, Exposure], str]:
    pattern = LASTING[scope]

    def key(case: Case, exposure: Exposure) -> str:
        policy = _of_policy(case.claim)
        formula, insured = edition(exposure.edition), ""
        if "{insured}" in pattern:
            insured = insured_of(policy, case.claim, formula=formula)
        year = policy_year(policy, case.claim)
        return pattern.format(policy=policy.pk, year=year, insured=insured)

    return key


def _event(case: Case, exposure: Exposure) -> str:
    return f"claim/{case.claim.pk}"


def _person(case: Case, exposure: Exposure) -> str:
    """Somebody hurt, or a beneficiary, is named by the first of their exposures."""
    same = [e.position for e in case.exposures
            if (e.thing, e.label) == (exposure.thing, exposure.label)]  # fmt: skip
    return f"{_event(case, exposure)}/person/{min(same)}"


KEYS: Mapping[str, Callable[[Case, Exposure], str]] = {
    "event": _event,
    "event_person": _person,
    "event_part": lambda case, exposure: f"{_event(case, exposure)}/part/{exposure.position}",
    **{scope: _lasting(scope) for scope in LASTING},
}
"""From the scope of an accumulator, as its edition says it, to the key under which it is counted.
A claim is one event."""

# The parts


def _named(case: Case, exposure: Exposure) -> dict[Named, str]:
    """The accumulators of an exposure by key, product and name, in the order of its edition,
    each with its unit."""
    made: Edition = edition(exposure.edition)
    return {
        (KEYS[a.scope](case, exposure), exposure.product, a.name): made.facts[a.opening].kind
        for a in made.accumulators
    }


def locked(wanted: Mapping[Named, str]) -> dict[Named, Accumulator]:
    """The rows of these names, made where they are missing, locked in the order of their names."""
    if not wanted:
        return {}
    rows = Accumulator.objects.filter(key__in={key for key, _product, _name in wanted})
    there = {(a.key, a.product, a.name) for a in rows}
    Accumulator.objects.bulk_create(
        (Accumulator(key=n[0], product=n[1], name=n[2], unit=wanted[n])
         for n in sorted(wanted.keys() - there)),
        ignore_conflicts=True,
    )  # fmt: skip
    in_order = rows.order_by("key", "product", "name").select_for_update(no_key=True)
    return {n: a for a in in_order if (n := (a.key, a.product, a.name)) in wanted}


def _ask_left(use: AccumulatorUse, rule: Rule, row: Accumulator, *, beside: int) -> None:
    now = row.used_units - beside
    left = max(0, use.limit_units - row.used_units)
    name = (rule.zh, rule.en)
    if use.amount_units > left:
        asked = in_unit(use.amount_units, row.unit)
        raise Refused("limit_used_up", name=name, left=in_unit(left, row.unit), asked=asked)
    if now != use.before_units:
        before = in_unit(use.before_units, row.unit)
        raise Refused("limit_moved", name=name, before=before, now=in_unit(now, row.unit))
