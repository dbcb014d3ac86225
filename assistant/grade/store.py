"""HOME/grades.sqlite3: derived and edited key points, where notes have them, and grades already given.

Grades are a cache: the same answer by the same points and models is the same grade. Edited points are the learner's.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.grade.result import Grade, from_dict, to_dict
from assistant.store.database import BUSY_SECONDS, Database
from assistant.types import KeyPoint, Span

FILE_NAME = "grades.sqlite3"

MIGRATIONS = (
    """
    CREATE TABLE rubrics (
        note_id TEXT PRIMARY KEY, origin TEXT NOT NULL, of_text TEXT NOT NULL, points TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE sources (digest TEXT PRIMARY KEY, spans TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE grades (key TEXT PRIMARY KEY, grade TEXT NOT NULL) WITHOUT ROWID
    """,
)


@dataclass(frozen=True, slots=True)
class StoredRubric:
    """Key points that stand in no note: derived from the text of a digest, or edited by the learner."""

    origin: Literal["derived", "edited"]
    of_text: str
    points: tuple[KeyPoint, ...]


class GradeStore:
    """What grading keeps. Every method raises StoreError when the file is damaged or unusable."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self._db = Database(path, MIGRATIONS, busy_seconds)

    def rubric(self, note_id: str) -> StoredRubric | None:
        """A note's derived or edited points, if there are any."""
        rows = self._db.read("SELECT origin, of_text, points FROM rubrics WHERE note_id = ?", [note_id])
        if not rows:
            return None
        origin, of_text, points = rows[0]
        return StoredRubric(origin, of_text, tuple(KeyPoint(words, weight) for words, weight in json.loads(points)))

    def set_rubric(self, note_id: str, rubric: StoredRubric) -> None:
        """Keep a note's points."""
        points = json.dumps([[point.text, point.weight] for point in rubric.points], ensure_ascii=False)
        with self._db.transaction() as tx:
            tx.execute(
                "INSERT OR REPLACE INTO rubrics VALUES (?, ?, ?, ?)", [note_id, rubric.origin, rubric.of_text, points]
            )

    def forget_rubric(self, note_id: str) -> None:
        """Back to the points of the note itself, or to those that follow from its text."""
        with self._db.transaction() as tx:
            tx.execute("DELETE FROM rubrics WHERE note_id = ?", [note_id])

    def sources(self, digest: str) -> tuple[Span, ...] | None:
        """Where a note has its points, as found before."""
        rows = self._db.read("SELECT spans FROM sources WHERE digest = ?", [digest])
        return tuple(Span(*span) for span in json.loads(rows[0][0])) if rows else None

    def set_sources(self, digest: str, spans: Sequence[Span]) -> None:
        """Keep where a note has its points."""
        with self._db.transaction() as tx:
            tx.execute(
                "INSERT OR REPLACE INTO sources VALUES (?, ?)", [digest, json.dumps([[s.start, s.end] for s in spans])]
            )

    def grade(self, key: str) -> Grade | None:
        """A grade given before."""
        rows = self._db.read("SELECT grade FROM grades WHERE key = ?", [key])
        return from_dict(json.loads(rows[0][0])) if rows else None

    def set_grade(self, key: str, grade: Grade) -> None:
        """Keep a grade."""
        with self._db.transaction() as tx:
            tx.execute(
                "INSERT OR REPLACE INTO grades VALUES (?, ?)", [key, json.dumps(to_dict(grade), ensure_ascii=False)]
            )

    def clear(self) -> None:
        """Forget everything, on the disk too."""
        self._db.clear()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
