"""Which product editions are live: those of the release, and those that two persons let in.

An edition that ships is approved by its release. One that this installation brought itself, or
that says it is awaiting, is live only while its files are the very ones that were approved.
"""

from django.db import transaction

from lipei.ch01_general import events
from lipei.ch01_general.actors import actor
from lipei.ch01_general.models import EditionApproval
from lipei.kit.journal import record
from lipei.kit.refusal import Refused
from lipei.rules import FactRefused, content_hash, edition, edition_names, is_awaiting

# Commands


def approve_edition(
    name: str, *, content: str, report_hash: str, proposed_by: str, by: str
) -> EditionApproval:
    """Let an edition go live in exactly these files, on the ground of a report (3.2-g).

    Never the person who proposed it. Refuses files that have changed since the report.
    """
    if not actor(by).may("clauses.change"):
        raise Refused("duty_missing")
    if by == proposed_by:
        raise Refused("same_person_edition")
    if content != content_of(name):
        raise Refused("edition_changed")
    if not is_awaiting(name):
        raise Refused("edition_live_already")
    with transaction.atomic():
        made, is_new = EditionApproval.objects.get_or_create(
            edition=name, content=content,
            defaults={
                "report_hash": report_hash, "proposed_by": proposed_by, "approved_by": by,
            },
        )  # fmt: skip
        if not is_new:
            raise Refused("edition_live_already")
        record(f"edition/{name}", events.EDITION_APPROVED, by=by, clause="3.2-g",
               content=content, report=report_hash)  # fmt: skip
    return made


# Queries


def is_live(name: str) -> bool:
    """Whether claims may be settled by an edition now."""
    if name not in edition_names():
        return False
    if not is_awaiting(name):
        return True
    held = EditionApproval.objects.filter(edition=name, content=content_hash(name))
    return held.exists()


def refuse_unless_live(name: str) -> None:
    """Refuse an edition that nobody approved, or that has changed since (`edition_not_live`)."""
    if not is_live(name):
        raise Refused("edition_not_live")


def live_among_awaiting(product: str) -> tuple[str, ...]:
    """The editions of a product that are live by this installation's own approval."""
    names = (n for n in edition_names() if n.rpartition("_")[0] == product and is_awaiting(n))
    return tuple(name for name in names if is_live(name))


def content_of(name: str) -> str:
    """The hash of an edition's files as they lie there now; refuses one that is not there."""
    try:
        edition(name)
        return content_hash(name)
    except FactRefused:
        raise Refused("edition_unknown", field="edition") from None
