"""Delete everything of a home: index, notes taken in, uploads, chats, journal, logs. Called by the page.

The learner's own folders and the weights are never touched, and neither are settings: they are choices, not content.
"""

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

from assistant.errors import StoreError
from assistant.store.catalog import FILE_NAME
from assistant.store.database import Database
from ingest.lock import exclusive
from ingest.roots import UPLOADS
from ingest.sync import Parts

# Folders of the home whose content is the learner's: uploads, what they replaced, Gradio's copies.
_FOLDERS = ("uploads", "replaced", "temporary")
_LOGS = "logs"


class Clearable(Protocol):
    """Something else of the home that can be emptied while it is in use."""

    def clear(self) -> None:
        """Forget everything, on the disk too."""
        ...


def erase(parts: Parts, others: Sequence[Clearable], announce: Callable[[str], None]) -> None:
    """Empty the home while it is in use. Killed or failed on the way, it is done again from the start.

    The upload folder stays registered, so the bundled notes do not come back by themselves at the next start.

    Raises:
        StoreError: something could not be removed; the message says what.
    """
    with exclusive(parts.home, announce):
        # The index follows the catalogue: should this end after the first line, the next ingest fills it again.
        parts.store.clear()
        parts.catalog.clear()
        parts.catalog.set_root(UPLOADS, parts.home / "uploads")
        for other in others:
            other.clear()
        # Chats, journal, grades: whoever has them open reads them empty from now on.
        for file in sorted(parts.home.glob("*.sqlite3")):
            if file.name != FILE_NAME:
                with closing(Database(file, None)) as database:
                    database.clear()
        try:
            for name in _FOLDERS:
                _empty(parts.home / name)
            _empty_files(parts.home / _LOGS)
        except OSError as error:
            raise StoreError(
                f"{error.filename} cannot be removed: {error.strerror}. Notes and chats are gone; "
                "put that right and delete once more."
            ) from error


def _empty(folder: Path) -> None:
    if not folder.is_dir() or folder.is_symlink():
        return
    for inside in folder.iterdir():
        if inside.is_dir() and not inside.is_symlink():
            shutil.rmtree(inside)
        else:
            inside.unlink(missing_ok=True)


def _empty_files(folder: Path) -> None:
    """Logs may be open, so they stay, with nothing in them."""
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            os.truncate(file, 0)
