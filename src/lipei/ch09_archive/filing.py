"""9.2 Filing and keeping: the volume is opened, ordered, counted, proved and shelved."""

from lipei.ch01_general.events import CLAIM_CLOSED, CLOCKS_WARNED
from lipei.ch01_general.models import Claim
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import Stage
from lipei.ch01_general.words import stage_words
from lipei.ch02_intake.events import CLAIM_WITHDRAWN, DOCUMENT_RECEIVED
from lipei.ch02_intake.papers import on_paper
from lipei.ch09_archive import events
from lipei.ch09_archive.collection import contents_of, has_paper
from lipei.ch09_archive.electronic import four_properties
from lipei.ch09_archive.models import Item, Volume
from lipei.ch09_archive.retention import kept_until
from lipei.kit import clock
from lipei.kit.journal import on
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused

BY = "system/archive"

# Commands


def open_volume(number: str, *, by: str) -> Volume:
    """Open the volume of a claim with everything that belongs in it (9.1-c, 9.1-g).

    An open claim has one as soon as a paper of it lies here. Until it is arranged, it is
    collected anew each time: the same rows give the same files.
    """
    with open_case(number, by=by, duty="archive.arrange") as case:
        if case.claim.stage != Stage.CLOSED and not (case.claim.is_open and has_paper(case.claim)):
            raise Refused.stage(stage_words(case.claim.stage))
        volume, made = Volume.objects.get_or_create(
            claim=case.claim,
            defaults={"number": f"DA{number.removeprefix('CX')}", "year": clock.today().year},
        )
        if volume.state == Volume.State.OPEN:
            _collect(volume, case.claim)
        case.record(events.VOLUME_OPENED, clause="9.1-c", volume=volume.number,
                    items=volume.items.count(), again=not made)  # fmt: skip
    return volume


def arrange_paper(number: str, *, paper_pages: int, scanned_pages: int, by: str) -> None:
    """The paper is ordered and scanned on both sides; pages and pictures must agree (9.1-a).

    On an open claim it is the first arrangement of what is there (A-10); the claim's close
    brings the final one. Files born electronic have no paper: then both counts are nought (A-35).
    """
    with open_case(number, by=by, duty="archive.arrange") as case:
        volume = _volume(case.claim)
        if paper_pages < 0 or paper_pages != scanned_pages:
            raise Refused("pages_differ", paper=paper_pages, scanned=scanned_pages)
        papers = volume.items.filter(born_electronic=False).count()
        if paper_pages < papers:
            raise Refused("pages_fewer_than_papers", pages=paper_pages, papers=papers)
        volume.paper_pages, volume.scanned_pages = paper_pages, scanned_pages
        volume.arranged_by, volume.arranged_at = by, clock.now()
        case.stop("1.3-k")
        case.answer("arrange_archive")
        if not case.claim.is_open:
            volume.state = Volume.State.ARRANGED
            case.stop("1.3-k-final")
            case.ask("shelve_volume", duty="archive.shelve")
        volume.save()
        case.record(events.PAPER_ARRANGED, clause="1.3-k", volume=volume.number,
                    pages=paper_pages, final=not case.claim.is_open)  # fmt: skip


def note_no_paper(number: str, *, by: str) -> None:
    """Nothing of a claim lies here on paper: the first arrangement is kept by rule (A-35)."""
    with open_case(number, by=by, duty="archive.arrange") as case:
        kept = not has_paper(case.claim) and case.stop("1.3-k")
        case.record(events.NO_PAPER, clause="1.3-k", again=not kept)


def archive_claim(number: str, *, place: str, by: str) -> None:
    """Put the volume on its shelf; every file is read again and proves itself first (9.2-a)."""
    if not place.strip():
        raise Refused("text_missing", field="place")
    with open_case(number, by=by, duty="archive.shelve") as case:
        volume = _volume(case.claim)
        if volume.state != Volume.State.ARRANGED:
            raise Refused("file_incomplete_for_archive", missing="纸质件整理")
        failing = four_properties(volume)
        if failing:
            raise Refused("file_incomplete_for_archive", missing="、".join(failing))
        volume.state, volume.place = Volume.State.SHELVED, place.strip()
        volume.shelved_by, volume.shelved_at = by, clock.now()
        volume.save()
        for exposure in case.exposures:
            if exposure.stage == Stage.CLOSED:
                case.move(exposure, Stage.ARCHIVED)
        case.stop("9.2-a")
        case.answer("shelve_volume")
        case.record(events.CLAIM_ARCHIVED, clause="9.2-a", volume=volume.number, place=place)


# Listeners


@on(CLAIM_CLOSED)
def open_volume_of_closed_claim(entry: Entry) -> None:
    """A closed claim gets its volume by itself; the paper has thirty days to follow."""
    open_volume(_number(entry), by=BY)


@on(CLAIM_WITHDRAWN)
def open_volume_of_withdrawn_claim(entry: Entry) -> None:
    """A withdrawn claim is closed too: what was handed in is kept as long as that of any other."""
    open_volume(_number(entry), by=BY)


@on(DOCUMENT_RECEIVED)
def open_volume_of_paper(entry: Entry) -> None:
    """The first paper that is taken in by hand opens the volume: it waits to be arranged."""
    claim = Claim.objects.get(number=_number(entry))
    if claim.is_open and on_paper(str(entry.facts["kind"]), entry.actor):
        open_volume(claim.number, by=BY)


@on(CLOCKS_WARNED)
def keep_clock_without_paper(entry: Entry) -> None:
    """When the first arrangement draws near and nothing lies here on paper, it is kept."""
    warned = {one["clause"] for one in entry.facts["of"]}
    if "1.3-k" in warned and not has_paper(Claim.objects.get(number=_number(entry))):
        note_no_paper(_number(entry), by=BY)


# The parts of the commands


def _volume(claim: Claim) -> Volume:
    volume = Volume.objects.filter(claim=claim).first()
    if volume is None:
        raise Refused.stage(stage_words(claim.stage))
    return volume


def _number(entry: Entry) -> str:
    return entry.subject.removeprefix("claim/")


def _collect(volume: Volume, claim: Claim) -> None:
    """Everything that belongs in a volume that is not arranged yet, in its order."""
    closed_on = (claim.closed_at or clock.now()).astimezone(clock.LOCAL).date()
    if volume.year != closed_on.year:
        volume.year = closed_on.year
        volume.save(update_fields=["year"])
    volume.items.all().delete()
    Item.objects.bulk_create(
        Item(
            volume=volume, position=n, kind=kind, sha256=sha256, born_electronic=electronic,
            retention=retention,
            keep_until=kept_until(retention, closed_on=closed_on, claim=claim),
        )
        for n, (kind, sha256, electronic, retention) in enumerate(contents_of(claim), start=1)
    )  # fmt: skip
