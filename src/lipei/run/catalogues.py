"""The translations: each catalogue compiled when it is newer than what was compiled of it."""

from pathlib import Path

import polib

from lipei.run.home import CHECKOUT

LOCALE = CHECKOUT / "src" / "lipei" / "site" / "locale"


def compile_catalogues(folder: Path = LOCALE) -> int:
    """Compile what changed; how many that were."""
    changed = [source for source in folder.glob("*/LC_MESSAGES/*.po") if _is_newer(source)]
    for source in changed:
        partial = source.with_suffix(".mo.partial")
        polib.pofile(str(source)).save_as_mofile(str(partial))
        partial.replace(source.with_suffix(".mo"))
    return len(changed)


def _is_newer(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime
