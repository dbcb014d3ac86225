"""How far a model's files are: the value that is reported, and a meter that watches a folder grow."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
        try:
            status = path.lstat()
        except OSError:
            continue
        total += status.st_size if path.is_file() else 0
    return total


@contextmanager
def watching(folder: Path, model: str, total: int, report: Report) -> Iterator[None]:
    """Report the growth of a folder twice a second: it holds for every version of pip and of the hub's client."""
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.5):
            report(Progress(model, "download", min(size_of(folder), total), total))

    watcher = threading.Thread(target=watch, name="weights-progress", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()
