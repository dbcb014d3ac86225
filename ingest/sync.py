"""Brings catalogue and index to what the given files and folders hold now. Called by the command line and the page.

Files first, each in a transaction of its own, then the index from the catalogue: killed anywhere, the next run
ends where an undisturbed one would have.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import RejectedFileError
from assistant.store.catalog import Catalog, Counts, FileRecord, Warned
from assistant.types import Encoder, NoteStore
from config.settings import IngestSettings
from ingest.filing import Changes, file_notes, parser_version
from ingest.lock import exclusive
from ingest.parse import parse_file
from ingest.points import reconcile
from ingest.report import FileWarning, IngestReport, Progress, Rejection, Step, shown
from ingest.roots import Scope, find, owner, plan, source_of, within
from ingest.sources import SourceFile, read, walk

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Parts:
    """What ingest works with. The encoder is asked for vectors only when something is new."""

    home: Path
    catalog: Catalog
    store: NoteStore
    encoder: Encoder
    settings: IngestSettings


@dataclass(frozen=True, slots=True)
class Request:
    """Paths to bring up to date and roots, by name or path, to let go of before."""

    paths: tuple[Path, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    """What a run has come to so far. `sources` are the files seen, rejected ones included."""

    changes: Changes = field(default_factory=Changes)
    sources: set[str] = field(default_factory=set)
    warnings: list[FileWarning] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)


def run(request: Request, parts: Parts, progress: Progress, announce: Callable[[str], None]) -> IngestReport:
    """Do what is asked under the home's ingest lock. `announce` gets a sentence when another ingest is waited for.

    Raises:
        UsageError: a path does not exist, or its name belongs to another root; nothing was changed.
        NotFoundError: no such root to remove; nothing was changed.
        StoreError: catalogue or index failed; what is done stays, and the next run goes on from there.
    """
    with exclusive(parts.home, announce):
        roots = parts.catalog.roots()
        leaving = {find(wanted, roots) for wanted in request.remove}
        planned = plan(request.paths, {name: path for name, path in roots.items() if name not in leaving})
        tally = _Tally()
        for name in sorted(leaving):
            _remove_root(parts.catalog, name, tally)
        for name, path in planned.register.items():
            parts.catalog.set_root(name, path)
        for scope in planned.scopes:
            _update(scope, parts, tally, progress)
        reconcile(parts.catalog, parts.store, parts.encoder, parts.settings.batch_notes, progress)
        return _report(tally, parts.catalog.counts(sorted(tally.sources)))


def _update(scope: Scope, parts: Parts, tally: _Tally, progress: Progress) -> None:
    """Read what is new or changed in a scope, and forget what vanished from it."""
    known = {source: file for source, file in parts.catalog.files(scope.root).items() if within(source, scope.source)}
    files = _files(scope, parts)
    seen: set[str] = set()
    for place, file in enumerate(files):
        progress(Step("reading", place, len(files), file.source))
        if file.source in seen:
            tally.rejected.append(Rejection(shown(file.path), "another file here has the same name: rename one"))
            continue
        try:
            tally.changes += _read(file, known.get(file.source), scope.root, parts, tally)
            seen.add(file.source)
        except RejectedFileError as error:
            if os.path.lexists(file.path):  # else it vanished since it was listed
                tally.rejected.append(Rejection(shown(file.path), str(error)))
                # A folder that cannot be listed stands for all that was in it.
                kept = [source for source in known if within(source, file.source)]
                tally.changes += Changes(unchanged=parts.catalog.counts(kept).notes)
                seen.update(kept)
    vanished = sorted(known.keys() - seen)
    tally.changes += Changes(removed=parts.catalog.counts(vanished).notes)
    for source in vanished:
        parts.catalog.remove_file(source)
    if not os.path.lexists(scope.root_path):
        parts.catalog.remove_root(scope.root)
    tally.sources |= seen
    progress(Step("reading", len(files), len(files)))


def _files(scope: Scope, parts: Parts) -> list[SourceFile]:
    """The files of a scope, without those that lie in a root of their own: that is a scope of its own."""
    if not os.path.lexists(scope.path):
        return []
    roots = parts.catalog.roots()
    paths = [file.path for file in walk(scope.path, parts.home)]
    mine = [path for path in paths if owner(path, roots) == scope.root]
    return [SourceFile(source_of(scope.root, scope.root_path, path), path) for path in mine]


def _read(file: SourceFile, known: FileRecord | None, root: str, parts: Parts, tally: _Tally) -> Changes:
    """Read one file and file its notes, unless it is the one that is filed already."""
    data = steady_bytes(file, parts.settings)
    limit = parts.settings.chunk_characters
    sha256, parser = hashlib.sha256(data).hexdigest(), f"{parser_version()}/{limit}"
    if known and (known.sha256, known.parser) == (sha256, parser):
        record, changes = known, Changes(unchanged=parts.catalog.counts([file.source]).notes)
    else:
        parsed = parse_file(data, file.source, parts.settings)
        warnings = tuple(Warned(finding.line, finding.reason) for finding in parsed.warnings)
        record = FileRecord(file.source, root, sha256, parser, warnings)
        changes = file_notes(parts.catalog, record, parsed.notes, limit)
    tally.warnings += [FileWarning(shown(file.path), warned.line, warned.reason) for warned in record.warnings]
    return changes


def steady_bytes(file: SourceFile, settings: IngestSettings) -> bytes:
    """The file as it stood at one moment: one that is being written is read again, then left for another run.

    Raises:
        RejectedFileError: with the reason.
    """
    for _ in range(_ATTEMPTS):
        try:
            before = file.path.stat()
            data = read(file, settings)
            after = file.path.stat()
        except OSError as error:
            raise RejectedFileError(f"cannot be read: {error.strerror or error}") from error
        if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size) and len(data) == after.st_size:
            return data
    raise RejectedFileError("it changes while it is read: run this again when it is at rest")


def _remove_root(catalog: Catalog, name: str, tally: _Tally) -> None:
    tally.changes += Changes(removed=catalog.counts(list(catalog.files(name))).notes)
    catalog.remove_root(name)


def _report(tally: _Tally, totals: Counts) -> IngestReport:
    changes = tally.changes
    return IngestReport(
        files=totals.files,
        notes=totals.notes,
        chunks=totals.chunks,
        added=changes.added,
        updated=changes.updated,
        removed=changes.removed,
        unchanged=changes.unchanged,
        warnings=tuple(tally.warnings),
        rejected=tuple(tally.rejected),
    )
