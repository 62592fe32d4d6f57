"""A report as it grows: its four steps, the policies that fit, and what it says in the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lipei.ch01_general.models import Party, Policy
from lipei.ch01_general.policies import party_by_identity, policies_of
from lipei.ch02_intake.channels import Damage, Report
from lipei.ch02_intake.drafts import files_of, typed_in
from lipei.ch02_intake.lines import LINES, Line, answered
from lipei.ch02_intake.models import Draft
from lipei.kit import checks, clock
from lipei.kit.refusal import Refused
from lipei.rules.products.edition import Words
from lipei.site import choices
from lipei.site.pocket.report_forms import (
    OTHER_SIDE,
    CarCourseForm,
    ConsentForm,
    CourseForm,
    IdentityForm,
    OccurrenceForm,
    Typed,
    course_form,
)
from lipei.site.punctuation import aside, listed
from lipei.site.questions import answers_in

BLANK = "00000000-0000-0000-0000-000000000000"
STEP_NAMES = (
    gettext_lazy("出险"), gettext_lazy("拍照"), gettext_lazy("经过"), gettext_lazy("核对"),
)  # fmt: skip
OCCURRENCE, PICTURES, COURSE, REVIEW = 1, 2, 3, 4


@dataclass(frozen=True)
class StepMark:
    """One of the four steps in the head of the page; state is done, now or nothing."""

    name: str
    state: str


@dataclass(frozen=True)
class Reviewed:
    """One line of the last look: what it is, what was said, and at which step."""

    label: str
    value: str
    step: int


@dataclass(frozen=True)
class Said:
    """Everything that a draft says, read by its forms."""

    occurrence: OccurrenceForm
    course: CourseForm
    uploads: tuple[tuple[int, str], ...]
    identity: dict[str, str]

    @property
    def wrong_step(self) -> int | None:
        """The first step in which something is wrong or missing; none if all is well."""
        if not self.occurrence.is_valid():
            return OCCURRENCE
        return None if self.course.is_valid() else COURSE

    def report(self, consent: ConsentForm) -> Report:
        """The report. Only where no step is wrong."""
        where = self.occurrence.cleaned_data
        return Report(
            line=self.occurrence.line.slug, lost_at=where["lost_at"], place=where["place"],
            cause=where["cause"], policy=where["policy"], relation=where["relation"],
            holder=self.identity.get("holder", ""), id_number=self.identity.get("id_number", ""),
            phone=consent.cleaned_data["phone"], injured=where.get("injured") == "yes",
            uploads=self.uploads, consented=consent.cleaned_data["consented"],
            **self.course.told(),
        )  # fmt: skip


def steps(now: int) -> list[StepMark]:
    """The four steps as the head of the page shows them."""
    states = {True: "done", False: ""}
    return [
        StepMark(str(name), "now" if n == now else states[n < now])
        for n, name in enumerate(STEP_NAMES, start=1)
    ]


def said(draft: Draft | None, *, party: Party, line: Line) -> Said:
    """What a draft says so far."""
    where = typed_in(draft, step=OCCURRENCE)
    files = tuple((one.upload_id, one.kind) for one in files_of(draft))
    occurrence = OccurrenceForm(where, line=line, policies=policies_for(party, where, line=line))
    identity = _read(IdentityForm(where))
    course = course_form(typed_in(draft, step=COURSE), line=line)
    return Said(occurrence, course, files, identity)


def lines_for(party: Party | None) -> list[Line]:
    """What may have happened to a party, by their own policies; anything where none is known."""
    held = {policy.line for policy in policies_of(party, at=clock.now())} if party else set()
    return [line for line in LINES.values() if line.slug in held] or list(LINES.values())


def line_of(asked: str, draft: Draft | None, *, party: Party | None) -> Line | None:
    """The line of a report: asked for, told in its first step, or the only one there can be."""
    told = (typed_in(draft, step=OCCURRENCE).get("line") or [""])[-1]
    found = LINES.get(asked) or LINES.get(told)
    if found is not None:
        return found
    offered = lines_for(party)
    return offered[0] if len(offered) == 1 else None


def policies_for(party: Party, typed: Typed, *, line: Line) -> list[Policy]:
    """The policies of a line that cover this party at the loss, or those of the identity that
    was typed."""
    at = _lost_at(typed)
    mine = list(policies_of(party, at=at).filter(line=line.slug))
    if mine:
        return mine
    identity = IdentityForm(typed)
    if not identity.is_valid():
        return []
    named = party_by_identity(
        name=identity.cleaned_data["holder"], id_number=identity.cleaned_data["id_number"]
    )
    return list(policies_of(named, at=at).filter(line=line.slug)) if named else []


def last_look(found: Said) -> list[Reviewed]:
    """What will be sent, line by line, in the reader's words."""
    where, line = _read(found.occurrence), found.occurrence.line
    policy = where.get("policy") or _("没有找到，请理赔员帮忙查")
    rows = [
        Reviewed(_("哪类事"), str(line.happened), OCCURRENCE),
        Reviewed(_("保单"), policy, OCCURRENCE),
        Reviewed(_("时间"), _when(where.get("lost_at")), OCCURRENCE),
        Reviewed(str(line.place), where.get("place", ""), OCCURRENCE),
        Reviewed(_("原因"), choices.title_of(line.causes, where.get("cause", "")), OCCURRENCE),
        Reviewed(_("人伤"), choices.title_of(choices.INJURED, where.get("injured", "")),
                 OCCURRENCE),
        Reviewed(_("照片和文件"), _taken(len(found.uploads)), PICTURES),
        *(Reviewed(name, words, COURSE) for name, words in _course_words(found.course)),
    ]  # fmt: skip
    return [row for row in rows if row.value]


