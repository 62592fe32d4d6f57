"""The words of refusals as rows: changed by two persons, at once, and back to what ships."""

from collections.abc import Mapping

from lipei.ch01_general import snapshot
from lipei.ch01_general.models import Revision
from lipei.ch01_general.revisions import Kind, Row, approved_rows, newest_of, propose_revision
from lipei.kit import checks
from lipei.kit.refusal import Refused
from lipei.manual import WORDS, Refusal, holes_changed, install_words, refusals, shipped_refusals

LIMIT = 300

# Commands


def propose_words(
    slug: str, *, words: Mapping[str, str], reason: str, by: str, based_on: int | None = None
) -> Revision:
    """Propose other words for a refusal in both languages; none at all takes it back to what
    ships. Refuses words that drop a value which is to be filled, or invent one."""
    known(slug)
    return propose_revision(
        REFUSAL, key=slug, row=_tidy(words) if words else {}, reason=reason, by=by,
        based_on=based_on,
    )  # fmt: skip


# Queries


def known(slug: str) -> Refusal:
    """The refusal of this slug with the words that hold now; refuses one that there is not."""
    snapshot.learn()
    if slug not in shipped_refusals():
        raise Refused("refusal_unknown")
    return refusals()[slug]


def words_of(one: Refusal) -> dict[str, str]:
    """The four texts of a refusal by name."""
    return {name: getattr(one, name) for name in WORDS}


# The parts


def _tidy(words: Mapping[str, str]) -> dict[str, str]:
    return {
        name: checks.plain_text(words.get(name, ""), field=name, limit=LIMIT, lines=False,
                                empty=False)
        for name in WORDS
    }  # fmt: skip


def _check(key: str, row: Row) -> None:
    shipped = words_of(known(key) if not row else shipped_refusals()[key])
    newest = newest_of("refusal", key)
    if (not row and not (newest and newest.row)) or (row == shipped and not newest):
        raise Refused("nothing_changed")
    if row and (lost := holes_changed(key, words=row)):
        name, _, hole = lost.partition(" ")
        raise Refused("text_placeholder", hole=hole, field=name)


@snapshot.part
def _install(version: int) -> None:
    """The words that people approved, each as approved last."""
    install_words({one.key: one.row for one in approved_rows("refusal")})


REFUSAL = Kind("refusal", is_dated=False, check=_check)
