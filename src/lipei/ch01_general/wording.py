"""The texts that go to claimants: each is registered with the message gateway under a number.

Letters and messages cite law and policy terms, never the manual.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Wording:
    """A registered text: the gateway's number, its blanks, and the words for the inbox."""

    number: str
    blanks: tuple[str, ...]
    words: str | Promise


WORDINGS: Mapping[str, Wording] = {
    "code": Wording("LP1001", ("code", "minutes"), _("验证码已发送")),
    "reported": Wording("LP1002", ("claim_no", "link"), _("报案已收到，案件号见下")),
    "estimate": Wording("LP1003", ("claim_no", "link"), _("预估赔付区间已出，不是赔付承诺")),
    "one_notice": Wording("LP1004", ("claim_no", "link"), _("还缺材料，清单已一次列全")),
    "registered": Wording("LP1005", ("claim_no", "exposure_no"), _("案件已立案")),
    "survey": Wording("LP1006", ("claim_no", "assessor", "phone"), _("查勘员已安排")),
    "assessed": Wording("LP1007", ("claim_no", "link"), _("定损完成")),
    "sheet_ready": Wording("LP1008", ("claim_no", "link"), _("赔付金额待您确认")),
    "paid": Wording("LP1009", ("claim_no", "receipt_no"), _("赔款已到账")),
    "bounced": Wording("LP1010", ("claim_no", "link"), _("赔款被银行退回，请核对收款账户")),
    "nil": Wording("LP1014", ("claim_no", "link"), _("有一部分核定后没有可赔金额，理由见案件页")),
    "closed": Wording("LP1011", ("claim_no",), _("案件已结案归档")),
    "account_differs": Wording(
        "LP1013", ("claim_no", "link"), _("银行说收款账户不是收款人的，请换一个账户")
    ),
    "factor_reset": Wording("LP1021", ("name",), _("登录验证器已重置")),
    "invited": Wording("LP1022", ("name", "link", "hours"), _("账号已开通，请设置口令")),
    "news": Wording("LP1012", ("claim_no", "link"), _("案件有新的通知")),
}
