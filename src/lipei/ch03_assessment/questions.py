"""The eleven questions of a decision (3.3-a): their words, their law, and what the file says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lipei.ch01_general.models import Claim, Exposure
from lipei.ch03_assessment.adjudication import QUESTIONS
from lipei.kit import clock
from lipei.rules.yuan import yuan


@dataclass(frozen=True)
class Question:
    """One question as it is asked: its name, its words, the article behind it."""

    name: str
    words: str | Promise
    article: str | Promise


WORDED: Mapping[str, Question] = {
    one.name: one
    for one in (
        Question("policy_valid", gettext_lazy("保单有效吗？"), gettext_lazy("保险法 13、14")),
        Question("interest", gettext_lazy("出险时有保险利益吗？"), gettext_lazy("保险法 48")),
        Question(
            "event_in_period", gettext_lazy("事故发生在保险期间内吗？"), gettext_lazy("保险法 14")
        ),
        Question("cause_covered", gettext_lazy("原因属于保险责任吗？"), gettext_lazy("条款")),
        Question(
            "exclusions", gettext_lazy("没有触发免责条款吗？"), gettext_lazy("条款、保险法 17")
        ),
        Question(
            "duties", gettext_lazy("如实告知、及时通知等义务都履行了吗？"),
            gettext_lazy("保险法 16、21、22"),
        ),
        Question(
            "danger_or_transfer", gettext_lazy("没有未告知的危险增加或转让吗？"),
            gettext_lazy("保险法 49、52"),
        ),
        Question(
            "loss", gettext_lazy("损失已查清、与事故有因果吗？"),
            gettext_lazy("保险法 22、23"),
        ),
        Question("limits", gettext_lazy("限额、免赔、残值都算对了吗？"), gettext_lazy("条款")),
        Question(
            "other_cover", gettext_lazy("别处的赔偿和重复保险都扣除了吗？"),
            gettext_lazy("保险法 56、60"),
        ),
        Question("payee", gettext_lazy("收款人对吗？"), gettext_lazy("保险法 65")),
    )
}  # fmt: skip


def asked(exposure: Exposure) -> list[tuple[Question, str]]:
    """Every question in its order, with what the file says of it ("" where it says nothing)."""
    claim = exposure.claim
    return [(WORDED[name], _evidence(name, claim, exposure)) for name in QUESTIONS]


def _evidence(name: str, claim: Claim, exposure: Exposure) -> str:
    look = EVIDENCE.get(name)
    return look(claim, exposure) if look else ""


def _policy(claim: Claim, exposure: Exposure) -> str:
    then = claim.policy_then
    if then is None:
        return _("没有关联保单")
    paid = _("保费已缴") if then.premium_paid else _("保费未缴")
    return f"{then.number} · {paid}"


def _interest(claim: Claim, exposure: Exposure) -> str:
    return claim.policy_then.insured.name if claim.policy_then else ""


def _period(claim: Claim, exposure: Exposure) -> str:
    lost = f"{claim.lost_at.astimezone(clock.LOCAL):%Y-%m-%d %H:%M}"
    then = claim.policy_then
    if then is None:
        return _("出险 %(at)s") % {"at": lost}
    first, last = (d.astimezone(clock.LOCAL) for d in (then.starts_at, then.ends_at))
    told = {"at": lost, "from": f"{first:%Y-%m-%d}", "until": f"{last:%Y-%m-%d}"}
    return _("出险 %(at)s；保险期间 %(from)s 至 %(until)s") % told


def _duties(claim: Claim, exposure: Exposure) -> str:
    told = f"{claim.reported_at.astimezone(clock.LOCAL):%Y-%m-%d %H:%M}"
    return _("报案 %(at)s") % {"at": told}


def _loss(claim: Claim, exposure: Exposure) -> str:
    return _("定损 ¥%(sum)s") % {"sum": yuan(exposure.assessed_fen or 0)}


def _limits(claim: Claim, exposure: Exposure) -> str:
    return _("应赔 ¥%(sum)s") % {"sum": yuan(exposure.benefit_fen or 0)}


def _payee(claim: Claim, exposure: Exposure) -> str:
    return exposure.payee.name if exposure.payee else _("还没有收款人")


EVIDENCE: Mapping[str, Callable[[Claim, Exposure], str]] = {
    "policy_valid": _policy, "interest": _interest, "event_in_period": _period,
    "duties": _duties, "loss": _loss, "limits": _limits, "payee": _payee,
}  # fmt: skip
