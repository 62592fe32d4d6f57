"""The facts that a sum rests on: what the claim itself knows, and what somebody told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from lipei.ch01_general.endorsing import cover_period
from lipei.ch01_general.models import Claim, Cover, Exposure
from lipei.ch01_general.policies import covers_of
from lipei.ch03_assessment.models import Calculation, LossLine, Survey, ToldFact
from lipei.kit import clock
from lipei.kit.refusal import Refused
from lipei.manual import clause
from lipei.rules import Settlement, edition, edition_for, settle
from lipei.rules.facts import Fact
from lipei.rules.products.edition import Edition

Thing = Exposure.Thing
AFTER = {"third_party": "compulsory_motor"}
"""A cover that answers for what another cover of the same event leaves, and that cover."""
PAID_FIRST = {
    "property_compulsory_fen": "property_fen",
    "medical_compulsory_fen": "medical_fen",
    "death_compulsory_fen": "death_ordinary_fen",
}
"""The facts of such a cover that tell what the first one pays, and the columns of its sum."""
OF_THINGS = frozenset({"property_compulsory_fen"})
"""Of these facts those that speak of things; the others speak of persons."""
INJURY = "bodily_injury"
FAULTS = ("full", "main", "equal", "minor", "none")
"""The degrees of fault, in the codes in which every edition knows them."""
BY_PERSON = frozenset({"insured_year_key", "insured_life_key", "accident_key", "employee_key"})
BY_EXPOSURE = frozenset({"one_stay_key"})
"""Keys of rows that are settled together: one for each person, one for each exposure; every
other key holds all rows of an event together."""


@dataclass(frozen=True)
class Held:
    """One fact as it stands: its value, and where it comes from.

    `is_fixed`: it is established elsewhere (the loss list, the certificate, another sum) and
    told only there. `told` is the row, where somebody told it.
    """

    value: object
    source: str
    is_fixed: bool = True
    told: ToldFact | None = None


@dataclass(frozen=True)
class Event:
    """A claim as its exposures read it: each thing asked of the database once.

    `until`: as it stood when this row was the last that was told.
    """

    claim: Claim
    living: Sequence[Exposure]
    until: int | None = None

    @cached_property
    def lines(self) -> list[LossLine]:
        """The loss list."""
        return list(LossLine.objects.filter(claim=self.claim))

    @cached_property
    def is_surveyed(self) -> bool:
        """Whether a survey was finished: then its loss list is whole."""
        return Survey.objects.filter(claim=self.claim, finished_at__isnull=False).exists()

    @cached_property
    def told(self) -> list[ToldFact]:
        """Everything that was told, the oldest first."""
        found = ToldFact.objects.filter(exposure__claim=self.claim).select_related("exposure")
        if self.until is not None:
            found = found.filter(pk__lte=self.until)
        return list(found.order_by("pk"))

    @cached_property
    def covers(self) -> dict[str, Cover]:
        """The covers of the policy in force at the loss, by product."""
        policy = self.claim.policy
        found = covers_of(policy, at=self.claim.lost_at) if policy else []
        return {cover.product: cover for cover in found}

    @property
    def lost_on(self) -> date:
        """The day of the loss."""
        return self.claim.lost_at.astimezone(clock.LOCAL).date()

    @property
    def fault(self) -> str:
        """The established degree of fault; empty where it is not established."""
        fault = str(self.claim.facts.get("fault"))
        return fault if fault in FAULTS else ""

    def gross_fen(self, exposure: Exposure) -> tuple[int, int]:
        """The loss of an exposure's object and the salvage kept of it, in fen."""
        lines = [line for line in self.lines if _is_of(line, exposure)]
        return sum(line.amount_fen for line in lines), sum(line.salvage_fen for line in lines)

    def is_listed(self, exposure: Exposure) -> bool:
        """Whether a line of the loss list is of an exposure's object."""
        return any(_is_of(line, exposure) for line in self.lines)

    def told_of(self, exposure: Exposure, about: str) -> dict[str, ToldFact]:
        """What was told of an exposure and still holds, by name; an injury is that of the person,
        under whichever of the covers it was told."""
        rows = [r for r in self.told if r.about == about and _speaks_of(r, exposure)]
        newest = {row.name: row for row in rows}
        return {name: row for name, row in newest.items() if row.value is not None}

    def told_since(self, exposure: Exposure, about: str, *, than: int) -> dict[str, ToldFact]:
        """What was told of an exposure after a row, or taken back, by name."""
        rows = [r for r in self.told if r.about == about and _speaks_of(r, exposure)]
        return {row.name: row for row in rows if row.pk > than}

    def injury_of(self, exposure: Exposure) -> Settlement | None:
        """What the injury of a person comes to by heads; none while nobody told anything of it."""
        told = self.told_of(exposure, ToldFact.About.INJURY)
        if exposure.thing != Thing.PERSON or not told:
            return None
        facts = {"injured_on": self.lost_on.isoformat(), **{n: r.value for n, r in told.items()}}
        return settle(formula_of(self, exposure, ToldFact.About.INJURY), facts=facts)

    def sum_before(self, exposure: Exposure) -> Calculation | None:
        """The newest sum of the cover of the same thing or person that answers first."""
        first = AFTER.get(exposure.product, "")
        found = [e for e in self.living if e.product == first and is_same(e, exposure)]
        rows = Calculation.objects.filter(exposure__in=found).order_by("-version")
        return rows.first() if found else None


