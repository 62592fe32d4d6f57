"""2.2 Review of claim materials: what is there, what is missing, and the one notice of it."""

from datetime import datetime

from django.db.models import QuerySet

from lipei.ch01_general import events as general
from lipei.ch01_general.aims import tell
from lipei.ch01_general.case import Case
from lipei.ch01_general.letters import write_letter
from lipei.ch01_general.models import Claim, Exposure
from lipei.ch01_general.process import decide_clock, happened_at, open_case
from lipei.ch01_general.stages import ORDER, Stage
from lipei.ch02_intake import events
from lipei.ch02_intake.models import Document, Material, Notice
from lipei.ch02_intake.papers import (
    AUTHORISATION,
    PHOTO_KINDS,
    SHOWS_DAMAGE,
    STAMP,
    names_of,
    retention_of,
)
from lipei.kit import clock
from lipei.kit.journal import on
from lipei.kit.models import Entry, Upload
from lipei.kit.refusal import Refused

BEFORE_ACCEPTANCE = frozenset({Stage.REPORTED, Stage.ESTIMATED, Stage.APPLIED, Stage.PENDING})

# Commands


def receive_document(
    number: str, *, kind: str, upload: int, by: str, duty: str = "own.upload",
    received_at: datetime | None = None, reason: str = "", proof: int | None = None,
) -> Document:  # fmt: skip
    """Take one paper or photograph for a claim.

    `received_at` is the legal instant: papers stamped at the counter on Monday and keyed on
    Wednesday start the law's clocks on Monday, with a reason and an upload as `proof`; only
    the house says so, and never before the loss. With the first papers the claim is applied
    for (解释二 15), and the answer to what is missing runs (K1, 1.3-d).
    """
    with open_case(number, by=by, duty=duty) as case:
        at = _came_in(case, received_at, reason=reason, proof=proof)
        found = own_upload(upload, by=by, field="upload")
        material = Material.objects.filter(claim=case.claim, kind=kind).first()
        if material is None and kind == AUTHORISATION:
            material = Material.objects.create(claim=case.claim, kind=kind)
        if material is None and kind not in PHOTO_KINDS:
            raise Refused("paper_not_wanted", field="kind")
        document, made = Document.objects.get_or_create(
            claim=case.claim, upload=found, kind=kind,
            defaults={"received_at": at, "received_from": by, "received_why": reason.strip()},
        )  # fmt: skip
        Upload.objects.filter(pk=found.pk).update(retention=retention_of(kind))
        if material and material.state != Material.State.ACCEPTED:
            material.state, material.received_at = Material.State.RECEIVED, at
            material.reason = ""
            material.save(update_fields=["state", "received_at", "reason"])
        _applied(case, at)
        _answered(case, at)
        _photographed(case, kind, at)
        if kind == AUTHORISATION:
            case.ask("check_materials", duty="materials.check")
        case.record(events.DOCUMENT_RECEIVED, clause="2.2-a", occurred_at=at, kind=kind,
                    sha256=found.sha256, again=not made, reason_given=bool(reason.strip()),
                    proof=proof)  # fmt: skip
    return document


def apply_claim(number: str, *, at: datetime, by: str) -> None:
    """Papers that came with the report make it a claim request: the law's clocks look at it."""
    with open_case(number, by=by, duty="materials.receive") as case:
        _applied(case, at)
        case.record(events.CLAIM_APPLIED, clause="2.2-a", occurred_at=at)


def check_document(number: str, *, kind: str, accepted: bool, by: str, reason: str = "") -> None:
    """Say that a paper is good, or return it with the reason that the claimant reads (2.2-a).

    With the last good paper the claim is accepted, and the clocks of the decision run from
    the receipt of that paper.
    """
    if not accepted and not reason.strip():
        raise Refused("reason_missing", field="reason")
    with open_case(number, by=by, duty="materials.check") as case:
        material = Material.objects.filter(claim=case.claim, kind=kind).first()
        if material is None or material.state == Material.State.WANTED:
            raise Refused("paper_not_there", field="kind")
        material.state = Material.State.ACCEPTED if accepted else Material.State.RETURNED
        material.reason = "" if accepted else reason.strip()
        material.checked_at, material.checked_by = clock.now(), by
        material.save()
        case.take()
        early = any(e.stage in BEFORE_ACCEPTANCE for e in case.live())
        complete = early and not materials_missing(case.claim).exists()
        if complete:
            _accept(case)
        elif not early:
            case.answer("check_materials")
            case.hand_to("claimant")
        verb = events.MATERIALS_COMPLETED if complete else events.DOCUMENT_CHECKED
        case.record(verb, clause="2.2-a", kind=kind, accepted=accepted)


