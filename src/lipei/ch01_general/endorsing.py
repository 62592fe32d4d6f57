"""How a policy changes: endorsed, paid, corrected; each from its day, none ever overwritten.

A change is kept with two times, from when it holds and when it was told. What follows from all
changes together, in the order in which they hold, stands in stretches of time (`Stretch`), so
that one that is told late falls into its place and changes nothing before its day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from django.db import connection, transaction
from procrastinate.contrib.django import app

from lipei.ch01_general import events
from lipei.ch01_general.actors import actor
from lipei.ch01_general.models import Cover, Policy, PolicyChange, Premium, Stretch
from lipei.ch01_general.policies import edition_at
from lipei.kit import clock
from lipei.kit.checks import FIRST_INSTANT, LAST_INSTANT
from lipei.kit.journal import record
from lipei.kit.once import body_digest
from lipei.kit.refusal import Refused

PLAIN = ("branch_id", "holder_id", "insured_id", "plate", "vin", "vehicle", "drivers", "region")
TIMES = ("starts_at", "ends_at")
COVER = "cover:"
FIELDS = frozenset({*PLAIN, *TIMES, "premium_paid"})
State = dict[str, object]


@dataclass(frozen=True)
class Told:
    """A change as somebody tells it. `values` are new values by field, instants as ISO texts, a
    cover under `cover:<product>` with edition, terms, starts_at and ends_at (none: it ends)."""

    kind: str
    values: Mapping[str, object]
    effective_at: datetime
    reference: str = ""
    source: str = ""

    @property
    def digest(self) -> str:
        """By which two tellings are held to be the same."""
        return body_digest({**self.values, "from": self.effective_at.isoformat()})


# Commands


def change_policy(number: str, *, told: Told, by: str) -> bool:
    """Take a change of a policy in; False if this very change was taken before (2.3-e).

    What held before its day stays as it was. Under a reference that is known, another content
    is refused.
    """
    with transaction.atomic():
        policy = _locked(number, by=by)
        if not take_in(policy, told=told, by=by):
            return False
        record(policy.subject, events.POLICY_CHANGED, by=by, clause="2.3-e",
               occurred_at=told.effective_at, kind=told.kind, reference=told.reference,
               version=policy.versions, fields=sorted(told.values), digest=told.digest)  # fmt: skip
    return True


def take_premium(
    number: str, *, reference: str, amount_fen: int, paid_at: datetime, settles: bool, by: str
) -> bool:
    """Note that premium was paid, or given back (below nought); False if it is known already.

    `settles`: from then on nothing is owed; where premium is given back, whether all of it is
    still paid.
    """
    with transaction.atomic():
        policy = _locked(number, by=by)
        made, is_new = Premium.objects.get_or_create(
            policy=policy, reference=reference,
            defaults={"amount_fen": amount_fen, "paid_at": paid_at},
        )  # fmt: skip
        if not is_new:
            if (made.amount_fen, made.paid_at) != (amount_fen, paid_at):
                raise Refused("reference_told_otherwise", field="reference")
            return False
        told = Told(PolicyChange.Kind.PREMIUM, {"premium_paid": settles}, paid_at, reference)
        take_in(policy, told=told, by=by)
        record(policy.subject, events.POLICY_CHANGED, by=by, clause="2.3-e", occurred_at=paid_at,
               kind=told.kind, reference=reference, version=policy.versions,
               amount_fen=amount_fen, fields=["premium_paid"])  # fmt: skip
    return True


# Jobs


@app.periodic(cron="7 * * * *")
@app.task(name="lipei.bring_policies_forward", queueing_lock="bring_policies_forward")
def bring_policies_forward(timestamp: int = 0) -> int:
    """Let the rows of policies stand as they stand now, where a change told ahead has come."""
    with connection.cursor() as cursor:
        cursor.execute(_FORWARD, {"now": clock.now()})
        return int(cursor.rowcount)


_NOW = ", ".join(sorted(FIELDS))
_THEN = ", ".join(f"s.{name}" for name in sorted(FIELDS))
_FORWARD = f"""
UPDATE general_policy p SET ({_NOW}) = ROW({_THEN}) FROM general_stretch s
WHERE s.policy_id = p.id AND p.versions > 1 AND s.from_at <= %(now)s AND %(now)s < s.until_at
AND ({", ".join(f"p.{name}" for name in sorted(FIELDS))}) IS DISTINCT FROM ({_THEN})
"""  # noqa: S608  every part is a constant of ours


# The parts of the commands


def _locked(number: str, *, by: str) -> Policy:
    """The policy of a number, locked; one of a branch that is not theirs is as unknown as none."""
    found = Policy.objects.select_related("branch").select_for_update(of=("self",))
    policy = found.filter(number=number).first()
    if policy is None or not actor(by).may("policies.import", policy.branch.path):
        raise Refused("policy_not_found", field="policy")
    return policy


def take_in(policy: Policy, *, told: Told, by: str) -> bool:
    """Add a change to a locked policy and make its stretches anew; False if nothing is new.

    The caller writes the entry. Refuses a field that no policy has, a policy that would end
    before it begins, and another content under a known reference.
    """
    unknown = [n for n in told.values if n not in FIELDS and not n.startswith(COVER)]
    assert not unknown, unknown
    told = replace(told, values={n: _normal(n, v) for n, v in told.values.items()})
    changes = list(policy.changes.order_by("number"))
    known = next((c for c in changes if told.reference and c.reference == told.reference), None)
    if known is not None:
        if known.digest != told.digest:
            raise Refused("reference_told_otherwise", field="reference")
        return False
    then = folded(_all(policy, changes), at=told.effective_at)
    # what bears a reference is kept as told: an earlier change may still come after it
    known_by = told.reference != ""
    values = {n: v for n, v in told.values.items() if known_by or then.get(n) != v}
    if not values:
        return False
    if not changes:
        changes = [_issued(policy)]
    changes.append(PolicyChange(
        policy=policy, number=changes[-1].number + 1, kind=told.kind, reference=told.reference,
        effective_at=told.effective_at, by=by, source=told.source, told=values,
        digest=told.digest,
    ))  # fmt: skip
    _rebuild(policy, changes)
    PolicyChange.objects.bulk_create(c for c in changes if c.pk is None)
    return True


def folded(changes: list[PolicyChange], *, at: datetime) -> State:
    """A policy as its changes make it at an instant: in the order in which they hold."""
    state: State = {}
    for change in sorted(changes, key=lambda c: (c.effective_at, c.number)):
        if change.effective_at <= at:
            state |= change.told
    return state


def cover_period(cover: Cover, *, at: datetime) -> tuple[datetime, datetime]:
    """From when to when a cover was bought, as told at an instant: endorsing its terms begins
    no new period."""
    if cover.policy.versions == 1:
        return cover.starts_at, cover.ends_at
    told = folded(list(cover.policy.changes.all()), at=at)[f"{COVER}{cover.product}"]
    assert isinstance(told, dict), cover
    return _instant(told["starts_at"]), _instant(told["ends_at"])


def state_of(policy: Policy) -> State:
    """A policy that was never changed, by field, its covers beside."""
    state: State = {name: getattr(policy, name) for name in PLAIN}
    state |= {name: instant_text(getattr(policy, name)) for name in TIMES}
    state["premium_paid"] = policy.premium_paid
    for cover in policy.covers.order_by("pk"):
        state[f"{COVER}{cover.product}"] = {
            "edition": cover.edition, "terms": cover.terms,
            "starts_at": instant_text(cover.starts_at), "ends_at": instant_text(cover.ends_at),
        }  # fmt: skip
    return state


def _all(policy: Policy, changes: list[PolicyChange]) -> list[PolicyChange]:
    return changes or [_issued(policy)]


def _issued(policy: Policy) -> PolicyChange:
    """How the policy was first told, as the change with which everything began."""
    state = state_of(policy)
    return PolicyChange(
        policy=policy, number=1, kind=PolicyChange.Kind.ISSUED, effective_at=FIRST_INSTANT,
        recorded_at=policy.recorded_at or clock.now(), by="system/policies", told=state,
        digest=policy.told_digest or body_digest(state),
    )  # fmt: skip


def _rebuild(policy: Policy, changes: list[PolicyChange]) -> None:
    """Make the stretches and covers of a policy from its changes, and its row as it stands now."""
    edges = sorted({c.effective_at for c in changes})
    states = [folded(changes, at=edge) for edge in edges]
    for state in states:
        if _instant(state["starts_at"]) >= _instant(state["ends_at"]):
            raise Refused("days_upside_down", field="ends_at")
    times = [*edges, LAST_INSTANT]
    Stretch.objects.filter(policy=policy).delete()
    Stretch.objects.bulk_create(
        Stretch(policy=policy, from_at=since, until_at=until, **_columns(state))
        for (since, until), state in zip(pairwise(times), states, strict=True)
    )
    _rebuild_covers(policy, list(zip(pairwise(times), states, strict=True)))
    for name, value in _columns(folded(changes, at=clock.now())).items():
        setattr(policy, name, value)
    policy.versions = len(changes)
    policy.save()


def _columns(state: State) -> dict[str, object]:
    told = {name: state[name] for name in (*PLAIN, "premium_paid")}
    return told | {name: _instant(state[name]) for name in TIMES}


def _rebuild_covers(
    policy: Policy, stretches: list[tuple[tuple[datetime, datetime], State]]
) -> None:
    """A row for each cover and stretch in which it stood alike; one that goes on is one row."""
    rows: list[Cover] = []
    products = dict.fromkeys(
        name for _, state in stretches for name in state if name.startswith(COVER)
    )
    for name in products:
        mine: list[Cover] = []
        for (since, until), state in stretches:
            found = _cover(policy, name, state.get(name), since, until)
            last = mine[-1] if mine else None
            if found is None:
                continue
            if last and last.ends_at == found.starts_at and _alike(last, found):
                last.ends_at = found.ends_at
                continue
            if mine and not found.edition:
                found.edition = edition_at(
                    found.product, bought="", lost_at=found.starts_at,
                    insured_from=mine[0].starts_at,
                )  # fmt: skip
            mine.append(found)
        rows.extend(mine)
    policy.covers.all().delete()
    Cover.objects.bulk_create(rows)


def _cover(
    policy: Policy, name: str, told: object, since: datetime, until: datetime
) -> Cover | None:
    """The cover within a stretch; none where it does not stand there."""
    if not isinstance(told, dict):
        return None
    starts_at, ends_at = _instant(told["starts_at"]), _instant(told["ends_at"])
    first, last = max(starts_at, since), min(ends_at, until)
    if first >= last:
        return None
    return Cover(policy=policy, product=name.removeprefix(COVER), edition=told["edition"],
                 terms=told["terms"], starts_at=first, ends_at=last)  # fmt: skip


def _alike(one: Cover, other: Cover) -> bool:
    return (one.edition, one.terms) == (other.edition, other.terms)


def instant_text(at: datetime) -> str:
    """An instant as changes tell it, so that the same instant is the same text."""
    return at.astimezone(UTC).isoformat()


def _normal(name: str, value: object) -> object:
    """A told value with its instants in the one form in which they are compared."""
    if name in TIMES:
        return instant_text(_instant(value))
    if name.startswith(COVER) and isinstance(value, dict):
        return value | {one: instant_text(_instant(value[one])) for one in TIMES}
    return value


def _instant(told: object) -> datetime:
    return datetime.fromisoformat(str(told))
