"""9.1 Collecting and arranging: what belongs in the file of a claim, in which order."""

from collections.abc import Iterable
from io import BytesIO

from django.utils import translation

from lipei.ch01_general.models import Claim
from lipei.ch02_intake.models import Document
from lipei.ch02_intake.papers import on_paper
from lipei.ch04_payment.models import Voucher
from lipei.ch09_archive.leaves import leaves_of
from lipei.kit import files
from lipei.kit.records import record_pdf

ORDER = (
    "accident_certificate", "self_settlement", "report", "claim_request", "notice",
    "driving_licence", "vehicle_licence", "repair_invoice", "scene", "plate", "close", "survey",
    "video", "other", "survey_record", "loss_list", "calculation", "decision", "agreement",
    "payment", "closing", "receipt",
)  # fmt: skip
"""Authority decisions first, the rest in the order of handling (9.1-e)."""
VOUCHERS = frozenset({"calculation", "decision", "agreement", "payment", "receipt"})
"""The set that stands behind each payment (4.3-a); the rest of the leaves are claim documents."""
LANGUAGE = "zh-hans"

Content = tuple[str, str, bool, str]


def contents_of(claim: Claim) -> list[Content]:
    """Everything in the file: kind, hash, whether born electronic, retention class.

    What was only a row until the claim closed is written out now and kept under its hash; while
    the claim is open, its file holds what was handed in.
    """
    found = [*_documents(claim), *([] if claim.is_open else [*_leaves(claim), *_receipts(claim)])]
    return sorted(found, key=lambda content: _rank(content[0]))


def has_paper(claim: Claim) -> bool:
    """Whether anything of this claim lies here on paper; else there is none to arrange (A-35)."""
    return any(on_paper(d.kind, d.received_from) for d in Document.objects.filter(claim=claim))


def _documents(claim: Claim) -> Iterable[Content]:
    held = Document.objects.filter(claim=claim).select_related("upload")
    for one in held.order_by("received_at", "pk"):
        paper = on_paper(one.kind, one.received_from)
        yield one.kind, one.upload.sha256, not paper, one.upload.retention


def _leaves(claim: Claim) -> Iterable[Content]:
    with translation.override(LANGUAGE):
        leaves = leaves_of(claim)
        pages = [(kind, record_pdf(record)) for kind, record in leaves]
    for kind, page in pages:
        kept = files.keep(BytesIO(page), filename=f"{claim.number}-{kind}.pdf")
        yield kind, kept.sha256, True, _class(kind)


def _receipts(claim: Claim) -> Iterable[Content]:
    for one in Voucher.objects.filter(order__exposure__claim=claim).order_by("number"):
        yield "receipt", one.sha256, True, _class("receipt")


def _rank(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else ORDER.index("other")


def _class(kind: str) -> str:
    return "voucher" if kind in VOUCHERS else "claim_document"
