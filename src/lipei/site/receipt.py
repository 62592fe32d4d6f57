"""The receipt of a report: number, code to scan, what comes next, and the papers (K6-list)."""

from dataclasses import dataclass

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from lipei.ch01_general.models import Claim
from lipei.site.journey import law
from lipei.site.journey.parts import EstimateShown, Need, estimate_shown, needs_of
from lipei.site.journey.steps import is_looked_at


@dataclass(frozen=True)
class ReportReceipt:
    """What a reporter gets at once. `papers` are those that the claim needs, with their state."""

    code: SafeString
    papers: list[Need]
    estimate: EstimateShown | None
    date: law.NextDate | None
    law: str
    estimate_due: bool
    is_looked_at: bool

    @property
    def papers_wanted(self) -> int:
        """How many papers are still to be handed in."""
        return sum(paper.open for paper in self.papers)


def receipt_of_report(claim: Claim) -> ReportReceipt:
    """The receipt of a claim that has just been reported, or of any later day."""
    exposures = list(claim.exposures.order_by("position"))
    clocks = law.running(claim)
    page = reverse("pocket:claim", args=[claim.number])
    return ReportReceipt(
        code=code_to_scan(f"{settings.LIPEI_PUBLIC_URL}{page}"),
        papers=needs_of(claim, exposures), estimate=estimate_shown(claim),
        date=law.next_date(clocks), law=law.law_line(claim, exposures, clocks),
        estimate_due=any(one.clause == "1.3-b" for one in clocks),
        is_looked_at=is_looked_at(exposures),
    )  # fmt: skip


def code_to_scan(text: str) -> SafeString:
    """A QR code of a text as inline SVG without style or script of its own."""
    drawn = segno.make(text, error="m").svg_inline(
        border=2, svgclass="u-qr", lineclass=None, omitsize=True, light="#fff", dark="#000"
    )
    return mark_safe(drawn)  # noqa: S308  drawn by us; the text is only in its dots
