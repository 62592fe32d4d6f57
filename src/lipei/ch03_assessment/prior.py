"""What insured persons had used up of their limits before Lipei, so that the figures go on.

A paper of the former system tells it, one person brings it in, another one approves the very rows
that were read; from then on it counts as if the claims had been settled here. A later paper that
tells another amount corrects it forward: the difference counts, and what stood stays.
"""

from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q, QuerySet

from lipei.ch01_general.actors import Actor, actor
from lipei.ch01_general.models import Cover, Party, Policy
from lipei.ch01_general.policies import edition_of
from lipei.ch02_intake.materials import own_upload
from lipei.ch03_assessment import events
from lipei.ch03_assessment.accumulators import (
    LASTING,
    Named,
    in_unit,
    insures_several,
    locked,
    year_on,
)
from lipei.ch03_assessment.models import Accumulator, AccumulatorUse, PriorBatch, PriorUse
from lipei.kit import clock, sealed
from lipei.kit.journal import record
from lipei.kit.models import Upload
from lipei.kit.refusal import Refused
from lipei.rules import Accumulator as Rule
from lipei.rules import Edition, edition

PERSON = "staff/"
MOST_ROWS = 2_000
LEAP_DAY = (2, 29)
BRING, APPROVE, READ = "limits.bring", "limits.approve", "audit.read"


@dataclass(frozen=True)
class Told:
    """One row of a paper: whose limit, in which year of the policy, and how much of it was used
    up in all, in the limit's own unit (fen, days, a count).

    `product` may be left out where only one cover of the policy has such a limit; `year` is a
    number or a day in it; `identity` says whose it is, where a policy insures several.
    """

    policy: str
    limit: str
    amount_units: int
    year: int | date | None = None
    product: str = ""
    identity: str = ""


# Commands


def propose_prior(
    rows: Sequence[Told], *, source: str, paper: str, reason: str, by: str,
    proof: int | None = None, file_hash: str = "",
) -> PriorBatch:  # fmt: skip
    """Bring in what a paper tells. Nothing counts until another person has approved it; the same
    rows that wait already are the same proposal. Raises the refusal of the first bad row."""
    acting = actor(by)
    if not acting.may(BRING):
        raise Refused("duty_missing")
    if len(rows) > MOST_ROWS:
        raise Refused("prior_too_many", most=MOST_ROWS, field="file")
    uses = without_doubles(resolved(one, acting=acting) for one in rows)
    uses = [use for use in uses if standing(use) != use.amount_units]
    if not uses:
        raise Refused("prior_nothing_new")
    digest = digest_of(uses, source=source, paper=paper)
    with transaction.atomic():
        evidence = _evidence(proof, by=by)
        made, is_new = PriorBatch.objects.get_or_create(
            digest=digest, state=PriorBatch.State.WAITING,
            defaults={"source": source, "paper": paper, "reason": reason,
                      "file_hash": file_hash, "proof": evidence, "proposed_by": by},
        )  # fmt: skip
        if is_new:
            for use in uses:
                use.batch = made
            PriorUse.objects.bulk_create(uses)
            record(str(made), events.PRIOR_USES_PROPOSED, by=by, clause="3.3-a", digest=digest,
                   rows=len(uses), file=file_hash, proof=proof)  # fmt: skip
    return made


def vouch_prior(batch: int, *, proof: int | None, by: str) -> PriorBatch:
    """Somebody of the house answers for what was brought in at the console, with the evidence."""
    with transaction.atomic():
        held = _waiting(batch, acting=actor(by), duty=BRING)
        if held.proposed_by.startswith(PERSON):
            raise Refused("prior_not_waiting")
        held.proposed_by, held.proof = by, _evidence(proof, by=by)
        held.save(update_fields=["proposed_by", "proof"])
        record(str(held), events.PRIOR_USES_VOUCHED, by=by, clause="3.3-a", digest=held.digest,
               proof=proof)  # fmt: skip
    return held


def drop_prior(batch: int, *, by: str) -> PriorBatch:
    """Give up what was brought in and not approved; it stays to be read."""
    with transaction.atomic():
        held = _waiting(batch, acting=actor(by), duty=BRING)
        _decide(held, PriorBatch.State.DROPPED, by=by)
        record(str(held), events.PRIOR_USES_DROPPED, by=by, clause="3.3-a", digest=held.digest)
    return held


def approve_prior(batch: int, *, digest: str, by: str) -> PriorBatch:
    """Count what a paper tells; the approver has read the rows of this digest.

    Never by whoever brought it in, and never where nobody did. Refuses more than a limit holds
    together with what was counted here.
    """
    with transaction.atomic():
        held = _waiting(batch, acting=actor(by), duty=APPROVE)
        if not held.proposed_by.startswith(PERSON):
            raise Refused("prior_of_nobody")
        if held.proposed_by == by:
            raise Refused("same_person_prior")
        if held.digest != digest:
            raise Refused("prior_changed")
        uses = list(held.uses.order_by("key", "product", "name"))
        rows = locked({named(use): use.unit for use in uses})
        counted = [_counted(use, rows[named(use)]) for use in uses]
        _decide(held, PriorBatch.State.APPROVED, by=by)
        record(str(held), events.PRIOR_USES_APPROVED, by=by, clause="3.3-a", digest=digest,
               counted=counted)  # fmt: skip
    return held


