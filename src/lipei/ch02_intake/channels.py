"""2.1 Channels: every report is taken, gets its number at once, and an estimate in two hours."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from lipei.ch01_general.actors import Actor, actor
from lipei.ch01_general.duties import identify_party
from lipei.ch01_general.letters import write_letter
from lipei.ch01_general.models import Branch, Claim, Letter, Party
from lipei.ch01_general.policies import Held, paid_as
from lipei.ch01_general.process import happened_at
from lipei.ch01_general.reading import claims_seen
from lipei.ch02_intake import swift
from lipei.ch02_intake.events import CLAIM_REPORTED
from lipei.ch02_intake.filing import (
    FAULTS,
    OTHERS,
    PROOFS,
    RECEIVED_AT,
    Damage,
    Report,
    check,
    planned,
)
from lipei.ch02_intake.materials import materials_missing
from lipei.ch02_intake.models import Draft, DraftFile
from lipei.ch02_intake.papers import STAMP, names_of
from lipei.kit import clock
from lipei.kit.once import body_digest
from lipei.kit.refusal import Refused

__all__ = [
    "FAULTS", "OTHERS", "PROOFS", "Damage", "Report", "file_claim", "forget_old_drafts",
    "take_report", "write_receipt",
]  # fmt: skip
DRAFT_LIFE = timedelta(days=30)

# Commands


def file_claim(
    report: Report, *, by: str, key: str, channel: str = "app", branch: str = "",
    another: bool = False, reporter: int | None = None,
) -> dict[str, object]:  # fmt: skip
    """Take a report: number, exposures, needed papers, clocks and estimate at once (2.1-a, 2.1-c).

    Never refuses for want of a policy; one that is not the reporter's own, and of which they
    can name nobody with the identity number, is none. A report of the same policy within a day
    of another is refused with that one's number, unless the reporter says that it is `another`
    event; so is a policy of another line than the one that is told. The same key gives the
    same answer. Hot: written by one statement (`swift`), which a test holds against the plain
    form.
    """
    reported_at = happened_at(RECEIVED_AT.get(), reason="kept or keyed later", proved=True)
    check(report, reported_at)
    digest = body_digest(_told(report, another=another))
    acting = actor(by)
    with transaction.atomic():
        before = swift.look(report, by=by, key=key)
        if before.answer is not None:
            return before.kept(digest)
        held = before.held
        if acting.party_id is None and not acting.is_system:
            branch = _place_of(report, held, acting=acting, branch=branch)
        if before.duplicate and not another:
            raise _duplicate(before.duplicate, acting)
        if held and report.line not in {"", held.line}:
            raise Refused("policy_of_another_line", field="policy")
        if held:
            held = _insured(held, report, party_id=acting.party_id or reporter, acting=acting)
        filing = planned(
            report, held, acting=acting, channel=channel, branch=branch, reporter=reporter
        )
        if swift.write(filing, by=by, key=key, digest=digest):
            return filing.answer
        return swift.look(report, by=by, key=key).kept(digest)


def take_report(
    report: Report, *, caller: str, by: str, key: str, channel: str,
    received_at: datetime | None = None, another: bool = False, branch: str = "",
) -> dict[str, object]:  # fmt: skip
    """Key what a caller or visitor tells: the claim is theirs, and its time is when they told.

    `caller` is their name. Whoever proves this telephone later and knows that name sees the
    claim; who comes in by it under another name does not, since it may be mistyped. A policy
    of a branch over which one takes no reports is as unknown as one that does not exist. A
    report that is keyed later than it was told needs the reason and, among its uploads, what
    proves the time.
    """
    proved = any(kind == STAMP for _, kind in report.uploads)
    happened_at(received_at, reason=report.received_why, proved=proved)
    mark = RECEIVED_AT.set(received_at)
    try:
        with transaction.atomic():
            return file_claim(
                report, by=by, key=key, channel=channel, branch=branch, another=another,
                reporter=_caller(caller, report.phone).pk,
            )  # fmt: skip
    finally:
        RECEIVED_AT.reset(mark)


def write_receipt(claim: Claim) -> Letter:
    """The receipt of a report as a letter, written when somebody first asks for it on paper."""
    names = names_of(claim.exposures.all())
    wanted = materials_missing(claim).order_by("pk").values_list("kind", flat=True)
    papers = [(names.get(kind, kind),) for kind in wanted] or [(("暂无", "None at present"),)]
    return write_letter(
        claim.number, template="receipt", node=CLAIM_REPORTED, party=claim.reporter,
        blanks={
            "claim": claim.number, "reported_at": _minute(claim.reported_at),
            "lost_at": _minute(claim.lost_at), "place": claim.place or ("未填写", "not told"),
            "policy": claim.policy.number if claim.policy else ("待核对", "still to be found"),
        },
        rows=[(("材料", "Paper"),), *papers], by="system/letters",
    )  # fmt: skip


def _minute(instant: datetime) -> str:
    return f"{instant.astimezone(clock.LOCAL):%Y-%m-%d %H:%M}"


def _told(report: Report, *, another: bool) -> dict[str, object]:
    """What a report says, as plain values, for the digest of its body."""
    return {**vars(report), "damage": [vars(d) for d in report.damage], "another": another}


def _place_of(report: Report, held: Held | None, *, acting: Actor, branch: str) -> str:
    """The code of the branch on which the house keys a report: said, or that of who keys it.

    Refuses whoever has no duty to take reports there. A policy of a branch beyond that duty is
    as unknown as one that does not exist.
    """
    if not acting.may("claims.report"):
        raise Refused("duty_missing", duty="claims.report")
    if report.policy:
        if held is None or not acting.may("claims.report", held.branch_path):
            raise Refused("policy_not_found", field="policy")
        return branch
    known = Branch.objects.filter(code=branch) if branch else Branch.objects.filter(
        staff=acting.staff_id
    )  # fmt: skip
    stands = known.first()
    if stands is None or not acting.may("claims.report", stands.path):
        raise Refused("branch_unknown", field="branch")
    return stands.code


def _duplicate(number: str, acting: Actor) -> Refused:
    """The no to a second report; the first one's number is for those who may see that claim."""
    if claims_seen(acting).filter(number=number).exists():
        return Refused("report_duplicate", number=number)
    return Refused("report_duplicate_elsewhere")


def _insured(held: Held, report: Report, *, party_id: int | None, acting: Actor) -> Held:
    """The policy with its insured as the row of whoever reports, where they prove to be it."""
    if acting.party_id and report.relation == "insured" and report.id_number:
        identify_party(acting.party_id, policy_id=held.policy_id, name=report.holder,
                       id_number=report.id_number, by=acting.reference)  # fmt: skip
    return paid_as(held, party_id=party_id, lost_at=report.lost_at)


def _caller(name: str, phone: str) -> Party:
    """The party who calls: found by telephone and name, first who proved it; else new."""
    known = Party.objects.filter(Q(phone=phone) | Q(signs_in_by=phone), name=name)
    found = known.order_by(F("signs_in_by").asc(nulls_last=True), "pk").first()
    return found or Party.objects.create(name=name, phone=phone)


def forget_old_drafts() -> int:
    """Forget reports that were begun and never filed, thirty days after the last touch."""
    with transaction.atomic():
        old = Draft.objects.filter(claim=None, updated_at__lt=clock.now() - DRAFT_LIFE)
        numbers = list(old.select_for_update().values_list("pk", flat=True))
        DraftFile.objects.filter(draft__in=numbers).delete()
        return Draft.objects.filter(pk__in=numbers).delete()[0]
