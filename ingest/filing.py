"""Files one file's parsed notes in the catalogue: ids, languages, chunks, and what changed against last time."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from assistant import text
from assistant.store.catalog import Catalog, FileRecord, StoredChunk, StoredNote
from assistant.types import Note
from ingest.chunks import split
from ingest.identity import Entry, assign, name_of
from ingest.parsed import ParsedNote
from ingest.points import content_digest


@dataclass(frozen=True, slots=True)
class Changes:
    """Numbers of notes. A note whose id stayed is unchanged or updated; a chunk limit changes no note."""

    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(
            self.added + other.added,
            self.updated + other.updated,
            self.removed + other.removed,
            self.unchanged + other.unchanged,
        )


def file_notes(catalog: Catalog, record: FileRecord, parsed: Sequence[ParsedNote], chunk_characters: int) -> Changes:
    """Replace a file's notes by those parsed from it now, in one transaction."""
    old = catalog.stored_notes(record.source)
    new = name_notes(record.source, old, parsed)
    catalog.replace_file(record, [with_chunks(stored, chunk_characters) for stored in new])
    before = {stored.note.note_id: stored.note for stored in old}
    after = {stored.note.note_id: stored.note for stored in new}
    kept = before.keys() & after.keys()
    unchanged = sum(before[note_id] == after[note_id] for note_id in kept)
    return Changes(len(after) - len(kept), len(kept) - unchanged, len(before) - len(kept), unchanged)


@cache
def parser_version() -> str:
    """Changes whenever the code does that notes come from: a stored number would be forgotten some day."""
    files = [*sorted(Path(__file__).parent.glob("*.py")), Path(text.__file__)]
    return hashlib.blake2b(b"".join(file.read_bytes() for file in files), digest_size=8).hexdigest()


def name_notes(source: str, old: Sequence[StoredNote], parsed: Sequence[ParsedNote]) -> list[StoredNote]:
    """Parsed notes with their ids and languages, in document order, without chunks."""
    entries = [Entry(p.topic, name_of(p.title, p.path), p.level, p.path, p.title, p.text) for p in parsed]
    ids = assign(source, [(stored.note.note_id, _entry(stored)) for stored in old], entries)
    return [StoredNote(_note(source, *named), named[1].name) for named in zip(ids, entries, parsed, strict=True)]


def with_chunks(stored: StoredNote, chunk_characters: int) -> StoredNote:
    """The note with what is indexed of it."""
    chunks = split(stored.note, chunk_characters)
    return replace(stored, chunks=tuple(StoredChunk(chunk, content_digest(chunk, stored.note)) for chunk in chunks))


def _note(source: str, identity: str, entry: Entry, parsed: ParsedNote) -> Note:
    language = text.language(f"{entry.title}\n{entry.text}")
    points = tuple(found.point for found in parsed.points)
    return Note(identity, source, entry.topic, entry.level, entry.title, entry.text, entry.path, language, points)


def _entry(stored: StoredNote) -> Entry:
    note = stored.note
    return Entry(note.topic, stored.name, note.level, note.path, note.title, note.text)
