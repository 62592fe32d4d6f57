"""Where editions lie: in the package, and in a folder of the installation's own."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

SHIPPED = Path(__file__).parent
TERMS, CASES = "terms.toml", "cases.toml"
Stamp = tuple[tuple[str, int, int], ...]
Files = tuple[tuple[str, bytes], ...]
_own: list[Path] = []


def open_folder(folder: Path | None) -> None:
    """Take the editions of an installation's own folder in beside those that ship; None: none.

    A name that ships already is not taken from there: what a release approved stays as it is.
    """
    _own[:] = [folder.resolve()] if folder is not None else []


def own_files() -> Files:
    """The files of every edition of the installation's own folder, by place and content, so that
    they can be laid out elsewhere."""
    told = [
        path for place in _own for t in place.glob(f"*/{TERMS}") for path in _files_in(t.parent)
    ]
    return tuple((f"{path.parent.name}/{path.name}", path.read_bytes()) for path in sorted(told))


def lay_out(files: Files, *, folder: Path) -> None:
    """Lay files of editions out in a folder, and take its editions in."""
    for name, content in files:
        target = folder.joinpath(name)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
    open_folder(folder)


def folders() -> Mapping[str, Path]:
    """The folder of every edition by its name."""
    own = {t.parent.name: t.parent for place in _own for t in place.glob(f"*/{TERMS}")}
    return {**own, **_shipped()}


@cache
def _shipped() -> Mapping[str, Path]:
    return {t.parent.name: t.parent for t in SHIPPED.glob(f"*/{TERMS}")}


def kept_by(folder: Path, formula: str) -> Path:
    """The folder whose formula an edition keeps: one beside it, else one that ships."""
    beside = folder.with_name(formula)
    return beside if beside.joinpath(TERMS).exists() else SHIPPED.joinpath(formula)


def stamp_of(folder: Path) -> Stamp:
    """By what one sees at once that a file of an edition has changed."""
    told = ((path, path.stat()) for path in _files_of(folder))
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in told)


def content_hash(name: str) -> str:
    """The hash of every file that an edition consists of, those of the formula it keeps too.

    Raises KeyError where there is no such edition.
    """
    whole = sha256()
    for path in _files_of(folders()[name]):
        whole.update(f"{path.parent.name}/{path.name}\0".encode())
        whole.update(sha256(path.read_bytes()).digest())
    return f"sha256:{whole.hexdigest()}"


def _files_of(folder: Path) -> Iterator[Path]:
    """The files of an edition, and after them those of the formulas that it keeps."""
    yield from _files_in(folder)
    read = {folder}
    while (folder := kept_by(folder, _formula_of(folder))) not in read:
        read.add(folder)
        yield from (path for path in _files_in(folder) if path.name != CASES)


def _files_in(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*") if p.suffix in {".toml", ".py"})


def _formula_of(folder: Path) -> str:
    """The edition whose formula one keeps; its own where it has one, or cannot be read."""
    try:
        told = tomllib.loads(folder.joinpath(TERMS).read_text("utf-8")).get("formula")
    except (OSError, ValueError):
        told = None
    return told if isinstance(told, str) else folder.name
