"""What the stages and steps are called on screen, the same on desk and phone."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.stages import Side, Stage

STAGE_WORDS: Mapping[Stage, str | Promise] = {
    Stage.REPORTED: _("已报案"),
    Stage.ESTIMATED: _("已预赔"),
    Stage.APPLIED: _("已申请"),
    Stage.PENDING: _("待补件"),
    Stage.ACCEPTED: _("已受理"),
    Stage.REGISTERED: _("已立案"),
    Stage.INVESTIGATING: _("查勘中"),
    Stage.ASSESSED: _("已定损"),
    Stage.CALCULATED: _("已理算"),
    Stage.REVIEWING: _("核赔中"),
    Stage.RETURNED: _("已退回"),
    Stage.APPROVED: _("待确认"),
    Stage.REFUSED: _("拒赔"),
    Stage.AGREED: _("已确认"),
    Stage.PAYABLE: _("待支付"),
    Stage.PAYING: _("支付中"),
    Stage.PAID: _("已支付"),
    Stage.CLOSED: _("已结案"),
    Stage.ARCHIVED: _("已归档"),
}
STEP_WORDS: Mapping[str, str | Promise] = {
    "report": _("报案"),
    "accept": _("受理"),
    "survey": _("查勘定损"),
    "calculate": _("理算"),
    "review": _("核赔"),
    "agree": _("确认"),
    "pay": _("支付"),
    "archive": _("归档"),
}
SIDE_WORDS: Mapping[Side, str | Promise] = {
    Side.SUSPENDED: _("中止"),
    Side.DISPUTED: _("有争议"),
    Side.ADVANCED: _("已先予支付"),
    Side.BOUNCED: _("退票"),
    Side.REOPENED: _("重开"),
    Side.WITHDRAWN: _("已撤案"),
    Side.CANCELLED: _("已注销"),
    Side.ZERO: _("零结案"),
}
HOLDER_WORDS: Mapping[str, str | Promise] = {
    "claimant": _("客户"),
    "insurer": _("理赔"),
    "surveyor": _("查勘"),
    "bank": _("银行"),
    "court": _("法院"),
}


def stage_words(stage: str) -> str:
    """A stage in the reader's language."""
    return str(STAGE_WORDS[Stage(stage)])
