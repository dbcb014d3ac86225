"""The catalogue, HOME/notes.sqlite3: every root, file, note and chunk. It is the truth; the vector index follows it.

A file's notes are replaced in one transaction, so a killed process leaves whole files. Safe to read and write
from several processes and threads.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.store.database import BUSY_SECONDS, Database
from assistant.types import Chunk, Filters, KeyPoint, Level, Note

FILE_NAME = "notes.sqlite3"

MIGRATIONS = (
    """
    CREATE TABLE roots (name TEXT PRIMARY KEY, path TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE files (
        source TEXT PRIMARY KEY,
        root TEXT NOT NULL REFERENCES roots ON DELETE CASCADE,
        sha256 TEXT NOT NULL,
        parser TEXT NOT NULL,
        warnings TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX files_root ON files (root);
    CREATE TABLE notes (
        note_id TEXT PRIMARY KEY,
        source TEXT NOT NULL REFERENCES files ON DELETE CASCADE,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        topic TEXT NOT NULL,
        level TEXT,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        path TEXT NOT NULL,
        language TEXT NOT NULL
    );
    CREATE INDEX notes_source ON notes (source, position);
    CREATE INDEX notes_topic ON notes (topic, level, source);
    CREATE TABLE chunks (
        chunk_id TEXT PRIMARY KEY,
        note_id TEXT NOT NULL REFERENCES notes ON DELETE CASCADE,
        part INTEGER NOT NULL,
        start INTEGER NOT NULL,
        stop INTEGER NOT NULL,
        heading TEXT NOT NULL,
        fingerprint TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX chunks_note ON chunks (note_id, part)
    """,
    "ALTER TABLE notes ADD COLUMN key_points TEXT NOT NULL DEFAULT '[]'",
)

_NOTE = "n.note_id, n.source, n.topic, n.level, n.title, n.body, n.path, n.language, n.key_points"
_CHUNK = "c.chunk_id, c.note_id, c.part, c.start, c.stop, c.heading"
_AMONG = "IN (SELECT value FROM json_each(?))"  # one parameter, however many ids


@dataclass(frozen=True, slots=True)
class Warned:
    """Something odd in a file, at a line counted from 1 where one is to blame."""

    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was last read. `parser` names the parser's version and settings that its notes depend on."""

    source: str
    root: str
    sha256: str
    parser: str
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk with the digest of everything about it that is indexed."""

    chunk: Chunk
    fingerprint: str


@dataclass(frozen=True, slots=True)
class StoredNote:
    """A note, the normalised name its identity rests on, and its chunks."""

    note: Note
    name: str
    chunks: tuple[StoredChunk, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicCount:
    """How many notes a topic has at one level in one file."""

    topic: str
    level: Level | None
    source: str
    notes: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Totals over some files."""

    files: int
    notes: int
    chunks: int


class Catalog:
    """Notes and where they came from. Every method raises StoreError when the file is damaged or unusable."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self._db = Database(path, MIGRATIONS, busy_seconds)

    def note(self, note_id: str) -> Note | None:
        """One note, or None."""
        return self.notes([note_id]).get(note_id)

    def notes(self, note_ids: Iterable[str]) -> dict[str, Note]:
        """The notes that exist, by id."""
        rows = self._db.read(f"SELECT {_NOTE} FROM notes n WHERE n.note_id {_AMONG}", [json.dumps(list(note_ids))])
        return {row[0]: _note(row) for row in rows}

    def chunks_with_notes(self, chunk_ids: Iterable[str]) -> dict[str, tuple[Chunk, Note]]:
        """The chunks that exist, by id, each with its note. A chunk of the index that is not here is outdated."""
        sql = f"SELECT {_CHUNK}, {_NOTE} FROM chunks c JOIN notes n USING (note_id) WHERE c.chunk_id {_AMONG}"
        rows = self._db.read(sql, [json.dumps(list(chunk_ids))])
        return {row[0]: (Chunk(*row[:6]), _note(row[6:])) for row in rows}

    def chunks_of(self, note_id: str) -> list[Chunk]:
        """A note's chunks, first part first."""
        rows = self._db.read(f"SELECT {_CHUNK} FROM chunks c WHERE c.note_id = ? ORDER BY c.part", [note_id])
        return [Chunk(*row) for row in rows]

    def browse(self, filters: Filters) -> list[Note]:
        """All notes that match, file by file in document order."""
        wanted = {"topic": filters.topic, "level": filters.level}
        wanted |= {"source": filters.source, "language": filters.language}
        given = {column: value for column, value in wanted.items() if value is not None}
        where = " AND ".join(f"n.{column} = ?" for column in given) or "TRUE"
        sql = f"SELECT {_NOTE} FROM notes n WHERE {where} ORDER BY n.source, n.position"
        return [_note(row) for row in self._db.read(sql, list(given.values()))]

    def topics(self) -> list[TopicCount]:
        """Notes per topic, level and source, in that order."""
        sql = "SELECT topic, level, source, count(*) FROM notes GROUP BY topic, level, source ORDER BY 1, 2, 3"
        return [TopicCount(*row) for row in self._db.read(sql)]

    def counts(self, sources: Sequence[str] | None = None) -> Counts:
        """Totals of the named files, or of all."""
        # Two statements, because one that serves both cannot use the index on source.
        among = "" if sources is None else f"WHERE source {_AMONG.replace('?', ':sources')}"
        files, notes, chunks = self._db.read(
            f"""SELECT (SELECT count(*) FROM files {among}), (SELECT count(*) FROM notes {among}),
                (SELECT count(*) FROM chunks JOIN notes USING (note_id) {among})""",
            {} if sources is None else {"sources": json.dumps(list(sources))},
        )[0]
        return Counts(files, notes, chunks)

    def fingerprints(self) -> dict[str, str]:
        """Every chunk id with the digest of what is indexed about it."""
        return dict(self._db.read("SELECT chunk_id, fingerprint FROM chunks"))

    def roots(self) -> dict[str, Path]:
        """Registered roots by name."""
        return {name: Path(path) for name, path in self._db.read("SELECT name, path FROM roots ORDER BY name")}

    def set_root(self, name: str, path: Path) -> None:
        """Register a root, or move a registered one."""
        with self._db.transaction() as tx:
            tx.execute(
                "INSERT INTO roots VALUES (?, ?) ON CONFLICT DO UPDATE SET path = excluded.path", [name, str(path)]
            )

    def remove_root(self, name: str) -> None:
        """Forget a root with all its files and notes."""
        with self._db.transaction() as tx:
            tx.execute("DELETE FROM roots WHERE name = ?", [name])

    def files(self, root: str) -> dict[str, FileRecord]:
        """The files of a root by source."""
        sql = "SELECT source, root, sha256, parser, warnings FROM files WHERE root = ? ORDER BY source"
        return {row[0]: _file(row) for row in self._db.read(sql, [root])}

    def stored_notes(self, source: str) -> list[StoredNote]:
        """A file's notes in document order, with their names and without their chunks."""
        sql = f"SELECT {_NOTE}, n.name FROM notes n WHERE n.source = ? ORDER BY n.position"
        return [StoredNote(_note(row[:9]), row[9]) for row in self._db.read(sql, [source])]

    def replace_file(self, record: FileRecord, notes: Sequence[StoredNote]) -> None:
        """Store a file with exactly these notes, in one transaction."""
        warnings = json.dumps([[warned.line, warned.reason] for warned in record.warnings], ensure_ascii=False)
        with self._db.transaction() as tx:
            tx.execute("DELETE FROM files WHERE source = ?", [record.source])
            tx.execute(
                "INSERT INTO files VALUES (?, ?, ?, ?, ?)",
                [record.source, record.root, record.sha256, record.parser, warnings],
            )
            tx.executemany(
                "INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_note_row(position, stored) for position, stored in enumerate(notes)],
            )
            tx.executemany(
                "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)",
                [_chunk_row(chunk) for stored in notes for chunk in stored.chunks],
            )

    def remove_file(self, source: str) -> None:
        """Forget a file with its notes."""
        with self._db.transaction() as tx:
            tx.execute("DELETE FROM files WHERE source = ?", [source])

    def clear(self) -> None:
        """Forget every root, file and note, and remove their bytes from the file."""
        self._db.clear()

    def check(self) -> str | None:
        """What is wrong with the file on disk, or None. Reads all of it."""
        return self._db.check()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __enter__(self) -> "Catalog":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _note(row: Sequence[Any]) -> Note:
    note_id, source, topic, level, title, body, path, language, points = row
    key_points = tuple(KeyPoint(text, weight) for text, weight in json.loads(points))
    return Note(note_id, source, topic, level, title, body, tuple(json.loads(path)), language, key_points)


def _file(row: Sequence[Any]) -> FileRecord:
    source, root, sha256, parser, warnings = row
    return FileRecord(
        source, root, sha256, parser, tuple(Warned(line, reason) for line, reason in json.loads(warnings))
    )


def _note_row(position: int, stored: StoredNote) -> list[Any]:
    note = stored.note
    path = json.dumps(note.path, ensure_ascii=False)
    head = [note.note_id, note.source, position, stored.name, note.topic, note.level]
    points = json.dumps([[point.text, point.weight] for point in note.key_points], ensure_ascii=False)
    return [*head, note.title, note.text, path, note.language, points]


def _chunk_row(stored: StoredChunk) -> list[Any]:
    chunk = stored.chunk
    head = [chunk.chunk_id, chunk.note_id, chunk.part, chunk.start, chunk.end]
    return [*head, chunk.heading, stored.fingerprint]
