"""The acts that open a further part of a claim, and correct what was written down of it: whether
anybody was hurt, and at which phone somebody is called."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lipei.ch01_general.models import Party
from lipei.ch01_general.policies import covers_of
from lipei.ch02_intake.callers import REPORTER, correct_phone, people_written_down, why_not
from lipei.ch02_intake.covers import ANSWERS_FOR, LABELS
from lipei.ch02_intake.materials import handed_kinds
from lipei.ch02_intake.registration import open_part
from lipei.ch03_assessment.verification import establish_injury
from lipei.ch04_payment.beneficiaries import RELATIONS, name_beneficiary, parts_of_the_dead
from lipei.kit import checks, uploads
from lipei.kit.forms import Checked
from lipei.rules import edition
from lipei.site.choices import INJURED, paper_title, spoken
from lipei.site.desk.exposures import NAMES, exposure_title
from lipei.site.desk.forms import FILE, LONG, ActForm
from lipei.site.faces import masked

Label = str | Promise


class OpenPart(ActForm):
    """A further victim or thing under a cover of the policy."""

    heading: Label = gettext_lazy("开立责任项")
    words: Label = gettext_lazy(
        "每个险种对每一个受损的人或物各开一项。它的材料会一并列出；已立案的案件当即编号。"
    )
    act = pgettext_lazy("act", "开立")
    icon = "stack-2"
    what = forms.ChoiceField(label=gettext_lazy("险种和对象"))
    label = Checked(
        partial(checks.plain_text, limit=80, lines=False), name="label",
        label=gettext_lazy("称谓"), help_text=gettext_lazy("区分同类的几项，例如：伤者甲。"),
    )  # fmt: skip
    reserve_fen = Checked(
        checks.yuan_to_fen, name="reserve_fen", label=gettext_lazy("估损，元"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip

    payee_name = Checked(
        checks.person_name, name="payee_name", required=False, label=gettext_lazy("赔给谁"),
        help_text=gettext_lazy("第三者本人的姓名。还不知道就不填；被保险人自己的损失不填。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    payee_phone = Checked(
        checks.phone, name="payee_phone", required=False, label=gettext_lazy("他的电话"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip

    def prepare(self) -> None:
        policy = self.scene.claim.policy
        covers = covers_of(policy, at=self.scene.claim.lost_at) if policy else []
        choices = [
            (f"{cover.product}:{thing}", f"{spoken(edition(cover.edition).title)} · {NAMES[thing]}")
            for cover in covers
            for thing in ANSWERS_FOR.get(cover.product, ())
        ]
        self.fields["what"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["label"].initial = LABELS["person"]

    def run(self, by: str) -> str:
        told = self.cleaned_data
        product, _colon, thing = str(told["what"]).partition(":")
        position = open_part(
            self.number, product=product, thing=thing, label=str(told["label"]),
            reserve_fen=int(told["reserve_fen"]), by=by,
            payee_name=str(told["payee_name"]), payee_phone=str(told["payee_phone"]),
        )  # fmt: skip
        return _("已开立第 %(n)s 项") % {"n": position}


class Beneficiary(ActForm):
    """Who takes a benefit whose insured has died."""

    heading: Label = gettext_lazy("登记受益人")
    words: Label = gettext_lazy(
        "身故保险金付给受益人；没有受益人的付给法定继承人。凭身份和关系证明登记，客户确认金额前可以更正。"
    )
    act = pgettext_lazy("act", "登记")
    icon = "user-check"
    position = forms.TypedChoiceField(coerce=int, label=gettext_lazy("哪一项"))
    name = Checked(
        checks.person_name, name="name", label=gettext_lazy("受益人姓名"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    id_number = Checked(
        checks.resident_id, name="id_number", label=gettext_lazy("受益人身份证号"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    relation = forms.ChoiceField(
        label=gettext_lazy("与被保险人的关系"), choices=list(RELATIONS.items()),
        widget=forms.RadioSelect,
    )  # fmt: skip
    phone_number = Checked(
        checks.phone, name="phone_number", label=gettext_lazy("受益人电话"),
        help_text=gettext_lazy("受益人用这个号码登录，确认金额、填账户。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    paper = forms.ChoiceField(label=gettext_lazy("依据的材料"))

    def prepare(self) -> None:
        parts = parts_of_the_dead(self.scene.live)
        told = [(one.position, exposure_title(one)) for one in parts]
        papers = [(kind, paper_title(kind)) for kind in sorted(handed_kinds(self.scene.claim))]
        self.fields["position"].choices = told  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["paper"].choices = papers  # type: ignore[attr-defined]  # a ChoiceField

    def run(self, by: str) -> str:
        name_beneficiary(self.number, **self.cleaned_data, by=by)
        return _("已登记受益人")


class Injury(ActForm):
    """Whether anybody was hurt, as the papers show it."""

    heading: Label = gettext_lazy("更正人伤情况")
    words: Label = gettext_lazy("报案说有人受伤的，没有伤者的责任项就不能理算责任险。")
    act = pgettext_lazy("act", "登记")
    icon = "first-aid-kit"
    injured = forms.ChoiceField(
        label=gettext_lazy("有人受伤吗"), choices=[(o.value, o.title) for o in INJURED],
        widget=forms.RadioSelect,
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields["injured"].initial = "yes" if self.scene.claim.injured else "no"

    def run(self, by: str) -> str:
        establish_injury(self.number, injured=self.cleaned_data["injured"] == "yes", by=by)
        return _("已登记人伤情况")


class CorrectPhone(ActForm):
    """A phone that was typed wrongly. Who proved one, or stands on a policy, keeps theirs."""

    heading: Label = gettext_lazy("更正电话")
    words: Label = gettext_lazy(
        "只更正我们登记错的电话。客户登录证明过的电话、保单上的电话不会改动。旧号码不再收到本案消息。"
    )
    act = pgettext_lazy("act", "更正")
    icon = "phone"
    position = forms.TypedChoiceField(
        coerce=int, label=gettext_lazy("谁的电话"), widget=forms.RadioSelect
    )
    phone = Checked(
        checks.phone, name="phone", label=gettext_lazy("正确的电话"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    reason = Checked(
        partial(checks.plain_text, limit=200, empty=False), name="reason",
        label=gettext_lazy("更正原因"), widget=LONG,
        help_text=gettext_lazy("怎么发现的，向谁核对过，审计会看。"),
    )  # fmt: skip
    proof = forms.FileField(
        label=gettext_lazy("凭证"), widget=FILE,
        help_text=gettext_lazy("通话记录、签字的登记表等，能看出正确号码。"),
    )  # fmt: skip

    def prepare(self) -> None:
        people = people_written_down(self.scene.claim, self.scene.exposures)
        told = [(position, _whose(position, party)) for position, party in people]
        self.fields["position"].choices = told  # type: ignore[attr-defined]  # a ChoiceField

    def run(self, by: str) -> str:
        told = self.cleaned_data
        file = told["proof"]
        taken = uploads.take(file, owner=by, client_id=str(uuid4()), filename=file.name)
        correct_phone(
            self.number, position=told["position"], phone=str(told["phone"]),
            reason=str(told["reason"]), proof=taken.pk, by=by,
        )  # fmt: skip
        return _("已更正电话")


WHY_NOT = {
    "phone_proved": gettext_lazy("登录证明过，不能改"),
    "phone_of_the_policy": gettext_lazy("保单上的电话，不在这里改"),
}
FORMS: dict[str, Callable[..., ActForm]] = {
    "part": OpenPart, "beneficiary": Beneficiary, "injury": Injury, "phone": CorrectPhone,
}  # fmt: skip


def _whose(position: int, party: Party) -> str:
    """A person by part, name and hidden phone, and why the phone is not changed if it is not."""
    role = _("报案人") if position == REPORTER else _("收款人")
    phone = masked(party.reached_at, kind="phone") if party.reached_at else _("没有电话")
    slug = why_not(party)
    note = str(WHY_NOT[slug]) if slug else ""
    return " · ".join(filter(None, (role, party.name or _("未留姓名"), phone, note)))
