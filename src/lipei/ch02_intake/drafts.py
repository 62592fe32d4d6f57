"""Drafts of reports: what somebody typed is kept as it was typed, until it is filed (2.1).

A draft is a person's own note, not yet an act of the department: it makes no entry.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet

from lipei.ch02_intake.models import Draft, DraftFile
from lipei.kit import clock, sealed
from lipei.kit.models import Upload
from lipei.kit.refusal import Refused

Typed = Mapping[str, Sequence[str]]
STEPS = 4
FILM = "video"
MOST_DRAFTS = 30
MOST_FILES = 60
MOST_CHARACTERS = 100_000
SEALED = frozenset({"id_number"})
"""Fields that are kept encrypted even in a draft."""

# Commands


def save_draft(client_id: str, *, step: int, typed: Typed, by: str) -> Draft:
    """Keep one step of a report as it was typed, right or wrong; the first step makes the draft.

    A draft that was filed is not changed any more. Refuses `text_too_long` for more than a
    report can ever hold.
    """
    assert 1 <= step <= STEPS, step
    if sum(len(text) for texts in typed.values() for text in texts) > MOST_CHARACTERS:
        raise Refused("text_too_long", limit=MOST_CHARACTERS)
    with transaction.atomic():
        draft = _opened(client_id, by=by)
        if draft.claim_id is None:
            draft.answers = {**draft.answers, str(step): _kept(typed)}
            draft.step, draft.updated_at = step, clock.now()
            draft.save(update_fields=["answers", "step", "updated_at"])
    return draft


def attach_to_draft(client_id: str, *, upload: int, kind: str, by: str) -> DraftFile:
    """Hang one of one's own uploads on a draft; again it stays where it is.

    A film stands as a film, whatever it was sent for: it is no photograph that a report needs.
    """
    with transaction.atomic():
        draft = _opened(client_id, by=by)
        found = Upload.objects.filter(pk=upload, owner=by).first()
        if found is None:
            raise Refused("file_not_found", field="upload")
        held = DraftFile.objects.filter(draft=draft, upload=found).first()
        if held:
            return held
        if draft.claim_id is not None:
            raise Refused("draft_not_found")
        if draft.files.count() >= MOST_FILES:
            raise Refused("too_many_files", limit=MOST_FILES)
        film = found.media_type.startswith("video/")
        return DraftFile.objects.create(draft=draft, upload=found, kind=FILM if film else kind)


def drop_from_draft(client_id: str, *, upload: int, by: str) -> None:
    """Take a picture out of a draft; the file itself goes with the unused ones."""
    draft = draft_of(client_id, by=by)
    if draft is None or draft.claim_id is not None:
        raise Refused("draft_not_found")
    DraftFile.objects.filter(draft=draft, upload_id=upload).delete()


def discard_draft(client_id: str, *, by: str) -> None:
    """Throw a draft away that was never filed."""
    with transaction.atomic():
        draft = draft_of(client_id, by=by)
        if draft is None or draft.claim_id is not None:
            raise Refused("draft_not_found")
        _discard(Draft.objects.filter(pk=draft.pk))


# Queries


def draft_of(client_id: str, *, by: str) -> Draft | None:
    """The draft that this party gave this name, if there is one."""
    found = Draft.objects.filter(party_id=_party(by), client_id=client_id)
    return found.select_related("claim").first()


def open_drafts(by: str) -> QuerySet[Draft]:
    """A party's unfiled drafts, the newest first."""
    mine = Draft.objects.filter(party_id=_party(by), claim=None)
    return mine.order_by("-updated_at")


def typed_in(draft: Draft | None, *, step: int) -> dict[str, list[str]]:
    """One step of a draft exactly as it was typed; nothing where it was not opened yet."""
    kept = draft.answers.get(str(step), {}) if draft else {}
    return {
        name: [sealed.unseal(t) for t in texts] if name in SEALED else list(texts)
        for name, texts in kept.items()
    }


def files_of(draft: Draft | None) -> list[DraftFile]:
    """The pictures and papers of a draft, the oldest first."""
    if draft is None:
        return []
    return list(draft.files.select_related("upload").order_by("pk"))


# The parts of the commands


def _party(by: str) -> int:
    kind, _, number = by.partition("/")
    assert kind == "party", by
    return int(number)


def _opened(client_id: str, *, by: str) -> Draft:
    """The draft under its lock, made where it is new; the oldest of too many gives way."""
    party = _party(by)
    Draft.objects.get_or_create(party_id=party, client_id=client_id)
    draft = Draft.objects.select_for_update().get(party_id=party, client_id=client_id)
    mine = open_drafts(by).exclude(pk=draft.pk).values_list("pk", flat=True)
    too_many = list(mine[MOST_DRAFTS - 1 :])
    if too_many:
        _discard(Draft.objects.filter(pk__in=too_many))
    return draft


def _discard(drafts: QuerySet[Draft]) -> int:
    DraftFile.objects.filter(draft__in=drafts).delete()
    return drafts.delete()[0]


def _kept(typed: Typed) -> dict[str, list[str]]:
    return {
        name: [sealed.seal(t) for t in texts] if name in SEALED else list(texts)
        for name, texts in typed.items()
    }
