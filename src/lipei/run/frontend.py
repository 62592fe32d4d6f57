"""The front end: styles, scripts and type, built from `frontend/` when something changed."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from lipei.run.home import CHECKOUT, FRONTEND, only_one

OUTPUT = CHECKOUT / "src/lipei/site/static/dist"
FONTS = CHECKOUT / "src/lipei/site/fonts"
STAMP = OUTPUT / ".stamp"
MODULES = FRONTEND / "node_modules"
NODE_LOCK = CHECKOUT / "requirements-node.lock"
OLDEST_NODE = 20
BUILD_SECONDS = 600
FETCH = ("ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund")
PACKAGE = CHECKOUT / "src/lipei"
READ_BY_THE_BUILD = {".html", ".py", ".toml"}
LEFT_OUT = {"node_modules", "dist"}


@dataclass(frozen=True)
class Node:
    """A Node.js that is new enough, and the npm beside it."""

    node: str
    npm: str


class NotBuilt(Exception):
    """Why the front end could not be built, in one sentence."""


def build() -> str:
    """Build when the sources changed; one sentence on what was done or why it was not."""
    if not (FRONTEND / "build.mjs").exists():
        return "nothing to build here"
    wanted = fingerprint()
    if _stands(wanted):
        return "unchanged"
    (CHECKOUT / ".data").mkdir(exist_ok=True)
    with only_one(CHECKOUT / ".data" / "frontend.lock", wait=True):
        if _stands(wanted):
            return "unchanged"
        try:
            _build()
        except NotBuilt as error:
            stays = "the earlier build stays" if OUTPUT.exists() else "pages come without it"
            return f"{error}; {stays}"
        OUTPUT.mkdir(parents=True, exist_ok=True)
        STAMP.write_text(wanted)
    return "built"


def is_current() -> bool:
    """True when what is served was built from the sources as they are."""
    return not FRONTEND.exists() or _stands(fingerprint())


def fingerprint() -> str:
    """A digest over all that the build reads: its own sources, and the pages that use them."""
    digest = hashlib.sha256()
    pages = (path for path in PACKAGE.rglob("*") if path.suffix in READ_BY_THE_BUILD)
    for path in sorted([*FRONTEND.rglob("*"), *pages]):
        if path.is_file() and not LEFT_OUT & set(path.parts):
            digest.update(str(path.relative_to(CHECKOUT)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _stands(wanted: str) -> bool:
    """Built from just these sources, and the type for the PDFs laid beside it."""
    return _read(STAMP) == wanted and any(FONTS.glob("*.ttf"))


def _build() -> None:
    node = _node()
    stamp = MODULES / ".stamp"
    wanted = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    if _read(stamp) != wanted:
        _run(node, [node.npm, *FETCH], what="npm could not fetch the packages")
        stamp.write_text(wanted)
    _run(node, [node.node, "build.mjs"], what="the build of the front end failed")


def _run(node: Node, command: list[str], *, what: str) -> None:
    path = os.pathsep.join((str(Path(node.node).parent), os.environ.get("PATH", os.defpath)))
    try:
        answer = subprocess.run(
            command,
            cwd=FRONTEND,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=BUILD_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise NotBuilt(f"{what}: no end after {BUILD_SECONDS} s") from error
    if answer.returncode:
        raise NotBuilt(f"{what}: {_cause(answer.stderr or answer.stdout)}")


def _cause(output: str) -> str:
    """The line that says why, out of npm's many."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"(?i)error|ENO|EAI|ERR", line)]
    return (telling or lines or ["no word"])[0][:200]


def _node() -> Node:
    """Node.js from the PATH when it is new enough, else one of our own in the environment."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return Node(node, npm)
    programs = Path(sys.executable).parent
    own = Node(str(programs / "node"), str(programs / "npm"))
    if not Path(own.npm).exists() or not Path(own.node).exists():
        words = ["install", "--require-hashes", "--no-input", "--disable-pip-version-check"]
        answer = subprocess.run(
            [sys.executable, "-m", "pip", *words, "-r", str(NODE_LOCK)],
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode:
            raise NotBuilt("Node.js is not here and could not be fetched")
    return own


def _major(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)", answer.stdout)
    return int(found[1]) if found else 0


def _read(file: Path) -> str:
    return file.read_text() if file.exists() else ""
