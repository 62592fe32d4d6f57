"""Letters 文书: written once from the words in force, sent, and proved to have arrived.

What was written stands for good: words, blanks and table are kept with the letter, and its paper
is drawn from them, the same bytes each time. Letters cite law and policy terms, never the manual.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from django.db.models import Min, Q, QuerySet
from django.utils import translation
from django.utils.functional import Promise

from lipei.ch01_general import events
from lipei.ch01_general.actors import Actor, actor
from lipei.ch01_general.models import (
    Claim,
    Exposure,
    Letter,
    LetterDelivery,
    Party,
    Revision,
)
from lipei.ch01_general.process import happened_at, open_case
from lipei.ch01_general.revisions import Kind, Row, newest_of, propose_revision
from lipei.kit import clock, files
from lipei.kit.models import Upload
from lipei.kit.records import Part, Record, record_pdf
from lipei.kit.refusal import Refused
from lipei.manual.letter_list import LANGUAGES, ROWS, Wording, letters, wrong_words

Said = str | tuple[str, str]
"""Words that are the same in both languages, or Chinese and English."""
SEAL = "seal"
"""The name under which the seal of all letters is changed, like the words of one."""
SHIPPED = "2025"
COLUMNS = tuple(f"{part}_{one}" for one in LANGUAGES for part in ("title", "body"))
BLANK = re.compile(r"\{([a-z_]+)\}")
LINE = re.compile(r"\s*\n\s*")
Way = LetterDelivery.Way

# Commands


def write_letter(
    number: str, *, template: str, node: str, party: Party | None, blanks: Mapping[str, Said],
    rows: Sequence[Sequence[Said]] = (), by: str,
) -> Letter:  # fmt: skip
    """Write the letter of a node once, in the words in force now; again, it is the same letter.

    `rows` is the letter's table, its first row the names of the columns.
    """
    found = Letter.objects.filter(claim__number=number, node=node).first()
    if found:
        return found
    with open_case(number, by=by, duty="customers.contact") as case:
        held = case.claim.letters.filter(node=node).first()
        if held is None:
            held = _written(case.claim, template, node=node, party=party, blanks=blanks, rows=rows)
        case.record(
            events.LETTER_WRITTEN, clause=letters()[template].clause, letter=held.position,
            template=template, edition=held.edition, node=node, sha256=held.sha256,
        )  # fmt: skip
    return held


def send_letter(number: str, *, letter: int, way: str, reference: str, by: str) -> LetterDelivery:
    """A letter was posted (with its tracking number) or taken along to be handed over."""
    if way not in {Way.POST, Way.HAND}:
        raise Refused("choice_unknown", field="way")
    if way == Way.POST and not reference.strip():
        raise Refused("tracking_missing", field="reference")
    with open_case(number, by=by, duty="customers.contact") as case:
        held = _letter(case.claim, letter)
        made, is_new = LetterDelivery.objects.get_or_create(
            letter=held, way=way, reference=reference.strip(),
            defaults={"sent_at": clock.now(), "sent_by": by},
        )  # fmt: skip
        case.record(events.LETTER_SENT, clause="1.1-g", letter=letter, way=way,
                    delivery=made.pk, again=not is_new)  # fmt: skip
    return made


def note_arrival(
    number: str, *, letter: int, delivery: int, at: datetime, proof: int, by: str
) -> None:
    """A sent letter reached its reader, as its proof shows: clocks of law look at that instant."""
    with open_case(number, by=by, duty="customers.contact") as case:
        held = _letter(case.claim, letter)
        sent = held.deliveries.select_for_update().filter(pk=delivery).first()
        if sent is None:
            raise Refused("letter_not_found")
        if sent.arrived_at is not None:
            raise Refused("letter_arrived_already")
        shown = Upload.objects.filter(pk=proof, owner=by).first()
        if shown is None:
            raise Refused("file_not_found", field="proof")
        arrived = happened_at(at, reason="proof of delivery", proved=True)
        if arrived < held.made_at:
            raise Refused("time_before_event", field="at")
        sent.arrived_at, sent.proof, sent.noted_by = arrived, shown, by
        sent.save(update_fields=["arrived_at", "proof", "noted_by"])
        case.record(events.LETTER_ARRIVED, clause="1.1-g", occurred_at=arrived, letter=letter,
                    node=held.node, way=sent.way, delivery=sent.pk)  # fmt: skip


def open_letter(number: str, *, letter: int, by: str) -> Letter:
    """Its reader opens a letter on the page of the claim: that is its delivery, the first time."""
    acting = actor(by)
    found = letters_seen(acting).filter(claim__number=number, position=letter).first()
    if found is None:
        raise Refused("letter_not_found")
    theirs = acting.party_id is not None and found.party_id == acting.party_id
    if not theirs or found.deliveries.filter(way=Way.INBOX).exists():
        return found
    with open_case(number, by=by, duty="own.view") as case:
        present = clock.now()
        made, is_new = LetterDelivery.objects.get_or_create(
            letter=found, way=Way.INBOX, reference="",
            defaults={"sent_at": found.made_at, "sent_by": by, "arrived_at": present},
        )  # fmt: skip
        case.record(events.LETTER_ARRIVED, clause="1.1-g", letter=letter, node=found.node,
                    way=Way.INBOX, delivery=made.pk, again=not is_new)  # fmt: skip
    return found


def propose_letter(
    template: str, *, words: Mapping[str, str], seal: int | None = None, reason: str, by: str
) -> Revision:
    """Propose other words for a letter (title_zh, body_zh, title_en, body_en), or another seal."""
    row = {"seal": _seal_of(seal, by=by)} if template == SEAL else {
        name: words.get(name, "").strip() for name in COLUMNS
    }  # fmt: skip
    return propose_revision(LETTER, key=template, row=row, reason=reason, by=by)


# Queries


def letters_seen(acting: Actor) -> QuerySet[Letter]:
    """The letters that somebody may read: the house those of its claims, a party its own."""
    if acting.party_id is not None:
        return Letter.objects.filter(party_id=acting.party_id)
    places = Q(pk__in=[])
    for path in acting.paths("claims.view"):
        places |= Q(claim__branch_path__startswith=path)
    return Letter.objects.filter(places) if not acting.is_system else Letter.objects.all()


def letters_of(claim: Claim, *, acting: Actor) -> QuerySet[Letter]:
    """The letters of a claim that somebody may read, the newest first, each with the claim and
    `arrived_at`, when it first arrived."""
    found = letters_seen(acting).filter(claim=claim).select_related("claim")
    return found.annotate(arrived_at=Min("deliveries__arrived_at")).order_by("-position")


def number_of(letter: Letter) -> str:
    """The number that stands on the paper."""
    return f"{letters()[letter.template].number}-{letter.claim.number}-{letter.position}"


def in_force(template: str) -> tuple[str, dict[str, Wording]]:
    """The edition of a letter that is in force and its words by language."""
    shipped = letters()[template]
    newest = newest_of(LETTER.name, template)
    if newest is None:
        return SHIPPED, {one: shipped.wording(one) for one in LANGUAGES}
    return f"{SHIPPED}+{newest.edition}", words_in(newest.row)


def words_in(row: Row) -> dict[str, Wording]:
    """The words of an edition by language."""
    return {one: Wording(row[f"title_{one}"], row[f"body_{one}"]) for one in LANGUAGES}


def seal_in_force() -> str:
    """The SHA-256 of the seal's picture; empty while there is none."""
    newest = newest_of(LETTER.name, SEAL)
    return str(newest.row["seal"]) if newest else ""


