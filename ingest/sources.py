"""Which files a root holds, and their bytes.

What cannot be read is named like any other file, and rejected when it is read.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import RejectedFileError, UsageError
from config.settings import IngestSettings

FORMATS = (".md", ".markdown", ".txt", ".html", ".htm", ".pdf", ".docx")
# What systems and editors leave beside people's files; nobody wants to hear of it.
_JUNK = frozenset(("thumbs.db", "desktop.ini", "__pycache__", "node_modules", "__macosx"))
_JUNK_ENDINGS = ("~", ".swp", ".tmp", ".bak", ".pyc")
_OFFICE_LOCK = "~$"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file below a root. `source` is the root's name plus the path below it, with `/` and without control signs."""

    source: str
    path: Path


def walk(root: Path, home: Path | None = None) -> Iterator[SourceFile]:
    """Every file of a root in order of name; a root may be one file. `home` (our own data) is left out.

    Hidden files, known junk, folders reached through links and links that leave the root are skipped. A folder
    that cannot be listed comes as an entry of its own, so that reading it reports it.

    Raises:
        UsageError: there is no such root.
    """
    try:
        top = root.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise UsageError(f"{root} is not there or cannot be reached: give a file or a folder of notes") from error
    if not top.is_dir():
        yield SourceFile(_printable(top.name), top)
        return
    yield from _below(top, top, home.resolve() if home else None)


def read(file: SourceFile, limits: IngestSettings) -> bytes:
    """A file's bytes, once its name and size are known to be acceptable.

    Raises:
        RejectedFileError: with the reason, for the person whose file it is.
    """
    try:
        found = file.path.stat()
        if stat.S_ISDIR(found.st_mode):
            os.listdir(file.path)  # says why it could not be listed
            raise RejectedFileError("this folder could not be listed")
        check(file.source, found.st_size, limits)
        if not stat.S_ISREG(found.st_mode):
            raise RejectedFileError("neither a file nor a folder")
        return file.path.read_bytes()
    except OSError as error:
        raise RejectedFileError(f"cannot be read: {error.strerror or error}") from error


def check(name: str, size: int, limits: IngestSettings) -> None:
    """Refuse by name and size alone.

    Raises:
        RejectedFileError: the format is not supported, or the file is empty or too big.
    """
    if not name.lower().endswith(FORMATS):
        raise RejectedFileError(f"not a supported format: use {', '.join(FORMATS)}")
    if size == 0:
        raise RejectedFileError("empty file")
    if size > limits.max_file_mb * 2**20:
        limit = f"{limits.max_file_mb:g} MB"
        raise RejectedFileError(f"{size / 2**20:.1f} MB is over the limit of {limit}: split it, or raise max_file_mb")


def _below(folder: Path, top: Path, home: Path | None) -> Iterator[SourceFile]:
    pending = [folder]
    while pending:
        path = pending.pop()
        if path != top and (_is_junk(path.name) or path == home):
            continue
        if path.is_dir() and (path == top or not path.is_symlink()):
            try:
                inside = sorted(path.iterdir(), key=lambda entry: os.fsencode(entry.name), reverse=True)
            except OSError:
                inside = []
                yield _named(path, top)
            pending.extend(inside)
        elif path.is_symlink() and not _stays_inside(path, top):
            continue
        elif not path.is_dir():
            yield _named(path, top)


def _named(path: Path, top: Path) -> SourceFile:
    below = path.relative_to(top).as_posix()
    return SourceFile(_printable(f"{top.name}/{below}" if below != "." else top.name), path)


def _is_junk(name: str) -> bool:
    low = name.lower()
    return low.startswith((".", _OFFICE_LOCK)) or low in _JUNK or low.endswith(_JUNK_ENDINGS)


def _stays_inside(link: Path, top: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(top)
    except (OSError, RuntimeError):
        return False


def _printable(name: str) -> str:
    """File names are bytes on most systems: what is not a printable character is written as an escape."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in name)
