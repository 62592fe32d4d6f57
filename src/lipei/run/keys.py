"""The secrets of a demonstration: random, made once for each data home."""

import json
import os
import secrets

from lipei.run.home import Home

NAMES = ("LIPEI_SECRET_KEY", "LIPEI_CALLBACK_SECRET", "LIPEI_FIELD_KEY")


def keys_of(home: Home) -> dict[str, str]:
    """The keys of this home; what the surroundings already say goes first."""
    file = home.path / "secrets.json"
    if not file.exists():
        partial = file.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_text(json.dumps({name: secrets.token_urlsafe(48) for name in NAMES}))
        partial.replace(file)
    kept: dict[str, str] = json.loads(file.read_text())
    return {name: os.environ.get(name) or kept[name] for name in NAMES}