def paper_of(letter: Letter, *, language: str) -> Record:
    """A letter as it is printed, in zh or en; sums, days and words as they were written."""
    text = letter.text[language]
    before, _, after = text["body"].partition(ROWS)
    opening = f"{letter.addressee}：" if language == "zh" else f"Dear {letter.addressee},"
    day = letter.made_at.astimezone(clock.LOCAL)
    signed = f"{text['house']}\n{day:%Y-%m-%d}"
    table = tuple(tuple(row) for row in text["rows"])
    words = "\n\n".join(filter(None, [letter.addressee and opening, before.strip()]))
    parts = [Part(words=words), Part(rows=table), Part(words=f"{after.strip()}\n\n{signed}")]
    return Record(
        title=text["title"], number=number_of(letter), parts=tuple(parts), language=language,
        seal=_seal_bytes(letter.seal),
    )  # fmt: skip


def letter_pdf(letter: Letter, *, language: str) -> bytes:
    """The paper as PDF bytes, fonts embedded; what the type lacks is listed on it."""
    return record_pdf(paper_of(letter, language=language))


def language_read() -> str:
    """The language of a letter for whoever reads the page: zh or en."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def in_both(words: str | Promise) -> tuple[str, str]:
    """Words of the catalogue in Chinese and in English."""
    told = []
    for code in ("zh-hans", "en"):
        with translation.override(code):
            told.append(str(words))
    return told[0], told[1]


def thing_of(exposure: Exposure) -> Said:
    """The damaged thing or person of an exposure, as a letter calls it."""
    return exposure.label or in_both(Exposure.Thing(exposure.thing).label)


# The parts of the commands


def _written(
    claim: Claim, template: str, *, node: str, party: Party | None, blanks: Mapping[str, Said],
    rows: Sequence[Sequence[Said]],
) -> Letter:  # fmt: skip
    known = letters()[template]
    assert set(blanks) == known.blanks, (template, set(blanks) ^ known.blanks)
    assert bool(rows) is known.has_rows, template
    edition, words = in_force(template)
    text = {
        language: {
            "title": words[language].title,
            "body": _filled(words[language].body, blanks, n),
            "rows": [[_said(cell, n) for cell in row] for row in rows],
            "house": claim.branch.name,
        }
        for n, language in enumerate(LANGUAGES)
    }
    return Letter.objects.create(
        claim=claim, position=claim.letters.count() + 1, template=template, edition=edition,
        node=node, party=party, addressee=party.name if party else "", text=text,
        sha256=_digest(text), seal=seal_in_force(),
    )  # fmt: skip


def _filled(body: str, blanks: Mapping[str, Said], n: int) -> str:
    """The body with its blanks filled, each in one go: what fills one is never looked into."""

    def told(found: "re.Match[str]") -> str:
        name = found[1]
        return LINE.sub(" ", _said(blanks[name], n)) if name in blanks else found[0]

    return BLANK.sub(told, body)


def _said(words: Said, n: int) -> str:
    return words if isinstance(words, str) else words[n]


def _digest(told: object) -> str:
    plain = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(plain.encode()).hexdigest()


def _letter(claim: Claim, position: int) -> Letter:
    found = claim.letters.filter(position=position).first()
    if found is None:
        raise Refused("letter_not_found")
    return found


def _check(template: str, row: Row) -> None:
    """Refuse what is not this letter, by the field that is wrong."""
    if template == SEAL:
        return
    if template not in letters():
        raise Refused("letter_not_found")
    for language in LANGUAGES:
        wording = Wording(row[f"title_{language}"], row[f"body_{language}"])
        why = wrong_words(letters()[template], wording)
        if why:
            slug = "text_missing" if why == "title" else f"letter_{why}_wrong"
            raise Refused(slug, field=f"body_{language}")


def _seal_of(upload: int | None, *, by: str) -> str:
    found = Upload.objects.filter(pk=upload, owner=by).first() if upload else None
    if found is None:
        raise Refused("file_not_found", field="seal")
    if found.media_type not in {"image/png", "image/jpeg"}:
        raise Refused("seal_not_a_picture", field="seal")
    return str(found.sha256)


def _seal_bytes(digest: str) -> bytes:
    if not digest:
        return b""
    with files.open_original(digest) as kept:
        return kept.read()


LETTER = Kind("letter", is_dated=False, check=_check)
