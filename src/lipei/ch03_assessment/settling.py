"""Exposures settled by the rules of their products, together where they share a limit."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from lipei.ch01_general.case import Case
from lipei.ch01_general.editions import refuse_unless_live
from lipei.ch01_general.models import Exposure
from lipei.ch01_general.policies import edition_of
from lipei.ch01_general.stages import Stage
from lipei.ch03_assessment.accumulators import Count
from lipei.ch03_assessment.facts import AFTER, Event, facts_of, is_same, keys_of, reads_other_sums
from lipei.ch03_assessment.models import Calculation
from lipei.kit.refusal import Refused
from lipei.rules import FactRefused, Settlement, edition, settle_together
from lipei.rules.facts import Fact
from lipei.rules.settlement import Given
from lipei.rules.statement import recomputed, sheet

HEADS = (
    ("property_loss_fen", "property_fen"), ("medical_loss_fen", "medical_fen"),
    ("death_loss_fen", "death_ordinary_fen"),
)  # fmt: skip
"""The heads of a liability: what is asked under each, and what the first cover pays of it."""


def calculated(case: Case, wanted: Sequence[Exposure], *, count: Count) -> dict[int, Calculation]:
    """Settle exposures and keep every step of each sum; by position.

    What others used up of the limits comes from `count`, which also keeps what was seen of it.
    What the cover that answers first cannot carry falls to the one after it, if it was bought.
    """
    made: dict[int, Calculation] = {}
    first = [e for e in wanted if not reads_other_sums(e.edition)]
    for group in groups_of(first):
        made |= _calculated(case, group, count=count)
    after = [e for e in wanted if e not in first]
    after += [one for e in first if (one := _widened(case, e, made[e.position]))]
    for group in groups_of(after):
        made |= _calculated(case, group, count=count)
    return dict(sorted(made.items()))


def groups_of(exposures: Sequence[Exposure]) -> list[list[Exposure]]:
    """What is settled at once: the exposures of one cover that share a limit, each other alone.

    Those of one person stand together.
    """
    groups: dict[tuple[str, int], list[Exposure]] = {}
    for one in sorted(exposures, key=lambda e: e.position):
        alone = 0 if edition(one.edition).keys else one.position
        groups.setdefault((one.edition, alone), []).append(one)
    made = []
    for group in groups.values():
        labels = list(dict.fromkeys(e.label for e in group))
        made.append(sorted(group, key=lambda e: labels.index(e.label)))
    return made


def reference(exposure: Exposure) -> str:
    """What a sheet is bound to: the exposure's own number."""
    return exposure.number or f"{exposure.claim_id}-{exposure.position}"


def settled_again(
    calculation: Calculation, *, facts: Given | None = None, terms: Given | None = None
) -> Settlement:
    """A kept calculation worked out now, with everything that was settled together with it.

    `facts` and `terms` stand in place of its own where they are given. Raises FactRefused.
    """
    rows: list[Mapping[str, Given]] = [*calculation.rows]
    own = rows[calculation.row]
    rows[calculation.row] = {"facts": facts or own["facts"], "terms": terms or own["terms"]}
    told, bought = [r["facts"] for r in rows], [r["terms"] for r in rows]
    return settle_together(calculation.edition, rows=told, terms=bought)[calculation.row]


def _calculated(
    case: Case, group: Sequence[Exposure], *, count: Count
) -> dict[int, Calculation]:  # fmt: skip
    made: dict[int, Calculation] = {}
    settlements = _settled(case, group, count=count)
    for exposure, settlement in zip(group, settlements, strict=True):
        kept = _kept(case, exposure, settlement, group)
        count.note(kept, exposure=exposure)
        made[exposure.position] = kept
    return made


def _settled(case: Case, group: Sequence[Exposure], *, count: Count) -> tuple[Settlement, ...]:
    refuse_unless_live(group[0].edition)
    event, formula = Event(case.claim, case.live()), edition(group[0].edition)
    bought = [exposure.terms for exposure in group]
    try:
        told = [facts_of(event, exposure) | count.openings(exposure) for exposure in group]
        rows = [keys | facts for keys, facts in zip(keys_of(formula, group), told, strict=True)]
        return settle_together(formula, rows=rows, terms=bought)
    except FactRefused as no:
        raise Refused("facts_missing", fact=(no.zh, no.en), field=no.field) from no


def _widened(case: Case, exposure: Exposure, made: Calculation) -> Exposure | None:
    """The cover that answers next for what this one left, opened beside it; none where nothing
    is left, where it was not bought, or where it is open already."""
    product = next((after for after, first in AFTER.items() if first == exposure.product), "")
    cover = Event(case.claim, case.live()).covers.get(product)
    is_open = any(e.product == product and is_same(e, exposure) for e in case.live())
    if cover is None or is_open or not made.columns["is_at_fault"] or not _leaves(made):
        return None
    formula = edition_of(cover, lost_at=case.claim.lost_at)
    opened = case.add(product=product, edition=formula, terms=cover.terms, beside=exposure)
    opened.stage, opened.assessed_fen = Stage.ASSESSED, exposure.assessed_fen
    return opened


def _leaves(made: Calculation) -> bool:
    """Whether a head of the loss is larger than what is paid under it."""
    return any(made.columns[asked] > made.columns[paid] for asked, paid in HEADS)


def _kept(
    case: Case, exposure: Exposure, settlement: Settlement, group: Sequence[Exposure]
) -> Calculation:
    paper = sheet(settlement, reference=reference(exposure))
    again = recomputed(paper.as_json())
    assert again.benefit_fen == settlement.benefit_fen, "3.2-g: calculated twice, equal twice"
    exposure.benefit_fen = settlement.benefit_fen
    exposure.reserve_fen = settlement.benefit_fen
    before = Calculation.objects.filter(exposure=exposure).count()
    known = settlement.edition
    together = [
        {"position": e.position, "facts": _as_told(known.facts, told.facts),
         "terms": _as_told(known.terms, told.terms)}
        for e, told in zip(group, settlement.together, strict=True)
    ]  # fmt: skip
    return Calculation.objects.create(
        exposure=exposure, version=before + 1, edition=exposure.edition,
        facts=_as_told(known.facts, settlement.facts),
        terms=_as_told(known.terms, settlement.terms),
        columns=dict(settlement.columns), steps=[asdict(s) for s in settlement.steps],
        benefit_fen=settlement.benefit_fen, sheet_hash=paper.digest,
        made_by=case.actor.reference, together=together if len(together) > 1 else [],
        row=settlement.row,
    )  # fmt: skip


def _as_told(known: Mapping[str, Fact], values: Mapping[str, int]) -> dict[str, int]:
    """The inputs in the kinds in which they may be given again: yes and no stay yes and no."""
    return {n: bool(v) if known[n].kind == "yes_no" else v for n, v in values.items()}
