"""What a real installation must have before it may start."""

import os

SHORTEST_SECRET = 32
DEMONSTRATION_SECRET = "demonstration-only-not-for-real-claims"  # noqa: S105  told apart on purpose


class UnsafeStart(SystemExit):
    """A start that would put real claims behind a secret that everybody knows."""


def refuse_unsafe_start(*, demo: bool, secrets: tuple[str, ...]) -> None:
    """Stop a start with demonstration secrets unless it says that it is a demonstration.

    Commands that neither serve nor work (checks, tests, migrations) set no LIPEI_ROLE and
    are let through: they hold no door open.
    """
    serving = os.environ.get("LIPEI_ROLE") in {"web", "worker"}
    weak = any(len(s) < SHORTEST_SECRET or s == DEMONSTRATION_SECRET for s in secrets)
    if serving and weak and not demo:
        raise UnsafeStart(
            "lipei: refusing to start with demonstration secrets. Set LIPEI_SECRET_KEY, "
            "LIPEI_CALLBACK_SECRET and LIPEI_FIELD_KEY to long random texts of your own "
            "(or LIPEI_DEMO=1 for a demonstration without real claims)."
        )
