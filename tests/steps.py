"""A small motor claim, step by step through the commands: each function brings it one further."""

import time
from datetime import timedelta
from io import BytesIO
from itertools import count

from django.test import override_settings
from PIL import Image

from lipei.ch01_general.duties import send_code
from lipei.ch01_general.models import Branch, Claim, Party, Policy
from lipei.ch02_intake.channels import Damage, Report, file_claim, take_report
from lipei.ch02_intake.materials import check_document, materials_missing, receive_document
from lipei.ch02_intake.registration import register_claim
from lipei.ch03_assessment.adjudication import (
    QUESTIONS,
    calculate_claim,
    decide_claim,
    joint_digest_of,
    submit_for_review,
)
from lipei.ch03_assessment.investigation import (
    Line,
    arrive_at_survey,
    dispatch_survey,
    finish_survey,
    list_losses,
    start_survey,
)
from lipei.ch03_assessment.telling import tell_facts
from lipei.ch04_payment.methods import Signature, agree_to_sums, sums_open
from lipei.ch04_payment.models import Account
from lipei.ch04_payment.release import credit_order, prepare_payment, release_payment
from lipei.ch04_payment.vouchers import make_receipt
from lipei.ch09_archive.filing import archive_claim, arrange_paper
from lipei.kit import clock, journal, sealed, uploads
from lipei.kit.models import Parked, Upload
from lipei.site import demonstration

PHONE = "13800006021"
INSURED_PHONE = demonstration.INSURED[1]
CLERK, ASSESSOR, REVIEWER = "staff/wangmin", "staff/lijun", "staff/xujing"
MAKER, CHECKER, ARCHIVIST = "staff/zhaolin", "staff/qianjin", "staff/sunjie"
_number = count(1)


