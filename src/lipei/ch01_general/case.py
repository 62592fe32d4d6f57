"""A claim opened for one command: its exposures, its clocks, its one entry."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.models import Claim, Clock, Exposure, Task
from lipei.ch01_general.stages import ENDINGS, MOVES, ORDER, Side, Stage
from lipei.ch01_general.words import stage_words
from lipei.kit import clock, journal
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused
from lipei.manual import clause


class Case:
    """A claim opened for one command, with what the command did to it."""

    def __init__(
        self,
        claim: Claim,
        acting: Actor,
        *,
        duty: str,
    ) -> None:
        self.duty = duty
        self.claim = claim
        self.actor = acting
        self.exposures = list(claim.exposures.order_by("position"))
        self.entry: Entry | None = None
        self._moves: list[list[object]] = []
        self._clocks: list[list[object]] = []
        self._counted: list[list[object]] = []
        self._recount = False

    def exposure(self, position: int) -> Exposure:
        """The exposure at a position; refuses one that the claim does not have."""
        for exposure in self.exposures:
            if exposure.position == position:
                return exposure
        raise Refused("claim_not_found")

    def add(
        self, *, product: str, edition: str, terms: dict[str, object], beside: Exposure,
        thing: str = "", label: str = "", stage: Stage | None = None, decide: str = "K2",
    ) -> Exposure:  # fmt: skip
        """Open a further exposure: of the same thing under another cover, at the same stage, or
        of another thing or person (`thing`, `label`), whose payee is not known yet. The law's
        clock for its decision is `decide`."""
        position = max(e.position for e in self.exposures) + 1
        number = beside.number and f"{beside.number.rsplit('-', 1)[0]}-{position}"
        made = Exposure.objects.create(
            claim=self.claim, position=position, number=number, product=product,
            edition=edition, terms=terms, thing=thing or beside.thing,
            label=label or beside.label, payee_id=None if label else beside.payee_id,
            stage=stage or beside.stage,
        )  # fmt: skip
        self.exposures.append(made)
        self._moves.append([position, None, made.stage])
        for running in Clock.objects.filter(claim=self.claim, exposure=beside, stopped_at=None):
            law = decide if running.clause in {"K2", "K6-decide"} else running.clause
            self.start(law, at=running.started_at, exposure=made, limit=running.limit)
        return made

    def live(self) -> list[Exposure]:
        """The exposures that have not ended by withdrawal, cancellation or zero."""
        return [e for e in self.exposures if not ENDINGS & {Side(s) for s in e.sides}]

    def move(self, exposure: Exposure, to: Stage) -> None:
        """Bring an exposure to its next stage; the table of moves allows it or it is refused."""
        source = Stage(exposure.stage)
        if to not in MOVES[source]:
            raise Refused.stage(stage_words(source))
        exposure.stage = to
        self._moves.append([exposure.position, source.value, to.value])

    def start(
        self, clause_id: str, *, at: datetime | None = None, exposure: Exposure | None = None,
        limit: str = "",
    ) -> Clock:  # fmt: skip
        """Start the clock of a clause at a legal instant; one that runs already is kept.

        `limit` names the number that counts here, where the clause has several.
        """
        started = at or clock.now()
        found = self._running(clause_id, exposure)
        if found:
            return found
        made = new_clock(self.claim, clause_id, at=started, exposure=exposure, limit=limit)
        made.save(force_insert=True)
        self._note("start", made)
        return made

    def stop(
        self, clause_id: str, *, at: datetime | None = None, exposure: Exposure | None = None
    ) -> bool:
        """Stop a running clock: kept if before its due instant, else breached at that instant."""
        found = self._running(clause_id, exposure)
        if found is None:
            return False
        found.stopped_at = at or clock.now()
        row = clause(found.clause, edition=found.edition)
        due_at = found.due_at
        limit = found.limit or None
        if due_at and not clock.is_kept(row, due=due_at, met=found.stopped_at, limit=limit):
            found.breached_at = found.breached_at or due_at
        found.save(update_fields=["stopped_at", "breached_at"])
        self._note("stop", found)
        return True

    def void(self, clause_id: str, *, exposure: Exposure | None = None) -> bool:
        """Take a clock away because its promise no longer applies; it counts nowhere."""
        found = self._running(clause_id, exposure)
        if found is None:
            return False
        found.stopped_at, found.void = clock.now(), True
        found.save(update_fields=["stopped_at", "void"])
        self._note("void", found)
        return True

    def void_all(self) -> None:
        """Take every running clock away: the claim has ended otherwise."""
        running = Clock.objects.filter(claim=self.claim, stopped_at=None)
        for one in running:
            self.void(one.clause, exposure=self._of(one.exposure_id))

    def void_of(self, exposure: Exposure) -> None:
        """Take away every clock that runs for one exposure: nothing of it is due any more."""
        running = Clock.objects.filter(claim=self.claim, exposure=exposure, stopped_at=None)
        for one in running:
            self.void(one.clause, exposure=exposure)

    def _of(self, pk: int | None) -> Exposure | None:
        return next((e for e in self.exposures if e.pk == pk), None)

    def pause(self, clause_id: str, *, reason: str, at: datetime, exposure: Exposure) -> bool:
        """Pause a clock for a reason that its clause allows; without one it runs on (T7)."""
        found = self._running(clause_id, exposure)
        if found is None or found.due_at is None:
            return False
        if reason not in clause(found.clause, edition=found.edition).pauses:
            return False
        found.pauses = [*found.pauses, [at.isoformat(), None, reason]]
        found.due_at = found.warn_at = None
        found.save(update_fields=["pauses", "due_at", "warn_at"])
        self._note("pause", found)
        return True

    def resume(self, clause_id: str, *, at: datetime, exposure: Exposure) -> bool:
        """Let a paused clock run on; what it had left, it has left."""
        found = self._running(clause_id, exposure)
        if found is None or found.due_at is not None:
            return False
        *before, last = found.pauses
        found.pauses = [*before, [last[0], at.isoformat(), last[2]]]
        found.due_at, found.warn_at = due_again(found)
        found.save(update_fields=["pauses", "due_at", "warn_at"])
        self._note("resume", found)
        return True

    def recount(self) -> int:
        """Count every running clock again by the calendar in use; how many moved.

        One whose new due time has passed is due now; one that was missed by a day that turned
        out to be no working day is not missed.
        """
        present, moved = clock.now(), 0
        for found in Clock.objects.filter(claim=self.claim, stopped_at=None, due_at__isnull=False):
            due, warn = due_again(found)
            assert found.due_at is not None
            passed = due is not None and due <= present
            if due == found.due_at or (passed and found.due_at <= present):
                continue
            found.due_at, found.warn_at = (present if passed else due), warn
            if not passed:
                found.breached_at = None
            found.save(update_fields=["due_at", "warn_at", "breached_at"])
            self._note("recount", found)
            moved += 1
        return moved

    def take(self) -> None:
        """Whoever of the house first works on a claim answers for it, until it is assigned."""
        if self.claim.officer_id is None and self.actor.staff_id is not None:
            self.claim.officer_id = self.actor.staff_id
            Task.objects.filter(claim=self.claim, done_at=None, assignee=None).update(
                assignee_id=self.actor.staff_id
            )

    def count(self, *row: object) -> None:
        """Tell in the entry what of a limit of several claims was used up or given back."""
        self._counted.append(list(row))

    def hand_to(self, holder: str) -> None:
        """Say who holds the ball from now on: claimant, insurer, surveyor, bank, court."""
        if self.claim.holder != holder:
            self.claim.holder, self.claim.holder_since = holder, clock.now()

    def ask(
        self, kind: str, *, duty: str, due_at: datetime | None = None,
        exposure: Exposure | None = None,
    ) -> None:  # fmt: skip
        """Open a task for whoever holds the duty, the officer first; an open one is kept."""
        Task.objects.get_or_create(
            claim=self.claim, exposure=exposure, kind=kind, done_at=None,
            defaults={"duty": duty, "due_at": due_at, "assignee_id": self.claim.officer_id},
        )  # fmt: skip

    def answer(self, kind: str, *, exposure: Exposure | None = None) -> None:
        """The act that a task asked for has happened."""
        open_tasks = Task.objects.filter(claim=self.claim, kind=kind, done_at=None)
        if exposure is not None:
            open_tasks = open_tasks.filter(exposure=exposure)
        open_tasks.update(done_at=clock.now(), done_by=self.actor.reference)

    def answer_all(self, exposure: Exposure) -> None:
        """Nothing of one exposure is to be done any more."""
        open_tasks = Task.objects.filter(claim=self.claim, exposure=exposure, done_at=None)
        open_tasks.update(done_at=clock.now(), done_by=self.actor.reference)

    def record(
        self, verb: str, *, clause: str, occurred_at: datetime | None = None, **facts: object
    ) -> Entry:
        """Write the command's one entry, with the moves, clocks and counts that it caused."""
        assert self.entry is None, f"{verb}: one command, one entry"
        beside = {"moves": self._moves, "clocks": self._clocks, "counted": self._counted}
        self.entry = journal.record(
            self.claim.subject, verb, by=self.actor.reference, clause=clause,
            occurred_at=occurred_at, duty=self.duty, **facts,
            **{k: v for k, v in beside.items() if v},
        )  # fmt: skip
        return self.entry

    def _running(self, clause_id: str, exposure: Exposure | None) -> Clock | None:
        return Clock.objects.filter(
            claim=self.claim, exposure=exposure, clause=clause_id, stopped_at=None
        ).first()

    def _note(self, what: str, clock_row: Clock) -> None:
        self._recount = True
        position = next((e.position for e in self.exposures if e.pk == clock_row.exposure_id), 0)
        due = clock_row.due_at.isoformat() if clock_row.due_at else None
        self._clocks.append([what, clock_row.clause, position, due])

    def close(self) -> None:
        """Save what changed; the claim's stage and next due time are derived here and only here."""
        assert self.entry is not None, "a command writes one entry"
        for exposure in self.exposures:
            exposure.save()
        self.claim.stage = derived_stage(self.exposures)
        self.claim.save()
        if self._recount:
            refresh_next_due(self.claim)