def _is_of(line: LossLine, exposure: Exposure) -> bool:
    return (line.thing, line.label) == (exposure.thing, exposure.label)


def is_same(one: Exposure, other: Exposure) -> bool:
    """Whether two exposures are of the same thing or person."""
    return (one.thing, one.label) == (other.thing, other.label)


def speaks_of_paid(name: str, exposure: Exposure) -> bool:
    """Whether a fact of what the first cover pays speaks of such a thing or person at all."""
    return (name in OF_THINGS) == (exposure.thing != Thing.PERSON)


def reads_other_sums(name: str) -> bool:
    """Whether a formula asks what another cover of the same event pays: it comes after that."""
    return edition(name).product in AFTER


def formula_of(event: Event, exposure: Exposure, about: str) -> Edition:
    """The edition whose facts are asked: that of the cover, or for an injury that of the day."""
    if about == ToldFact.About.COVER:
        return edition(exposure.edition)
    return edition_for(INJURY, lost_on=event.lost_on)


def tellable(formula: Edition) -> dict[str, Fact]:
    """The facts that people tell: not the keys of rows, nor what was used up of a limit, which
    the department counts itself."""
    counted = {one.opening for one in formula.accumulators}
    return {n: f for n, f in formula.facts.items() if f.kind != "key" and n not in counted}


def facts_held(event: Event, exposure: Exposure, *, about: str = "cover") -> dict[str, Held]:
    """Every fact that is known or told, by name; what is told goes before what is only likely."""
    formula = formula_of(event, exposure, about)
    held: dict[str, Held] = {}
    told = event.told_of(exposure, about)
    for name in formula.facts:
        known = _known(event, exposure, formula, name, about)
        row = told.get(name)
        if row and not (known and known.is_fixed):
            known = Held(row.value, "told", is_fixed=False, told=row)
        if known:
            held[name] = known
    if "fault_code" in held and "fault_share_bp" in told:
        share = formula.facts["fault_share_bp"]
        if share.unless == "fault_code":
            del held["fault_code"]
    return held


def facts_of(event: Event, exposure: Exposure) -> dict[str, object]:
    """The facts of one exposure, for the rules of its product.

    Raises `fault_unknown`, `victim_not_opened` and `item_loss_untold`; what else is missing the
    rules refuse.
    """
    held = facts_held(event, exposure)
    formula = edition(exposure.edition)
    if not event.fault and _wants_fault(formula, held):
        raise Refused("fault_unknown")
    if "medical_loss_fen" in formula.facts and event.claim.injured and not _has_victims(event):
        raise Refused("victim_not_opened")
    others_listed = any(line.thing == exposure.thing for line in event.lines)
    if "loss_fen" in formula.facts and "loss_fen" not in held and others_listed:
        raise Refused("item_loss_untold", position=exposure.position)
    return {name: one.value for name, one in held.items()}


def keys_of(formula: Edition, group: Sequence[Exposure]) -> list[dict[str, int]]:
    """The keys of exposures that are settled together, one for each row."""
    labels = list(dict.fromkeys(e.label for e in group))
    return [
        {key: labels.index(e.label) for key in formula.keys if key in BY_PERSON}
        | {key: at for key in formula.keys if key in BY_EXPOSURE}
        for at, e in enumerate(group)
    ]


def is_small(total_loss_fen: int) -> bool:
    """Whether the assessed loss of the whole event is small: 5,000.00 itself is (1.3-e, A-09)."""
    return clause("1.3-e").allows(total_loss_fen)


# What the claim knows of itself, by the name of the fact

Reader = Callable[[Event, Exposure], Held | None]


def _known(
    event: Event, exposure: Exposure, formula: Edition, name: str, about: str
) -> Held | None:
    reader = READERS.get(name) if about == ToldFact.About.COVER else INJURY_READERS.get(name)
    known = reader(event, exposure) if reader else None
    likely_only = known is not None and not known.is_fixed
    return None if likely_only and formula.facts[name].default is not None else known


def _wants_fault(formula: Edition, held: Mapping[str, Held]) -> bool:
    told = "fault_share_bp" in held or "fault_code" in held
    asked = formula.facts.get("fault_code")
    needs = asked is not None and (asked.default is None or formula.facts["fault_share_bp"].unless)
    at_fault = "is_at_fault" in formula.facts and "is_at_fault" not in held
    return bool(at_fault or (needs and not told))


def _has_victims(event: Event) -> bool:
    """Whether somebody hurt has a part that still stands; one that was withdrawn is none."""
    return any(one.thing == Thing.PERSON for one in event.living)


