"""Uploaded files: kept under the home as bytes, taken in one by one, and taken back on request."""

import errno
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from assistant.errors import AssistantError, StoreError
from assistant.page.parts import PageParts, Report, Warned
from assistant.page.problems import told
from assistant.page.words import Words
from assistant.page.words_ingest import reason

_NAME_BYTES = 120
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


@dataclass(frozen=True, slots=True)
class Kept:
    """An uploaded file in its place, and where the file of that name before it was put, if there was one."""

    path: Path
    replaced: Path | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the upload report. `report` is None until the file has been read.

    Why it was not taken: `refused` in the words of ingest, or `failed`.
    """

    name: str
    report: Report | None = None
    refused: tuple[str, ...] = ()
    failed: AssistantError | None = None


def safe_name(name: str) -> str:
    """A file name that is one on every system: no folders, control characters or leading dots, not too long."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    visible = "".join(char for char in base if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co"))
    stem, dot, ending = _FORBIDDEN.sub("_", visible).strip(" .").rpartition(".")
    stem, ending = (stem, dot + ending[:16]) if dot else (ending, "")
    while len((stem + ending).encode()) > _NAME_BYTES:
        stem = stem[:-1]
    return (stem or "notes") + ending


def take_in(parts: PageParts, files: Sequence[Path]) -> Iterator[tuple[tuple[Row, ...], tuple[Kept, ...]]]:
    """The report after each step, and what was kept so far. A rejected file leaves what was there before."""
    rows = [Row(safe_name(file.name)) for file in files]
    kept: list[Kept] = []
    yield tuple(rows), ()
    for index, file in enumerate(files):
        name = rows[index].name
        try:
            one = _keep(file, parts.uploads / name, parts.settings.home / "replaced")
        except OSError as error:
            rows[index] = Row(name, failed=_unkept(error, name))
            yield tuple(rows), tuple(kept)
            continue
        try:
            report = parts.ingest(one.path)
            rows[index] = Row(name, report, tuple(rejected.reason for rejected in report.rejected))
        except AssistantError as error:
            rows[index] = Row(name, failed=error)
        if rows[index].refused or rows[index].failed:
            _put_back(one)
        else:
            kept.append(one)
        yield tuple(rows), tuple(kept)


def undo(parts: PageParts, kept: Sequence[Kept]) -> None:
    """Take uploaded files out again; files they had replaced come back.

    Raises:
        AssistantError: the index could not be brought up to date; the next ingest does it.
    """
    for one in reversed(kept):
        _put_back(one)
    parts.ingest(parts.uploads)


def show_rows(rows: Sequence[Row], words: Words) -> str:
    """A line a file: what was found, what to look at, or why it was not taken."""
    return f'<ul class="files">{"".join(_row(row, words) for row in rows)}</ul>' if rows else ""


def _keep(file: Path, target: Path, replaced: Path) -> Kept:
    """Move a file into place in one step, so that it is there whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    earlier = None
    if target.exists():
        replaced.mkdir(parents=True, exist_ok=True)
        earlier = replaced / target.name
        shutil.copyfile(target, earlier)
    # Hidden, so that an ingest that runs meanwhile passes it over.
    passing = target.with_name(f".{target.name}.part")
    shutil.copyfile(file, passing)
    os.replace(passing, target)
    return Kept(target, earlier)


def _unkept(error: OSError, name: str) -> StoreError:
    code = "disk_full" if error.errno == errno.ENOSPC else "unwritable"
    return StoreError(f"{name} cannot be kept: {error.strerror or error}.", code=code, file=name)


def _put_back(one: Kept) -> None:
    if one.replaced is not None:
        os.replace(one.replaced, one.path)
    else:
        one.path.unlink(missing_ok=True)


def _row(row: Row, words: Words) -> str:
    name = f'<span class="name">{escape(row.name)}</span>'
    why = [told(row.failed, words)] if row.failed else [reason(refused, words.language) for refused in row.refused]
    if why:
        said = words.upload_rejected.format("; ".join(why))
        return f'<li class="rejected">{name} <span>{escape(said)}</span></li>'
    if row.report is None:
        return f'<li class="coming">{name} <span>{words.upload_reading}</span></li>'
    found = words.notes.of(row.report.notes)
    if not row.report.added and not row.report.updated:
        found = f"{found}, {words.upload_nothing_new}"
    warnings = "".join(f"<li>{_warning(warned, words)}</li>" for warned in row.report.warnings)
    return f"<li>{name} <span>{found}</span>{f'<ul>{warnings}</ul>' if warnings else ''}</li>"


def _warning(warned: Warned, words: Words) -> str:
    place = f"{words.upload_line.format(warned.line)}: " if warned.line else ""
    return place + escape(reason(warned.reason, words.language))
