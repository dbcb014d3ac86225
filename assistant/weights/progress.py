"""How far a model's files are: the value that is reported, and a meter that watches a folder grow."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Stage = Literal["wait", "download", "check", "convert"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the preparation of a model stands; `done` and `total` are bytes. `wait`: another process is at it."""

    model: str
    stage: Stage
    done: int
    total: int


Report = Callable[[Progress], None]
# (bytes written, bytes to write): what a converter calls.
Tick = Callable[[int, int], None]


def silent(progress: Progress) -> None:
    """A report that nobody reads."""


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder, which may be changing meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.lstat().st_size if path.is_file() else 0
    return total


@contextmanager
def watching(folder: Path, model: str, total: int, report: Report) -> Iterator[None]:
    """Report the growth of a folder twice a second: it holds for every version of pip and of the hub's client."""
    stop = threading.Event()

    def watch() -> None:
        most = 0
        while not stop.wait(0.5):
            most = max(most, min(_arrived(folder), total))
            report(Progress(model, "download", most, total))

    watcher = threading.Thread(target=watch, name="weights-progress", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


def _arrived(folder: Path) -> int:
    """Bytes below a folder, a file once by its name: pip copies what it fetched to where it was asked to put it."""
    sizes: dict[str, int] = {}
    for path in folder.rglob("*"):
        with suppress(OSError):
            if path.is_file():
                sizes[path.name] = max(sizes.get(path.name, 0), path.lstat().st_size)
    return sum(sizes.values())
