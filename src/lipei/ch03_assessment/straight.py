"""The named reasons of straight-through review: all must pass, each is shown (1.3-e, 3.3-c)."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.models import Claim, Exposure, Hold
from lipei.ch02_intake.materials import materials_missing
from lipei.ch03_assessment.accumulators import stand
from lipei.ch03_assessment.facts import is_small
from lipei.ch03_assessment.models import LossLine, Survey

Check = Callable[[Claim, Sequence[Exposure]], bool]


def _policy_in_force(claim: Claim, exposures: Sequence[Exposure]) -> bool:
    barred = {"unmatched", "not_in_force", "premium_unpaid"}
    return claim.policy_id is not None and not barred & set(claim.flags)


def _motor(claim: Claim, exposures: Sequence[Exposure]) -> bool:
    return claim.line == "motor"


def _nobody_hurt(claim: Claim, exposures: Sequence[Exposure]) -> bool:
    return not claim.injured and all(e.thing != Exposure.Thing.PERSON for e in exposures)


def _small(claim: Claim, exposures: Sequence[Exposure]) -> bool:
    """The loss of the whole event counts, before deductibles and salvage (A-09)."""
    lines = LossLine.objects.filter(claim=claim)
    return lines.exists() and is_small(sum(line.amount_fen for line in lines))


def _papers(claim: Claim, exposures: Sequence[Exposure]) -> bool:
    return not materials_missing(claim).exists()


def _no_flag(claim: Claim, exposures: Sequence[Exposure]) -> bool:
    harmless = {"forced", "late_registration"}
    return not set(claim.flags) - harmless


def _no_hold(claim: Claim, exposures: Sequence[Exposure]) -> bool:
    return not Hold.objects.filter(exposure__claim=claim, lifted_at=None).exists()


def _surveyed(claim: Claim, exposures: Sequence[Exposure]) -> bool:
    return Survey.objects.filter(claim=claim, finished_at__isnull=False).exists()


def _no_loss_left_unpaid(claim: Claim, exposures: Sequence[Exposure]) -> bool:
    """A loss that comes to nothing is told by a person, like any refusal (1.3-l, 个保法 24)."""
    return all(e.benefit_fen != 0 or not e.assessed_fen for e in exposures)


def _no_wish_for_a_person(claim: Claim, exposures: Sequence[Exposure]) -> bool:
    return not claim.facts.get("human_wanted", False)


REASONS: tuple[tuple[str, object, Check], ...] = (
    ("motor", _("车险案件"), _motor),
    ("policy_in_force", _("保单有效、保费已缴"), _policy_in_force),
    ("nobody_hurt", _("没有人伤"), _nobody_hurt),
    ("small", _("全案损失不超过 5,000.00 元"), _small),
    ("papers", _("材料齐全"), _papers),
    ("surveyed", _("查勘已签字完成"), _surveyed),
    ("no_flag", _("没有异常标记"), _no_flag),
    ("no_hold", _("没有中止事项"), _no_hold),
    ("no_loss_left_unpaid", _("有损失的项目都有赔款"), _no_loss_left_unpaid),
    ("limits_stand", _("理算所见的已用限额没有变动"), stand),
    ("no_wish_for_a_person", _("客户没有要求人工处理"), _no_wish_for_a_person),
)


def reasons_of(claim: Claim, exposures: Sequence[Exposure]) -> list[dict[str, object]]:
    """Every reason by name and whether it holds for this claim, in the order of the table."""
    return [{"name": n, "passed": check(claim, exposures)} for n, _words, check in REASONS]


def reason_words(name: str) -> str:
    """The words of a reason in the reader's language."""
    return next((str(words) for n, words, _check in REASONS if n == name), name)
