"""The numbers beside the places of the navigation: what waits there for this reader."""

from lipei.ch01_general.actors import Actor


def nav_counts(acting: Actor) -> dict[str, tuple[int, bool]]:
    """By counter name: how many wait, and whether one of them is overdue."""
    return {}
