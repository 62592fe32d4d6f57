"""The pictures of a report: which are asked for, which are there, and files sent without script."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lipei.ch02_intake.drafts import attach_to_draft
from lipei.ch02_intake.lines import Line
from lipei.ch02_intake.models import DraftFile
from lipei.kit import uploads
from lipei.kit.forms import said
from lipei.kit.models import Upload
from lipei.kit.refusal import Refused
from lipei.site.choices import FRAMES, paper_title
from lipei.site.punctuation import labelled


@dataclass(frozen=True)
class FrameShown:
    """One kind of picture as the page shows it; state is done or nothing."""

    kind: str
    name: str
    tip: str
    icon: str
    frame: str
    required: bool
    state: str
    note: str
    thumb_url: str


@dataclass(frozen=True)
class Picture:
    """One file of a draft: where its small picture is, and under which number it may go."""

    upload: int
    name: str
    thumb_url: str
    page_url: str


def thumb_url(taken: Upload, *, size: str = "thumb") -> str:
    """Where the small picture of a file is; empty for what cannot be drawn."""
    if not taken.media_type.startswith("image/"):
        return ""
    return reverse("pocket:file", args=[taken.pk, size])


def frames(files: Sequence[DraftFile], *, line: Line) -> list[FrameShown]:
    """Every kind of picture that a report of a line asks for, and how far it has come."""
    shown = []
    for frame in line.frames:
        mine = [one for one in files if one.kind == frame.kind]
        note = ngettext("%(n)s 份", "%(n)s 份", len(mine)) % {"n": len(mine)} if mine else ""
        empty = _("待拍") if frame.required else _("选拍")
        shown.append(
            FrameShown(
                kind=frame.kind, name=str(frame.name), tip=str(frame.tip), icon=frame.icon,
                frame=frame.shape, required=frame.required, state="done" if mine else "",
                note=note or empty, thumb_url=thumb_url(mine[-1].upload) if mine else "",
            )
        )  # fmt: skip
    return shown


def kept_pictures(files: Sequence[DraftFile]) -> list[Picture]:
    """The files that a draft has already, each with its name."""
    return [
        Picture(
            one.upload_id, paper_title(one.kind), thumb_url(one.upload),
            reverse("pocket:file", args=[one.upload_id, "original"]),
        )
        for one in files
    ]  # fmt: skip


def take_plain_files(request: HttpRequest, *, client_id: str, by: str) -> list[str]:
    """Keep the files of a form that was sent without script; why not, for each that was not."""
    troubles = []
    for frame in FRAMES:
        for file in request.FILES.getlist(frame.kind):
            try:
                taken = uploads.take(
                    file, owner=by, client_id=str(uuid4()), filename=file.name or ""
                )
                attach_to_draft(client_id, upload=taken.pk, kind=frame.kind, by=by)
            except Refused as no:
                troubles.append(labelled(str(frame.name), said(no)))
    return troubles
