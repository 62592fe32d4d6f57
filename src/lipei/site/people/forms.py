"""The forms of the people's pages: each is the keywords of one command."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lipei.ch01_general import naming
from lipei.ch01_general.actors import Actor
from lipei.ch01_general.company import MANAGE, branches_seen
from lipei.ch01_general.leaving import successors
from lipei.ch01_general.models import Department, Staff
from lipei.ch01_general.people import CERTIFICATES, HIGHEST_LEVEL
from lipei.ch06_systems.security import EVIDENCE
from lipei.kit import checks
from lipei.kit.forms import Checked
from lipei.manual import posts
from lipei.site.people.words import CERTIFICATE_WORDS, post_title

LINE, REASON = 80, 200
Choices = list[tuple[str, str]]


def day_field(name: str, label: object, *, required: bool = True, hint: object = "") -> Checked:
    """A day of the calendar."""
    return Checked(
        lambda text, field: checks.day(text, field=field), name=name, label=label,
        required=required, help_text=hint, widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip


def phone_field() -> Checked:
    """A telephone; a mobile gets what is told to its owner."""
    return Checked(
        lambda text, field: checks.phone(text, field=field), name="phone", required=False,
        label=gettext_lazy("电话"), help_text=gettext_lazy("填手机号，邀请和通知会发到手机上。"),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip


def place_choices(acting: Actor) -> Choices:
    """The departments in which this administrator may give a post, branch by branch."""
    open_ones = Department.objects.filter(
        closed_at=None, branch__closed_at=None, branch__in=branches_seen(acting)
    )
    rows = open_ones.select_related("branch").order_by("branch__path", "name")
    return [(str(d.pk), f"{d.branch.name} · {d.name}") for d in rows
            if acting.may(MANAGE, d.branch.path)]  # fmt: skip


def branch_choices(acting: Actor) -> Choices:
    """The open branches that this administrator manages, from the top down."""
    rows = branches_seen(acting).filter(closed_at=None)
    return [(b.code, f"{b.code} {b.name}") for b in rows if acting.may(MANAGE, b.path)]


def place_of(chosen: str) -> tuple[str, str]:
    """The branch and department behind a choice."""
    found = Department.objects.select_related("branch").get(pk=chosen)
    return found.branch.code, found.name


def post_choices() -> Choices:
    """The posts of the house in the reader's language."""
    listed = [one for one in posts().by_code.values() if one.side == "staff"]
    return [(one.code, post_title(one.code)) for one in listed]


class ActForm(forms.Form):
    """A form of an act on a person: what may be chosen depends on who acts, and on whom."""

    def __init__(self, *given: object, acting: Actor, person: Staff | None, **told: object) -> None:
        super().__init__(*given, **told)  # type: ignore[arg-type]  # Django's own
        place, heir = self.fields.get("place"), self.fields.get("to")
        if isinstance(place, forms.ChoiceField):
            place.choices = place_choices(acting)
        if isinstance(heir, forms.ChoiceField) and person is not None:
            listed = [(one.username, f"{one.name} · {one.number}") for one in successors(person)]
            heir.choices = [("", _("不指定")), *listed]


class PlacedForm(ActForm):
    """A form that asks for a department of a branch."""

    place = forms.ChoiceField(label=gettext_lazy("机构和部门"))


class HeirForm(ActForm):
    """A form that asks who takes over."""

    to = forms.ChoiceField(
        label=gettext_lazy("未完的工作移交给"), required=False,
        help_text=gettext_lazy("只列有同样岗位和有效证书的在岗同事；不选就列为待分派。"),
    )  # fmt: skip


class LevelledForm(PlacedForm):
    """A post at a level in a department."""

    post = forms.ChoiceField(label=gettext_lazy("岗位"), choices=post_choices)
    level = forms.IntegerField(
        label=gettext_lazy("权限级别"), min_value=0, max_value=HIGHEST_LEVEL, initial=0,
        help_text=gettext_lazy("0 到 5，见权限表；没有审批权的岗位填 0。"),
    )  # fmt: skip


