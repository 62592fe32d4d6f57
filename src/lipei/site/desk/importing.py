"""What the pages of an import show: the fields with their columns, and rows as they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.models import ImportFault, PolicyImport
from lipei.ch01_general.policy_import import Group, preview
from lipei.ch01_general.policy_rows import FIELDS, NEEDED, Record
from lipei.kit import clock, sealed
from lipei.kit.refusal import Refused
from lipei.site.desk.words import PRODUCTS, line_words
from lipei.site.faces import yuan_words

MOST = 50
TITLES: Mapping[str, str | Promise] = {
    "number": _("保单号"), "line": _("险类"), "branch": _("机构"), "starts_at": _("起期"),
    "ends_at": _("止期"), "insured_name": _("被保险人"), "insured_id": _("被保险人证件号"),
    "insured_phone": _("被保险人电话"), "holder_name": _("投保人"),
    "holder_id": _("投保人证件号"), "holder_phone": _("投保人电话"), "plate": _("车牌"),
    "vin": _("车架号"), "vehicle": _("车型级别"), "drivers": _("指定驾驶人"),
    "region": _("行驶区域"), "premium_paid": _("保费已缴"), "product": _("险种"),
    "sum_insured": _("保额"), "deductible": _("免赔额"), "yearly_deductible": _("年免赔额"),
    "ratio": _("赔付比例"), "endorsement": _("批单号"), "effective_at": _("批改生效日期"),
}  # fmt: skip


@dataclass(frozen=True)
class FieldShown:
    """A field, the column that tells it, what is wrong with that choice, and whether it must be."""

    name: str
    title: str
    column: str
    wrong: str
    needed: bool


@dataclass(frozen=True)
class RowShown:
    """A policy of the preview as it will be read, or what is wrong with its rows."""

    row: int
    number: str
    insured: str
    identity: str
    plate: str
    period: str
    covers: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class FaultShown:
    """One fault of a row in the reader's words."""

    row: int
    column: str
    words: str
    next_step: str


def fields(run: PolicyImport, mapping: Mapping[str, str], no: Refused | None) -> list[FieldShown]:
    """Every field in its order, with the column from which it is read."""
    bad = str(no.params.get("field", "")) if no else ""
    language = get_language() or "zh-hans"
    return [
        FieldShown(
            name, str(TITLES[name]), mapping.get(name, ""),
            f"{no.words(language)}{no.next_step(language)}" if no and name == bad else "",
            name in NEEDED,
        )
        for name in FIELDS
    ]  # fmt: skip


def previewed(run: PolicyImport, mapping: Mapping[str, str]) -> list[RowShown]:
    """The first policies of the file as they will be read; numbers of persons are masked."""
    return [_row(group) for group in preview(run, mapping)]


def faults(run: PolicyImport) -> list[FaultShown]:
    """The first faults of an import."""
    return [_fault(one) for one in run.faults.order_by("row", "pk")[:MOST]]


def _row(group: Group) -> RowShown:
    rows, found, wrong = group
    language = get_language() or "zh-hans"
    told = tuple(f"{f.column} {f.words(language)}".strip() for f in wrong)
    if found is None:
        return RowShown(rows[0].number, "", "", "", "", "", (), told)
    return RowShown(
        rows[0].number, found.number, found.insured.name, sealed.masked(found.insured.id_number),
        str(found.values["plate"]), _period(found),
        tuple(_cover(product, cover) for product, cover in found.covers.items()), told,
    )  # fmt: skip


def _period(found: Record) -> str:
    first, until = (
        datetime.fromisoformat(str(found.values[name])).astimezone(clock.LOCAL)
        for name in ("starts_at", "ends_at")
    )
    last = until - timedelta(seconds=1)
    return f"{line_words(found.line)} {first:%Y-%m-%d} – {last:%Y-%m-%d}"


def _cover(product: str, cover: dict[str, object]) -> str:
    terms = cover["terms"]
    assert isinstance(terms, dict)
    sums = [yuan_words(fen) for name, fen in terms.items() if name.endswith("_fen")]
    return " ".join([str(PRODUCTS.get(product, product)), *sums])


def _fault(one: ImportFault) -> FaultShown:
    language = get_language() or "zh-hans"
    no = Refused(one.slug, **one.params)
    return FaultShown(one.row, one.column, no.words(language), no.next_step(language))
