"""What each step of a report shows: its form, its cards, what is known already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.forms import BoundField, Form
from django.utils.translation import gettext as _

from lipei.ch01_general.models import Party
from lipei.ch02_intake.drafts import files_of, typed_in
from lipei.ch02_intake.lines import AMBULANCE, Line, Option, Question
from lipei.ch02_intake.models import Draft
from lipei.site import choices
from lipei.site.pocket import report
from lipei.site.pocket.pictures import frames, kept_pictures
from lipei.site.pocket.report_forms import (
    DAMAGED,
    OTHER_SIDE,
    CarCourseForm,
    ConsentForm,
    CourseForm,
    IdentityForm,
    OccurrenceForm,
    course_form,
)
from lipei.site.questions import question_name

Told = dict[str, Any]
"""The words of a page by name, for its template."""


@dataclass(frozen=True)
class Card:
    """One choice as a card."""

    value: str
    title: str
    note: str
    icon: str
    checked: bool


@dataclass(frozen=True)
class Asked:
    """A question of the line: its field, its cards where it is a choice."""

    field: BoundField
    cards: list[Card]
    optional: bool

    @property
    def columns(self) -> int:
        """In how many columns its cards stand, so that no row has one alone."""
        return 3 if len(self.cards) % 3 == 0 else 2


@dataclass(frozen=True)
class PartRow:
    """One part of a car with how badly it is hurt: (value, words, chosen) for each."""

    name: str
    title: str
    marks: tuple[tuple[str, str, bool], ...]

    @property
    def is_ticked(self) -> bool:
        """Whether the part is hurt at all."""
        return not self.marks[0][2]


@dataclass(frozen=True)
class CarParts:
    """The parts of one car: those that are hurt most often, and `more`; how many are ticked."""

    thing: str
    title: str
    rows: tuple[PartRow, ...]
    more: tuple[PartRow, ...]

    @property
    def ticked(self) -> int:
        """How many parts are ticked."""
        return sum(row.is_ticked for row in self.rows) + self.more_ticked

    @property
    def more_ticked(self) -> int:
        """How many of the rarer parts are ticked."""
        return sum(row.is_ticked for row in self.more)


def cards(form: Form, name: str, options: Sequence[Option]) -> list[Card]:
    """The choices of a field as cards, the chosen one marked."""
    chosen = str(form[name].value() or "")
    return [
        Card(one.value, str(one.title), str(one.note), one.icon, one.value == chosen)
        for one in options
    ]


def occurrence(draft: Draft | None, *, party: Party | None, line: Line) -> Told:
    """Step 1: the policies that are known, or two fields to find one."""
    typed = typed_in(draft, step=report.OCCURRENCE)
    policies = report.policies_for(party, typed, line=line) if party else []
    form = OccurrenceForm(typed or None, line=line, policies=policies)
    if party is None:
        form.initial["lost_at"] = ""
    finding = bool(flat_text(typed, "holder") or flat_text(typed, "id_number"))
    identity = IdentityForm(typed if finding else None)
    if finding and not policies and identity.is_valid():
        identity.add_error("id_number", _("没有找到。可以核对后再查，也可以直接往下报案。"))
    return {
        "form": form, "policies": policies, "identity": identity, "blank": party is None,
        "ask_identity": party is not None and (finding or not policies),
        "causes": cards(form, "cause", line.causes),
        "injured": cards(form, "injured", choices.INJURED) if line.vehicles else [],
        "relations": cards(form, "relation", form.relations),
        "chosen_policy": str(form["policy"].value() or ""),
    }  # fmt: skip


def pictures(draft: Draft | None, *, party: Party | None, line: Line) -> Told:
    """Step 2: which pictures, and those that are there."""
    files = files_of(draft)
    return {"frames": frames(files, line=line), "pictures": kept_pictures(files)}


def course(draft: Draft | None, *, party: Party | None, line: Line) -> Told:
    """Step 3: what happened, and what only this line asks: of cars the other side and the parts."""
    typed = typed_in(draft, step=report.COURSE)
    form = course_form(typed or None, line=line)
    told: Told = {"form": form, "asked": [_asked(form, one) for one in line.questions]}
    if not isinstance(form, CarCourseForm):
        return told
    return {
        **told, "others": cards(form, "others", choices.OTHERS),
        "faults": cards(form, "fault", choices.FAULTS),
        "proofs": cards(form, "proof", choices.PROOFS),
        "cars": [_car(form, thing) for thing in DAMAGED],
        "other_side": [form[name] for name in OTHER_SIDE],
    }  # fmt: skip


def review(draft: Draft | None, *, party: Party | None, line: Line) -> Told:
    """Step 4: everything once more, and the word of consent."""
    if party is None:
        return {"form": ConsentForm(), "said": None, "lines": [], "blank": True}
    found = report.said(draft, party=party, line=line)
    typed = typed_in(draft, step=report.REVIEW)
    form = ConsentForm(typed or None, phone=party.phone)
    return {
        "form": form, "said": found, "wrong_step": found.wrong_step,
        "lines": report.last_look(found),
    }  # fmt: skip


def flat_text(typed: Mapping[str, list[str]], name: str) -> str:
    """What was typed in one field, trimmed."""
    return (typed.get(name) or [""])[-1].strip()


def _asked(form: CourseForm, question: Question) -> Asked:
    name = question_name(question)
    return Asked(form[name], cards(form, name, question.options), not question.required)


def _car(form: CarCourseForm, thing: str) -> CarParts:
    severities = [choices.SEVERITY_NONE, *(
        (key, choices.spoken(words)) for key, words in form.table.severities.items()
    )]  # fmt: skip
    often: list[PartRow] = []
    more: list[PartRow] = []
    for part, words in form.table.parts.items():
        name = f"damage_{thing}_{part}"
        chosen = str(form[name].value() or "")
        marks = tuple((value, str(said), value == chosen) for value, said in severities)
        row = PartRow(name, choices.spoken(words), marks)
        (often if part in choices.OFTEN_HURT else more).append(row)
    return CarParts(thing, str(choices.THINGS[thing]), tuple(often), tuple(more))


def first_words(lines: Sequence[Line]) -> Told:
    """Before the first step: its steps in words, and whom to call first; of one line its own."""
    if len(lines) == 1:
        (line,) = lines
        return {
            "steps": line.steps, "first": line.first, "calls": line.calls,
            "estimates": line.vehicles,
        }  # fmt: skip
    steps = (_("出了什么事、什么时候、在哪里"), _("拍照：现场、票据或证件"), _("经过和受损情况"))
    return {"steps": steps, "first": _("有人受伤？先救人"), "calls": (AMBULANCE,)}


class Tell(Protocol):
    """What a step shows of a draft."""

    def __call__(self, draft: Draft | None, /, *, party: Party | None, line: Line) -> Told:
        """The words of the step's page."""


TOLD: Mapping[int, Tell] = {
    report.OCCURRENCE: occurrence,
    report.PICTURES: pictures,
    report.COURSE: course,
    report.REVIEW: review,
}
