"""What people see of money and clocks: exact figures and plain words, never arithmetic in a
template."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from lipei.kit import clock

State = Literal["running", "paused", "idle", "met"]
FEN_A_YUAN = 100
WARN_FROM_BP = 7_500
FULL_BP = 10_000
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
KEPT_EACH_SIDE = {
    "phone": (3, 4),
    "id": (3, 4),
    "bank": (0, 4),
    "plate": (2, 2),
    "name": (1, 0),
}


def yuan_words(fen: int, *, sign: bool = False) -> str:
    """Whole fen as yuan with thousands commas and two decimals: 950000 is 9,500.00.

    With `sign` the mark of the currency stands in front; a negative sum has a true minus.
    Raises TypeError for anything but a whole number.
    """
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise TypeError(f"money is whole fen, not {type(fen).__name__}")
    yuan, rest = divmod(abs(fen), FEN_A_YUAN)
    return f"{'−' if fen < 0 else ''}{'¥' if sign else ''}{yuan:,}.{rest:02}"


def span_words(span: timedelta) -> str:
    """A length of time in its two largest units; less than a minute is said so."""
    minutes = int(abs(span) / MINUTE)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        days_only = _("%(days)s 日") % {"days": days}
        both = _("%(days)s 日 %(hours)s 时") % {"days": days, "hours": hours}
        return both if hours else days_only
    if hours:
        hours_only = _("%(hours)s 时") % {"hours": hours}
        both = _("%(hours)s 时 %(minutes)s 分") % {"hours": hours, "minutes": rest}
        return both if rest else hours_only
    return _("%(minutes)s 分") % {"minutes": rest} if rest else _("不到 1 分")


@dataclass(frozen=True)
class ClockFace:
    """A clock as its badge shows it.

    `level` is ok, warn, over, late or idle; `used_bp` is the share of the time that is gone;
    `due_ms` and `from_ms` let the page run on without asking the server.
    """

    level: str
    words: str
    used_bp: int = 0
    due_ms: int | None = None
    from_ms: int | None = None
    rule: str = ""

    @property
    def used(self) -> int:
        """The share in whole percent, for the ring."""
        return min(self.used_bp, FULL_BP) // 100

    @property
    def left(self) -> int:
        """What is left of it in whole percent, for a ring that runs out."""
        return 100 - self.used


def clock_face(
    due_at: datetime | None,
    *,
    started_at: datetime | None = None,
    state: State = "running",
    reason: str = "",
    rule: str = "",
    met_at: datetime | None = None,
    used_bp: int | None = None,
) -> ClockFace:
    """The face of one clock now: running, paused, not started, or done in time or late.

    `used_bp` is the counted share, where pauses and rest days were left out; without it the
    share is taken from the wall clock.
    """
    if state == "met" and met_at is not None:
        return _done_face(due_at, met_at=met_at, rule=rule)
    if state == "paused":
        words = _("已暂停：%(reason)s") % {"reason": reason} if reason else _("已暂停")
        return ClockFace("idle", words, used_bp=used_bp or 0, rule=rule)
    if state == "idle" or due_at is None:
        words = _("未起算：%(reason)s") % {"reason": reason} if reason else _("未起算")
        return ClockFace("idle", words, rule=rule)
    now = clock.now()
    share = _share(due_at, started_at=started_at, now=now) if used_bp is None else used_bp
    due_ms = int(due_at.timestamp() * 1000)
    from_ms = None if started_at is None else int(started_at.timestamp() * 1000)
    left = due_at - now
    if left < timedelta(0):
        words = _("超 %(span)s") % {"span": span_words(left)}
        return ClockFace("over", words, FULL_BP, due_ms, from_ms, rule)
    level = "warn" if share >= WARN_FROM_BP else "ok"
    words = _("剩 %(span)s") % {"span": span_words(left)}
    return ClockFace(level, words, share, due_ms, from_ms, rule)


def masked(value: str, *, kind: str) -> str:
    """A private value with its middle hidden; an unknown kind shows its last four places.

    A value too short to hide anything is hidden altogether.
    """
    before, after = KEPT_EACH_SIDE.get(kind, (0, 4))
    if len(value) <= before + after:
        return "*" * len(value)
    tail = value[len(value) - after :] if after else ""
    return f"{value[:before]}{'*' * min(4, len(value) - before - after)}{tail}"


def _done_face(due_at: datetime | None, *, met_at: datetime, rule: str) -> ClockFace:
    if due_at is None or met_at <= due_at:
        return ClockFace("ok", _("按时完成"), used_bp=FULL_BP, rule=rule)
    words = _("晚 %(span)s 完成") % {"span": span_words(met_at - due_at)}
    return ClockFace("late", words, used_bp=FULL_BP, rule=rule)


def _share(due_at: datetime, *, started_at: datetime | None, now: datetime) -> int:
    if started_at is None or due_at <= started_at:
        return 0
    return max(0, min(FULL_BP, (now - started_at) * FULL_BP // (due_at - started_at)))