def _course_words(form: CourseForm) -> list[tuple[str, str]]:
    how = _read(form)
    answers = dict(answers_in(form.line, how))
    told = [(_("经过"), how.get("story", "")), *answered(form.line.slug, answers)]
    if not form.line.vehicles:
        return told
    return [
        *told, (_("对方"), _other_side(how)),
        (_("责任"), choices.title_of(choices.FAULTS, how.get("fault", ""))),
        (_("证明"), choices.title_of(choices.PROOFS, how.get("proof", ""))),
        (_("受损部位"), damage_words(form)),
    ]  # fmt: skip


def damage_words(form: CourseForm) -> str:
    """The ticked parts in one line: 前保险杠（凹陷）、……"""
    if not isinstance(form, CarCourseForm) or not form.is_valid():
        return ""
    parts, severities = form.table.parts, form.table.severities
    return listed(
        aside(_damaged(one, parts), choices.spoken(severities[one.severity]))
        for one in form.damage()
    )


def _taken(n: int) -> str:
    return ngettext("%(n)s 份", "%(n)s 份", n) % {"n": n}


def _damaged(one: Damage, parts: Mapping[str, Words]) -> str:
    part = choices.spoken(parts[one.part])
    return part if one.thing == "own_vehicle" else _("对方%(part)s") % {"part": part}


def _read(form: Form) -> dict[str, Any]:
    """What of a form could be read; nothing of one that was never filled."""
    form.is_valid()
    return getattr(form, "cleaned_data", {})


def _other_side(how: dict[str, str]) -> str:
    told = [choices.title_of(choices.OTHERS, how.get("others", ""))]
    if how.get("others") != "none":
        told += [how.get(name, "") for name in OTHER_SIDE]
    return " · ".join(part for part in told if part)


def _when(at: datetime | None) -> str:
    return f"{at.astimezone(clock.LOCAL):%Y-%m-%d %H:%M}" if at else ""


def _lost_at(typed: Typed) -> datetime:
    """The typed instant of the loss where it can be read, else now."""
    try:
        return checks.local_instant((typed.get("lost_at") or [""])[-1], field="lost_at")
    except Refused:
        return clock.now()
