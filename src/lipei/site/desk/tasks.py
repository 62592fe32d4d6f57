"""Jobs in words: what each task does, why one did not succeed, and for which party it waits."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from lipei.ch06_systems.maintenance import TroubledJob
from lipei.kit.refusal import Refused
from lipei.manual import refusals
from lipei.site.desk.words import PARTIES

TASKS: Mapping[str, Promise] = {
    "lipei.anchor_journal": gettext_lazy("库外锚定记录"),
    "lipei.ask_core": gettext_lazy("向核心系统查询保单"),
    "lipei.ask_delivery": gettext_lazy("查询短信是否送达"),
    "lipei.begin_absence": gettext_lazy("按时开始休假"),
    "lipei.bring_policies_forward": gettext_lazy("更新保单的当前状态"),
    "lipei.chase_messages": gettext_lazy("追查未送达的短信"),
    "lipei.chase_orders": gettext_lazy("追查未到账的付款"),
    "lipei.check_open_accounts": gettext_lazy("核验收款账户"),
    "lipei.fetch_core_policy": gettext_lazy("从核心系统取保单"),
    "lipei.forget_imported_files": gettext_lazy("删除导入过的文件"),
    "lipei.import_policies": gettext_lazy("导入保单"),
    "lipei.instruct_bank": gettext_lazy("向银行发送付款指令"),
    "lipei.make_receipt": gettext_lazy("生成电子回单"),
    "lipei.prove_journal": gettext_lazy("验证全部记录"),
    "lipei.recount_clocks": gettext_lazy("重新计算时限"),
    "lipei.register_overdue": gettext_lazy("到期自动立案"),
    "lipei.replay": gettext_lazy("规则回放"),
    "lipei.screen_again": gettext_lazy("重新筛查收款人"),
    "lipei.send_code": gettext_lazy("发送验证码"),
    "lipei.send_message": gettext_lazy("发送短信通知"),
    "lipei.sweep_clocks": gettext_lazy("清查时限"),
    "lipei.take_in_reports": gettext_lazy("补录库外留存的报案"),
    "lipei.tell_staff": gettext_lazy("通知同事"),
    "lipei.tidy": gettext_lazy("清理不再需要的内容"),
}
WAITS_FOR: Mapping[str, str] = {
    "lipei.instruct_bank": "bank",
    "lipei.send_message": "messages",
    "lipei.ask_delivery": "messages",
    "lipei.send_code": "messages",
    "lipei.tell_staff": "messages",
    "lipei.ask_core": "core",
    "lipei.fetch_core_policy": "core",
}
FAULTS: Mapping[str, Promise] = {
    "OperationalError": gettext_lazy("数据库没有应答"),
    "InterfaceError": gettext_lazy("数据库没有应答"),
    "PoolTimeout": gettext_lazy("数据库没有空闲连接"),
    "IntegrityError": gettext_lazy("数据与已有内容冲突"),
    "TaskNotFound": gettext_lazy("没有这种任务，可能属于另一版本"),
    "InvalidToken": gettext_lazy("密文无法解开，可能换过密钥"),
    "FileNotFoundError": gettext_lazy("文件不在"),
    "OSError": gettext_lazy("磁盘或网络出错"),
}
STATES: Mapping[str, tuple[Promise, str]] = {
    "failed": (gettext_lazy("没有做成"), "bad"),
    "aborted": (gettext_lazy("被中断"), "bad"),
    "stalled": (gettext_lazy("停滞"), "bad"),
    "retried": (gettext_lazy("等待重试"), "warn"),
    "cancelled": (gettext_lazy("已搁置"), ""),
}
WHY_ASIDE: Mapping[str, Promise] = {
    "done_otherwise": gettext_lazy("已用别的方式办妥"),
    "twice": gettext_lazy("与另一个任务重复"),
    "no_longer_wanted": gettext_lazy("不再需要"),
    "wrong": gettext_lazy("内容有误，不应执行"),
}
SHOWN_ARGUMENTS = ("order", "message_id", "turn", "replay")


def task_words(task: str) -> str:
    """What a task does; one that is not known by its name."""
    return str(TASKS.get(task, task.removeprefix("lipei.")))


def state_of(job: TroubledJob) -> tuple[str, str]:
    """How a job stands, and the colour of it."""
    words, level = STATES[job.state]
    return str(words), level


def why(job: TroubledJob) -> str:
    """Why a job last did not succeed, in words of ours."""
    kind, _colon, rest = job.error.partition(": ")
    if not kind:
        return _("任务进程中途停止") if job.state == "stalled" else ""
    if kind == "Refused" and rest in refusals():
        return Refused(rest).words(get_language() or "zh-hans")
    if kind in {"Outage", "Declined"}:
        party, _colon, reason = rest.partition(": ")
        told = {"party": PARTIES.get(party, party), "reason": reason}
        if kind == "Outage":
            return _("%(party)s没有应答（%(reason)s）") % told
        return _("%(party)s拒绝（%(reason)s）") % told
    if kind in FAULTS:
        return str(FAULTS[kind])
    return _("程序出错：%(kind)s") % {"kind": kind}


def arguments_of(job: TroubledJob) -> str:
    """Those of a job's arguments that name no person."""
    told = {name: value for name, value in job.arguments.items() if name in SHOWN_ARGUMENTS}
    return " · ".join(f"{name} {value}" for name, value in told.items())
