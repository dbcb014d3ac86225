"""A note with key points, and a grader over fakes: words decide what is near, a script what the engine says."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fakes_ingest import FakeEncoder

from assistant.grade import calibration
from assistant.grade.calibration import Mix, Parameters
from assistant.grade.grader import Grader
from assistant.grade.store import GradeStore
from assistant.llm import ChatModel
from assistant.types import KeyPoint, Level, Note

TEXT = (
    "Пакет читает веса один раз на проход, поэтому почти бесплатен.\n\n"
    "Плата — задержка: первый запрос ждёт до 5 мс.\n\n"
    "При слабом трафике пакет не помогает."
)
POINTS = (
    KeyPoint("Веса читаются один раз на весь пакет", 3),
    KeyPoint("Плата — задержка, предел ожидания 5 мс", 2),
    KeyPoint("Слабый трафик: пакет не помогает", 1),
)
GOOD = "Веса читаются один раз на весь пакет. Плата — задержка, предел ожидания 5 мс. Слабый трафик: пакет не помогает."


def note(note_id: str = "n1", level: Level | None = "Basic", points: Sequence[KeyPoint] = POINTS) -> Note:
    """A note on batching."""
    title = "Зачем нужен dynamic batching?"
    return Note(note_id, "notes/serving.md", "Serving", level, title, TEXT, ("Serving",), "ru", tuple(points))


def grader(home: Path, chat: ChatModel | None = None, parameters: Parameters | None = None) -> Grader:
    """A grader of a home of its own."""
    store = GradeStore(home / "grades.sqlite3")
    return Grader(FakeEncoder(), store, lambda: chat, 8000, parameters or calibration.load())


def engine_decides() -> Parameters:
    """Parameters under which the engine alone decides, for tests of what it is asked."""
    only = Mix(0.0, 0.0, 1.0)
    return replace(calibration.load(), covered_mix=only, denied_mix=only)
