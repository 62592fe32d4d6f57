"""What a formula is told as a form: each fact in the unit and in the words that people use."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _

from lipei.kit import checks
from lipei.kit.refusal import Refused
from lipei.rules.facts import Fact
from lipei.rules.products.edition import Edition, Words
from lipei.rules.yuan import percent, yuan
from lipei.site.choices import spoken
from lipei.site.problems import language

BP_A_PERCENT = 100
DIGITS = 20
CHOSEN = ("yes_no", "code")


class FactForm(forms.Form):
    """One field for each of some facts; `told` are the values that came of it, by name.

    `held` are the values that stand now. A field that is left empty tells nothing: what the
    formula takes then stands in it in grey.
    """

    def __init__(
        self, known: Mapping[str, Fact], *, held: Mapping[str, object],
        data: Mapping[str, str] | None,
    ) -> None:  # fmt: skip
        self.known = known
        self.told: dict[str, object] = {}
        shown = {name: written(fact, held.get(name, usual(fact))) for name, fact in known.items()}
        super().__init__(data={**shown, **data} if data else None, initial=shown)
        for name, fact in known.items():
            self.fields[name] = field_of(fact)

    def clean(self) -> dict[str, object]:
        """Every value in its own kind; what cannot be read is told beside its field."""
        for name, fact in self.known.items():
            text = str(self.cleaned_data.get(name) or "").strip()
            try:
                if text:
                    self.told[name] = read(fact, text)
            except Refused as no:
                self.add_error(name, no.words(language()))
        return self.cleaned_data

    def grouped(
        self, edition: Edition, names: Iterable[str]
    ) -> list[tuple[str, list[forms.BoundField]]]:  # fmt: skip
        """The fields by part of the loss, in the order in which they are told; first those that
        belong to no part."""
        wanted = [name for name in names if name in self.fields]
        titles = {"": "", **{key: spoken(words) for key, words in edition.parts.items()}}
        groups = [
            (title, [self[n] for n in wanted if edition.given[n].part == part])
            for part, title in titles.items()
        ]
        return [(title, fields) for title, fields in groups if fields]


def field_of(fact: Fact) -> forms.Field:
    """A field with the fact's own words and unit."""
    label = spoken(Words(fact.zh, fact.en))
    blank = [("", "—")] if fact.default is None else []
    if fact.kind == "yes_no":
        choices = [*blank, ("1", _("是")), ("0", _("否"))]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if fact.kind == "code":
        codes = [(code.slug, spoken(Words(code.zh, code.en))) for code in fact.codes]
        return forms.ChoiceField(label=label, choices=[*blank, *codes], required=False)
    if fact.kind == "date":
        widget = forms.DateInput(attrs={"type": "date"})
        return forms.CharField(label=label, widget=widget, required=False)
    unit = {"fen": _("元"), "bp": "%", "days": _("天")}.get(fact.kind, "")
    grey = "" if fact.default is None else written(fact, fact.default)
    text = forms.TextInput(
        attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": grey}
    )
    return forms.CharField(
        label=f"{label} ({unit})" if unit else label, widget=text, required=False, max_length=40
    )


def usual(fact: Fact) -> int | None:
    """What stands in a field that nobody has filled in: of a choice, what the formula takes."""
    return fact.default if fact.kind in CHOSEN else None


def written(fact: Fact, value: object) -> str:
    """A kept value as people write it; nothing where none is kept, or where a date stands at
    the formula's own sign for none."""
    if value is None or (fact.kind == "date" and value == fact.default):
        return ""
    if fact.kind == "yes_no":
        return "1" if value else "0"
    number = int(str(value)) if not isinstance(value, str) else value
    if isinstance(number, str) or fact.kind in ("date", "code"):
        return number if isinstance(number, str) else str(fact.spoken(number))
    if fact.kind == "fen":
        return yuan(number)
    return percent(number).removesuffix("%") if fact.kind == "bp" else str(number)


def read(fact: Fact, text: str) -> object:
    """What somebody wrote, in the kind of the fact. Raises Refused with the field."""
    if fact.kind == "fen":
        return checks.yuan_to_fen(text, field=fact.name)
    if fact.kind == "yes_no":
        return text == "1"
    if fact.kind == "code":
        return text
    if fact.kind == "date":
        return checks.day(text, field=fact.name).isoformat()
    return _whole(fact, text)


def _whole(fact: Fact, text: str) -> int:
    """A whole number; a rate is written in per cent with at most two decimals."""
    scale = BP_A_PERCENT if fact.kind == "bp" else 1
    try:
        exact = Decimal(text.removesuffix("%").strip()) * scale if len(text) < DIGITS else None
    except ArithmeticError:
        exact = None
    if exact is None or not exact.is_finite() or exact != exact.to_integral_value():
        raise Refused("value_wrong", field=fact.name)
    return int(exact)