def photograph(seed: int = 0) -> BytesIO:
    """A small real JPEG; another seed is another picture."""
    out = BytesIO()
    plain = Image.new("RGB", (64, 48), (seed % 256, seed // 256 % 256, 90))
    plain.save(out, "JPEG", comment=f"picture {seed}".encode())
    out.seek(0)
    return out


def hear() -> None:
    """Let every listener hear everything; none may be left behind.

    A transaction of anybody on the server that is still open is waited for.
    """
    until = time.monotonic() + 30
    while journal.hear_all() or any(journal.behind(ear) for ear in journal.ears()):
        assert time.monotonic() < until, "a listener does not come forward"
    assert not Parked.objects.exists(), list(Parked.objects.values("listener", "error"))


def claimant(phone: str = "") -> str:
    return f"party/{Party.objects.get(phone=phone or PHONE).pk}"


def upload(owner: str) -> Upload:
    n = next(_number)
    return uploads.take(photograph(n), owner=owner, client_id=f"test-{n}", filename="a.jpg")


def report(**changes: object) -> Report:
    """What Zhou Guodong says of a small collision this morning."""
    by = claimant()
    policy = Party.objects.get(phone=PHONE).policies.get()
    told: dict[str, object] = {
        "lost_at": clock.now() - timedelta(hours=3), "place": "春和路 118 号",
        "cause": "collision", "story": "起步时追尾前车。", "policy": policy.number,
        "phone": PHONE, "others": "vehicle", "other_plate": "沪C12345", "other_name": "王五",
        "other_phone": "13911112222", "fault": "full", "proof": "agreement",
        "damage": (Damage("own_vehicle", "front_bumper", "dent"),
                   Damage("other_vehicle", "rear_bumper", "dent")),
        "uploads": ((upload(by).pk, "scene"), (upload(by).pk, "close")), "consented": True,
    }  # fmt: skip
    return Report(**{**told, **changes})  # type: ignore[arg-type]


def filed(*, another: bool = True, **changes: object) -> Claim:
    answer = file_claim(
        report(**changes), by=claimant(), key=f"key-{next(_number)}", another=another
    )
    hear()
    return Claim.objects.get(number=answer["number"])


def accepted(claim: Claim) -> Claim:
    by = claimant()
    for material in materials_missing(claim):
        if material.state == "wanted":
            receive_document(claim.number, kind=material.kind, upload=upload(by).pk, by=by)
    for material in materials_missing(claim):
        check_document(claim.number, kind=material.kind, accepted=True, by=CLERK)
    return again(claim)


def registered(claim: Claim) -> Claim:
    reserves = {e.position: 200_000 for e in claim.exposures.all()}
    register_claim(claim.number, reserves=reserves, by=CLERK)
    return again(claim)


def surveyed(claim: Claim, *, own_fen: int = 180_000, other_fen: int = 150_000) -> Claim:
    """Dispatched, driven to, looked at, listed and signed."""
    number = claim.number
    dispatch_survey(number, to="lijun", by=CLERK)
    start_survey(number, by=ASSESSOR)
    arrive_at_survey(number, by=ASSESSOR, where="31.22,121.54")
    picture = upload(ASSESSOR).pk
    receive_document(number, kind="survey", upload=picture, by=ASSESSOR, duty="materials.receive")
    lines = [Line("own_vehicle", "前保险杠", "replace", own_fen)]
    if claim.exposures.filter(thing="other_vehicle").exists():
        lines.append(Line("other_vehicle", "后保险杠", "repair", other_fen))
    list_losses(number, lines=lines, by=ASSESSOR)
    finish_survey(number, findings="痕迹相符", signed_name="李军", by=ASSESSOR)
    hear()
    return again(claim)


def insured(line: str, *covers: tuple[str, dict[str, object]]) -> Policy:
    """A further policy of the customer who has no car, of any line."""
    party, n = Party.objects.get(phone=INSURED_PHONE), next(_number)
    return demonstration.add_policy(
        f"PTST{n:016d}", line=line, branch=Branch.objects.get(code="3101"), insured=party,
        covers=covers,
    )  # fmt: skip


def inpatient_policy() -> Policy:
    return Policy.objects.get(insured__phone=INSURED_PHONE, number__startswith="PHEA")


def keyed(policy: Policy, cause: str, *, days_ago: int = 20, **changes: object) -> Claim:
    """A report that a clerk keys for the insured of a policy, who calls."""
    lost_at = clock.now() - timedelta(days=days_ago)
    told: dict[str, object] = {
        "lost_at": lost_at, "place": "张江路 8 号", "cause": cause, "story": "客户来电。",
        "policy": policy.number, "phone": policy.insured.phone, "consented": True,
    }  # fmt: skip
    answer = take_report(
        Report(**{**told, **changes}), caller=policy.insured.name, by=CLERK,  # type: ignore[arg-type]
        key=f"key-{next(_number)}", channel="phone", another=True,
    )  # fmt: skip
    hear()
    return Claim.objects.get(number=answer["number"])


def handed_over(claim: Claim) -> Claim:
    """Every paper comes to the counter and is found good."""
    for material in materials_missing(claim):
        if material.state == "wanted":
            receive_document(claim.number, kind=material.kind, upload=upload(CLERK).pk, by=CLERK,
                             duty="materials.receive")  # fmt: skip
        check_document(claim.number, kind=material.kind, accepted=True, by=CLERK)
    hear()
    return again(claim)


def day(claim: Claim, *, after: int = 0) -> str:
    """The day of the loss, or one so many days later, as it is told."""
    lost_on = claim.lost_at.astimezone(clock.LOCAL).date()
    return (lost_on + timedelta(days=after)).isoformat()


def told(claim: Claim, position: int = 1, *, about: str = "cover", **facts: object) -> Claim:
    return told_all(claim, facts, position=position, about=about)


def told_all(
    claim: Claim, facts: dict[str, object], *, position: int = 1, about: str = "cover"
) -> Claim:
    """The facts of an exposure, on the first paper that lies here."""
    tell_facts(claim.number, position=position, about=about, facts=facts, paper="claim_request",
               by=CLERK)  # fmt: skip
    hear()
    return again(claim)


STAY: dict[str, object] = {
    "was_settled_socially": True,
    "catalogue_cost_fen": 1_860_000,
    "social_paid_fen": 960_000,
}
"""A stay in hospital that social insurance has settled: 18,600.00, of which 9,600.00 it paid."""


def inpatient_told(claim: Claim) -> Claim:
    """The stay of the insured: admitted on the day of the loss for eight days."""
    days: dict[str, object] = {
        "occurred_on": day(claim), "admitted_on": day(claim),
        "discharged_on": day(claim, after=8), "insured_from_on": day(claim, after=-140),
        "year_from_on": day(claim, after=-140), "year_to_on": day(claim, after=224),
    }  # fmt: skip
    return told_all(claim, {**days, **STAY})


def approved(claim: Claim) -> Claim:
    """Calculated, handed to a reviewer, and every part approved."""
    calculate_claim(claim.number, by=CLERK)
    submit_for_review(claim.number, by=CLERK)
    yes = dict.fromkeys(QUESTIONS, True)
    for exposure in claim.exposures.filter(stage="reviewing").order_by("position"):
        decide_claim(claim.number, position=exposure.position, approve=True, answers=yes,
                     remark="", by=REVIEWER)  # fmt: skip
    hear()
    return again(claim)


def agreed(claim: Claim, *, choice: str = "accept", words: str = "", phone: str = "") -> Claim:
    number, phone = claim.number, phone or PHONE
    with override_settings(LIPEI_DEMO=True):
        code = send_code(phone, purpose=f"agree/{number}")
    sums = sums_open(list(claim.exposures.order_by("position")))
    agree_to_sums(
        number, choices={e.position: choice for e, _ in sums}, words=words,
        sheets_digest=joint_digest_of([c for _, c in sums]),
        signature=Signature("name", Party.objects.get(phone=phone).name), code=code,
        by=claimant(phone),
    )  # fmt: skip
    hear()
    return again(claim)


def account_of(party: Party | None) -> Account:
    """A checked account of a party; a sum without a payee has none."""
    assert party is not None
    found = Account.objects.filter(party=party).first()
    return found or Account.objects.create(
        party=party, bank="中国工商银行", holder_name=party.name,
        number_sealed=sealed.seal("6222021234567890128"),
        number_digest=sealed.digest(f"6222-{party.pk}"), tail="0128", checked="matched",
    )  # fmt: skip


def paid(claim: Claim) -> Claim:
    for exposure in claim.exposures.filter(stage="agreed").order_by("position"):
        order = prepare_payment(
            claim.number, position=exposure.position, by=MAKER,
            account=account_of(exposure.payee).pk,
        )  # fmt: skip
        hear()
        release_payment(order.number, by=CHECKER)
        credit_order(order.number, receipt=f"R-{order.number}", at=None, by="system/bank")
    hear()
    return again(claim)


def closed(claim: Claim) -> Claim:
    for exposure in claim.exposures.all():
        for order in exposure.orders.filter(state="credited"):
            make_receipt(order=order.number)
    hear()
    return again(claim)


def archived(claim: Claim) -> Claim:
    arrange_paper(claim.number, paper_pages=0, scanned_pages=0, by=ARCHIVIST)
    archive_claim(claim.number, place="A-01-03", by=ARCHIVIST)
    return again(claim)


def again(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def all_the_way() -> Claim:
    """From the report to the shelf."""
    claim = surveyed(registered(accepted(filed())))
    return archived(closed(paid(agreed(claim))))
