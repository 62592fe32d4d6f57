"""What the pages of prior uses show, and the form that brings them in."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.actors import Actor
from lipei.ch03_assessment import prior, prior_tables
from lipei.ch03_assessment.accumulators import in_unit
from lipei.ch03_assessment.models import PriorBatch
from lipei.kit import checks
from lipei.kit.forms import Checked, complain
from lipei.kit.refusal import Refused
from lipei.kit.tables import Fault
from lipei.rules import edition

NAME, LINE = 60, 200
PROOF = forms.FileInput(attrs={"accept": "image/*,application/pdf,.ofd"})
TABLE = forms.FileInput(attrs={"accept": ".csv,.xlsx,.parquet"})


@dataclass(frozen=True)
class Shown:
    """One row of a batch in the reader's words."""

    policy: str
    product: str
    limit: str
    year: int | None
    amount: str
    difference: str


@dataclass(frozen=True)
class FaultShown:
    """What is wrong with a row of a table."""

    row: int
    column: str
    words: str
    next_step: str


class PriorForm(forms.Form):
    """What a paper tells: a table of rows, or one row typed in."""

    source = Checked(
        partial(checks.plain_text, limit=80, empty=False), name="source", label=_("原系统")
    )
    paper = Checked(
        partial(checks.plain_text, limit=80, empty=False), name="paper", label=_("依据的凭证"),
        help_text=_("移交清单的名称和页码等，写得出能找到它。"),
    )  # fmt: skip
    reason = Checked(
        partial(checks.plain_text, limit=LINE, empty=False), name="reason", label=_("承接原因")
    )
    proof = forms.FileField(label=_("凭证文件"), widget=PROOF)
    table = forms.FileField(
        label=_("已用额表格"), widget=TABLE, required=False,
        help_text=_("CSV、XLSX 或 Parquet，列：保单号、限额、已用、保单年度、险种、证件号码。"),
    )  # fmt: skip
    policy = Checked(
        partial(checks.plain_text, limit=NAME), name="policy", required=False, label=_("保单号")
    )
    limit = Checked(
        partial(checks.plain_text, limit=NAME), name="limit", required=False,
        label=_("限额或免赔额"), help_text=_("条款版本里的名称，例如：年度限额、年免赔额。"),
    )  # fmt: skip
    amount = Checked(
        partial(checks.plain_text, limit=NAME), name="amount", required=False,
        label=_("截至承接已用合计"), help_text=_("金额写元，按天或按次的写数字。"),
    )  # fmt: skip
    year = Checked(
        prior_tables.year_cell, name="year", required=False, label=_("保单年度"),
        help_text=_("第几年，或者年度内的任一日期；终身累计的不填。"),
    )  # fmt: skip
    identity = Checked(
        checks.resident_id, name="identity", required=False, label=_("被保险人证件号码"),
        help_text=_("团体、家庭等几人共用的保单才填。"),
    )  # fmt: skip
    product = Checked(
        partial(checks.plain_text, limit=NAME), name="product", required=False,
        label=_("险种代码"), help_text=_("几个险种都有这项限额时才填。"),
    )  # fmt: skip

    def typed(self) -> prior.Told | None:
        """The row that was typed in; none, with the fault at its field, where it is not whole."""
        told = self.cleaned_data
        for name in ("policy", "limit", "amount"):
            if not told[name]:
                complain(self, Refused("text_missing", field=name))
                return None
        try:
            units = prior_tables.units_of(
                told["amount"], limit=told["limit"], policy=told["policy"], field="amount"
            )
        except Refused as no:
            complain(self, no)
            return None
        return prior.Told(
            policy=told["policy"], limit=told["limit"], amount_units=units,
            year=told["year"] or None, product=told["product"], identity=told["identity"],
        )  # fmt: skip


def batches(acting: Actor, *, most: int) -> list[PriorBatch]:
    """The newest batches that somebody may read."""
    return list(prior.seen_by(acting).order_by("-pk")[:most])


def rows(batch: PriorBatch) -> list[Shown]:
    """The rows of a batch in the reader's language."""
    shown = []
    for use in prior.uses_of(batch):
        rule, title = prior.rule_of(use), edition(use.edition).title
        counted = use.counted_units
        change = "" if counted is None else _told(in_unit(abs(counted), use.unit))
        sign = "" if counted is None else "−" if counted < 0 else "+"
        shown.append(Shown(
            policy=use.policy.number, product=_told((title.zh, title.en)),
            limit=_told((rule.zh, rule.en)), year=use.year,
            amount=_told(in_unit(use.amount_units, use.unit)), difference=f"{sign}{change}",
        ))  # fmt: skip
    return shown


def faults(found: Iterable[Fault]) -> list[FaultShown]:
    """What is wrong with the rows of a table, in the reader's language."""
    language = get_language() or "zh-hans"
    return [
        FaultShown(one.row, one.column, one.words(language), one.next_step(language))
        for one in found
    ]


def _told(words: tuple[str, str]) -> str:
    return words[1] if (get_language() or "").startswith("en") else words[0]