# Queries


def seen_by(acting: Actor) -> QuerySet[PriorBatch]:
    """The batches of which somebody may read every row: those of their own branches."""
    held = [duty for duty in (BRING, APPROVE, READ) if acting.may(duty)]
    if not held:
        raise Refused("duty_missing")
    if acting.is_system:
        return PriorBatch.objects.all()
    paths = {path for duty in held for path in acting.paths(duty)}
    mine = Q(policy__branch__path__startswith=paths.pop())
    for path in paths:
        mine |= Q(policy__branch__path__startswith=path)
    beyond = PriorUse.objects.exclude(mine).values("batch")
    return PriorBatch.objects.exclude(pk__in=beyond)


def batch_seen(number: int, *, by: Actor) -> PriorBatch:
    """A batch that somebody may read; another one does not exist for them."""
    found = seen_by(by).filter(pk=number).first()
    if found is None:
        raise Refused("prior_not_found")
    return found


def uses_of(batch: PriorBatch) -> QuerySet[PriorUse]:
    """The rows of a batch, by policy and limit."""
    return batch.uses.select_related("policy").order_by("policy__number", "product", "name", "key")


def standing(use: PriorUse) -> int:
    """What counts now of the same limit from before Lipei; 0 where nothing was told."""
    same = PriorUse.objects.filter(key=use.key, product=use.product, name=use.name)
    return same.filter(turn__isnull=False).order_by("-turn").values_list(
        "amount_units", flat=True
    ).first() or 0  # fmt: skip


def settled_before(batch: PriorBatch) -> list[str]:
    """The claims whose sums were approved here before a batch told more of their limits: they
    keep their figures, and somebody should look at them."""
    numbers: set[str] = set()
    for use in batch.uses.filter(turn__isnull=False):
        found = AccumulatorUse.objects.filter(
            accumulator__key=use.key, accumulator__product=use.product,
            accumulator__name=use.name, turn__lt=use.turn, given_back_at=None,
        )  # fmt: skip
        numbers |= set(found.values_list("calculation__exposure__claim__number", flat=True))
    return sorted(numbers)


def named(use: PriorUse) -> Named:
    """The limit that a use is of."""
    return use.key, use.product, use.name


def rule_of(use: PriorUse) -> Rule:
    """The accumulator of a use in the words of its edition."""
    return next(a for a in edition(use.edition).accumulators if a.name == use.name)


def digest_of(uses: Iterable[PriorUse], *, source: str, paper: str) -> str:
    """What the rows of a paper are bound to, in whatever order they came."""
    told = sorted(f"{use.key} {use.product} {use.name} {use.amount_units}" for use in uses)
    return sha256("\n".join([source, paper, *told]).encode()).hexdigest()


# A row of a paper, and the limit that it means


def resolved(told: Told, *, acting: Actor) -> PriorUse:
    """The limit that a row means, unsaved. Raises the refusal with its field."""
    policy = Policy.objects.select_related("insured", "branch").filter(number=told.policy).first()
    if policy is None or not acting.may(BRING, policy.branch.path):
        raise Refused("prior_policy_unknown", field="policy")
    formula, rule, cover = _limit(policy, told)
    pattern = LASTING[rule.scope]
    year = _year(policy, told.year) if "{year}" in pattern else None
    then, insured = policy.at(_within(policy, told.year)), ""
    if "{insured}" in pattern:
        several = insures_several(then, formula)
        insured = _insured(then.insured, told.identity, is_one_of_several=several)
    limit = _limit_units(rule, formula, cover)
    if limit is not None and told.amount_units > limit:
        unit = formula.facts[rule.opening].kind
        left, asked = in_unit(limit, unit), in_unit(told.amount_units, unit)
        raise Refused(
            "prior_over_limit", name=(rule.zh, rule.en), field="amount", left=left, asked=asked
        )
    return PriorUse(
        policy=policy, key=pattern.format(policy=policy.pk, year=year, insured=insured),
        product=cover.product, name=rule.name, unit=formula.facts[rule.opening].kind, year=year,
        edition=formula.name, amount_units=told.amount_units, limit_units=limit,
    )  # fmt: skip


def without_doubles(uses: Iterable[PriorUse]) -> list[PriorUse]:
    """The uses of a paper; refuses one that tells of a limit twice."""
    found: dict[Named, PriorUse] = {}
    for use in uses:
        if named(use) in found:
            raise Refused("prior_twice", field="limit")
        found[named(use)] = use
    return list(found.values())


def unit_meant(told: str, *, policy: str) -> str:
    """The unit of the limit that a row of a table means: fen where it is not known."""
    for cover in Cover.objects.filter(policy__number=policy).select_related("policy"):
        formula = edition(edition_of(cover, lost_at=cover.starts_at))
        for rule in formula.accumulators:
            if told in (rule.name, rule.zh, rule.en):
                return formula.facts[rule.opening].kind
    return Accumulator.Unit.FEN.value


