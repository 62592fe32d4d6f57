"""The forms of a report: what happened and where, how, and the word of consent."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.models import Policy
from lipei.ch02_intake.channels import Damage
from lipei.ch02_intake.lines import Line, Option
from lipei.kit import checks, clock
from lipei.kit.forms import Check, Checked
from lipei.rules.estimate import PriceTable, price_table
from lipei.site import choices
from lipei.site.questions import answers_in, question_fields

UNKNOWN_POLICY = "none"
DAMAGED = ("own_vehicle", "other_vehicle")
OTHER_SIDE = ("other_plate", "other_name", "other_phone")
Typed = Mapping[str, Sequence[str]]


def flat(typed: Typed) -> dict[str, str]:
    """What was typed, one text a field: the last where a name came more than once."""
    return {name: texts[-1] for name, texts in typed.items() if texts}


def one_of(options: Sequence[Option], *, name: str, label: object) -> Checked:
    """A field that takes one of these options."""
    allowed = tuple(one.value for one in options)
    return Checked(partial(checks.choice, allowed=allowed), name=name, label=label)


def short_line(limit: int) -> Check:
    """A check for one line of at most so many characters."""
    return partial(checks.plain_text, limit=limit, lines=False, empty=False)


def paragraph(limit: int) -> Check:
    """A check for a text of several lines with at most so many characters."""
    return partial(checks.plain_text, limit=limit, empty=False)


class OccurrenceForm(forms.Form):
    """Step 1: which policy, when, where, by what, and whether anybody is hurt."""

    policy = Checked(short_line(40), name="policy", label=_("保单"), required=False)
    lost_at = Checked(
        partial(checks.local_instant, future=False), name="lost_at", label=_("什么时候"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip
    place = Checked(
        short_line(200), name="place", label=_("在哪里"),
        help_text=_("写到路名和门牌，或最近的路口、停车场"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address", "maxlength": 200}),
    )  # fmt: skip
    cause = one_of((), name="cause", label=_("怎么了"))
    injured = one_of(choices.INJURED, name="injured", label=_("有人受伤吗？"))
    relation = one_of((), name="relation", label=_("您是"))

    def __init__(
        self, typed: Typed | None = None, *, line: Line, policies: Sequence[Policy] = ()
    ) -> None:
        super().__init__(flat(typed) if typed else None)
        self.policies, self.line = policies, line
        self.relations = [one for one in choices.RELATIONS if one.value in line.relations]
        for name, options in (("cause", line.causes), ("relation", self.relations)):
            label = self.fields[name].label
            self.fields[name] = one_of(options, name=name, label=label)
        self.fields["place"].label = str(line.place)
        self.fields["place"].help_text = str(line.place_hint)
        if not line.vehicles:
            del self.fields["injured"]
        if typed is None:
            self.initial = {
                "lost_at": f"{clock.now().astimezone(clock.LOCAL):%Y-%m-%dT%H:%M}",
                "policy": policies[0].number if len(policies) == 1 else "",
                "relation": "insured",
            }

    def clean_policy(self) -> str:
        """The number of one of the offered policies; nothing where none is known."""
        chosen = str(self.cleaned_data["policy"])
        numbers = [policy.number for policy in self.policies]
        if chosen in numbers:
            return chosen
        alone = len(numbers) == 1 and chosen != UNKNOWN_POLICY
        return numbers[0] if alone else ""


class IdentityForm(forms.Form):
    """Name and identity number, where the phone number knows no policy."""

    holder = Checked(
        checks.person_name, name="holder", label=_("被保险人姓名"),
        widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": 80}),
    )  # fmt: skip
    id_number = Checked(
        checks.resident_id, name="id_number", label=_("身份证号"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 24}),
    )  # fmt: skip

    def __init__(self, typed: Typed | None = None) -> None:
        super().__init__(flat(typed) if typed else None)


class CourseForm(forms.Form):
    """Step 3 of every line: what happened, and what only this line asks."""

    story = Checked(
        paragraph(2000), name="story", label=_("经过"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 2000}),
    )  # fmt: skip

    def __init__(self, typed: Typed | None = None, *, line: Line) -> None:
        super().__init__(flat(typed) if typed else None)
        self.line = line
        self.fields["story"].help_text = str(line.story_hint)
        self.fields.update(question_fields(line, must=True))

    def told(self) -> dict[str, Any]:
        """What the step says, by the names of a report."""
        answers = answers_in(self.line, self.cleaned_data)
        return {"story": self.cleaned_data["story"], "answers": answers}


class CarCourseForm(CourseForm):
    """Step 3 after an accident of a car: the other side, fault, proof, and the damaged parts."""

    others = one_of(choices.OTHERS, name="others", label=_("对方"))
    other_plate = Checked(
        checks.plate, name="other_plate", label=_("对方车牌"), required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 12}),
    )  # fmt: skip
    other_name = Checked(
        checks.person_name, name="other_name", label=_("对方姓名"), required=False,
        help_text=_("赔给对方的钱直接付给他本人"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 80}),
    )  # fmt: skip
    other_phone = Checked(
        checks.phone, name="other_phone", label=_("对方电话"), required=False,
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off", "maxlength": 20}
        ),
    )  # fmt: skip
    fault = one_of(choices.FAULTS, name="fault", label=_("责任"))
    proof = one_of(choices.PROOFS, name="proof", label=_("事故证明"))

    def __init__(self, typed: Typed | None = None, *, line: Line) -> None:
        super().__init__(typed, line=line)
        self.table: PriceTable = price_table(clock.today())
        if typed is None:
            self.initial = {"fault": "unknown"}
        severities = ("", *self.table.severities)
        for thing in DAMAGED:
            for part, words in self.table.parts.items():
                name = f"damage_{thing}_{part}"
                self.fields[name] = Checked(
                    partial(checks.choice, allowed=severities), name=name, required=False,
                    label=choices.spoken(words),
                )  # fmt: skip
        if self.data.get("others") not in {"vehicle", "property"}:
            for name in OTHER_SIDE:
                self.fields[name] = Checked(
                    short_line(200), name=name, required=False, label=self.fields[name].label
                )

    def damage(self) -> tuple[Damage, ...]:
        """The ticked parts; those of the other car only where another car was hit."""
        things = DAMAGED if self.cleaned_data["others"] == "vehicle" else DAMAGED[:1]
        found = (
            (thing, part, self.cleaned_data.get(f"damage_{thing}_{part}"))
            for thing in things
            for part in self.table.parts
        )
        return tuple(Damage(thing, part, how) for thing, part, how in found if how)

    def told(self) -> dict[str, Any]:
        """What the step says; nothing of another side where there is none."""
        how = self.cleaned_data
        other = {name: how[name] if how["others"] != "none" else "" for name in OTHER_SIDE}
        named = {name: how[name] for name in ("others", "fault", "proof")}
        return {**super().told(), **other, **named, "damage": self.damage()}


def course_form(typed: Typed | None, *, line: Line) -> CourseForm:
    """The third step of a line."""
    return (CarCourseForm if line.vehicles else CourseForm)(typed, line=line)


class ConsentForm(forms.Form):
    """Step 4: a number to call back, and the separate consent to sensitive data."""

    phone = Checked(
        checks.phone, name="phone", label=_("联系电话"), required=False,
        help_text=_("不填就用登录的手机号"),
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "maxlength": 20}
        ),
    )  # fmt: skip
    consented = forms.BooleanField(
        required=False,
        label=_("我单独同意：为办理这次理赔，处理我提交的证件、照片、位置和银行账户信息"),
        help_text=_("只用于理赔。不同意就不能网上报案，可以打电话报案。"),
    )

    def __init__(self, typed: Typed | None = None, *, phone: str = "") -> None:
        super().__init__(flat(typed) if typed else None, initial={"phone": phone})
        self.own_phone = phone

    def clean_phone(self) -> str:
        """The number that was given, else the one of the sign-in: offline none is filled in."""
        return str(self.cleaned_data["phone"] or self.own_phone)
