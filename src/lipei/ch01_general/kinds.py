"""Every kind of thing that ships as data and that two persons change, by name."""

from collections.abc import Mapping

from lipei.ch01_general.letters import LETTER
from lipei.ch01_general.matrices import AUTHORITY
from lipei.ch01_general.refusal_words import REFUSAL
from lipei.ch01_general.revisions import Kind
from lipei.ch01_general.roster import REST_YEAR
from lipei.kit.refusal import Refused

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (REST_YEAR, AUTHORITY, REFUSAL, LETTER)
}  # fmt: skip


def kind_of(name: str) -> Kind:
    """The kind of this name; refuses one that there is not."""
    if name not in KINDS:
        raise Refused("proposal_not_found")
    return KINDS[name]