def _limit(policy: Policy, told: Told) -> tuple[Edition, Rule, Cover]:
    covers = policy.covers.order_by("starts_at", "pk")
    if told.product:
        covers = covers.filter(product=told.product)
    found = {}
    for cover in covers:
        formula = edition(edition_of(cover, lost_at=cover.starts_at))
        for rule in formula.accumulators:
            if told.limit in (rule.name, rule.zh, rule.en):
                found[cover.product] = (formula, rule, cover)
    if len(found) > 1:
        raise Refused("prior_product_needed", field="product")
    if not found:
        raise Refused("prior_limit_unknown", field="limit")
    (one,) = found.values()
    if one[1].scope not in LASTING:
        raise Refused("prior_of_event", field="limit")
    return one


def _year(policy: Policy, told: int | date | None) -> int:
    """The year of the policy, from 1; refuses one in which it insured nothing."""
    if told is None:
        raise Refused("prior_year_needed", field="year")
    first_on, last_on = (
        at.astimezone(clock.LOCAL).date()
        for at in (policy.starts_at, policy.ends_at - timedelta(microseconds=1))
    )
    last = year_on(policy, last_on)
    number = year_on(policy, told) if isinstance(told, date) else told
    is_outside = isinstance(told, date) and not first_on <= told <= last_on
    if is_outside or not 1 <= number <= last:
        raise Refused("prior_year_outside", last=last, field="year")
    return number


def _within(policy: Policy, told: int | date | None) -> datetime:
    """An instant in the year of a policy: the day that was told, else the first of that year."""
    if isinstance(told, date):
        return datetime.combine(told, time(12), tzinfo=clock.LOCAL)
    first = policy.starts_at.astimezone(clock.LOCAL)
    later = first.year + (told or 1) - 1
    is_leap_day = (first.month, first.day) == LEAP_DAY and not isleap(later)
    return first.replace(year=later, day=first.day - 1 if is_leap_day else first.day)


def _insured(party: Party, identity: str, *, is_one_of_several: bool) -> str:
    """Whose limit it is, as it is counted for claims."""
    digest = sealed.digest(identity) if identity else ""
    if not is_one_of_several:
        if digest and digest != party.id_digest:
            raise Refused("prior_insured_unlike", field="identity")
        return f"party/{party.pk}"
    if not digest:
        raise Refused("prior_insured_needed", field="identity")
    return f"identity/{digest}"


def _limit_units(rule: Rule, formula: Edition, cover: Cover) -> int | None:
    """How much the limit holds by what the cover bought; none where a claim alone tells it."""
    if rule.limit not in formula.terms:
        return None
    told = cover.terms.get(rule.limit)
    return int(told) if told is not None else formula.terms[rule.limit].default


# The parts


def _waiting(batch: int, *, acting: Actor, duty: str) -> PriorBatch:
    """A batch that waits, locked, in whose branches somebody holds a duty."""
    if not acting.may(duty):
        raise Refused("duty_missing")
    held = PriorBatch.objects.select_for_update().filter(pk=batch).first()
    if held is None:
        raise Refused("prior_not_found")
    if held.state != PriorBatch.State.WAITING:
        raise Refused("prior_not_waiting")
    paths = {use.policy.branch.path for use in held.uses.select_related("policy__branch")}
    if not all(acting.may(duty, path) for path in paths):
        raise Refused("prior_not_found")
    return held


def _evidence(proof: int | None, *, by: str) -> Upload | None:
    """What proves the rows: a person must hand it in, the console leaves it to whoever vouches."""
    if proof is None and by.startswith(PERSON):
        raise Refused("prior_needs_proof", field="proof")
    return None if proof is None else own_upload(proof, by=by, field="proof")


def _decide(held: PriorBatch, state: PriorBatch.State, *, by: str) -> None:
    held.state, held.decided_by, held.decided_at = state, by, clock.now()
    held.save(update_fields=["state", "decided_by", "decided_at"])


def _counted(use: PriorUse, row: Accumulator) -> list[object]:
    """Count a use on the locked row of its limit, as the entry tells it."""
    difference = use.amount_units - standing(use)
    used = row.used_units + difference
    most = max(row.limit_units, used if use.limit_units is None else use.limit_units)
    if used > most:
        rule = rule_of(use)
        left = max(0, most - row.used_units + standing(use))
        raise Refused("prior_over_limit", name=(rule.zh, rule.en), left=in_unit(left, use.unit),
                      asked=in_unit(use.amount_units, use.unit))  # fmt: skip
    row.used_units, row.limit_units, row.turns = used, most, row.turns + 1
    row.save(update_fields=["used_units", "limit_units", "turns"])
    use.turn, use.counted_units, use.limit_units = row.turns, difference, most
    use.save(update_fields=["turn", "counted_units", "limit_units"])
    return [0, row.key, row.product, row.name, row.turns, difference, most]
