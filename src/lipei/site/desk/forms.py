"""The acts of the desk as forms: what is asked for, what is said before, which command follows."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from lipei.ch01_general.duties import assign_claim, officers_below, staff_for
from lipei.ch01_general.models import Policy, Staff
from lipei.ch01_general.policies import policies_then
from lipei.ch02_intake.irregular import KINDS, flag_claim
from lipei.ch02_intake.materials import (
    check_document,
    receive_document,
    request_materials,
)
from lipei.ch02_intake.models import Material
from lipei.ch02_intake.papers import PHOTO_KINDS
from lipei.ch02_intake.registration import link_policy, register_claim
from lipei.ch03_assessment.adjudication import calculate_claim, submit_for_review
from lipei.ch03_assessment.straight import reasons_of
from lipei.ch03_assessment.verification import establish_fault
from lipei.kit import checks, uploads
from lipei.kit.forms import Checked
from lipei.site.choices import FAULTS, paper_title
from lipei.site.desk.exposures import exposure_title, sum_of
from lipei.site.desk.papers import Paper, papers
from lipei.site.desk.scene import Scene
from lipei.site.desk.sums import Reason, reasons_shown
from lipei.site.desk.words import FLAGS

LONG = forms.Textarea(attrs={"rows": 3})
INSTANT = forms.DateTimeInput(attrs={"type": "datetime-local"})
Label = str | Promise


class ActForm(forms.Form):
    """One act on a claim. `words` stand above the fields, `act` on the button."""

    heading: Label = ""
    words: Label = ""
    act: Label = ""
    icon = "check"
    part = ""
    is_grave = False

    def __init__(self, scene: Scene, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own
        self.scene = scene
        self.prepare()

    @property
    def number(self) -> str:
        """The claim's number."""
        return self.scene.claim.number

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields that stand one below the other; `part` shows any others."""
        return list(self)

    def prepare(self) -> None:
        """Fields that depend on the claim."""

    def run(self, by: str) -> str:
        """Do it; the words of the toast."""
        raise NotImplementedError


class Register(ActForm):
    """立案: a reserve for each part, in yuan, kept in fen."""

    heading: Label = gettext_lazy("立案")
    words: Label = gettext_lazy("每个责任项各自立案、各有编号。出险日的保单内容在报案时已经固定。")
    act = pgettext_lazy("act", "立案")
    icon = "briefcase"

    def prepare(self) -> None:
        share = self.scene.claim.estimate_high_fen
        for one in self.scene.live:
            name = f"reserve_{one.position}"
            self.fields[name] = Checked(
                checks.yuan_to_fen, name=name, label=exposure_title(one),
                help_text=_("估损，元"), initial=_yuan(share) if len(self.scene.live) == 1 else "",
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )  # fmt: skip

    def run(self, by: str) -> str:
        reserves = {e.position: self.cleaned_data[f"reserve_{e.position}"] for e in self.scene.live}
        numbers = register_claim(self.number, reserves=reserves, by=by)
        return _("已立案：%(numbers)s") % {"numbers": "、".join(numbers)}


class Link(ActForm):
    """Hang an unmatched report on its policy."""

    heading: Label = gettext_lazy("关联保单")
    words: Label = gettext_lazy(
        "按出险日固定保单内容：条款、限额、免赔、欠费。关联后案件归保单所在机构。"
    )
    act = pgettext_lazy("act", "关联")
    icon = "shield-check"
    part = "desk/part_policies.html"
    policy = Checked(
        partial(checks.plain_text, limit=40, lines=False, empty=False), name="policy",
        label=gettext_lazy("保单号"), help_text=gettext_lazy("保单号全号，与保单一致。"),
    )  # fmt: skip

    @property
    def candidates(self) -> list[Policy]:
        """Policies of this plate or telephone that were in force at the loss."""
        claim = self.scene.claim
        plates = [str(claim.facts.get("own_plate", "")), claim.plate]
        told = Q(plate__in=[p for p in plates if p])
        if claim.phone:
            told |= Q(insured__phone=claim.phone) | Q(holder__phone=claim.phone)
        found = policies_then(told, at=claim.lost_at)
        return list(found.select_related("insured").distinct()[:5])

    def run(self, by: str) -> str:
        link_policy(self.number, policy=str(self.cleaned_data["policy"]).upper(), by=by)
        return _("已关联保单")


class Notice(ActForm):
    """The one notice of everything that is missing."""

    heading: Label = gettext_lazy("一次性告知")
    words: Label = gettext_lazy("客户会收到下面这份清单。补充通知只发一次，发出前请确认已经列全。")
    act = gettext_lazy("发出通知")
    icon = "mail-forward"
    part = "desk/part_notice.html"

    def prepare(self) -> None:
        if self.scene.notices:
            self.heading = _("追加告知")
            self.words = _(
                "本案已发过一次性告知。只有出现新事实、并由二级以上人员批准，才能再发；不再暂停任何时限。"
            )
            self.fields["new_facts"] = Checked(
                partial(checks.plain_text, limit=200, empty=False), name="new_facts",
                label=_("新出现的事实"), help_text=_("客户和审计都会看到。"), widget=LONG,
            )  # fmt: skip

    @property
    def preview(self) -> list[Paper]:
        """What the claimant will read."""
        made = papers(self.scene.materials, self.scene.exposures, [])
        return [paper for paper in made if paper.state == "missing"]

    @property
    def unread(self) -> str:
        """A warning while something lies with us unread: it may have to be asked for again."""
        unread = sum(m.state == Material.State.RECEIVED for m in self.scene.materials)
        words = ngettext(
            "还有 %(n)s 份材料没有核。先核完再发，免得日后又要补。",
            "还有 %(n)s 份材料没有核。先核完再发，免得日后又要补。",
            unread,
        )
        return words % {"n": unread} if unread else ""

    def run(self, by: str) -> str:
        told = str(self.cleaned_data.get("new_facts", ""))
        kinds = request_materials(self.number, by=by, new_facts=told)
        n = len(kinds)
        return ngettext("已告知客户 %(n)s 项材料", "已告知客户 %(n)s 项材料", n) % {"n": n}


class Fault(ActForm):
    """Who was at fault, as the certificate or the drivers' agreement names it."""

    heading: Label = gettext_lazy("事故责任")
    words: Label = gettext_lazy("按事故认定书或双方协议登记。没有责任比例，责任险不能理算。")
    act = pgettext_lazy("act", "登记")
    icon = "scale"
    fault = forms.ChoiceField(label=gettext_lazy("我方责任"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        known = [(o.value, o.title) for o in FAULTS if o.value != "unknown"]
        self.fields["fault"].choices = known  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["fault"].initial = self.scene.claim.facts.get("fault")

    def run(self, by: str) -> str:
        establish_fault(self.number, fault=self.cleaned_data["fault"], by=by)
        return _("已登记事故责任")


class Calculate(ActForm):
    """Work the sum out."""

    heading: Label = gettext_lazy("理算")
    words: Label = gettext_lazy(
        "系统按保单条款和定损单逐步计算，算两遍，留下每一步。同样的事实永远得出同样的金额。"
    )
    act = gettext_lazy("开始理算")
    icon = "calculator"
    part = "desk/part_losses.html"

    @property
    def sums(self) -> list[dict[str, object]]:
        """What is going to be worked out: each part with the sum that it stands at."""
        told = [(exposure_title(e), *sum_of(e)) for e in self.scene.live]
        return [{"name": name, "fen": fen, "kind": kind} for name, fen, kind in told]

    def run(self, by: str) -> str:
        sums = calculate_claim(self.number, by=by)
        n = len(sums)
        return ngettext("理算完成，%(n)s 个责任项", "理算完成，%(n)s 个责任项", n) % {"n": n}


class Submit(ActForm):
    """Hand the sum to a reviewer."""

    heading: Label = gettext_lazy("提交核赔")
    words: Label = gettext_lazy("提交后由另一个人核赔；理算的人不能核自己的案件。")
    act = pgettext_lazy("act", "提交")
    icon = "send"
    part = "desk/part_reasons.html"

    @property
    def reasons(self) -> list[Reason]:
        """The named reasons as they stand now."""
        return reasons_shown(reasons_of(self.scene.claim, self.scene.live))

    def run(self, by: str) -> str:
        submit_for_review(self.number, by=by)
        return _("已提交核赔")


FILE = forms.FileInput(attrs={"accept": "image/*,application/pdf,.ofd,video/*"})


class Receive(ActForm):
    """Take a paper that came to the counter or by post."""

    heading: Label = gettext_lazy("收材料")
    words: Label = gettext_lazy(
        "照片、PDF、OFD 都收，原件按内容存证。柜面收到的写收到的时间，法定时限从那时起算。"
    )
    act = pgettext_lazy("act", "收下")
    icon = "upload"
    kind = forms.ChoiceField(label=gettext_lazy("是什么"))
    file = forms.FileField(label=gettext_lazy("文件"), widget=FILE)
    received_at = Checked(
        partial(checks.local_instant, future=False), name="received_at", required=False,
        label=gettext_lazy("收到的时间"),
        help_text=gettext_lazy("不填就是现在；早于现在要写原因并附凭证，不能早于出险。"),
        widget=INSTANT,
    )  # fmt: skip
    reason = Checked(
        partial(checks.plain_text, limit=200, lines=False), name="reason", required=False,
        label=gettext_lazy("补录原因"),
    )  # fmt: skip
    proof = forms.FileField(
        label=gettext_lazy("收到时间的凭证"), required=False, widget=FILE,
        help_text=gettext_lazy("收件章、快递单、通话记录等；补录时必须有。"),
    )  # fmt: skip

    def prepare(self) -> None:
        kinds = [m.kind for m in self.scene.materials] + sorted(PHOTO_KINDS)
        self.fields["kind"].choices = [(k, paper_title(k)) for k in dict.fromkeys(kinds)]  # type: ignore[attr-defined]

    def run(self, by: str) -> str:
        told = self.cleaned_data
        file = told["file"]
        taken = uploads.take(file, owner=by, client_id=str(uuid4()), filename=file.name)
        received_at, proof = told["received_at"], told["proof"]
        if proof:
            proof = uploads.take(proof, owner=by, client_id=str(uuid4()), filename=proof.name)
        receive_document(
            self.number, kind=told["kind"], upload=taken.pk, by=by, duty="materials.receive",
            received_at=received_at if isinstance(received_at, datetime) else None,
            reason=str(told["reason"]), proof=proof.pk if proof else None,
        )  # fmt: skip
        return _("已收下：%(what)s") % {"what": paper_title(told["kind"])}


class Assign(ActForm):
    """Give the claim to an officer."""

    heading: Label = gettext_lazy("分派")
    words: Label = gettext_lazy("只列出持有效证书的理赔专员。客户的进度页会看到已安排专属理赔员。")
    act = pgettext_lazy("act", "分派")
    icon = "user-plus"
    to = forms.ChoiceField(label=gettext_lazy("理赔专员"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        above = staff_for("SP", branch_path=self.scene.claim.branch_path)
        people = {p.pk: p for p in [*above, *officers_below(self.scene.claim.branch_path)]}
        self.fields["to"].choices = [(p.username, person_shown(p)) for p in people.values()]  # type: ignore[attr-defined]

    def run(self, by: str) -> str:
        assign_claim(self.number, to=self.cleaned_data["to"], by=by)
        return _("已分派")


class Flag(ActForm):
    """Say that the claim cannot flow straight."""

    heading: Label = gettext_lazy("标记异常")
    words: Label = gettext_lazy("带标记的案件不走线上核赔，由人处理。法定时限照常计时。")
    act = pgettext_lazy("act", "标记")
    icon = "alert-triangle"
    is_grave = True
    kind = forms.ChoiceField(label=gettext_lazy("哪一种"))
    reason = Checked(
        partial(checks.plain_text, limit=200, empty=False), name="reason",
        label=gettext_lazy("依据"), help_text=gettext_lazy("写明看到了什么，审计会看。"),
        widget=LONG,
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields["kind"].choices = [(k, FLAGS[k][0]) for k in KINDS if k in FLAGS]  # type: ignore[attr-defined]

    def run(self, by: str) -> str:
        told = self.cleaned_data
        flag_claim(self.number, kind=told["kind"], by=by, reason=str(told["reason"]))
        return _("已标记")


class ReturnPaper(ActForm):
    """Give a paper back with the reason that the claimant reads."""

    heading: Label = gettext_lazy("退回材料")
    words: Label = gettext_lazy("客户会看到原因，并且只需重交这一份。")
    act = pgettext_lazy("act", "退回")
    icon = "rotate"
    is_grave = True
    kind = ""
    reason = Checked(
        partial(checks.plain_text, limit=200, empty=False), name="reason",
        label=gettext_lazy("退回原因"),
        help_text=gettext_lazy("用客户看得懂的话，例如：第二页反光，看不清号码。"), widget=LONG,
    )  # fmt: skip

    def run(self, by: str) -> str:
        reason = str(self.cleaned_data["reason"])
        check_document(self.number, kind=self.kind, accepted=False, by=by, reason=reason)
        return _("已退回：%(what)s") % {"what": paper_title(self.kind)}


FORMS: dict[str, Callable[..., ActForm]] = {
    "register": Register, "link": Link, "notice": Notice, "fault": Fault, 
    "calculate": Calculate, "submit": Submit, "receive": Receive,
    "assign": Assign, "flag": Flag,
}  # fmt: skip


def _yuan(fen: int | None) -> str:
    return f"{fen // 100}.{fen % 100:02}" if fen else ""


def person_shown(person: Staff) -> str:
    """Somebody of the house as they stand in a choice."""
    return f"{person.name} · {person.number}"
