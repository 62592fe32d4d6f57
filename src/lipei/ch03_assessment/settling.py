"""Exposures settled by the rules of their products, together where they share a limit."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from lipei.ch01_general.case import Case
from lipei.ch01_general.editions import refuse_unless_live
from lipei.ch01_general.models import Exposure
from lipei.ch03_assessment.accumulators import Count
from lipei.ch03_assessment.facts import facts_of, reads_other_sums
from lipei.ch03_assessment.models import Calculation
from lipei.kit.refusal import Refused
from lipei.rules import FactRefused, Settlement, edition, settle_together
from lipei.rules.facts import Fact
from lipei.rules.settlement import Given
from lipei.rules.statement import recomputed, sheet


def calculated(case: Case, wanted: Sequence[Exposure], *, count: Count) -> dict[int, Calculation]:
    """Settle exposures and keep every step of each sum; by position.

    What others used up of the limits comes from `count`, which also keeps what was seen of it.
    """
    made: dict[int, Calculation] = {}
    for group in groups_of(wanted):
        settlements = _settled(case, group, count=count)
        for exposure, settlement in zip(group, settlements, strict=True):
            kept = _kept(case, exposure, settlement, group)
            count.note(kept, exposure=exposure)
            made[exposure.position] = kept
    return dict(sorted(made.items()))


def groups_of(exposures: Sequence[Exposure]) -> list[list[Exposure]]:
    """What is settled at once: the exposures of one cover that share a limit, each other alone.

    A cover that answers for what another leaves comes after it.
    """
    groups: dict[tuple[bool, str, int], list[Exposure]] = {}
    for one in exposures:
        alone = 0 if edition(one.edition).keys else one.position
        key = (reads_other_sums(one.edition), one.edition, alone)
        groups.setdefault(key, []).append(one)
    first = {key: min(e.position for e in group) for key, group in groups.items()}
    return [groups[key] for key in sorted(groups, key=lambda key: (key[0], first[key]))]


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


def _settled(case: Case, group: Sequence[Exposure], *, count: Count) -> tuple[Settlement, ...]:
    refuse_unless_live(group[0].edition)
    rows = [facts_of(case, exposure) | count.openings(exposure) for exposure in group]
    try:
        return settle_together(
            group[0].edition, rows=rows, terms=[exposure.terms for exposure in group]
        )
    except FactRefused as no:
        raise Refused("facts_missing", fact=no.zh or no.field, field=no.field) from no


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