class Counted(NamedTuple):
    """What a clause allows from an instant: by which edition, due when, told before when."""

    edition: str
    due_at: datetime
    warn_at: datetime | None


def counted(clause_id: str, *, at: datetime, limit: str = "") -> Counted:
    """The time of a clause that starts at a legal instant, under the edition then in force."""
    row = clause(clause_id, at=at.astimezone(clock.LOCAL).date())
    assert row.runs, f"{clause_id} runs no clock of its own"
    name = limit or None
    return Counted(
        row.edition, clock.due_at(row, at, limit=name), clock.warn_at(row, at, limit=name)
    )


def spans_of(one: Clock) -> list[tuple[datetime, datetime | None, str]]:
    """The pauses of a clock as instants."""
    return [
        (datetime.fromisoformat(f), datetime.fromisoformat(u) if u else None, why)
        for f, u, why in one.pauses
    ]


def due_again(one: Clock) -> tuple[datetime | None, datetime | None]:
    """When a clock is due and when it warns, counted anew under the edition it started with."""
    row, spans, limit = clause(one.clause, edition=one.edition), spans_of(one), one.limit or None
    return (
        clock.due_at(row, one.started_at, pauses=spans, limit=limit),
        clock.warn_at(row, one.started_at, pauses=spans, limit=limit),
    )


