"""HOME/journal.sqlite3: every attempt of a learner, and what the learner said of it. Rows are added, never changed.

What is due, what is mastered and where a session stands all follow from it, so a killed process loses nothing that
was answered. Everything belongs to an owner, and is seen by no other.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Literal

from assistant.grade.result import Grade, from_dict, to_dict
from assistant.store.database import BUSY_SECONDS, Database
from assistant.types import Level

FILE_NAME = "journal.sqlite3"

# answer: to a question as asked; probe: to what was asked after it; the rest say that no answer came.
Kind = Literal["answer", "probe", "dont_know", "reveal", "skip"]
Action = Literal["rating", "due", "suspend", "resume"]

MIGRATIONS = (
    """
    CREATE TABLE attempts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        owner TEXT NOT NULL,
        at TEXT NOT NULL,
        session TEXT NOT NULL,
        note_id TEXT NOT NULL,
        topic TEXT NOT NULL,
        level TEXT,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        answer TEXT NOT NULL,
        hints INTEGER NOT NULL,
        grade TEXT
    );
    CREATE INDEX attempts_owner ON attempts (owner, id);
    CREATE TABLE overrides (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        owner TEXT NOT NULL,
        at TEXT NOT NULL,
        note_id TEXT NOT NULL,
        action TEXT NOT NULL,
        value TEXT NOT NULL
    );
    CREATE TABLE disputes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        owner TEXT NOT NULL,
        at TEXT NOT NULL,
        attempt INTEGER NOT NULL REFERENCES attempts,
        point TEXT NOT NULL,
        remark TEXT NOT NULL,
        grade TEXT NOT NULL
    );
    CREATE TABLE sessions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        owner TEXT NOT NULL,
        at TEXT NOT NULL,
        session TEXT NOT NULL,
        state TEXT NOT NULL
    );
    CREATE INDEX sessions_owner ON sessions (owner, session, id)
    """,
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer, or the lack of one. `grade` is as it was given, or as a dispute left it."""

    at: datetime
    session: str
    note_id: str
    topic: str
    level: Level | None
    title: str
    kind: Kind
    answer: str = ""
    hints: int = 0
    grade: Grade | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Override:
    """The learner's own word on a note: its last rating (1-4), when it is due, whether it is asked at all."""

    at: datetime
    note_id: str
    action: Action
    value: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A point the learner disagreed on, why, and the grade after it was looked at again."""

    at: datetime
    attempt: int
    point: str
    remark: str
    grade: Grade


class Journal:
    """One owner's journal. Every method raises StoreError when the file is damaged or unusable."""

    def __init__(self, path: Path, owner: str = "", busy_seconds: float = BUSY_SECONDS) -> None:
        self._db = Database(path, MIGRATIONS, busy_seconds, "move it away: your history starts anew")
        self._owner = owner

    def of(self, owner: str) -> "Journal":
        """The same file for another owner."""
        other = Journal.__new__(Journal)
        other._db, other._owner = self._db, owner
        return other

    def add_attempt(self, attempt: Attempt, state: Callable[[int], Mapping[str, Any]] | None = None) -> Attempt:
        """Write an attempt down; what comes back has its id.

        `state` says from that id where the session then stands: both are written, or neither.
        """
        grade = None if attempt.grade is None else _json(to_dict(attempt.grade))
        about = [attempt.note_id, attempt.topic, attempt.level, attempt.title, attempt.kind, attempt.answer]
        values = [_time(attempt.at), attempt.session, *map(_storable, about), attempt.hints, grade]
        with self._db.transaction() as tx:
            row = _insert(tx, "attempts", [self._owner, *values])
            if state is not None:
                _insert(tx, "sessions", [self._owner, _time(attempt.at), attempt.session, _json(state(row))])
        return replace(attempt, id=row)

    def add_override(self, override: Override) -> None:
        """Write the learner's word on a note down."""
        self._insert("overrides", _time(override.at), override.note_id, override.action, override.value)

    def add_dispute(self, dispute: Dispute) -> None:
        """Write a dispute and its outcome down."""
        outcome = _json(to_dict(dispute.grade))
        self._insert("disputes", _time(dispute.at), dispute.attempt, dispute.point, _storable(dispute.remark), outcome)

    def add_state(self, at: datetime, session: str, state: Mapping[str, Any]) -> None:
        """Write down where a session stands."""
        self._insert("sessions", _time(at), session, _json(state))

    def attempts(self) -> list[Attempt]:
        """Every attempt in order, with the grades that disputes left."""
        after = {
            row[0]: row[1] for row in self._rows("SELECT attempt, grade FROM disputes WHERE owner = ? ORDER BY id")
        }
        sql = """SELECT id, at, session, note_id, topic, level, title, kind, answer, hints, grade
            FROM attempts WHERE owner = ? ORDER BY id"""
        return [_attempt(row, after.get(row[0])) for row in self._rows(sql)]

    def overrides(self) -> list[Override]:
        """Every word of the learner on a note, in order."""
        rows = self._rows("SELECT at, note_id, action, value FROM overrides WHERE owner = ? ORDER BY id")
        return [Override(_when(at), note_id, action, value) for at, note_id, action, value in rows]

    def disputes(self) -> list[Dispute]:
        """Every dispute, in order."""
        rows = self._rows("SELECT at, attempt, point, remark, grade FROM disputes WHERE owner = ? ORDER BY id")
        return [
            Dispute(_when(at), attempt, point, remark, from_dict(json.loads(grade)))
            for at, attempt, point, remark, grade in rows
        ]

    def last_states(self) -> list[tuple[datetime, dict[str, Any]]]:
        """Where each session stands, the one touched last first."""
        sql = """SELECT at, state FROM sessions WHERE id IN
            (SELECT max(id) FROM sessions WHERE owner = ? GROUP BY session) ORDER BY id DESC"""
        return [(_when(at), json.loads(state)) for at, state in self._rows(sql)]

    def check(self) -> str | None:
        """What is wrong with the file on disk, or None. Reads all of it."""
        return self._db.check()

    def clear(self) -> None:
        """Forget everything of every owner, on the disk too."""
        self._db.clear()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._db.read(sql, [self._owner])

    def _insert(self, table: str, *values: object) -> None:
        with self._db.transaction() as tx:
            _insert(tx, table, [self._owner, *values])


def _insert(tx: Connection, table: str, values: Sequence[object]) -> int:
    """One row, whose first column numbers itself; the number."""
    return int(tx.execute(f"INSERT INTO {table} VALUES (NULL{', ?' * len(values)})", values).lastrowid or 0)


def _attempt(row: tuple[Any, ...], disputed: str | None) -> Attempt:
    identity, at, session, note_id, topic, level, title, kind, answer, hints, stored = row
    grade = disputed or stored
    return Attempt(
        _when(at), session, note_id, topic, level, title, kind, answer, hints,
        None if grade is None else from_dict(json.loads(grade)), identity,
    )  # fmt: skip


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value)


def _storable(value: object) -> object:
    """SQLite holds UTF-8, which half a surrogate pair is not."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _time(at: datetime) -> str:
    """UTC, so that times compare as text.

    Raises:
        ValueError: the time does not say where it was taken.
    """
    if at.tzinfo is None:
        raise ValueError("times in the journal need a time zone")
    return at.astimezone(UTC).isoformat()


def _when(stored: str) -> datetime:
    return datetime.fromisoformat(stored)
