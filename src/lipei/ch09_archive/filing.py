"""9.2 Filing and keeping: the volume is opened, ordered, counted, proved and shelved."""

from datetime import date

from lipei.ch01_general.events import CLAIM_CLOSED
from lipei.ch01_general.models import Claim
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import Stage
from lipei.ch01_general.words import stage_words
from lipei.ch09_archive import events
from lipei.ch09_archive.collection import contents_of
from lipei.ch09_archive.electronic import four_properties
from lipei.ch09_archive.models import Item, Volume
from lipei.kit import clock
from lipei.kit.journal import on
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused

KEPT_YEARS = {"voucher": 30, "identity": 10, "claim_document": 10}
"""How long each class is kept after the claim's close (9.2-b; the longest that applies)."""

# Commands


def open_volume(number: str, *, by: str) -> Volume:
    """Open the volume of a closed claim with everything that belongs in it (9.1-c, 9.1-g)."""
    with open_case(number, by=by, duty="archive.arrange") as case:
        if case.claim.stage != Stage.CLOSED:
            raise Refused.stage(stage_words(case.claim.stage))
        closed_at = case.claim.closed_at or clock.now()
        year = closed_at.astimezone(clock.LOCAL).year
        volume, made = Volume.objects.get_or_create(
            claim=case.claim,
            defaults={"number": f"DA{number.removeprefix('CX')}", "year": year},
        )
        if made:
            _fill(volume, case.claim, closed_on=closed_at.astimezone(clock.LOCAL).date())
        case.record(events.VOLUME_OPENED, clause="9.1-c", volume=volume.number,
                    items=volume.items.count(), again=not made)  # fmt: skip
    return volume


def arrange_paper(number: str, *, paper_pages: int, scanned_pages: int, by: str) -> None:
    """The paper is ordered and scanned on both sides; pages and pictures must agree (9.1-a).

    Files born electronic have no paper: then both counts are nought (A-35).
    """
    with open_case(number, by=by, duty="archive.arrange") as case:
        volume = _volume(case.claim)
        if paper_pages < 0 or paper_pages != scanned_pages:
            raise Refused("pages_differ", paper=paper_pages, scanned=scanned_pages)
        volume.paper_pages, volume.scanned_pages = paper_pages, scanned_pages
        volume.state, volume.arranged_by = Volume.State.ARRANGED, by
        volume.arranged_at = clock.now()
        volume.save()
        case.stop("1.3-k")
        case.stop("1.3-k-final")
        case.answer("arrange_archive")
        case.ask("shelve_volume", duty="archive.shelve")
        case.record(events.PAPER_ARRANGED, clause="1.3-k", volume=volume.number,
                    pages=paper_pages)  # fmt: skip


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
    open_volume(entry.subject.removeprefix("claim/"), by="system/archive")


# The parts of the commands


def _volume(claim: Claim) -> Volume:
    volume = Volume.objects.filter(claim=claim).first()
    if volume is None:
        raise Refused.stage(stage_words(claim.stage))
    return volume


def _fill(volume: Volume, claim: Claim, *, closed_on: date) -> None:
    Item.objects.bulk_create(
        Item(
            volume=volume, position=n, kind=kind, sha256=sha256, born_electronic=electronic,
            retention=retention, keep_until=_years_later(closed_on, KEPT_YEARS[retention]),
        )
        for n, (kind, sha256, electronic, retention) in enumerate(contents_of(claim), start=1)
    )  # fmt: skip


def _years_later(day: date, years: int) -> date:
    return date(day.year + years, 12, 31)
