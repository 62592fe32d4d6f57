"""Clocks in a claimant's words: what will have happened by when, and which law says so.

Texts for customers cite law and policy terms; a promise of our own is told as ours.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lipei.ch01_general.models import Claim, Clock, Exposure
from lipei.ch01_general.process import decide_clock, pay_clock
from lipei.ch01_general.stages import ORDER, Stage
from lipei.kit import clock
from lipei.manual import clause
from lipei.site.punctuation import listed

ARTICLE = re.compile(r"([^\d]+)(\d+)")
HOURS = frozenset({"minutes", "hours"})
INSTANT = timedelta(microseconds=1)
WHAT: Mapping[str, str | Promise] = {
    "1.3-b": gettext_lazy("给出预估区间"),
    "1.3-d": gettext_lazy("告诉您材料齐不齐"),
    "3.1-a": gettext_lazy("开始查勘"),
    "1.2-g": gettext_lazy("完成查勘"),
    "1.2-e": gettext_lazy("算出金额"),
    "1.3-l-review": gettext_lazy("完成人工复核"),
    "1.3-i-credit": gettext_lazy("赔款到账"),
    "4.4-a-repay": gettext_lazy("重新付款到账"),
    "1.1-e": gettext_lazy("付清赔款"),
    "K2": gettext_lazy("作出核定"),
    "K3": gettext_lazy("赔款到账"),
    "K5": gettext_lazy("先付能确定的部分"),
    "K6-decide": gettext_lazy("作出核定"),
    "K6-pay": gettext_lazy("赔款到账"),
}
"""What a clause promises a claimant. Clocks of our own housekeeping are not told."""
LAWS: Mapping[str, str | Promise] = {
    "保险法": gettext_lazy("《保险法》第 %(number)s 条"),
    "交强险条例": gettext_lazy("《机动车交通事故责任强制保险条例》第 %(number)s 条"),
    "个保法": gettext_lazy("《个人信息保护法》第 %(number)s 条"),
    "民法典": gettext_lazy("《民法典》第 %(number)s 条"),
}


@dataclass(frozen=True)
class NextDate:
    """The next thing that will have happened: by when, what, and who promises it."""

    when: str
    why: str
    at: datetime


def running(claim: Claim) -> list[Clock]:
    """The clocks that run for a claimant, the one that is due first in front."""
    clocks = claim.clocks.filter(stopped_at=None, void=False, due_at__isnull=False)
    told = [one for one in clocks.filter(clause__in=WHAT) if one.due_at]
    return sorted(told, key=lambda one: (one.due_at, one.clause))


def next_date(clocks: Sequence[Clock]) -> NextDate | None:
    """The clock that is due first, in words; none while nothing runs."""
    if not clocks:
        return None
    first = clocks[0]
    assert first.due_at is not None
    promised = _("依%(law)s") % {"law": article_words(first.clause)} if is_law(
        first.clause
    ) else _("我们的承诺")  # fmt: skip
    when = _("%(when)s 前%(what)s") % {"when": last_moment(first), "what": WHAT[first.clause]}
    return NextDate(when=when, why=promised, at=first.due_at)


def law_line(claim: Claim, exposures: Sequence[Exposure], clocks: Sequence[Clock]) -> str:
    """The law's last day: of the clock that runs, or of the one that comes next.

    Nothing where the next date says it already. The advance of the law (K5) is only told as a
    date, since it is a net below the others.
    """
    of_law = next((one for one in clocks if is_law(one.clause) and one.clause != "K5"), None)
    if of_law is not None and of_law == clocks[0]:
        return ""
    if of_law is not None:
        return _("最迟 %(when)s %(what)s：%(law)s") % {
            "when": last_moment(of_law),
            "what": WHAT[of_law.clause],
            "law": article_words(of_law.clause),
        }
    open_parts = [one for one in exposures if _is_open(Stage(one.stage))]
    if not open_parts or not claim.is_open:
        return ""
    waits_for_word = ORDER[Stage(claim.stage)] >= ORDER[Stage.APPROVED]
    ahead = {(pay_clock if waits_for_word else decide_clock)(one) for one in open_parts}
    told = [_ahead(one) for one in sorted(ahead, key=lambda c: clause(c).value)]
    start = _("您确认后，") if waits_for_word else _("材料齐全后，")
    return start + listed(told, strong=True)


def _is_open(stage: Stage) -> bool:
    """Whether the claimant still waits for a decision or has to say a word to it."""
    return stage is not Stage.REFUSED and ORDER[stage] < ORDER[Stage.AGREED]


def credited_words(amounts_fen: Sequence[int]) -> str:
    """How soon sums are in the account after the claimant's word: our promise, the law's."""
    law = clause("K3").value
    if all(clause("4.2-a").allows(amount) for amount in amounts_fen):
        ours = clause("1.3-i-credit").value
        words = ngettext(
            "确认后 %(ours)s 日内到账，法律规定最迟 %(law)s 日",
            "确认后 %(ours)s 日内到账，法律规定最迟 %(law)s 日",
            ours,
        )
        return words % {"ours": ours, "law": law}
    words = ngettext("确认后最迟 %(law)s 日到账", "确认后最迟 %(law)s 日到账", law)
    return words % {"law": law}


def _ahead(clause_id: str) -> str:
    row = clause(clause_id)
    words = ngettext(
        "最迟 %(days)s 日%(what)s（%(law)s）", "最迟 %(days)s 日%(what)s（%(law)s）", row.value
    )
    return words % {
        "days": row.value,
        "what": WHAT[clause_id],
        "law": article_words(clause_id),
    }


def is_law(clause_id: str) -> bool:
    """Whether a clause comes from law or contract, and may be cited to a customer."""
    return clause(clause_id).origin in {"law", "contract"}


def article_words(clause_id: str) -> str:
    """The article behind a clause as a customer reads it: 《保险法》第 23 条."""
    found = ARTICLE.fullmatch(clause(clause_id).article)
    if found is None or found[1] not in LAWS:
        return clause(clause_id).article
    return str(LAWS[found[1]]) % {"number": found[2]}


def last_moment(one: Clock) -> str:
    """The last day on which the promise is kept; with the time where it is told in hours."""
    assert one.due_at is not None
    due = (one.due_at - INSTANT).astimezone(clock.LOCAL)
    return f"{due:%m-%d %H:%M}" if clause(one.clause).unit in HOURS else f"{due:%m-%d}"
