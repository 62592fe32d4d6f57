"""The facts of one exposure for the desk: what stands, where it comes from, what is still asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lipei.ch01_general.models import Claim, Exposure
from lipei.ch01_general.stages import Stage
from lipei.ch01_general.words import stage_words
from lipei.ch02_intake.materials import handed_kinds
from lipei.ch03_assessment.facts import Event, Held, facts_held, formula_of, tellable
from lipei.ch03_assessment.models import ToldFact
from lipei.ch03_assessment.telling import OPEN_TO_FACTS, what_is_missing
from lipei.kit import clock
from lipei.rules.products.edition import Edition, Words
from lipei.site.choices import paper_title, spoken
from lipei.site.desk.exposures import cover_words, exposure_name
from lipei.site.desk.words import people_words
from lipei.site.fact_forms import FactForm, written

SOURCES: Mapping[str, str | Promise] = {
    "losses": gettext_lazy("来自定损单"),
    "fault": gettext_lazy("来自事故责任"),
    "sum": gettext_lazy("来自先赔险种的计算书"),
    "injury": gettext_lazy("来自人身损害的计算"),
    "thing": gettext_lazy("这一责任项没有这类损失"),
    "report": gettext_lazy("来自报案，请核对"),
    "policy": gettext_lazy("来自保单，请核对"),
}


class TellForm(FactForm):
    """The facts that may be told, and the paper that shows them."""

    def __init__(
        self, edition: Edition, *, held: Mapping[str, Held], papers: Sequence[str],
        data: Mapping[str, str] | None,
    ) -> None:  # fmt: skip
        fixed = {name for name, one in held.items() if one.is_fixed}
        known = {name: fact for name, fact in tellable(edition).items() if name not in fixed}
        standing = {name: one.value for name, one in held.items() if name in known}
        self.standing = {name: one for name, one in held.items() if one.told}
        super().__init__(known, held=standing, data=data)
        choices = [("", "—"), *((kind, paper_title(kind)) for kind in papers)]
        self.fields["paper"] = forms.ChoiceField(
            label=_("依据的材料"), choices=choices,
            error_messages={"required": _("请选择这些内容依据哪份材料。")},
        )  # fmt: skip

    def facts(self) -> dict[str, object]:
        """What is told; what stood told and was emptied is taken back."""
        back = dict.fromkeys((n for n in self.standing if n not in self.told), None)
        return {**self.told, **back}


@dataclass(frozen=True)
class Fixed:
    """A fact that is established elsewhere: its words, its value as written, its source."""

    label: str
    value: str
    source: str


@dataclass(frozen=True)
class Part:
    """An exposure in the list beside the form: where it stands and what it still lacks."""

    url: str
    name: str
    cover: str
    state: str
    lacks: str
    current: bool


def tell_form(
    event: Event, exposure: Exposure, about: str, data: Mapping[str, str] | None
) -> TellForm:  # fmt: skip
    """The form of an exposure, each field with the note of where its value comes from."""
    edition = formula_of(event, exposure, about)
    held = facts_held(event, exposure, about=about)
    form = TellForm(edition, held=held, papers=sorted(handed_kinds(event.claim)), data=data)
    people = people_words({one.told.told_by for one in held.values() if one.told})
    for name in form.known:
        one = held.get(name)
        form.fields[name].help_text = _note(one, people) if one else ""
    return form


def fixed_facts(event: Event, exposure: Exposure, about: str) -> list[Fixed]:
    """What is established elsewhere, to be read."""
    edition = formula_of(event, exposure, about)
    found = []
    for name, one in facts_held(event, exposure, about=about).items():
        if one.is_fixed:
            fact = edition.facts[name]
            said = written(fact, one.value)
            if fact.kind == "yes_no":
                said = _("是") if one.value else _("否")
            if fact.kind == "code":
                said = next((spoken(Words(c.zh, c.en)) for c in fact.codes if c.slug == said), said)
            label = spoken(Words(fact.zh, fact.en))
            found.append(Fixed(label, said, str(SOURCES[one.source])))
    return found


def parts_of(event: Event, exposures: Sequence[Exposure], *, current: str) -> list[Part]:
    """Every part with its forms: its own facts, and for a person those of the injury."""
    found = []
    for one in exposures:
        pages = [(ToldFact.About.COVER, str(cover_words(one)))]
        if one.thing == Exposure.Thing.PERSON:
            pages.insert(0, (ToldFact.About.INJURY, _("人身损害各项")))
        for about, words in pages:
            url = address(event.claim, one, about)
            found.append(
                Part(url, exposure_name(one), words, stage_words(one.stage),
                     lacks(event, one), url == current)
            )  # fmt: skip
    return found


def lacks(event: Event, exposure: Exposure) -> str:
    """What an exposure still lacks, in words; nothing where it can be settled or is past that."""
    if Stage(exposure.stage) not in OPEN_TO_FACTS:
        return ""
    missing = what_is_missing(event, exposure)
    return spoken(Words(missing.zh, missing.en)) if missing else ""


def address(claim: Claim, exposure: Exposure, about: str) -> str:
    """The page of an exposure's facts."""
    return f"/claims/{claim.number}/facts/{exposure.position}/{about}/"


def _note(one: Held, people: Mapping[str, str]) -> str:
    if one.told is None:
        return str(SOURCES[one.source])
    told = one.told
    when = f"{told.told_at.astimezone(clock.LOCAL):%m-%d %H:%M}"
    who = people.get(told.told_by, told.told_by)
    return _("%(who)s %(when)s 填写，依据：%(paper)s") % {
        "who": who, "when": when, "paper": paper_title(told.paper),
    }  # fmt: skip
