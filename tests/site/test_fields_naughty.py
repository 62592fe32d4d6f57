"""Every naughty entry in every field of every form: a tidy value or a no in words, never a crash.

The fields are asked themselves, which is thousands of times as fast as sending pages: the checks
of a field do not depend on the page on which it stands. What a page makes of such entries, that
they come back and that nothing is done by halves, the crawl of `test_pages_hostile` tells.
"""

from collections.abc import Iterator

import pytest
from django import forms

from lipei.kit.checks import is_readable
from lipei.kit.refusal import Refused
from lipei.rules import FactRefused, edition
from lipei.rules.facts import Fact
from lipei.rules.products.load import edition_names
from lipei.site import fact_forms, urls
from tests.naughty import ENTRIES

assert urls.urlpatterns, "every page is imported, and with it every form"


def kinds_of(above: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for one in above.__subclasses__():
        if one.__module__.startswith("lipei."):
            yield one
        yield from kinds_of(one)


FIELDS = {
    f"{form.__module__.removeprefix('lipei.')}.{form.__name__}.{name}": field
    for form in kinds_of(forms.BaseForm)
    for name, field in form.base_fields.items()
    if not isinstance(field, forms.FileField)
}


def told_by(field: forms.Field, entry: str) -> str:
    """The tidy text that a field makes of an entry, or the words of its no."""
    try:
        tidy = field.clean(entry)
    except forms.ValidationError as no:
        return " ".join(map(str, no.messages)) or "\x00"
    return tidy if isinstance(tidy, str) else ""


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_field_takes_or_refuses_every_entry(name):
    for entry in ENTRIES:
        assert is_readable(told_by(FIELDS[name], entry)), entry


def test_there_are_fields_of_many_forms():
    assert len({name.rpartition(".")[0] for name in FIELDS}) > 20
    assert len(FIELDS) > 80


def facts_of_every_kind() -> dict[str, Fact]:
    """One fact of each kind that the formulas ask for."""
    given = (edition(name).given.values() for name in edition_names())
    return {fact.kind: fact for facts in given for fact in facts if fact.kind != "key"}


def refused_by(fact: Fact, entry: str) -> str:
    """The words with which a fact refuses an entry; none where it takes it."""
    try:
        fact.checked(fact_forms.read(fact, entry))
    except Refused as no:
        return no.words("zh-hans") or "\x00"
    except FactRefused as no:
        return no.zh or "\x00"
    return ""


@pytest.mark.parametrize("kind", sorted(facts_of_every_kind()))
def test_a_fact_takes_or_refuses_every_entry(kind):
    for entry in filter(str.strip, ENTRIES):
        assert is_readable(refused_by(facts_of_every_kind()[kind], entry.strip())), entry