class PersonForm(LevelledForm):
    """A new colleague with a first post."""

    name = Checked(
        lambda text, field: naming.staff_name(text, field=field), name="name",
        label=gettext_lazy("姓名"),
    )  # fmt: skip
    number = Checked(
        lambda text, field: naming.staff_number(text, field=field), name="number",
        label=gettext_lazy("工号"),
    )  # fmt: skip
    username = Checked(
        lambda text, field: naming.username(text, field=field), name="username",
        label=gettext_lazy("用户名"),
        help_text=gettext_lazy("小写字母开头，可用小写字母、数字、点和横线；以后不能更改。"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )  # fmt: skip
    phone = phone_field()
    field_order = ("name", "number", "username", "phone", "post", "level", "place")


class PostForm(LevelledForm):
    """A further post, from when to when."""

    since = day_field("since", gettext_lazy("从"), required=False,
                      hint=gettext_lazy("不填就是今天。"))  # fmt: skip
    until = day_field("until", gettext_lazy("到"), required=False,
                      hint=gettext_lazy("最后一天；不填就是长期。"))  # fmt: skip
    field_order = ("post", "level", "place", "since", "until")


class DetailsForm(ActForm):
    """Name and telephone."""

    name = Checked(
        lambda text, field: naming.staff_name(text, field=field), name="name",
        label=gettext_lazy("姓名"),
    )  # fmt: skip
    phone = phone_field()


class CertificateForm(ActForm):
    """A certificate with its days."""

    kind = forms.ChoiceField(
        label=gettext_lazy("证书"), choices=[(one, CERTIFICATE_WORDS[one]) for one in CERTIFICATES]
    )
    number = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=40, lines=False),
        name="number", label=gettext_lazy("证书编号"),
    )  # fmt: skip
    issuer = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=LINE, lines=False),
        name="issuer", label=gettext_lazy("发证单位"),
    )  # fmt: skip
    valid_from = day_field("valid_from", gettext_lazy("有效期从"))
    valid_to = day_field("valid_to", gettext_lazy("到"), hint=gettext_lazy("当天仍有效。"))


class TransferForm(PlacedForm, HeirForm):
    """To which branch, and who takes over here."""

    field_order = ("place", "to")


class AbsenceForm(HeirForm):
    """Days away."""

    from_on = day_field("from_on", gettext_lazy("从"))
    to_on = day_field("to_on", gettext_lazy("到"), hint=gettext_lazy("两天都算在内。"))
    field_order = ("from_on", "to_on", "to")

    def __init__(self, *given: object, **told: object) -> None:
        super().__init__(*given, **told)  # type: ignore[arg-type]  # Django's own
        self.fields["to"].help_text = _("第一天起移交未完的工作，不会自动收回；不选就不移交。")


class ResetForm(ActForm):
    """Why an authenticator is taken away, and what proved who asks."""

    evidence = forms.ChoiceField(label=gettext_lazy("如何核实本人"), choices=list(EVIDENCE.items()))
    reason = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=REASON),
        name="reason", label=gettext_lazy("原因"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": REASON}),
    )  # fmt: skip


class BranchForm(forms.Form):
    """A branch below another."""

    code = Checked(
        lambda text, field: naming.branch_code(text, field=field), name="code",
        label=gettext_lazy("机构编号"), help_text=gettext_lazy("字母和数字；以后不能更改。"),
    )  # fmt: skip
    name = Checked(
        lambda text, field: naming.branch_name(text, field=field), name="name",
        label=gettext_lazy("机构名称"),
    )  # fmt: skip
    under = forms.ChoiceField(label=gettext_lazy("上级机构"))

    def __init__(self, *given: object, acting: Actor, **told: object) -> None:
        super().__init__(*given, **told)  # type: ignore[arg-type]  # Django's own
        field = self.fields["under"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = branch_choices(acting)


class NameForm(forms.Form):
    """What a branch is called."""

    name = Checked(
        lambda text, field: naming.branch_name(text, field=field), name="name",
        label=gettext_lazy("机构名称"),
    )  # fmt: skip


class DepartmentForm(forms.Form):
    """A new department."""

    name = Checked(
        lambda text, field: naming.department_name(text, field=field), name="name",
        label=gettext_lazy("部门名称"),
    )  # fmt: skip
