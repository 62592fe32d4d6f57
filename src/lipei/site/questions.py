"""The questions of a line as fields of a form, and the answers that were given in them."""

from collections.abc import Mapping

from django import forms

from lipei.ch02_intake.lines import Line, Question
from lipei.kit.forms import Checked

ONE_LINE = 200


def question_name(question: Question) -> str:
    """The name of a question's field, apart from those that every report has."""
    return f"answer_{question.name}"


def question_fields(line: Line, *, must: bool = False) -> dict[str, forms.Field]:
    """A field for each question; `must`: what the line wants answered has to be."""
    return {question_name(one): _field(one, must=must and one.required) for one in line.questions}


def answers_in(line: Line, told: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The answers that were given, by the name of the question."""
    given = ((one.name, str(told.get(question_name(one)) or "")) for one in line.questions)
    return tuple((name, answer) for name, answer in given if answer)


def _field(question: Question, *, must: bool) -> forms.Field:
    long = question.limit > ONE_LINE
    rows = forms.Textarea(attrs={"rows": 3, "maxlength": question.limit})
    line = forms.TextInput(attrs={"maxlength": question.limit, "autocomplete": "off"})
    choice = forms.Select(choices=[("", "—"), *((o.value, o.title) for o in question.options)])
    widget = choice if question.options else rows if long else line
    return Checked(
        lambda text, field: question.checked(text), name=question_name(question),
        label=question.title, help_text=question.hint, required=must, widget=widget,
    )  # fmt: skip
