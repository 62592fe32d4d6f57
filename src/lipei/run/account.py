"""Whom PostgreSQL runs as: ourselves, or an account without rights when we are root."""

import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lipei.run.trouble import Trouble

NAME = "lipei-postgres"
SPARE_NAMES = ("postgres", "nobody")
STATE = Path("/var/lib/lipei")


@dataclass(frozen=True)
class Account:
    """A system account; `switch` says whether to change to it."""

    uid: int
    gid: int
    switch: bool

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a short command as this account, with a plain environment and from the root."""
        return subprocess.run(
            [str(word) for word in command],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=[] if self.switch else None,
        )

    def own(self, path: Path, *, mode: int) -> None:
        """Make a folder that belongs to this account; its group stays with the caller."""
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        if self.switch:
            os.chown(path, self.uid, os.getegid())
        path.chmod(mode)


def account_for(cluster: Path) -> Account:
    """The account of an existing cluster, ourselves, or as root one made for the purpose."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    if cluster.exists() and cluster.stat().st_uid != 0:
        entry = pwd.getpwuid(cluster.stat().st_uid)
    else:
        entry = _unprivileged()
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def _unprivileged() -> pwd.struct_passwd:
    """An account that may nothing: our own, made on first use, else one of the system's."""
    useradd = shutil.which("useradd")
    if useradd and not _known(NAME):
        words = ("--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin")
        subprocess.run([useradd, *words, NAME], capture_output=True, check=False)
    for name in (NAME, *SPARE_NAMES):
        entry = _known(name)
        if entry:
            return entry
    raise Trouble(
        "PostgreSQL may not run as root, and this system has no account to give it.",
        way_out="Start as an ordinary user, or set DATABASE_URL to a server of yours.",
    )


def _known(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def place_for(wanted: Path) -> Path:
    """Where PostgreSQL's files really stand.

    A folder below /root can be reached by no other account, and opening the folders above it
    would be wrong: then the files stand under /var/lib/lipei and a link leads to them.
    """
    if wanted.is_symlink() and not wanted.exists():
        raise Trouble(
            f"The database's files were at {wanted.readlink()} and are gone.",
            way_out=f"Bring them back, or remove {wanted} to begin with an empty database.",
        )
    if os.geteuid() != 0 or wanted.exists():
        wanted.mkdir(exist_ok=True)
        return wanted.resolve()
    if all(folder.stat().st_mode & 0o001 for folder in wanted.parents):
        wanted.mkdir(mode=0o755)
        return wanted
    place = STATE / f"postgres-{secrets.token_hex(6)}"
    place.mkdir(mode=0o755, parents=True)
    wanted.symlink_to(place)
    return place
