"""Reads files as ingest would and lints them, without index or catalogue: `python -m ingest --check`."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.errors import RejectedFileError
from config.settings import IngestSettings
from ingest.filing import name_notes, with_chunks
from ingest.lint import Duplicates, lint
from ingest.parse import CONVERTED, parse_file
from ingest.parsed import Finding, ParsedFile
from ingest.report import FileWarning, IngestReport, Progress, Rejection, Step, shown
from ingest.sources import SourceFile, walk
from ingest.sync import steady_bytes


def check(paths: Sequence[Path], home: Path, settings: IngestSettings, progress: Progress) -> IngestReport:
    """Warnings, rejections and totals of the given files and folders; nothing is written anywhere.

    Raises:
        UsageError: a path does not exist.
    """
    files = list({file.path: file for path in paths for file in walk(path, home)}.values())
    seen = Duplicates()
    notes = chunks = 0
    warnings: list[FileWarning] = []
    rejected: list[Rejection] = []
    for place, file in enumerate(files):
        progress(Step("reading", place, len(files), file.source))
        try:
            parsed = parse_file(steady_bytes(file, settings), file.source, settings)
        except RejectedFileError as error:
            rejected.append(Rejection(shown(file.path), str(error)))
            continue
        named = [with_chunks(note, settings.chunk_characters) for note in name_notes(file.source, [], parsed.notes)]
        notes += len(named)
        chunks += sum(len(note.chunks) for note in named)
        warnings += [FileWarning(shown(file.path), found.line, found.reason) for found in _linted(file, parsed, seen)]
    progress(Step("reading", len(files), len(files)))
    return IngestReport(len(files) - len(rejected), notes, chunks, 0, 0, 0, 0, tuple(warnings), tuple(rejected))


def _linted(file: SourceFile, parsed: ParsedFile, seen: Duplicates) -> list[Finding]:
    """All there is to say about a file, in the order of its lines."""
    has_lines = file.path.suffix.lower() not in CONVERTED
    found = [*parsed.warnings, *lint(parsed), *seen.add(shown(file.path), parsed.notes, has_lines=has_lines)]
    if not has_lines:
        return [replace(finding, line=None) for finding in found]
    return sorted(found, key=lambda finding: finding.line or sys.maxsize)
