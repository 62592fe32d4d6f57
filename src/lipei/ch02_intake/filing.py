"""What a report becomes: claim, exposures, papers, clocks and estimate, planned before written."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from django.db import connection

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.case import counted
from lipei.ch01_general.models import Branch, Exposure
from lipei.ch01_general.policies import Held, edition_at
from lipei.ch01_general.stages import Stage
from lipei.ch02_intake import events
from lipei.ch02_intake.covers import (
    ANSWERS_FOR,
    LABELS,
    PAID_TO_INSURED,
    concerned,
    is_paid_to_insured,
)
from lipei.ch02_intake.estimates import DEFAULT_VEHICLE, estimate_of, price_marks
from lipei.ch02_intake.lines import LINES, check_answers
from lipei.ch02_intake.models import Material
from lipei.ch02_intake.papers import (
    BY_REPORT,
    CLAIM_DOCUMENT,
    PHOTO_KINDS,
    PHOTOGRAPHS,
    SHOWS_DAMAGE,
    STAMP,
    retention_of,
    wanted_papers,
)
from lipei.ch02_intake.rows import (
    NewClaim,
    NewClock,
    NewDocument,
    NewExposure,
    NewMaterial,
    NewParty,
)
from lipei.kit import clock
from lipei.kit.journal import Composed, composed
from lipei.kit.models import Upload
from lipei.kit.refusal import Refused
from lipei.rules import FactRefused

RECEIVED_AT: ContextVar[datetime | None] = ContextVar("received_at", default=None)
"""When a report was received that is only filed now; none for one that comes in now."""
MOTOR = "motor"
OLDEST = timedelta(days=5 * 365)
FAULTS = ("full", "main", "equal", "minor", "none", "unknown")
OTHERS = ("none", "vehicle", "property")
PROOFS = ("certificate", "agreement", "none")


@dataclass(frozen=True)
class Damage:
    """One damaged part: of which thing, which part, how badly."""

    thing: str
    part: str
    severity: str


@dataclass(frozen=True)
class Report:
    """What a reporter says of an event. Instants are aware; uploads are (id, kind).

    `holder` and `id_number` name somebody of the policy: they are the proof with which one may
    report on a policy that is not one's own. `received_why`: why it was keyed later than it
    came in, if it was. `line`: of which line of business the event is, where it is told, and
    `answers` those to its questions, by name.
    """

    lost_at: datetime
    place: str
    cause: str
    story: str
    policy: str = ""
    holder: str = ""
    id_number: str = field(default="", repr=False)
    relation: str = "insured"
    phone: str = ""
    injured: bool = False
    others: str = "none"
    other_plate: str = ""
    other_name: str = ""
    other_phone: str = ""
    fault: str = "unknown"
    proof: str = "none"
    damage: tuple[Damage, ...] = ()
    uploads: tuple[tuple[int, str], ...] = ()
    consented: bool = False
    received_why: str = ""
    line: str = ""
    answers: tuple[tuple[str, str], ...] = ()


@dataclass
class Filing:
    """Everything that a report becomes, unsaved; nothing of it has a number from the database.

    `other` is the third party, who is the payee of the exposures that are `to_other`.
    """

    claim: NewClaim
    exposures: list[NewExposure]
    materials: list[NewMaterial]
    documents: list[NewDocument]
    clocks: list[NewClock]
    other: NewParty | None
    entry: Composed
    answer: dict[str, object] = field(default_factory=dict)


def planned(
    report: Report, held: Held | None, *, acting: Actor, channel: str, branch: str,
    reporter: int | None = None,
) -> Filing:  # fmt: skip
    """Plan what a report becomes. Refuses another's uploads and an unknown branch.

    `reporter` is the party for whom somebody of the house keys it.
    """
    claim = _claim(report, held, acting=acting, channel=channel, branch=branch)
    claim.reporter_id = acting.party_id or reporter
    exposures = _exposures(claim, report, held)
    documents = _documents(claim, report, acting)
    clocks = _clocks(claim, report, exposures)
    _estimate(claim, report, held, exposures, clocks)
    other = _other(report, exposures)
    wanted = wanted_papers(exposures, proof=report.proof, cause=report.cause)
    entry = _entry(claim, exposures, clocks, report, held, acting=acting, wanted=wanted)
    answer: dict[str, object] = {"number": claim.number, "stage": str(claim.stage)}
    materials = _materials(claim, report, wanted, channel=channel)
    return Filing(claim, exposures, materials, documents, clocks, other, entry, answer)


def check(report: Report, reported_at: datetime) -> None:
    """Refuse what cannot be: a loss after its report, unknown choices and parts, no consent."""
    if report.lost_at > reported_at:
        raise Refused("event_after_notice", field="lost_at")
    if report.lost_at < reported_at - OLDEST:
        raise Refused("time_too_early", field="lost_at")
    _check_damage(report, reported_at)
    if not report.consented:
        raise Refused("consent_missing", field="consented")
    check_answers(report.line, report.answers)
    for name, allowed in (("fault", FAULTS), ("others", OTHERS), ("proof", PROOFS)):
        if getattr(report, name) not in allowed:
            raise Refused("choice_unknown", field=name)


def _check_damage(report: Report, reported_at: datetime) -> None:
    """Parts and severities are those of the price table, so that an estimate can be given."""
    if not report.damage:
        return
    marks = [(d.part, d.severity) for d in report.damage]
    try:
        price_marks(marks, reported_on=reported_at.astimezone(clock.LOCAL).date())
    except FactRefused as no:
        raise Refused("choice_unknown", field="damage") from no


def _materials(
    claim: NewClaim, report: Report, wanted: dict[str, list[int]], *, channel: str
) -> list[NewMaterial]:
    """The papers that are needed, and how they stand after this report."""
    handed = {kind for _, kind in report.uploads}
    if handed & PHOTOGRAPHS:
        handed.add("damage_photos")
    states = dict.fromkeys(handed, Material.State.RECEIVED)
    if channel == "app":
        states |= dict.fromkeys(BY_REPORT, Material.State.ACCEPTED)
    return [
        NewMaterial(
            kind=kind, unlocks=unlocks,
            state=states.get(kind, Material.State.WANTED),
            received_at=claim.reported_at if kind in states else None,
            checked_by="system/intake" if states.get(kind) == Material.State.ACCEPTED else "",
        )
        for kind, unlocks in wanted.items()
    ]  # fmt: skip


def _claim(
    report: Report, held: Held | None, *, acting: Actor, channel: str, branch: str
) -> NewClaim:
    branch_id, branch_path = (held.branch_id, held.branch_path) if held else _branch(branch)
    at = RECEIVED_AT.get() or clock.now()
    facts: dict[str, object] = {
        "others": report.others, "fault": report.fault, "proof": report.proof,
        "other_plate": report.other_plate, "damage": [vars(d) for d in report.damage],
        **({"received_why": report.received_why} if report.received_why else {}),
        **({"answers": dict(report.answers)} if report.answers else {}),
        **({"policy_told": report.policy} if report.policy and not held else {}),
    }  # fmt: skip
    return NewClaim(
        number=next_claim_number(at), branch_id=branch_id, branch_path=branch_path,
        line=held.line if held else report.line or MOTOR,
        policy_id=held.policy_id if held else None,
        reporter_id=acting.party_id, reporter_relation=report.relation, channel=channel,
        lost_at=report.lost_at, reported_at=at, recorded_at=clock.now(), place=report.place,
        cause=report.cause, story=report.story, injured=report.injured,
        plate=held.plate if held else "", phone=report.phone, facts=facts, holder_since=at,
        flags=_flags(held),
    )  # fmt: skip


def _flags(held: Held | None) -> list[str]:
    if held is None:
        return ["unmatched"]
    return [
        *([] if held.in_force else ["not_in_force"]),
        *([] if held.premium_paid else ["premium_unpaid"]),
    ]


def _branch(code: str) -> tuple[int, str]:
    found = Branch.objects.order_by("path")
    row = (found.filter(code=code) if code else found).values_list("pk", "path").first()
    if row is None:
        raise Refused("branch_unknown", field="branch")
    return row


def _exposures(claim: NewClaim, report: Report, held: Held | None) -> list[NewExposure]:
    """One exposure for each cover that answers for a damaged thing or a person."""
    covers = {product: (bought, terms) for product, bought, terms in held.covers} if held else {}
    wanted = _wanted(claim, report, list(covers) if held else None)
    none: tuple[str, dict[str, object]] = ("", {})
    return [
        NewExposure(
            position=n, product=product,
            edition=edition_at(product, bought=covers.get(product, none)[0],
                               lost_at=report.lost_at),
            terms=covers.get(product, none)[1], thing=thing, label=label,
            payee_id=_payee(held, thing, report),
        )
        for n, (product, thing, label) in enumerate(wanted, start=1)
    ]  # fmt: skip


def _payee(held: Held | None, thing: str, report: Report) -> int | None:
    paid = held is not None and is_paid_to_insured(thing, cause=report.cause)
    return held.insured_id if held and paid else None


def _wanted(
    claim: NewClaim, report: Report, products: list[str] | None
) -> list[tuple[str, str, str]]:  # fmt: skip
    """Which covers are asked for which thing, under which name; a report without a policy is as
    if the usual covers of its line were held."""
    covers = LINES[claim.line].usual_covers(report.cause) if products is None else products
    if claim.line != MOTOR:
        return [
            (product, ANSWERS_FOR[product][0], LABELS[ANSWERS_FOR[product][0]])
            for product in concerned(covers, cause=report.cause)
        ]
    wanted: list[tuple[str, str, str]] = [
        (product, Exposure.Thing.OWN_VEHICLE, claim.plate or LABELS[Exposure.Thing.OWN_VEHICLE])
        for product in covers
        if ANSWERS_FOR.get(product) == (Exposure.Thing.OWN_VEHICLE,)
    ]
    if report.others != "none" and "compulsory_motor" in covers:
        thing = "other_vehicle" if report.others == "vehicle" else "other_property"
        label = report.other_plate or LABELS[Exposure.Thing.OTHER_PROPERTY]
        wanted.append(("compulsory_motor", thing, label))
    return wanted


def _other(report: Report, exposures: list[NewExposure]) -> NewParty | None:
    """A third party's loss is paid to the third party (保险法65), who is named by the reporter."""
    if report.others == "none" or not report.other_name:
        return None
    for exposure in exposures:
        exposure.to_other = exposure.thing not in PAID_TO_INSURED
    return NewParty(report.other_name, report.other_phone)


