"""Two people on the facts of one part: the second is told what changed since their page was drawn.

What they typed stays. Where they had left a field as they found it, it takes the new value.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from lipei.ch01_general.models import Exposure
from lipei.ch03_assessment.facts import Event
from lipei.kit.refusal import Refused
from lipei.rules.facts import Fact
from lipei.site.desk.telling import TellForm, tell_form
from lipei.site.desk.words import people_words
from lipei.site.fact_forms import read

LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Meanwhile:
    """What changed, in words with the anchor of its field, and what is typed now."""

    problems: list[tuple[str, str]]
    typed: dict[str, str]


def seen_number(text: str) -> int:
    """The last told fact that a page knew; nought for what is no number."""
    fits = text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER
    return int(text) if fits else 0


def newest(event: Event) -> int:
    """The last fact that was told of the claim."""
    return max((row.pk for row in event.told), default=0)


def meanwhile(
    event: Event, exposure: Exposure, about: str, typed: Mapping[str, str]
) -> Meanwhile | None:
    """What was told otherwise than it is typed here since the page was drawn; none: nothing."""
    seen = seen_number(typed.get("seen", ""))
    rows = event.told_since(exposure, about, than=seen)
    if not rows:
        return None
    now = tell_form(event, exposure, about, None)
    then = tell_form(Event(event.claim, event.living, until=seen), exposure, about, None)
    people = people_words({row.told_by for row in rows.values()})
    found: list[tuple[str, str]] = []
    merged = dict(typed)
    for name, fact in now.known.items():
        new, mine = now.initial[name], typed.get(name, "")
        if name not in rows or name not in typed or _value(fact, mine) == _value(fact, new):
            continue
        if _value(fact, mine) == _value(fact, then.initial.get(name, "")):
            merged[name] = new
        words = _words(now, name, new=new, mine=mine, is_mine=merged[name] != new)
        who = people.get(rows[name].told_by, rows[name].told_by)
        found.append((words % {"who": who}, f"id_{name}"))
    return Meanwhile(found, merged) if found else None


def _value(fact: Fact, text: str) -> object:
    """What is written, in the kind of its fact; what cannot be read, as it is."""
    try:
        return read(fact, text.strip()) if text.strip() else None
    except Refused:
        return text


def _words(form: TellForm, name: str, *, new: str, mine: str, is_mine: bool) -> str:
    field = form.fields[name]
    said = _("%(label)s：%(who)s刚刚改为 %(new)s，您填的是 %(mine)s")
    if not is_mine:
        said = _("%(label)s：%(who)s刚刚改为 %(new)s，已替您带入")
    told = {"label": field.label, "new": _said(field, new), "mine": _said(field, mine)}
    return said % {**told, "who": "%(who)s"}


def _said(field: forms.Field, value: str) -> str:
    """A value as the page shows it; an empty one in a word."""
    if not value:
        return _("空")
    choices = getattr(field, "choices", ())
    return next((str(words) for code, words in choices if code == value), value)
