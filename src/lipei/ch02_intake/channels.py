"""2.1 Channels: every report is taken, gets its number at once, and an estimate in two hours."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.db import connection, transaction

from lipei.ch01_general.actors import Actor, actor
from lipei.ch01_general.aims import tell
from lipei.ch01_general.case import Case
from lipei.ch01_general.models import Branch, Claim, Exposure, Party
from lipei.ch01_general.policies import Held, edition_at, policy_held
from lipei.ch01_general.process import happened_at, open_case
from lipei.ch01_general.stages import Stage
from lipei.ch02_intake import events
from lipei.ch02_intake.estimates import estimated, price_marks
from lipei.ch02_intake.models import Document, Draft, Material
from lipei.ch02_intake.papers import BY_REPORT, PHOTOGRAPHS, wanted_papers
from lipei.kit import clock
from lipei.kit.journal import on
from lipei.kit.models import Entry, Upload
from lipei.kit.once import once
from lipei.kit.refusal import Refused
from lipei.rules import FactRefused

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
    """What a reporter says of an event. Instants are aware; uploads are (id, kind)."""

    lost_at: datetime
    place: str
    cause: str
    story: str
    policy: str = ""
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


# Commands


def file_claim(
    report: Report, *, by: str, key: str, channel: str = "app", branch: str = "",
    another: bool = False,
) -> dict[str, object]:  # fmt: skip
    """Take a report: number, exposures, needed papers and clocks at once (2.1-a, 2.1-c).

    Never refuses for want of a policy. A report of the same policy within a day of another
    is answered with that one's number, unless the reporter says that it is `another` event.
    """
    reported_at = happened_at(None)
    _check(report, reported_at)
    body = {**asdict(report), "another": another}
    with transaction.atomic(), once(by, "file_claim", key=key, body=body) as kept:
        if kept.before is not None:
            return kept.before
        held = policy_held(report.policy, lost_at=report.lost_at) if report.policy else None
        if held and not another:
            _refuse_duplicate(held, report)
        case = _opened(report, held, acting=actor(by), channel=channel, branch=branch)
        _start_clocks(case, report)
        case.record(
            events.CLAIM_REPORTED, clause="2.1-a", occurred_at=reported_at, channel=channel,
            policy=bool(held), covered=bool(held and held.in_force),
            exposures=[[e.position, e.product, e.thing] for e in case.exposures],
            papers_listed=wanted_papers(case.exposures, proof=report.proof),
        )  # fmt: skip
        case.close()
        Draft.objects.filter(party_id=case.actor.party_id or 0, client_id=key).update(
            claim=case.claim
        )
        kept.answer = {"number": case.claim.number, "stage": case.claim.stage}
    return kept.answer


def give_estimate(number: str, *, by: str) -> None:
    """Give the interval in which the payout will probably lie (1.3-b); no promise to pay."""
    with open_case(number, by=by, duty="estimate.give") as case:
        claim = case.claim
        made = estimated(claim, case.exposures)
        low_fen = sum(one.low_fen for _, one in made)
        high_fen = sum(one.high_fen for _, one in made)
        claim.estimate_low_fen, claim.estimate_high_fen = low_fen, high_fen
        claim.estimate = {
            "parts": [{"thing": thing, **one.as_json()} for thing, one in made],
            "made_at": clock.now().isoformat(),
        }
        for exposure in case.exposures:
            if exposure.stage == Stage.REPORTED:
                case.move(exposure, Stage.ESTIMATED)
        case.stop("1.3-b")
        case.record(events.ESTIMATE_GIVEN, clause="1.3-b", low_fen=low_fen, high_fen=high_fen)
        tell(claim.reporter, events.ESTIMATE_GIVEN, wording="estimate", claim=claim)


# Listeners


@on(events.CLAIM_REPORTED)
def estimate_reported_claim(entry: Entry) -> None:
    """A report with damaged parts gets its interval at once; without, a person asks."""
    claim = Claim.objects.get(number=entry.subject.removeprefix("claim/"))
    if claim.facts.get("damage") and claim.estimate_low_fen is None:
        give_estimate(claim.number, by="system/estimate")


# The parts of filing


def _check(report: Report, reported_at: datetime) -> None:
    if report.lost_at > reported_at:
        raise Refused("event_after_notice", field="lost_at")
    if report.lost_at < reported_at - OLDEST:
        raise Refused("time_too_early", field="lost_at")
    _check_damage(report, reported_at)
    if not report.consented:
        raise Refused("consent_missing", field="consented")
    for field, allowed in (("fault", FAULTS), ("others", OTHERS), ("proof", PROOFS)):
        if getattr(report, field) not in allowed:
            raise Refused("choice_unknown", field=field)


def _check_damage(report: Report, reported_at: datetime) -> None:
    """Parts and severities are those of the price table, so that an estimate can be given."""
    if not report.damage:
        return
    marks = [(d.part, d.severity) for d in report.damage]
    try:
        price_marks(marks, reported_on=reported_at.astimezone(clock.LOCAL).date())
    except FactRefused as no:
        raise Refused("choice_unknown", field="damage") from no


def _refuse_duplicate(held: Held, report: Report) -> None:
    near = timedelta(days=1)
    same = Claim.objects.filter(
        policy_id=held.policy_id, lost_at__range=(report.lost_at - near, report.lost_at + near)
    ).exclude(flags__contains=["withdrawn"])
    number = same.order_by("-pk").values_list("number", flat=True).first()
    if number:
        raise Refused("report_duplicate", number=number)


def _opened(report: Report, held: Held | None, *, acting: Actor, channel: str, branch: str) -> Case:
    """The claim with its exposures, papers and documents, in as many statements as tables."""
    claim = _claim(report, held, acting=acting, channel=channel, branch=branch)
    claim.save(force_insert=True)
    exposures = _exposures(claim, report, held)
    Exposure.objects.bulk_create(exposures)
    Material.objects.bulk_create(_materials(claim, report, exposures, channel=channel))
    _attach(claim, report, acting)
    return Case(claim, acting, duty="own.report", exposures=exposures)


def _materials(
    claim: Claim, report: Report, exposures: list[Exposure], *, channel: str
) -> list[Material]:
    """The papers that are needed, and how they stand after this report."""
    handed = {kind for _, kind in report.uploads}
    if handed & PHOTOGRAPHS:
        handed.add("damage_photos")
    states = dict.fromkeys(handed, Material.State.RECEIVED)
    if channel == "app":
        states |= dict.fromkeys(BY_REPORT, Material.State.ACCEPTED)
    wanted = wanted_papers(exposures, proof=report.proof)
    return [
        Material(
            claim=claim, kind=kind, unlocks=unlocks,
            state=states.get(kind, Material.State.WANTED),
            received_at=claim.reported_at if kind in states else None,
            checked_by="system/intake" if states.get(kind) == Material.State.ACCEPTED else "",
        )
        for kind, unlocks in wanted.items()
    ]  # fmt: skip


def _claim(report: Report, held: Held | None, *, acting: Actor, channel: str, branch: str) -> Claim:
    branch_id, branch_path = (held.branch_id, held.branch_path) if held else _branch(branch)
    at = clock.now()
    facts = {
        "others": report.others, "fault": report.fault, "proof": report.proof,
        "other_plate": report.other_plate, "damage": [asdict(d) for d in report.damage],
    }  # fmt: skip
    return Claim(
        number=next_claim_number(at), branch_id=branch_id, branch_path=branch_path,
        line=held.line if held else "motor", policy_id=held.policy_id if held else None,
        reporter_id=acting.party_id, reporter_relation=report.relation, channel=channel,
        lost_at=report.lost_at, reported_at=at, recorded_at=at, place=report.place,
        cause=report.cause, story=report.story, injured=report.injured,
        plate=held.plate if held else "", phone=report.phone, facts=facts, holder="insurer",
        holder_since=at, flags=_flags(held),
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


def _exposures(claim: Claim, report: Report, held: Held | None) -> list[Exposure]:
    """One exposure for each cover that answers for a damaged thing."""
    covers = {product: (bought, terms) for product, bought, terms in held.covers} if held else {}
    wanted: list[tuple[str, str, str]] = []
    if "own_damage" in covers or held is None:
        wanted.append(("own_damage", Exposure.Thing.OWN_VEHICLE, claim.plate or "本车"))
    if report.others != "none" and ("compulsory_motor" in covers or held is None):
        thing = "other_vehicle" if report.others == "vehicle" else "other_property"
        wanted.append(("compulsory_motor", thing, report.other_plate or "对方财物"))
    payee = _payee(held, report)
    none: tuple[str, dict[str, object]] = ("", {})
    return [
        Exposure(
            claim=claim, position=n, product=product,
            edition=edition_at(product, bought=covers.get(product, none)[0],
                               lost_at=report.lost_at),
            terms=covers.get(product, none)[1], thing=thing, label=label,
            payee_id=payee.get(product),
        )
        for n, (product, thing, label) in enumerate(wanted, start=1)
    ]  # fmt: skip


def _payee(held: Held | None, report: Report) -> dict[str, int]:
    """Property goes to the insured; a third party's loss goes to the third party (保险法65)."""
    found = {"own_damage": held.insured_id} if held else {}
    if report.others != "none" and report.other_name:
        other = Party.objects.create(name=report.other_name, phone=report.other_phone)
        found["compulsory_motor"] = other.pk
    return found


def _attach(claim: Claim, report: Report, acting: Actor) -> None:
    """Hang the reporter's own uploads on the claim; anybody else's are refused."""
    if not report.uploads:
        return
    kinds = dict(report.uploads)
    owned = Upload.objects.filter(pk__in=kinds, owner=acting.reference)
    uploads = list(owned.values_list("pk", flat=True))
    if len(uploads) != len(kinds):
        raise Refused("file_not_found", field="uploads")
    Document.objects.bulk_create(
        Document(claim=claim, upload_id=pk, kind=kinds[pk], received_at=claim.reported_at,
                 received_from=acting.reference)
        for pk in uploads
    )  # fmt: skip


def _start_clocks(case: Case, report: Report) -> None:
    """What runs from the report: the estimate (1.3-b), registration (2.3-a), the list (K6)."""
    wanted: list[tuple[str, Exposure | None]] = [("2.3-a", None), ("1.3-k", None)]
    if report.uploads or report.damage:
        wanted.append(("1.3-b", None))
    case.start_many(wanted)
    if any(e.product == "compulsory_motor" for e in case.exposures):
        case.kept_at_once("K6-list")


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