def _documents(claim: NewClaim, report: Report, acting: Actor) -> list[NewDocument]:
    """The reporter's own uploads as documents of the claim; anybody else's are refused."""
    if not report.uploads:
        return []
    kinds = dict(report.uploads)
    owned = Upload.objects.filter(pk__in=kinds, owner=acting.reference)
    uploads = list(owned.values_list("pk", flat=True))
    if len(uploads) != len(kinds):
        raise Refused("file_not_found", field="uploads")
    for retention in {retention_of(kind) for kind in kinds.values()} - {CLAIM_DOCUMENT}:
        of_it = [pk for pk, kind in kinds.items() if retention_of(kind) == retention]
        owned.filter(pk__in=of_it).update(retention=retention)
    return [
        NewDocument(
            upload_id=pk, kind=kinds[pk], received_at=claim.reported_at,
            received_from=acting.reference,
        )
        for pk in uploads
    ]  # fmt: skip


def _clocks(claim: NewClaim, report: Report, exposures: list[NewExposure]) -> list[NewClock]:
    """What runs from the report: registration (2.3-a), the file (1.3-k), the estimate (1.3-b).

    The estimate is due where the report brought photographs or told the damaged parts.
    The list of papers (K6) stands on the receipt: its clock starts and is kept in this act.
    """
    wanted = ["2.3-a", "1.3-k"]
    if report.damage or {kind for _, kind in report.uploads} & SHOWS_DAMAGE:
        wanted.append("1.3-b")
    made = [_clock(clause_id, at=claim.reported_at) for clause_id in wanted]
    if any(e.product == "compulsory_motor" for e in exposures):
        listed = _clock("K6-list", at=claim.reported_at)
        listed.stopped_at = claim.reported_at
        made.append(listed)
    return made


