"""One ingest at a time per home: the second waits, and is told for whom."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import StoreBusyError, StoreError

WAIT_SECONDS = 600.0


@contextmanager
def exclusive(home: Path, announce: Callable[[str], None], wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold `home/ingest.lock`, which the system frees when its holder dies however it dies.

    `announce` gets one sentence if another ingest has to be waited for.

    Raises:
        StoreBusyError: the other one is still at work after `wait_seconds`.
        StoreError: the home folder cannot be written.
    """
    # The pid stands in a file of its own: on some systems a locked file cannot be read.
    lock, holder = FileLock(home / "ingest.lock"), home / "ingest.pid"
    try:
        home.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            announce(f"Waiting for another ingest of this home folder ({_process(holder)}).")
            lock.acquire(timeout=wait_seconds)
        holder.write_text(f"{os.getpid()}\n")
    except Timeout as error:
        raise StoreBusyError(
            f"Another ingest of {home} ({_process(holder)}) has not ended within {wait_seconds:.0f} s. "
            "Wait for it or end it, then run this again."
        ) from error
    except OSError as error:
        lock.release()
        raise StoreError(f"{home} cannot be written: {error.strerror}. Nothing was changed.") from error
    try:
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def _process(holder: Path) -> str:
    try:
        return f"process {int(holder.read_text())}"
    except (OSError, ValueError):
        return "process unknown"