def new_clock(
    claim: Claim, clause_id: str, *, at: datetime, exposure: Exposure | None = None,
    limit: str = "",
) -> Clock:  # fmt: skip
    """A clock of a clause from a legal instant, unsaved."""
    return Clock(
        claim=claim, exposure=exposure, clause=clause_id, started_at=at, limit=limit,
        **counted(clause_id, at=at, limit=limit)._asdict(),
    )  # fmt: skip


def derived_stage(exposures: list[Exposure]) -> Stage:
    """The claim's stage: that of its least advanced exposure that still runs."""
    living = [e for e in exposures if not ENDINGS & {Side(s) for s in e.sides}]
    stages = [Stage(e.stage) for e in living or exposures]
    return min(stages, key=lambda s: ORDER[s], default=Stage.REPORTED)


REFRESH = """
UPDATE general_claim SET
  (next_due_at, next_due_clause, next_due_started_at) = (
    SELECT k.due_at, coalesce(k.clause, ''), k.started_at
    FROM (SELECT) one LEFT JOIN LATERAL (
      SELECT due_at, clause, started_at FROM general_clock
      WHERE claim_id = %(claim)s AND stopped_at IS NULL AND due_at IS NOT NULL
      ORDER BY due_at, clause LIMIT 1) k ON true),
  awaits_estimate = EXISTS (SELECT FROM general_clock
    WHERE claim_id = %(claim)s AND stopped_at IS NULL AND clause = '1.3-b')
WHERE id = %(claim)s
"""


def refresh_next_due(claim: Claim) -> None:
    """Keep beside the claim which of its running clocks is due first, by which clause, and
    whether it owes its reporter an estimate (1.3-b): the work lists are found by these."""
    with connection.cursor() as cursor:
        cursor.execute(REFRESH, {"claim": claim.pk})
