"""What this person may do on a claim now: one act comes first, the others stand behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from lipei.ch01_general.stages import ORDER, Stage
from lipei.ch02_intake.covers import SURVEYED
from lipei.ch02_intake.filing import MOTOR
from lipei.ch02_intake.materials import BEFORE_ACCEPTANCE
from lipei.ch02_intake.models import Material
from lipei.ch03_assessment.telling import OPEN_TO_FACTS
from lipei.ch04_payment.beneficiaries import parts_of_the_dead
from lipei.ch04_payment.vouchers import is_over, nil_parts
from lipei.manual import posts
from lipei.site.desk.scene import Scene
from lipei.site.shell import address

Label = str | Promise
ABSENT = frozenset({Material.State.WANTED, Material.State.RETURNED})
LIABILITY = frozenset({"compulsory_motor", "third_party"})
OPEN_TO_SURVEY = frozenset({Stage.INVESTIGATING, Stage.ASSESSED, Stage.RETURNED})
OF_THE_CLAIM = {"desk:claim_materials": "materials", "desk:claim_facts": "facts"}
"""Acts that are done on a page under the claim's own address."""
BEFORE_SUM = ORDER[Stage.CALCULATED]


@dataclass(frozen=True)
class Act:
    """One thing that can be done now; `barred` says why this person may not, in words."""

    key: str
    label: str
    icon: str
    url: str
    barred: str = ""
    opens_page: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of act: its words, the duty it needs, and when it is open."""

    label: Label
    duty: str
    is_open: Callable[[Scene], bool]
    icon: str = "point"
    route: str = ""


@dataclass(frozen=True)
class Acts:
    """The act that comes first (none: nothing is to be done here), and the others."""

    first: Act | None
    rest: list[Act]
    hint: str


def _unlinked(scene: Scene) -> bool:
    return scene.claim.policy_id is None and scene.claim.is_open


def _absent(scene: Scene) -> bool:
    absent = [m for m in scene.materials if m.state in ABSENT]
    return bool(absent) and bool(scene.stages & BEFORE_ACCEPTANCE)


def _acceptable(scene: Scene) -> bool:
    return scene.stages == {Stage.ACCEPTED} and scene.claim.policy_id is not None


def _fault_open(scene: Scene) -> bool:
    liable = any(e.product in LIABILITY for e in scene.live)
    early = all(ORDER[s] < BEFORE_SUM or s == Stage.RETURNED for s in scene.stages)
    return liable and early and scene.claim.is_open


def _undispatched(scene: Scene) -> bool:
    visiting = any(s.finished_at is None for s in scene.surveys)
    looked_at = any(e.thing in SURVEYED for e in scene.live)
    return bool(scene.stages & (OPEN_TO_SURVEY | {Stage.REGISTERED})) and looked_at and not visiting


def _tellable(scene: Scene) -> bool:
    return bool(scene.stages & OPEN_TO_FACTS) and scene.claim.is_open


def _linked(scene: Scene) -> bool:
    return scene.claim.policy_id is not None and scene.claim.is_open


def _motor(scene: Scene) -> bool:
    return scene.claim.line == MOTOR and scene.claim.is_open


def _dead(scene: Scene) -> bool:
    return bool(parts_of_the_dead(scene.live))


def _calculable(scene: Scene) -> bool:
    return bool(scene.stages & {Stage.ASSESSED, Stage.RETURNED})


def _calculated(scene: Scene) -> bool:
    return Stage.CALCULATED in scene.stages


def _reviewable(scene: Scene) -> bool:
    return bool(scene.stages & {Stage.CALCULATED, Stage.REVIEWING})


def _payable(scene: Scene) -> bool:
    return bool(scene.stages & {Stage.AGREED, Stage.PAYABLE, Stage.PAYING})


def _unestimated(scene: Scene) -> bool:
    """While its clock runs, and before the sum as long as none was given."""
    due = any(c.clause == "1.3-b" and c.stopped_at is None for c in scene.clocks)
    early = all(ORDER[s] < BEFORE_SUM for s in scene.stages)
    return scene.claim.is_open and (due or (early and scene.claim.estimate_low_fen is None))


def _nil(scene: Scene) -> bool:
    return bool(nil_parts(scene.exposures))


def _closable(scene: Scene) -> bool:
    return scene.claim.is_open and is_over(scene.exposures)


def _shelvable(scene: Scene) -> bool:
    return scene.claim.stage in {Stage.CLOSED}


def _unpaid(scene: Scene) -> bool:
    return scene.claim.is_open and any(ORDER[s] < ORDER[Stage.PAID] for s in scene.stages)


def _open(scene: Scene) -> bool:
    return scene.claim.is_open


KINDS: Mapping[str, Kind] = {
    "link": Kind(gettext_lazy("关联保单"), "claims.register", _unlinked, icon="shield-check"),
    "check": Kind(
        gettext_lazy("核材料"), "materials.check", lambda s: bool(unread(s)), icon="checklist",
        route="desk:claim_materials",
    ),
    "register": Kind(gettext_lazy("立案"), "claims.register", _acceptable, icon="briefcase"),
    "facts": Kind(
        gettext_lazy("登记理算事实"), "facts.tell", _tellable, icon="list-details",
        route="desk:claim_facts",
    ),
    "beneficiary": Kind(
        gettext_lazy("登记受益人"), "claims.register", _dead, icon="user-check"
    ),
    "calculate": Kind(gettext_lazy("理算"), "calculate", _calculable, icon="calculator"),
    "submit": Kind(gettext_lazy("提交核赔"), "calculate", _calculated, icon="send"),
    "dispatch": Kind(gettext_lazy("派查勘"), "survey.dispatch", _undispatched, icon="tools"),
    "survey": Kind(
        gettext_lazy("去查勘"), "survey.do", lambda s: Stage.INVESTIGATING in s.stages,
        icon="tools", route="desk:survey",
    ),
    "decide": Kind(
        gettext_lazy("去核赔"), "review.decide", _reviewable, icon="clipboard-check",
        route="desk:approvals",
    ),
    "pay": Kind(
        gettext_lazy("去支付"), "pay.make", _payable, icon="cash-banknote", route="desk:payments"
    ),
    "nil": Kind(pgettext_lazy("act", "零结案"), "vouchers.file", _nil, icon="flag-check"),
    "close": Kind(gettext_lazy("办理结案"), "vouchers.file", _closable, icon="flag-check"),
    "file": Kind(
        gettext_lazy("去归档"), "archive.arrange", _shelvable, icon="archive",
        route="desk:archive",
    ),
    "estimate": Kind(gettext_lazy("出预估区间"), "estimate.give", _unestimated, icon="sparkles"),
    "notice": Kind(gettext_lazy("一次性告知"), "materials.notice", _absent, icon="mail-forward"),
    "fault": Kind(gettext_lazy("事故责任"), "materials.check", _fault_open, icon="scale"),
    "part": Kind(gettext_lazy("开立责任项"), "claims.register", _linked, icon="stack-2"),
    "injury": Kind(gettext_lazy("更正人伤情况"), "materials.check", _motor, icon="first-aid-kit"),
    "phone": Kind(gettext_lazy("更正电话"), "claims.correct", _open, icon="phone"),
    "receive": Kind(gettext_lazy("收材料"), "materials.receive", _open, icon="upload"),
    "assign": Kind(gettext_lazy("分派"), "claims.assign", _open, icon="user-plus"),
    "flag": Kind(gettext_lazy("标记异常"), "holds.set", _open, icon="alert-triangle"),
    "settle": Kind(
        gettext_lazy("处理异常标记"), "holds.lift", lambda s: bool(s.flags_open), icon="checks"
    ),
    "hold": Kind(gettext_lazy("中止付款"), "holds.set", _unpaid, icon="hand-stop"),
    "lift": Kind(
        gettext_lazy("解除中止"), "holds.lift", lambda s: bool(s.holds), icon="lock-open"
    ),
}  # fmt: skip
"""Every act in the order in which one comes before another."""
NEVER_FIRST = frozenset(
    {
        "receive",
        "assign",
        "flag",
        "settle",
        "hold",
        "lift",
        "fault",
        "facts",
        "part",
        "injury",
        "phone",
    }
)


def acts_of(scene: Scene) -> Acts:
    """What can be done on the claim now by this person."""
    found = [
        _act(scene, key, kind)
        for key, kind in KINDS.items()
        if scene.may(kind.duty) and kind.is_open(scene) and _place(scene, kind)
    ]
    again = {"notice"} if scene.notices or unread(scene) else set()
    if all(one.payee_id for one in scene.live):
        again.add("beneficiary")
    first = next((a for a in found if a.key not in NEVER_FIRST | again and not a.barred), None)
    first = _fault_first(scene, found) or _facts_first(scene, found) or first
    return Acts(first, [a for a in found if a is not first], _hint(scene, first, found))


def unread(scene: Scene) -> list[Material]:
    """The papers that were handed in and wait to be looked at."""
    return [m for m in scene.materials if m.state == Material.State.RECEIVED]


def _fault_first(scene: Scene, found: list[Act]) -> Act | None:
    """Without the fault no liability cover can be calculated: then it comes before the sum."""
    if not _calculable(scene) or scene.claim.facts.get("fault", "unknown") != "unknown":
        return None
    return next((a for a in found if a.key == "fault" and not a.barred), None)


def _facts_first(scene: Scene, found: list[Act]) -> Act | None:
    """What is assessed by papers waits for its facts, before anything else of it."""
    waiting = any(task.kind == "tell_facts" for task in scene.tasks)
    return next((a for a in found if a.key == "facts" and waiting and not a.barred), None)


def _act(scene: Scene, key: str, kind: Kind) -> Act:
    bar = posts().bars(kind.duty, done=scene.done_by_me)
    words = _("您在本案中已办理过另一项工作，这一步须由他人完成") if bar else ""
    url = _place(scene, kind) if kind.route else f"/claims/{scene.claim.number}/acts/{key}/"
    return Act(
        key=key, label=_label(scene, key, kind), icon=kind.icon, url=url, barred=words,
        opens_page=bool(kind.route),
    )  # fmt: skip


def _place(scene: Scene, kind: Kind) -> str:
    """The page on which an act is done; empty while that page is not there. An act without a
    page of its own is done in a dialog on this one."""
    if kind.route in OF_THE_CLAIM:
        return f"/claims/{scene.claim.number}/{OF_THE_CLAIM[kind.route]}/"
    return address(kind.route) if kind.route else "dialog"


def _label(scene: Scene, key: str, kind: Kind) -> str:
    if key == "check":
        count = len(unread(scene))
        return ngettext("核 %(n)s 份材料", "核 %(n)s 份材料", count) % {"n": count}
    if key == "notice" and scene.notices:
        return _("追加告知（需审批，仅新事实）")
    if key == "dispatch" and scene.surveys:
        return _("再派查勘")
    if key == "calculate" and Stage.RETURNED in scene.stages:
        return _("重新理算")
    if key == "assign" and scene.claim.officer_id:
        return _("改派")
    return str(kind.label)


def _hint(scene: Scene, first: Act | None, found: list[Act]) -> str:
    """The grey words before the button: what is in the way, or who has the ball."""
    barred = next((a for a in found if a.barred), None)
    if first is None and barred:
        return f"{barred.label}：{barred.barred}"
    if scene.claim.holder == "claimant":
        return _("现在等客户")
    return ""
