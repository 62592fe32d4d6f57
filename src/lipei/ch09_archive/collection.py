"""9.1 Collecting and arranging: what belongs in the file of a claim, in which order."""

from lipei.ch01_general.models import Claim
from lipei.ch02_intake.models import Document
from lipei.ch04_payment.models import Voucher

ORDER = (
    "accident_certificate", "self_settlement", "claim_request", "driving_licence",
    "vehicle_licence", "repair_invoice", "scene", "plate", "close", "survey", "video", "other",
)  # fmt: skip
"""Authority decisions first, the rest in the order of handling (9.1-e)."""
IDENTITY = frozenset({"driving_licence", "vehicle_licence", "identity_card"})

Content = tuple[str, str, bool, str]


def contents_of(claim: Claim) -> list[Content]:
    """Everything in the file: kind, hash, whether born electronic, retention class."""
    documents = Document.objects.filter(claim=claim).select_related("upload")
    ranked = sorted(documents, key=lambda d: (_rank(d.kind), d.received_at, d.pk))
    found = [(d.kind, d.upload.sha256, True, _class(d.kind)) for d in ranked]
    vouchers = Voucher.objects.filter(order__exposure__claim=claim).order_by("number")
    return found + [("receipt", v.sha256, True, "voucher") for v in vouchers]


def _rank(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def _class(kind: str) -> str:
    return "identity" if kind in IDENTITY else "claim_document"
