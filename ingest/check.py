"""Reads files as ingest would and reports what it finds, without index or catalogue: `python -m ingest --check`."""

from collections.abc import Sequence
from pathlib import Path

from assistant.errors import RejectedFileError
from config.settings import IngestSettings
from ingest.filing import name_notes, with_chunks
from ingest.parse import parse_file
from ingest.report import FileWarning, IngestReport, Progress, Rejection, Step, shown
from ingest.sources import walk
from ingest.sync import steady_bytes


def check(paths: Sequence[Path], home: Path, settings: IngestSettings, progress: Progress) -> IngestReport:
    """Warnings, rejections and totals of the given files and folders; nothing is written anywhere.

    Raises:
        UsageError: a path does not exist.
    """
    files = [file for path in paths for file in walk(path, home)]
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
        found = [with_chunks(note, settings.chunk_characters) for note in name_notes(file.source, [], parsed.notes)]
        notes += len(found)
        chunks += sum(len(note.chunks) for note in found)
        warnings += [FileWarning(shown(file.path), finding.line, finding.reason) for finding in parsed.warnings]
    progress(Step("reading", len(files), len(files)))
    return IngestReport(len(files) - len(rejected), notes, chunks, 0, 0, 0, 0, tuple(warnings), tuple(rejected))
