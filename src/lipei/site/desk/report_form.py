"""What somebody of the house asks a caller or visitor, in the order in which one asks it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from lipei.ch02_intake.channels import Damage, Report
from lipei.ch02_intake.lines import LINES, Option
from lipei.ch02_intake.papers import STAMP
from lipei.kit import checks, clock, uploads
from lipei.kit.forms import Checked, LightSelect
from lipei.rules.estimate import price_table
from lipei.site import choices
from lipei.site.desk.words import CHANNELS
from lipei.site.questions import answers_in, question_fields, question_name

TAKEN = ("phone", "counter")
DAMAGED = ("own_vehicle", "other_vehicle")
WITHOUT_VEHICLES = {
    "injured": "no", "others": "none", "other_plate": "", "other_name": "", "other_phone": "",
    "fault": "unknown", "proof": "none",
}  # fmt: skip
"""What is asked of accidents of vehicles alone, and what stands where it is not asked."""
OF_VEHICLES = tuple(WITHOUT_VEHICLES)
INSTANT = forms.DateTimeInput(attrs={"type": "datetime-local"})


def _line(limit: int, *, empty: bool = False) -> partial[str]:
    return partial(checks.plain_text, limit=limit, lines=False, empty=empty)


def _one_of(options: Sequence[Option], **plain: object) -> forms.ChoiceField:
    told = [(o.value, o.title) for o in options]
    return forms.ChoiceField(choices=told, **plain)  # type: ignore[arg-type]  # Django's own


class ReportForm(forms.Form):
    """One report, as the caller tells it."""

    channel = forms.ChoiceField(
        label=_("怎么报的案"), choices=[(c, CHANNELS[c]) for c in TAKEN],
        widget=forms.RadioSelect, initial="phone",
    )  # fmt: skip
    caller = Checked(checks.person_name, name="caller", label=_("报案人姓名"))
    phone = Checked(
        checks.phone, name="phone", label=_("报案人电话"),
        help_text=_("客户以后用这个号码登录，就能看到进度。"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    relation = _one_of(choices.RELATIONS, label=_("与被保险人的关系"))
    received_at = Checked(
        partial(checks.local_instant, future=False), name="received_at", required=False,
        label=_("收到报案的时间"), widget=INSTANT,
        help_text=_("不填就是现在。更早的要写原因并附凭证，法定时限从那时起算。"),
    )  # fmt: skip
    received_why = Checked(
        _line(200, empty=True), name="received_why", required=False, label=_("补录原因")
    )
    received_proof = forms.FileField(
        required=False, label=_("收到时间的凭证"),
        help_text=_("通话记录、传真、手记的照片等；补录时必须有。"),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf,.ofd,video/*"}),
    )  # fmt: skip
    lost_at = Checked(
        partial(checks.local_instant, future=False), name="lost_at", label=_("出险时间"),
        widget=INSTANT,
    )  # fmt: skip
    place = Checked(_line(200), name="place", label=_("出险地点"))
    cause = _one_of(choices.CAUSES, label=_("出险原因"))
    injured = _one_of(choices.INJURED, label=_("有人受伤吗"))
    story = Checked(
        partial(checks.plain_text, limit=2000, empty=False), name="story", label=_("经过"),
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("按客户的原话记。"),
    )  # fmt: skip
    others = _one_of(choices.OTHERS, label=_("对方损失"))
    other_plate = Checked(checks.plate, name="other_plate", required=False, label=_("对方车牌"))
    other_name = Checked(checks.person_name, name="other_name", required=False, label=_("对方姓名"))
    other_phone = Checked(checks.phone, name="other_phone", required=False, label=_("对方电话"))
    fault = _one_of(choices.FAULTS, label=_("事故责任"))
    proof = _one_of(choices.PROOFS, label=_("事故证明"))
    consented = forms.BooleanField(
        label=_("已向报案人说明并取得单独同意：为办理本次理赔处理证件、照片、位置和账户信息"),
        help_text=_("电话里口头同意要有录音；柜面签书面同意。"),
    )
    another = forms.BooleanField(
        required=False, label=_("报案人确认这是另一次事故"),
        help_text=_("同一保单一天内已有报案时才需要勾选。"),
    )  # fmt: skip

    def __init__(self, *args: object, line: str = "motor", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own
        self.table = price_table(clock.today())
        self.line = LINES.get(line, LINES["motor"])
        self.is_motor = self.line.vehicles
        self._of_line()
        if not self.is_motor:
            self._without_vehicles()
            return
        known = self.table.severities.items()
        severities = [("", "—"), *((key, choices.spoken(words)) for key, words in known)]
        for thing in DAMAGED:
            for part, words in self.table.parts.items():
                self.fields[f"damage_{thing}_{part}"] = forms.ChoiceField(
                    label=choices.spoken(words),
                    choices=severities,
                    required=False,
                    widget=LightSelect,
                )
        self.fields["fault"].initial = "unknown"
        self.fields["proof"].initial = "none"

    def _of_line(self) -> None:
        """The causes, relations and questions of the line."""
        self.fields["cause"].choices = [(o.value, o.title) for o in self.line.causes]  # type: ignore[attr-defined]
        who = [o for o in choices.RELATIONS if o.value in self.line.relations]
        self.fields["relation"].choices = [(o.value, o.title) for o in who]  # type: ignore[attr-defined]
        self.fields.update(question_fields(self.line))

    def _without_vehicles(self) -> None:
        """What nobody asks where no vehicle is insured."""
        for name in OF_VEHICLES:
            del self.fields[name]

    def question_fields(self) -> list[forms.BoundField]:
        """The fields of what only this line asks."""
        return [self[question_name(one)] for one in self.line.questions]

    def damage_fields(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of the damaged parts, by thing."""
        return [
            (thing, [self[f"damage_{thing}_{part}"] for part in self.table.parts])
            for thing in DAMAGED
        ]

    def report(self, policy: str, *, by: str, key: str) -> Report:
        """The report that was told, with the proof of its time. Only where nothing is wrong.

        Sent again under its key, the proof is the same upload.
        """
        told = {**WITHOUT_VEHICLES, **self.cleaned_data}
        shared = told["others"] != "none"
        return Report(
            lost_at=told["lost_at"], place=told["place"], cause=told["cause"],
            story=told["story"], policy=policy, relation=told["relation"], phone=told["phone"],
            injured=told["injured"] == "yes", others=told["others"],
            other_plate=told["other_plate"] if shared else "",
            other_name=told["other_name"] if shared else "",
            other_phone=told["other_phone"] if shared else "",
            fault=told["fault"], proof=told["proof"], damage=self._damage(),
            consented=told["consented"], received_why=told["received_why"],
            uploads=self._proof(by, key), line=self.line.slug,
            answers=answers_in(self.line, self.cleaned_data),
        )  # fmt: skip

    def _proof(self, by: str, key: str) -> tuple[tuple[int, str], ...]:
        file = self.cleaned_data["received_proof"]
        if not file or not self.received():
            return ()
        taken = uploads.take(file, owner=by, client_id=f"proof-{key}", filename=file.name)
        return ((taken.pk, STAMP),)

    def received(self) -> datetime | None:
        """When it was told, where that was not now."""
        at = self.cleaned_data["received_at"]
        return at if isinstance(at, datetime) else None

    def _damage(self) -> tuple[Damage, ...]:
        both = self.cleaned_data.get("others") == "vehicle"
        things = DAMAGED if both else DAMAGED[:1]
        told = (
            (thing, part, self.cleaned_data.get(f"damage_{thing}_{part}"))
            for thing in things
            for part in self.table.parts
        )
        return tuple(Damage(thing, part, how) for thing, part, how in told if how)