def request_materials(number: str, *, by: str, new_facts: str = "") -> list[str]:
    """Tell the claimant, once, everything that is still to be handed in (K1, 2.2-b, 2.2-c).

    What lies with us unread is not asked for again. A further notice is only sent for facts that
    newly appeared; it pauses no clock again.
    """
    with open_case(number, by=by, duty="materials.notice") as case:
        kinds = sorted(m.kind for m in materials_to_ask_for(case.claim))
        if not kinds:
            raise Refused("nothing_missing")
        before = case.claim.notices.count()
        if before and not new_facts.strip():
            raise Refused("notice_already_sent")
        if before and case.actor.level < SECOND_NOTICE_LEVEL:
            raise Refused("authority_exceeded", level=f"L{SECOND_NOTICE_LEVEL}")
        Notice.objects.create(
            claim=case.claim, number=before + 1, kinds=kinds, new_facts=new_facts,
            approved_by=by if before else "",
        )  # fmt: skip
        _pending(case)
        case.take()
        case.record(events.MATERIALS_REQUESTED, clause="K1", kinds=kinds, notice=before + 1)
        tell(case.claim.reporter, f"{events.MATERIALS_REQUESTED}/{before + 1}",
             wording="one_notice", claim=case.claim)  # fmt: skip
    return kinds


SECOND_NOTICE_LEVEL = 2
"""The level that may send a further notice (2.2-b)."""


def note_notice_delivered(number: str, *, notice: int, at: datetime, by: str) -> None:
    """The notice has reached the claimant: from now on the determination waits (T7, 解释二 15).

    Only the first notice pauses K2, and K2 alone; a further one pauses nothing again.
    """
    with open_case(number, by=by, duty="materials.notice") as case:
        held = Notice.objects.filter(claim=case.claim, number=notice).first()
        assert held is not None, (number, notice)
        again = held.delivered_at is not None
        if not again:
            held.delivered_at = at
            held.save(update_fields=["delivered_at"])
        if not again and notice == 1 and held.answered_at is None:
            for exposure in case.live():
                case.pause("K2", reason="supplement_notice", at=at, exposure=exposure)
        case.record(events.NOTICE_DELIVERED, clause="K1", occurred_at=at, notice=notice,
                    again=again)  # fmt: skip


def ask_no_more(case: Case, exposure: Exposure) -> None:
    """What was asked for an exposure that has ended is asked for no more, but for the others."""
    rows = Material.objects.filter(claim=case.claim, unlocks__contains=[exposure.position])
    for material in rows:
        material.unlocks = [one for one in material.unlocks if one != exposure.position]
        handed_in = material.state != Material.State.WANTED
        if material.unlocks or handed_in:
            material.save(update_fields=["unlocks"])
        else:
            material.delete()
    early = any(e.stage in BEFORE_ACCEPTANCE for e in case.live())
    if early and handed_kinds(case.claim) and not materials_missing(case.claim).exists():
        _accept(case)


# Queries


def materials_missing(claim: Claim) -> QuerySet[Material]:
    """The papers that are not yet there or not yet good; an authorisation is asked of nobody."""
    needed = Material.objects.filter(claim=claim).exclude(kind=AUTHORISATION)
    return needed.exclude(state=Material.State.ACCEPTED)


def handed_kinds(claim: Claim) -> set[str]:
    """The kinds of papers and pictures that lie here, those that were given back left out."""
    back = Material.objects.filter(claim=claim, state=Material.State.RETURNED)
    there = [Material.State.RECEIVED, Material.State.ACCEPTED]
    papers = Material.objects.filter(claim=claim, state__in=there).values_list("kind", flat=True)
    pictures = Document.objects.filter(claim=claim).values_list("kind", flat=True)
    return {*papers, *pictures} - set(back.values_list("kind", flat=True))


def is_authorised(claim: Claim) -> bool:
    """Whether the insured's written authorisation lies here and was found good."""
    good = Material.objects.filter(claim=claim, kind=AUTHORISATION, state=Material.State.ACCEPTED)
    return good.exists()


def materials_to_ask_for(claim: Claim) -> QuerySet[Material]:
    """The papers that the claimant still has to hand in."""
    absent = [Material.State.WANTED, Material.State.RETURNED]
    found = Material.objects.filter(claim=claim, state__in=absent)
    return found.exclude(kind=AUTHORISATION)


# Listeners


@on(events.CLAIM_REPORTED)
def apply_reported_claim(entry: Entry) -> None:
    """A report with papers is applied for at once; one without waits for its first paper."""
    if entry.facts["papers_handed"]:
        number = entry.subject.removeprefix("claim/")
        apply_claim(number, at=entry.occurred_at, by="system/intake")


@on(general.MESSAGE_DELIVERED)
def pause_for_delivered_notice(entry: Entry) -> None:
    """A delivered message that carried the notice is the proof of its delivery."""
    node, _, number = str(entry.facts["node"]).partition("/")
    if node == events.MATERIALS_REQUESTED:
        note_notice_delivered(
            entry.subject.removeprefix("claim/"), notice=int(number), at=entry.occurred_at,
            by="system/notices",
        )  # fmt: skip


