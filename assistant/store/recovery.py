"""Opening a shard that may be damaged: prove it, set it aside if it is broken, begin an empty one.

A folder holds `shard` (the engine's files), `shard.broken` (the last damaged one) and, from a shard's opening to its
orderly closing, `unproven`. Damaged files can end the process that touches them, at every start anew; so a shard that
stands beside `unproven` is first read through in a process of its own. The catalogue fills an empty shard at the next
ingest.
"""

import logging
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypeVar

from assistant.errors import StoreBusyError, StoreError

log = logging.getLogger(__name__)

Shard = TypeVar("Shard")

# How `maintain.py` ends when it could not tell: the shard is in use, the disk is full.
UNDECIDED = 75
_KILLED = (-2, -9, -15)
_PROJECT = Path(__file__).resolve().parents[2]


class SurroundingsError(StoreError):
    """The machine, not the index, is at fault: the files stay where they are."""


def opened(folder: Path, load: Callable[[Path], Shard]) -> Shard:
    """What `load` makes of `folder/shard`; of an empty one if that is damaged beyond opening.

    Raises:
        StoreBusyError: another process has the shard open.
        StoreError: the folder cannot be used.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if _unproven(folder).exists() and files(folder).exists() and not apart("check", folder):
            _set_aside(folder)
        _unproven(folder).touch()
        try:
            return load(files(folder))
        except (StoreBusyError, SurroundingsError):
            raise
        except StoreError as error:
            log.warning("%s", error)
            _set_aside(folder)
            return load(files(folder))
    except OSError as error:
        raise StoreError(f"{folder} cannot be used: {error.strerror}. Check its owner, rights and disk.") from error


def discard(folder: Path) -> None:
    """Remove the shard, which nobody may have open, and the damaged one that was set aside.

    Raises:
        StoreError: something could not be removed.
    """
    try:
        for gone in (files(folder), _broken(folder)):
            if gone.exists():
                shutil.rmtree(gone)
    except OSError as error:
        raise StoreError(f"{folder} cannot be emptied: {error.strerror}. Check its owner and rights.") from error


def trust(folder: Path) -> None:
    """Spare the next opener the look at every point: everything was written and closed in order."""
    with suppress(OSError):
        _unproven(folder).unlink(missing_ok=True)


def apart(task: Literal["check", "build"], folder: Path, *arguments: str) -> bool:
    """Whether `task` on the shard, which nobody may have open, went well in a process of its own.

    Raises:
        StoreBusyError: it could not be done, which says nothing about the shard.
    """
    command = [sys.executable, "-m", "assistant.store.maintain", task, str(files(folder).absolute()), *arguments]
    ended = subprocess.run(command, cwd=_PROJECT, capture_output=True, check=False).returncode
    if ended == UNDECIDED or ended in _KILLED:
        raise StoreBusyError(f"The index in {folder} is in use or could not be looked at. Try again in a moment.")
    return ended == 0


def files(folder: Path) -> Path:
    """Where the engine's own files are."""
    return folder / "shard"


def _unproven(folder: Path) -> Path:
    return folder / "unproven"


def _broken(folder: Path) -> Path:
    return folder / "shard.broken"


def _set_aside(folder: Path) -> None:
    broken = _broken(folder)
    shutil.rmtree(broken, ignore_errors=True)
    files(folder).rename(broken)
    log.warning("A damaged index was set aside as %s. The next ingest builds it anew from the notes.", broken)