def _clock(clause_id: str, *, at: datetime) -> NewClock:
    edition, due_at, warn_at = counted(clause_id, at=at)
    return NewClock(clause_id, edition, at, due_at, warn_at)


def _estimate(
    claim: NewClaim, report: Report, held: Held | None, exposures: list[NewExposure],
    clocks: list[NewClock],
) -> None:  # fmt: skip
    """Ticked parts give the interval at once (1.3-a, 1.3-b); without any a person gives it."""
    if report.damage and exposures:
        vehicle = (held and held.vehicle_class) or DEFAULT_VEHICLE
        low_fen, high_fen, basis = estimate_of(
            claim, exposures, at=claim.reported_at, vehicle=vehicle
        )
        if basis["parts"]:
            claim.estimate_low_fen, claim.estimate_high_fen = low_fen, high_fen
            claim.estimate = basis
            claim.stage = Stage.ESTIMATED
            for exposure in exposures:
                exposure.stage = Stage.ESTIMATED
            for one in clocks:
                if one.clause == "1.3-b":
                    one.stopped_at = claim.reported_at
    first = min((c for c in clocks if c.stopped_at is None), key=lambda c: (c.due_at, c.clause))
    claim.next_due_at, claim.next_due_clause = first.due_at, first.clause
    claim.next_due_started_at = first.started_at
    claim.awaits_estimate = any(c.clause == "1.3-b" and c.stopped_at is None for c in clocks)