def _speaks_of(row: ToldFact, exposure: Exposure) -> bool:
    if row.about == ToldFact.About.INJURY:
        return is_same(row.exposure, exposure)
    return row.exposure_id == exposure.pk


def _fault(event: Event, exposure: Exposure) -> Held | None:
    if event.fault:
        return Held(event.fault, "fault")
    alone = event.claim.facts.get("others") == "none" and exposure.thing == Thing.OWN_VEHICLE
    return Held("full", "report", is_fixed=False) if alone else None


def _at_fault(event: Event, exposure: Exposure) -> Held | None:
    return Held(event.fault != "none", "fault") if event.fault else None


def _repair(event: Event, exposure: Exposure) -> Held | None:
    known = event.lines or event.is_surveyed
    return Held(event.gross_fen(exposure)[0], "losses") if known else None


def _salvage(event: Event, exposure: Exposure) -> Held | None:
    known = event.lines or event.is_surveyed
    return Held(event.gross_fen(exposure)[1], "losses") if known else None


def _listed(event: Event, exposure: Exposure) -> Held | None:
    """The loss of insured property, where lines of the loss list are of this very item."""
    listed = event.is_listed(exposure)
    return Held(event.gross_fen(exposure)[0], "losses") if listed else None


def _listed_salvage(event: Event, exposure: Exposure) -> Held | None:
    listed = event.is_listed(exposure)
    return Held(event.gross_fen(exposure)[1], "losses") if listed else None


def _recovered(event: Event, exposure: Exposure) -> Held | None:
    recovered = event.claim.facts.get("recovered_fen")
    return None if recovered is None else Held(int(recovered), "losses")


def _property(event: Event, exposure: Exposure) -> Held | None:
    """The loss of a thing, its salvage taken off; a person has none."""
    if exposure.thing == Thing.PERSON:
        return Held(0, "thing")
    loss = _repair(event, exposure)
    return loss and Held(event.gross_fen(exposure)[0] - event.gross_fen(exposure)[1],
                         "losses")  # fmt: skip


def _injury(event: Event, exposure: Exposure, *columns: str) -> Held | None:
    """Heads of the injury of a person; a thing has none, and nobody's silence is nil."""
    if exposure.thing != Thing.PERSON:
        return Held(0, "thing")
    made = event.injury_of(exposure)
    return Held(sum(made.columns[name] for name in columns), "injury") if made else None


def _mental(event: Event, exposure: Exposure) -> Held | None:
    return _injury(event, exposure, "mental_fen") if exposure.thing == Thing.PERSON else None


def _paid_first(name: str) -> Reader:
    """What the cover that answers first pays under a head; a head that is none has nothing."""

    def reader(event: Event, exposure: Exposure) -> Held | None:
        if exposure.product not in AFTER:
            return None
        if not speaks_of_paid(name, exposure):
            return Held(0, "thing")
        before = event.sum_before(exposure)
        return Held(int(before.columns[PAID_FIRST[name]]), "sum") if before else None

    return reader


def _lost_on(event: Event, exposure: Exposure) -> Held | None:
    return Held(event.lost_on.isoformat(), "report", is_fixed=False)


def _insured_from(event: Event, exposure: Exposure) -> Held | None:
    cover = event.covers.get(exposure.product)
    if cover is None:
        return None
    starts_at, _ends_at = cover_period(cover, at=event.claim.lost_at)
    first = starts_at.astimezone(clock.LOCAL).date()
    return Held(first.isoformat(), "policy", is_fixed=False)


def _insured_to(event: Event, exposure: Exposure) -> Held | None:
    """The last day of the cover: its end is the first instant after it."""
    cover = event.covers.get(exposure.product)
    if cover is None:
        return None
    _starts_at, ends_at = cover_period(cover, at=event.claim.lost_at)
    last = (ends_at - timedelta(seconds=1)).astimezone(clock.LOCAL).date()
    return Held(last.isoformat(), "policy", is_fixed=False)


READERS: Mapping[str, Reader] = {
    "fault_code": _fault,
    "is_at_fault": _at_fault,
    "repair_cost_fen": _repair,
    "salvage_kept_fen": _salvage,
    "loss_fen": _listed,
    "salvage_fen": _listed_salvage,
    "recovered_fen": _recovered,
    "property_loss_fen": _property,
    "medical_loss_fen": lambda event, one: _injury(event, one, "medical_fen"),
    "death_loss_fen": lambda event, one: _injury(event, one, "death_fen"),
    "mental_distress_fen": _mental,
    **{name: _paid_first(name) for name in PAID_FIRST},
    "accident_on": _lost_on, "event_on": _lost_on, "occurred_on": _lost_on,
    "insured_from_on": _insured_from, "year_from_on": _insured_from, "effective_on": _insured_from,
    "insured_to_on": _insured_to, "year_to_on": _insured_to,
}  # fmt: skip
INJURY_READERS: Mapping[str, Reader] = {"injured_on": _lost_on}
