"""Forms: what the fields of a page take, checked at the same door as everything else."""

from collections.abc import Callable

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lipei.kit.refusal import Refused

Check = Callable[..., object]


class Checked(forms.Field):
    """One text that a check of `lipei.kit.checks` tidies; its refusal stands at the field.

    The check is called with the text and the keyword `field`. A blank gives an empty text, or
    `text_missing` where something must stand. `plain` goes to Django's own field.
    """

    widget = forms.TextInput

    def __init__(self, check: Check, *, name: str, **plain: object) -> None:
        super().__init__(**plain)  # type: ignore[arg-type]  # Django checks them itself
        self.check = check
        self.name = name

    def clean(self, value: object) -> object:
        """The tidy value. Raises ValidationError with the refusal's words."""
        text = value if isinstance(value, str) else ""
        try:
            if text.strip():
                return self.check(text, field=self.name)
            if self.required:
                raise Refused("text_missing", field=self.name)
        except Refused as no:
            raise forms.ValidationError(said(no), code=no.slug) from no
        return ""


class LightSelect(forms.Select):
    """A choice of a few words, written without a template for each of them: a page that holds
    dozens of these is most of its own time otherwise."""

    def render(
        self, name: str, value: object, attrs: dict[str, object] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:  # fmt: skip
        """The same element that Django's own templates would write."""
        told = {"name": name, **self.build_attrs(self.attrs, attrs)}
        chosen = {str(one) for one in self.format_value(value)}
        options = format_html_join(
            "", '<option value="{}"{}>{}</option>',
            (
                (key, flatatt({"selected": str(key) in chosen}), words)
                for key, words in self.choices
            ),
        )  # fmt: skip
        return format_html("<select{}>{}</select>", flatatt(told), options)


def said(no: Refused) -> str:
    """A refusal as one line: why not, and what to do now, in the reader's language."""
    language = get_language() or "zh-hans"
    gap = " " if language.startswith("en") else ""
    return f"{no.words(language)}{gap}{no.next_step(language)}"


def complain(form: forms.BaseForm, no: Refused) -> None:
    """Put what a command refused at the field that it names, or at the head of the form."""
    field = str(no.params.get("field", ""))
    form.add_error(field if field in form.fields else None, said(no))