def _entry(
    claim: NewClaim, exposures: list[NewExposure], clocks: list[NewClock], report: Report,
    held: Held | None, *, acting: Actor, wanted: dict[str, list[int]],
) -> Composed:  # fmt: skip
    due = [[c.clause, c.due_at.isoformat()] for c in clocks]
    kept = [c.clause for c in clocks if c.stopped_at]
    facts: dict[str, object] = {
        "duty": "own.report" if acting.party_id else "claims.report", "channel": claim.channel,
        "policy": bool(held), "covered": bool(held and held.in_force),
        "exposures": [[e.position, e.product, e.thing] for e in exposures],
        "papers_listed": wanted,
        "papers_handed": sorted({kind for _, kind in report.uploads} - PHOTO_KINDS - {STAMP}),
        "low_fen": claim.estimate_low_fen, "high_fen": claim.estimate_high_fen,
        "moves": [[e.position, None, str(e.stage)] for e in exposures],
        "clocks": [["start", c, 0, at] for c, at in due] + [["stop", c, 0, None] for c in kept],
    }  # fmt: skip
    return composed(
        claim.subject, 1, "", verb=events.CLAIM_REPORTED, by=acting.reference, clause="2.1-a",
        occurred_at=claim.reported_at, facts=facts,
    )  # fmt: skip


class _Numbers:
    """Claim numbers, taken from the sequence in blocks; a block lost with a process is a gap."""

    BLOCK = 50
    lock = Lock()
    upcoming, last = 0, -1


def next_claim_number(at: datetime) -> str:
    """A new claim number: CX-2026-1122-000051."""
    with _Numbers.lock:
        if _Numbers.upcoming > _Numbers.last:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval('general_claim_number')")
                _Numbers.upcoming = cursor.fetchone()[0]
            _Numbers.last = _Numbers.upcoming + _Numbers.BLOCK - 1
        number = _Numbers.upcoming
        _Numbers.upcoming += 1
    return f"CX-{at.astimezone(clock.LOCAL):%Y-%m%d}-{number:06d}"
