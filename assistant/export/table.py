"""The journal as a table: CSV that spreadsheets open as text."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import StoreError
from assistant.journal import Attempt

COLUMNS = ("at", "topic", "level", "question", "kind", "score", "hints", "engine", "answer", "points", "note_id")
# A cell that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(attempts: Sequence[Attempt], file: Path) -> int:
    """Write every attempt; how many there are. The file is whole, or not there.

    Raises:
        StoreError: it cannot be written.
    """
    half = file.with_name(f".{file.name}.part")
    try:
        # The mark at the beginning tells Excel that this is UTF-8.
        with half.open("w", encoding="utf-8-sig", newline="", errors="replace") as out:
            rows = csv.writer(out)
            rows.writerow(COLUMNS)
            rows.writerows([_cell(value) for value in _row(attempt)] for attempt in attempts)
        os.replace(half, file)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise StoreError(
            f"{file} cannot be written ({error.strerror}). Check the folder and its free space."
        ) from error
    return len(attempts)


def _row(attempt: Attempt) -> tuple[object, ...]:
    grade = attempt.grade
    score = None if grade is None or grade.score is None else round(grade.score, 3)
    points = "; ".join(f"{point.verdict}: {point.point}" for point in grade.points) if grade else ""
    about = (attempt.at.isoformat(), attempt.topic, attempt.level, attempt.title, attempt.kind, score, attempt.hints)
    return (*about, grade.engine if grade else None, attempt.answer, points, attempt.note_id)


def _cell(value: object) -> str:
    words = "" if value is None else str(value).replace("\x00", "")
    return f"'{words}" if isinstance(value, str) and words.startswith(_FORMULA) else words
