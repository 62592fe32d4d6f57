"""What an entry of the journal is called, on the desk and on the phone: one table for both."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lipei.ch01_general import events as general
from lipei.ch02_intake import events as intake
from lipei.ch03_assessment import events as assessment
from lipei.ch04_payment import events as payment
from lipei.ch06_systems import events as systems
from lipei.ch09_archive import events as archive
from lipei.kit import audit


@dataclass(frozen=True)
class Verb:
    """The words of one verb, its icon and its colour (ok, warn, bad or none).

    `claimant` says it to the claimant; where it is empty, the entry is the department's own
    work and does not stand in the claimant's timeline.
    """

    words: str | Promise
    icon: str = "point"
    level: str = ""
    claimant: str | Promise = ""


VERBS: Mapping[str, Verb] = {
    audit.ANCHORED: Verb(pgettext_lazy("happened", "库外锚定"), icon="anchor"),
    audit.PROVED: Verb(pgettext_lazy("happened", "全部记录已验证"), icon="shield-check"),
    general.CLAIM_ASSIGNED: Verb(
        pgettext_lazy("happened", "指派经办人"), icon="user-check",
        claimant=_("已安排专属理赔员"),
    ),
    general.CLAIM_CLOSED: Verb(
        pgettext_lazy("happened", "结案"), icon="flag-check", level="ok",
        claimant=_("案件已结案"),
    ),
    general.CLAIM_REOPENED: Verb(
        pgettext_lazy("happened", "重开案件"), icon="rotate", level="warn",
        claimant=_("案件已重开"),
    ),
    general.CLOCKS_WARNED: Verb(
        pgettext_lazy("happened", "时限将到"), icon="clock-exclamation", level="warn",
    ),
    general.CLOCKS_BREACHED: Verb(
        pgettext_lazy("happened", "时限已过"), icon="clock-exclamation", level="bad",
    ),
    general.CLEARANCE_GIVEN: Verb(
        pgettext_lazy("happened", "给出放行结论"), icon="shield-check", level="ok",
    ),
    general.HOLD_PLACED: Verb(
        pgettext_lazy("happened", "中止付款"), icon="hand-stop", level="warn",
    ),
    general.HOLD_LIFTED: Verb(pgettext_lazy("happened", "解除中止"), icon="lock-open"),
    general.MESSAGE_SENT: Verb(pgettext_lazy("happened", "发出通知"), icon="message-2"),
    general.MESSAGE_DELIVERED: Verb(pgettext_lazy("happened", "通知已送达"), icon="message-2"),
    general.MESSAGE_FAILED: Verb(
        pgettext_lazy("happened", "通知未送达"), icon="message-2", level="bad",
    ),
    general.PRIVATE_FIELD_READ: Verb(pgettext_lazy("happened", "查看客户隐私信息"), icon="eye"),
    general.LIST_EXPORTED: Verb(pgettext_lazy("happened", "导出案件列表"), icon="download"),
    general.STAFF_SIGNED_IN: Verb(pgettext_lazy("happened", "员工登录"), icon="login-2"),
    general.STAFF_ADDED: Verb(pgettext_lazy("happened", "新增员工"), icon="user-check"),
    general.STAFF_CORRECTED: Verb(pgettext_lazy("happened", "更正员工信息"), icon="user"),
    general.STAFF_TRANSFERRED: Verb(pgettext_lazy("happened", "调动机构"), icon="route"),
    general.STAFF_AWAY: Verb(pgettext_lazy("happened", "开始休假"), icon="calendar"),
    general.STAFF_LEFT: Verb(
        pgettext_lazy("happened", "离职，收回全部权限"), icon="logout", level="warn",
    ),
    general.ABSENCE_PLANNED: Verb(pgettext_lazy("happened", "登记休假"), icon="calendar"),
    general.ABSENCE_CALLED_OFF: Verb(pgettext_lazy("happened", "取消休假"), icon="calendar"),
    general.POST_GIVEN: Verb(pgettext_lazy("happened", "授予岗位"), icon="user-check"),
    general.POST_ENDED: Verb(pgettext_lazy("happened", "终止岗位"), icon="x", level="warn"),
    general.CERTIFICATE_FILED: Verb(pgettext_lazy("happened", "登记证书"), icon="file-text"),
    general.CERTIFICATE_WITHDRAWN: Verb(
        pgettext_lazy("happened", "证书作废"), icon="file-text", level="warn",
    ),
    general.BRANCH_ADDED: Verb(pgettext_lazy("happened", "设立机构"), icon="home"),
    general.BRANCH_RENAMED: Verb(pgettext_lazy("happened", "机构更名"), icon="home"),
    general.BRANCH_CLOSED: Verb(pgettext_lazy("happened", "撤销机构"), icon="home", level="warn"),
    general.DEPARTMENT_ADDED: Verb(pgettext_lazy("happened", "设立部门"), icon="stack-2"),
    general.DEPARTMENT_CLOSED: Verb(
        pgettext_lazy("happened", "撤销部门"), icon="stack-2", level="warn",
    ),
    general.CLAIM_HANDED_OVER: Verb(pgettext_lazy("happened", "移交经办人"), icon="user-check"),
    general.ACCESS_GIVEN: Verb(pgettext_lazy("happened", "发放访问令牌"), icon="lock-open"),
    general.ACCESS_ENDED: Verb(pgettext_lazy("happened", "收回访问令牌"), icon="lock"),
    systems.ADMINISTRATOR_MADE: Verb(
        pgettext_lazy("happened", "设立系统管理员"), icon="user-check", level="warn",
    ),
    systems.ADMINISTRATOR_RECOVERED: Verb(
        pgettext_lazy("happened", "在控制台恢复系统管理员"), icon="lock-open", level="warn",
    ),
    systems.INVITED: Verb(pgettext_lazy("happened", "发出登录邀请"), icon="send"),
    systems.INVITATION_USED: Verb(pgettext_lazy("happened", "用邀请设置了口令"), icon="login-2"),
    systems.SECOND_FACTOR_RESET: Verb(
        pgettext_lazy("happened", "重置登录验证器"), icon="lock-open", level="warn",
    ),
    general.PARTY_SIGNED_IN: Verb(pgettext_lazy("happened", "客户登录"), icon="login-2"),
    general.PARTY_IDENTIFIED: Verb(pgettext_lazy("happened", "核实客户身份"), icon="user-check"),
    general.CALLER_KNOWN: Verb(pgettext_lazy("happened", "客户认领电话报案"), icon="user-check"),
    general.CALLER_UNKNOWN: Verb(
        pgettext_lazy("happened", "认领报案时姓名不符"), icon="user-check", level="warn",
    ),
    general.CLAUSE_PROPOSED: Verb(pgettext_lazy("happened", "提议修改条目"), icon="book-2"),
    general.EARNED_PREMIUM_TOLD: Verb(
        pgettext_lazy("happened", "登记已赚保费"), icon="cash-banknote",
    ),
    general.POLICY_ISSUED: Verb(pgettext_lazy("happened", "收到保单"), icon="shield-check"),
    general.POLICY_CHANGED: Verb(pgettext_lazy("happened", "保单变更"), icon="shield-check"),
    general.IMPORT_BEGUN: Verb(pgettext_lazy("happened", "收下保单文件"), icon="upload"),
    general.IMPORT_STARTED: Verb(pgettext_lazy("happened", "开始读取保单文件"), icon="upload"),
    general.IMPORT_CHUNK: Verb(pgettext_lazy("happened", "读入一批保单"), icon="upload"),
    general.IMPORT_ENDED: Verb(
        pgettext_lazy("happened", "读完保单文件"), icon="checks", level="ok",
    ),
    general.IMPORT_DISCARDED: Verb(pgettext_lazy("happened", "放弃保单文件"), icon="upload"),
    general.MAPPING_KEPT: Verb(pgettext_lazy("happened", "保存列的对应"), icon="files"),
    general.EDITION_APPROVED: Verb(
        pgettext_lazy("happened", "批准条款版本生效"), icon="checks", level="ok",
    ),
    general.REVISION_PROPOSED: Verb(pgettext_lazy("happened", "提议修改数据"), icon="book-2"),
    general.REVISION_APPROVED: Verb(
        pgettext_lazy("happened", "批准数据修改"), icon="book-2", level="ok",
    ),
    general.REVISION_RETURNED: Verb(
        pgettext_lazy("happened", "退回数据修改"), icon="book-2", level="warn",
    ),
    general.CLOCKS_RECOUNTED: Verb(
        pgettext_lazy("happened", "按新的节假日安排重算时限"), icon="clock",
    ),
    general.CLAUSE_RETURNED: Verb(
        pgettext_lazy("happened", "退回条目修改"), icon="book-2", level="warn",
    ),
    general.CLAUSE_APPROVED: Verb(
        pgettext_lazy("happened", "批准条目修改"), icon="book-2", level="ok",
    ),
    intake.CLAIM_REPORTED: Verb(
        pgettext_lazy("happened", "接到报案"), icon="camera-plus",
        claimant=_("报案已收到，电子回执已生成"),
    ),
    general.LETTER_WRITTEN: Verb(pgettext_lazy("happened", "写出文书"), icon="file-text"),
    general.LETTER_SENT: Verb(pgettext_lazy("happened", "寄出文书"), icon="send"),
    general.LETTER_ARRIVED: Verb(pgettext_lazy("happened", "文书送达"), icon="mail"),
    intake.CLAIM_APPLIED: Verb(
        pgettext_lazy("happened", "收到索赔申请"), icon="file-text",
        claimant=_("已收到您的索赔申请"),
    ),
    intake.ESTIMATE_GIVEN: Verb(
        pgettext_lazy("happened", "给出预估区间"), icon="calculator",
        claimant=_("已给出预估区间"),
    ),
    intake.DOCUMENT_RECEIVED: Verb(
        pgettext_lazy("happened", "收到材料"), icon="file-text",
        claimant=_("收到您的材料"),
    ),
    intake.DOCUMENT_CHECKED: Verb(
        pgettext_lazy("happened", "审核材料"), icon="clipboard-check",
        claimant=_("审核了一份材料"),
    ),
    intake.MATERIALS_REQUESTED: Verb(
        pgettext_lazy("happened", "发出补充材料通知"), icon="list-search", level="warn",
        claimant=_("一次列清了还缺的材料"),
    ),
    intake.NOTICE_DELIVERED: Verb(
        pgettext_lazy("happened", "补充材料通知已送达"), icon="message-2",
        claimant=_("补充材料通知已送到您的手机"),
    ),
    intake.MATERIALS_COMPLETED: Verb(
        pgettext_lazy("happened", "材料齐全，受理"), icon="checks", level="ok",
        claimant=_("材料已齐，案件已受理"),
    ),
    intake.PART_OPENED: Verb(pgettext_lazy("happened", "开立责任项"), icon="stack-2"),
    intake.CLAIM_REGISTERED: Verb(
        pgettext_lazy("happened", "立案"), icon="briefcase",
        claimant=_("案件已立案"),
    ),
    intake.CLAIM_FLAGGED: Verb(
        pgettext_lazy("happened", "标记异常"), icon="alert-triangle", level="warn",
    ),
    intake.FLAG_SETTLED: Verb(
        pgettext_lazy("happened", "异常标记已处理"), icon="checks", level="ok",
    ),
    intake.CLAIM_WITHDRAWN: Verb(
        pgettext_lazy("happened", "撤案"), icon="x",
        claimant=_("您已撤回这次理赔"),
    ),
    intake.PART_WITHDRAWN: Verb(
        pgettext_lazy("happened", "撤回一项"), icon="x",
        claimant=_("您已撤回其中一项"),
    ),
    intake.CLAIM_LINKED: Verb(
        pgettext_lazy("happened", "关联保单"), icon="shield-check",
        claimant=_("已找到您的保单"),
    ),
    intake.PHONE_CORRECTED: Verb(pgettext_lazy("happened", "更正电话"), icon="phone"),
    assessment.SURVEY_DISPATCHED: Verb(
        pgettext_lazy("happened", "派出查勘"), icon="tools",
        claimant=_("已安排查勘员"),
    ),
    assessment.SURVEY_HANDED_OVER: Verb(
        pgettext_lazy("happened", "移交查勘"), icon="tools",
    ),
    assessment.SURVEY_STARTED: Verb(
        pgettext_lazy("happened", "查勘员出发"), icon="navigation",
        claimant=_("查勘员已出发"),
    ),
    assessment.SURVEY_ARRIVED: Verb(
        pgettext_lazy("happened", "查勘员到达"), icon="map-pin",
        claimant=_("查勘员已到达"),
    ),
    assessment.SURVEY_FINISHED: Verb(
        pgettext_lazy("happened", "查勘完成"), icon="flag-check",
        claimant=_("查勘完成"),
    ),
    assessment.LOSS_LISTED: Verb(pgettext_lazy("happened", "登记损失清单"), icon="list-details"),
    assessment.FACTS_TOLD: Verb(pgettext_lazy("happened", "登记理算事实"), icon="clipboard-check"),
    assessment.INJURY_ESTABLISHED: Verb(
        pgettext_lazy("happened", "更正人伤情况"), icon="first-aid-kit",
    ),
    assessment.LOSS_ASSESSED: Verb(
        pgettext_lazy("happened", "定损完成"), icon="clipboard-check", level="ok",
        claimant=_("定损完成"),
    ),
    assessment.CLAIM_CALCULATED: Verb(
        pgettext_lazy("happened", "理算完成"), icon="calculator",
        claimant=_("金额已算出，等待核赔"),
    ),
    assessment.CLAIM_REVIEWED: Verb(
        pgettext_lazy("happened", "转人工核赔"), icon="user-check",
        claimant=_("由核赔人审核"),
    ),
    assessment.CLAIM_APPROVED: Verb(
        pgettext_lazy("happened", "核赔通过"), icon="checks", level="ok",
        claimant=_("核赔通过，请您确认金额"),
    ),
    assessment.CLAIM_RETURNED: Verb(
        pgettext_lazy("happened", "核赔退回"), icon="rotate", level="warn",
        claimant=_("核赔退回，正在重新理算"),
    ),
    assessment.FAULT_ESTABLISHED: Verb(
        pgettext_lazy("happened", "登记事故责任"), icon="scale",
        claimant=_("事故责任已登记"),
    ),
    assessment.SHEETS_PROVED: Verb(pgettext_lazy("happened", "复算计算书"), icon="calculator"),
    assessment.REPLAY_STARTED: Verb(pgettext_lazy("happened", "开始规则回放"), icon="rotate"),
    assessment.PRIOR_USES_PROPOSED: Verb(
        pgettext_lazy("happened", "提交承接的已用限额"), icon="history"
    ),
    assessment.PRIOR_USES_VOUCHED: Verb(
        pgettext_lazy("happened", "认领承接的已用限额"), icon="user-check"
    ),
    assessment.PRIOR_USES_APPROVED: Verb(
        pgettext_lazy("happened", "计入承接的已用限额"), icon="checks", level="ok"
    ),
    assessment.PRIOR_USES_DROPPED: Verb(
        pgettext_lazy("happened", "放弃承接的已用限额"), icon="x"
    ),
    assessment.SHADOW_STARTED: Verb(pgettext_lazy("happened", "开始并行试算"), icon="rotate"),
    assessment.SHADOW_ENDED: Verb(pgettext_lazy("happened", "结束并行试算"), icon="flag-check"),
    assessment.REPLAY_ENDED: Verb(pgettext_lazy("happened", "规则回放结束"), icon="flag-check"),
    assessment.DISPUTE_OPENED: Verb(
        pgettext_lazy("happened", "登记异议"), icon="hand-stop", level="warn",
        claimant=_("您的异议已登记"),
    ),
    assessment.DISPUTE_ANSWERED: Verb(
        pgettext_lazy("happened", "答复异议"), icon="message-2",
        claimant=_("您的异议已有书面答复"),
    ),
    assessment.HUMAN_REVIEW_ASKED: Verb(
        pgettext_lazy("happened", "客户要求人工复核"), icon="user-check", level="warn",
        claimant=_("已按您的要求转人工"),
    ),
    payment.ACCOUNT_GIVEN: Verb(
        pgettext_lazy("happened", "登记收款账户"), icon="credit-card",
        claimant=_("收款账户已登记"),
    ),
    payment.ACCOUNT_CHECKED: Verb(
        pgettext_lazy("happened", "银行核对收款账户"), icon="credit-card",
    ),
    payment.ACCOUNT_CORRECTED: Verb(
        pgettext_lazy("happened", "更正收款账户"), icon="credit-card",
        claimant=_("收款账户已更正，将重新付款"),
    ),
    payment.PAYEE_NAMED: Verb(
        pgettext_lazy("happened", "登记对方收款人"), icon="user-check",
        claimant=_("对方收款人已登记"),
    ),
    payment.AGREEMENT_REACHED: Verb(
        pgettext_lazy("happened", "客户确认金额"), icon="signature", level="ok",
        claimant=_("您已签署确认"),
    ),
    payment.PAYMENT_PREPARED: Verb(
        pgettext_lazy("happened", "制单"), icon="cash-banknote",
        claimant=_("财务已制单"),
    ),
    payment.PAYMENT_APPROVED: Verb(
        pgettext_lazy("happened", "批准付款"), icon="checks", level="ok",
    ),
    payment.PAYMENT_REJECTED: Verb(
        pgettext_lazy("happened", "付款单退回"), icon="rotate", level="warn",
        claimant=_("付款单需要更正，正在重新制单"),
    ),
    payment.PAYMENT_RELEASED: Verb(
        pgettext_lazy("happened", "放款"), icon="cash-banknote",
        claimant=_("款项已提交银行"),
    ),
    payment.PAYMENT_CONFIRMED: Verb(
        pgettext_lazy("happened", "赔款到账"), icon="cash-banknote", level="ok",
        claimant=_("赔款已到账"),
    ),
    payment.PAYMENT_RETURNED: Verb(
        pgettext_lazy("happened", "银行退票"), icon="alert-circle", level="bad",
        claimant=_("银行退回了赔款，请核对收款账户"),
    ),
    payment.RECEIPT_ISSUED: Verb(
        pgettext_lazy("happened", "出具电子回单"), icon="receipt",
        claimant=_("电子回单已生成"),
    ),
    payment.ZERO_CLOSED: Verb(
        pgettext_lazy("happened", "零结案"), icon="flag-check",
        claimant=_("案件已办结"),
    ),
    archive.VOLUME_OPENED: Verb(pgettext_lazy("happened", "建立案卷"), icon="archive"),
    archive.PAPER_ARRANGED: Verb(pgettext_lazy("happened", "整理纸质件"), icon="archive"),
    archive.NO_PAPER: Verb(
        pgettext_lazy("happened", "没有纸质件，首次整理视为完成"), icon="archive",
    ),
    archive.CLAIM_ARCHIVED: Verb(
        pgettext_lazy("happened", "归档"), icon="archive", level="ok",
        claimant=_("案件已归档，可随时查阅"),
    ),
    systems.JOB_TRIED_AGAIN: Verb(pgettext_lazy("happened", "重试任务"), icon="refresh"),
    systems.JOB_SET_ASIDE: Verb(
        pgettext_lazy("happened", "搁置任务"), icon="parking", level="warn",
    ),
    systems.PARKED_TRIED_AGAIN: Verb(
        pgettext_lazy("happened", "重试停放的事项"), icon="refresh",
    ),
}  # fmt: skip


def verb(name: str) -> Verb:
    """The row of a verb; one that nobody has described yet is shown by its own name."""
    return VERBS.get(name) or Verb(name)


def told_to_claimant(name: str) -> bool:
    """Whether an entry with this verb stands in the claimant's timeline."""
    return bool(verb(name).claimant)
