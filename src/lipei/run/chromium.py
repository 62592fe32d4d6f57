"""The browser of the browser tests: found, or installed where that may be done."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")


def find_chromium() -> str | None:
    """The path of a Chromium: the one of LIPEI_CHROMIUM, else one on the PATH."""
    told = os.environ.get("LIPEI_CHROMIUM")
    names = (told, *NAMES) if told else NAMES
    return next((path for path in map(shutil.which, names) if path), None)


def ensure_chromium() -> tuple[str | None, str]:
    """The browser and nothing, or nothing and the reason why there is none."""
    found = find_chromium()
    if found:
        return found, ""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests …", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (("update", "-qq"), ("install", "-y", "-qq", *PACKAGES)):
            subprocess.run(
                ["apt-get", *words], env=environment, stdout=subprocess.DEVNULL, check=False
            )
        found = find_chromium()
    if found:
        return found, ""
    names = " ".join(PACKAGES)
    may = "it could not be installed" if os.geteuid() == 0 else "only root may install it"
    return None, f"no Chromium here, and {may}: `apt-get install {names}`"
