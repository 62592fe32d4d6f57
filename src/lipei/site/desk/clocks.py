"""The clocks of a claim: the law's beside the manual's, which one binds, what is paused and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lipei.ch01_general.models import Clock
from lipei.kit import clock
from lipei.manual import Clause, clause
from lipei.site.desk.words import clause_words, clock_name, limit_words, source_words
from lipei.site.faces import FULL_BP, ClockFace, clock_face

PAUSED: Mapping[str, str | Promise] = {"supplement_notice": gettext_lazy("等补件")}


@dataclass(frozen=True)
class Card:
    """One clock as `c/clocks.html` shows it; `used` and `held` are shares in whole percent."""

    title: str
    face: ClockFace
    binding: bool
    used: int
    held: int
    track_label: str
    note: str
    name: str
    source: str
    is_law: bool
    position: int
    edition: str
    due_words: str


@dataclass(frozen=True)
class Clocks:
    """The clocks of a claim: the two that count now, the others that run, those that are over."""

    leading: list[Card]
    others: list[Card]
    done: list[Card]


def clocks_of(clocks: Sequence[Clock], positions: Mapping[int, int]) -> Clocks:
    """The clocks as they are shown; `positions` are those of the exposures by id.

    The one that is due first binds; beside it stands the first of the other kind, law or
    manual.
    """
    running = sorted((c for c in clocks if not c.stopped_at), key=_order)
    over = [c for c in clocks if c.stopped_at and not c.void]
    cards = [
        _card(c, positions, binding=n == 0 and c.due_at is not None) for n, c in enumerate(running)
    ]
    leading = cards[:1]
    if leading:
        leading += [c for c in cards[1:] if c.is_law != leading[0].is_law][:1]
    return Clocks(
        leading=leading,
        others=[card for card in cards if card not in leading],
        done=[_card(c, positions, binding=False) for c in over],
    )


def first_of(clocks: Sequence[Clock], exposure_id: int | None) -> Clock | None:
    """The running clock of an exposure that is due first; a paused one if no other runs."""
    own = [c for c in clocks if c.exposure_id == exposure_id and not c.stopped_at]
    return min(own, key=_order, default=None)


def face_of(one: Clock | None) -> ClockFace:
    """The badge of one clock: left, over, paused, done in time or late; none has not started."""
    if one is None:
        return clock_face(None, state="idle")
    rule = clause_words(one.clause)
    if one.stopped_at:
        return clock_face(
            one.due_at, started_at=one.started_at, state="met", met_at=one.stopped_at, rule=rule
        )
    if one.due_at is None:
        reason = str(PAUSED.get(_pause(one), _pause(one)))
        return clock_face(None, state="paused", reason=reason, rule=rule)
    return clock_face(one.due_at, started_at=one.started_at, rule=rule)


def _order(one: Clock) -> tuple[bool, float, int]:
    due = one.due_at.timestamp() if one.due_at else 0.0
    return one.due_at is None, due, row_of(one).rank


def row_of(one: Clock) -> Clause:
    """The clause of a clock as it stood when it started."""
    return clause(one.clause, at=one.started_at.astimezone(clock.LOCAL).date())


def _pause(one: Clock) -> str:
    return str(one.pauses[-1][2]) if one.pauses else ""


def _card(one: Clock, positions: Mapping[int, int], *, binding: bool) -> Card:
    row = row_of(one)
    position = positions.get(one.exposure_id or 0, 0)
    name, source = clock_name(one.clause), source_words(row)
    used, held = _shares(one, row)
    return Card(
        title=" · ".join(filter(None, (name, source, limit_words(row, name=one.limit)))),
        face=face_of(one), binding=binding, used=used, held=held,
        track_label=_("已用 %(used)s%%，暂停 %(held)s%%") % {"used": used, "held": held},
        note=_note(one, row, position), name=name, source=source,
        is_law=row.origin == "law", position=position, edition=one.edition,
        due_words=clock.due_text(one.due_at) if one.due_at else "",
    )  # fmt: skip


def _shares(one: Clock, row: Clause) -> tuple[int, int]:
    """How much of the time is used, and how much stood still, as parts of what has passed."""
    if one.stopped_at:
        return 100, 0
    now = clock.now()
    pauses = [
        (datetime.fromisoformat(f), datetime.fromisoformat(u) if u else None, why)
        for f, u, why in one.pauses
    ]
    limit = one.limit or None
    share = clock.used_bp(row, one.started_at, at=now, pauses=pauses, limit=limit)
    used = min(FULL_BP, share) // 100
    passed = (now - one.started_at).total_seconds()
    still = sum(((u or now) - f).total_seconds() for f, u, _why in pauses)
    held = int(used * still / (passed - still)) if passed > still else 0
    return used, min(held, 100 - used)


def _note(one: Clock, row: Clause, position: int) -> str:
    said = []
    if one.due_at:
        said.append(_("到 %(when)s 为止") % {"when": clock.due_text(one.due_at)})
    if one.due_at is None and not one.stopped_at and one.pauses:
        said.append(_("补件通知送达起暂停，材料收到后续计"))
    if position:
        said.append(_("责任项 %(n)s") % {"n": position})
    said.append(_("%(name)s 版") % {"name": one.edition})
    if one.warned_at and not one.stopped_at and not one.breached_at:
        said.append(_("已提醒"))
    return " · ".join(said)
