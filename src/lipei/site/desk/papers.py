"""The papers of a claim: what is there, what each missing one unlocks, and the pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from lipei.ch01_general.models import Exposure
from lipei.ch02_intake.models import Document, Material
from lipei.kit import clock
from lipei.site.choices import PAPER_NOTES, paper_title
from lipei.site.desk.exposures import NAMES, sum_of

STATES = {"wanted": "missing", "returned": "missing", "received": "review", "accepted": "got"}
ORDER = {"review": 0, "missing": 1, "got": 2}


@dataclass(frozen=True)
class Paper:
    """One needed paper; `unlocks` says which parts wait for it."""

    kind: str
    title: str
    note: str
    state: str
    unlock_fen: int | None
    unlocks: str
    documents: list["Picture"] = field(default_factory=list)

    @property
    def is_unread(self) -> bool:
        """Handed in and not looked at."""
        return self.state == "review"


@dataclass(frozen=True)
class Picture:
    """One file of a claim, as `c/doc_grid.html` shows it."""

    pk: int
    url: str
    original_url: str
    thumb_url: str
    title: str
    note: str
    icon: str
    state: str
    band: str
    type: str
    kind: str


def papers(
    materials: Sequence[Material], exposures: Sequence[Exposure], pictures: Sequence[Picture]
) -> list[Paper]:
    """The needed papers: what has to be looked at, what is missing, what is good."""
    found = [_paper(one, exposures, pictures) for one in materials]
    return sorted(found, key=lambda paper: (ORDER[paper.state], paper.kind))


def pictures(
    number: str, documents: Sequence[Document], materials: Sequence[Material]
) -> list[Picture]:
    """The files of a claim in the order in which they came."""
    states = {m.kind: STATES[m.state] for m in materials}
    return [_picture(number, one, states.get(one.kind, "got")) for one in documents]


def _paper(material: Material, exposures: Sequence[Exposure], pictures: Sequence[Picture]) -> Paper:
    state = STATES[material.state]
    waiting = [e for e in exposures if e.position in material.unlocks]
    sums = [sum_of(e)[0] or 0 for e in waiting]
    return Paper(
        kind=material.kind,
        title=paper_title(material.kind),
        note=_paper_note(material),
        state=state,
        unlock_fen=sum(sums) or None if state != "got" else None,
        unlocks="、".join(str(NAMES.get(e.thing, e.thing)) for e in waiting),
        documents=[p for p in pictures if _belongs(p.kind, material.kind)],
    )


def _belongs(picture: str, paper: str) -> bool:
    return picture == paper or (paper == "damage_photos" and picture in {"scene", "plate", "close"})


def _paper_note(material: Material) -> str:
    if material.state == Material.State.RETURNED:
        return _("已退回：%(why)s") % {"why": material.reason}
    if material.state == Material.State.ACCEPTED:
        if material.checked_by.startswith("system/"):
            return _("报案时系统核收，电子件即原件")
        at = material.checked_at or material.received_at
        return _("%(when)s 已核") % {"when": _when(at)} if at else ""
    if material.state == Material.State.RECEIVED and material.received_at:
        return _("%(when)s 收到，待核") % {"when": _when(material.received_at)}
    return str(PAPER_NOTES.get(material.kind, _("照片、PDF、OFD 都收")))


def _when(at: datetime) -> str:
    return f"{at.astimezone(clock.LOCAL):%m-%d %H:%M}"


def _picture(number: str, document: Document, state: str) -> Picture:
    media = document.upload.media_type
    kind = media.partition("/")[0]
    base = f"/claims/{number}/docs/{document.pk}"
    shown = kind == "image"
    received = _when(document.received_at)
    taken = document.upload.taken_at
    note = _("拍摄 %(when)s") % {"when": _when(taken)} if taken else received
    return Picture(
        pk=document.pk,
        url=f"{base}/{'page' if shown else 'original'}/",
        original_url=f"{base}/original/",
        thumb_url=f"{base}/thumb/" if shown else "",
        title=paper_title(document.kind),
        note=note,
        icon="video" if kind == "video" else "file-text",
        state={"got": "ok", "review": "review", "missing": "bad"}[state],
        band={"got": "", "review": _("待核"), "missing": _("需重交")}[state],
        type="image" if shown else "video" if kind == "video" else "file",
        kind=document.kind,
    )