@on(general.LETTER_ARRIVED)
def pause_for_arrived_notice(entry: Entry) -> None:
    """So is the letter of the notice, opened on the page of the claim or proved by its slip."""
    pause_for_delivered_notice(entry)


@on(events.MATERIALS_REQUESTED)
def write_notice(entry: Entry) -> None:
    """Each notice of what is missing is a letter: what is wanted, and why it is wanted again."""
    notice = Notice.objects.select_related("claim__reporter").get(
        claim__number=entry.subject.removeprefix("claim/"), number=entry.facts["notice"]
    )  # fmt: skip
    claim = notice.claim
    names = names_of(claim.exposures.all())
    why = dict(Material.objects.filter(claim=claim).values_list("kind", "reason"))
    blanks = {"claim": claim.number, "count": str(len(notice.kinds))}
    if notice.new_facts:
        blanks["facts"] = notice.new_facts
    write_letter(
        claim.number, template="supplement" if notice.new_facts else "one_notice",
        node=f"{events.MATERIALS_REQUESTED}/{notice.number}", party=claim.reporter, blanks=blanks,
        rows=[(("材料", "Paper"), ("退回的原因", "Why it came back")),
              *((names.get(kind, kind), why.get(kind, "")) for kind in notice.kinds)],
        by="system/letters",
    )  # fmt: skip


# The parts of the commands


def own_upload(upload: int, *, by: str, field: str) -> Upload:
    """A file that this person uploaded; anybody else's does not exist for them."""
    found = Upload.objects.filter(pk=upload, owner=by).first()
    if found is None:
        raise Refused("file_not_found", field=field)
    return found


def _came_in(case: Case, at: datetime | None, *, reason: str, proof: int | None) -> datetime:
    """When a paper came in: now, or when the house says and proves that it did."""
    if at is not None and case.actor.party_id is not None:
        raise Refused("backdating_not_yours", field="received_at")
    came = happened_at(at, reason=reason, proved=proof is not None, after=case.claim.lost_at)
    if proof is not None:
        Document.objects.get_or_create(
            claim=case.claim, kind=STAMP,
            upload=own_upload(proof, by=case.actor.reference, field="proof"),
            defaults={"received_at": clock.now(), "received_from": case.actor.reference},
        )  # fmt: skip
    return came


def _applied(case: Case, at: datetime) -> None:
    """With the first papers the claim is applied for; the clocks of law look at this instant."""
    moved = False
    for exposure in case.live():
        if exposure.stage in {Stage.REPORTED, Stage.ESTIMATED}:
            case.move(exposure, Stage.APPLIED)
            case.start("K5", at=at, exposure=exposure)
            if decide_clock(exposure) == "K2":
                case.start("K2", at=at, exposure=exposure)
            moved = True
    if moved:
        case.start("1.3-d", at=at)
        case.start("1.1-a", at=at)
        case.ask("check_materials", duty="materials.check")
    case.hand_to("insurer")


def _answered(case: Case, at: datetime) -> None:
    """Everything asked for is handed in: the notice is answered, the paused clocks run on."""
    if materials_to_ask_for(case.claim).exists():
        return
    notices = Notice.objects.filter(claim=case.claim, answered_at=None)
    if notices.update(answered_at=at):
        for exposure in case.live():
            case.resume(decide_clock(exposure), at=at, exposure=exposure)
        case.ask("check_materials", duty="materials.check")


def _photographed(case: Case, kind: str, at: datetime) -> None:
    """With photographs of the damage the estimate is due, while it still tells anybody anything."""
    early = all(ORDER[Stage(e.stage)] < ORDER[Stage.CALCULATED] for e in case.live())
    if kind in SHOWS_DAMAGE and early and case.claim.estimate_low_fen is None:
        case.start("1.3-b", at=at)


def _pending(case: Case) -> None:
    for exposure in case.live():
        if exposure.stage == Stage.APPLIED:
            case.move(exposure, Stage.PENDING)
    case.stop("1.3-d")
    case.answer("check_materials")
    case.hand_to("claimant")


def _accept(case: Case) -> None:
    """All papers are good: the claim is accepted and the decision is clocked (K2, K6, 1.1-e)."""
    needed = Material.objects.filter(claim=case.claim).exclude(kind=AUTHORISATION)
    received = needed.order_by("-received_at")
    complete_at = received.values_list("received_at", flat=True).first() or clock.now()
    for exposure in case.live():
        if exposure.stage in {Stage.REPORTED, Stage.ESTIMATED}:
            case.move(exposure, Stage.APPLIED)
            case.start("K5", at=complete_at, exposure=exposure)
        if exposure.stage in {Stage.APPLIED, Stage.PENDING}:
            case.move(exposure, Stage.ACCEPTED)
        case.start(decide_clock(exposure), at=complete_at, exposure=exposure)
    case.start("1.1-a", at=complete_at)
    case.start("1.1-e", at=complete_at)
    case.stop("1.3-d")
    case.answer("check_materials")
    case.ask("register_claim", duty="claims.register")
    case.hand_to("insurer")
