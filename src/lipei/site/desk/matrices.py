"""The authority matrices as their pages show them, and the form in which one is changed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lipei.kit import checks
from lipei.kit.forms import Checked
from lipei.kit.refusal import Refused
from lipei.manual import Level, Step, authority, shipped_authority
from lipei.site.carriers import PACKAGE
from lipei.site.desk.words import is_english
from lipei.site.faces import yuan_words

Label = str | Promise
MATTERS: Mapping[str, Label] = {
    "coverage": _("核赔（是否赔、赔多少）"), "loss_assessment": _("定损（损失清单）"),
    "price_review": _("核价"), "injury": _("人伤"), "medical": _("医疗审核"),
    "reserve_change": _("调整准备金"), "payment": _("支付"), "death": _("死亡案件"),
    "refusal": _("拒赔"), "ex_gratia": _("通融"), "litigation": _("诉讼和解"),
    "late_registration": _("迟立案"), "reopen": _("重开"), "cancel_registration": _("注销"),
    "cash": _("现金支付"), "other_account": _("付给他人账户"), "second_notice": _("追加补件通知"),
    "write_off": _("核销"),
}  # fmt: skip
ENDLESS = ("不限", "none", "无上限", "no end", "unlimited")
ASKED = re.compile(r'(?:matter=|needed\()"(\w+)"')


@dataclass(frozen=True)
class Matrix:
    """One matter with its steps in words, and whether a gate asks it already."""

    matter: str
    title: str
    steps: list[tuple[str, str]]
    is_asked: bool


@cache
def asked() -> frozenset[str]:
    """The matters that a gate asks for, read from the code that runs."""
    return frozenset(
        matter for path in sorted(PACKAGE.glob("ch*/**/*.py"))
        for matter in ASKED.findall(path.read_text("utf-8"))
    )  # fmt: skip


def matrices() -> list[Matrix]:
    """All matters with the steps that hold today."""
    return [matrix(name) for name in authority().steps]


def matrix(matter: str) -> Matrix:
    """One matter with the steps that hold today."""
    words = step_words(authority().steps[matter])
    return Matrix(matter, title_of(matter), words, matter in asked())


def title_of(matter: str) -> str:
    """A matter in the reader's language."""
    return str(MATTERS.get(matter, matter))


def step_words(steps: Sequence[Step]) -> list[tuple[str, str]]:
    """Each level of the steps, and up to which amount it decides."""
    return [(level_words(shipped_authority().level(s.level)), upto_words(s)) for s in steps]


def level_words(level: Level) -> str:
    """A level in the reader's language."""
    return f"{level.code} {level.words[is_english()]}"


def upto_words(step: Step) -> str:
    """Up to which amount a step decides: ≤ 50,000.00 元."""
    if step.upto_fen is None:
        return str(_("不设上限"))
    sign = "≤" if step.operator == "<=" else "<"
    return f"{sign} {yuan_words(step.upto_fen)}"


class MatrixForm(forms.Form):
    """Up to which amount each level decides, from which day, and why."""

    effective_from = Checked(
        lambda text, field: checks.day(text, field=field), name="effective_from",
        label=_("自哪天起"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("明天或以后；已作的决定不变。"),
    )  # fmt: skip
    reason = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=500), name="reason",
        label=_("为什么改"), widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, steps: Sequence[Step], **plain: object) -> None:
        super().__init__(**plain)  # type: ignore[arg-type]  # Django checks them itself
        held = {one.level: one for one in steps}
        for level in shipped_authority().levels:
            if level.posts:
                self.fields[level.code] = _amount(level, held.get(level.code))
        self.order_fields([n for n in self.fields if n not in {"effective_from", "reason"}])
        self.operators = {one.level: one.operator for one in steps}

    @property
    def levels(self) -> list[forms.BoundField]:
        """The fields of the levels, lowest first."""
        return [self[name] for name in self.fields if name.startswith("L")]

    def steps(self) -> list[dict[str, object]]:
        """The steps as the command takes them; refuses by its field a level that does not rise,
        one above a level without end, and a matrix that ends."""
        told: list[dict[str, object]] = []
        last: int | None = -1
        for name in (one.name for one in self.levels):
            if (said := self.cleaned_data[name]) == "":
                continue
            if last is None or (said is not ENDLESS and said <= last):
                raise Refused("step_low", field=name)
            upto = None if said is ENDLESS else said
            told.append({"level": name, "operator": self.operators.get(name, "<=")}
                        | ({} if upto is None else {"upto_fen": upto}))  # fmt: skip
            last = upto
        if last is not None:
            raise Refused("step_ends", field=self.levels[-1].name)
        return told


def _amount(level: Level, held: Step | None) -> Checked:
    initial = "" if held is None else ENDLESS[is_english()]
    if held is not None and held.upto_fen is not None:
        initial = yuan_words(held.upto_fen)
    return Checked(
        _read, name=level.code, label=level_words(level), initial=initial, required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip


def _read(text: object, *, field: str) -> object:
    said = checks.plain_text(text, field=field, limit=40, lines=False)
    return ENDLESS if said.lower() in ENDLESS else checks.yuan_to_fen(said, field=field)
