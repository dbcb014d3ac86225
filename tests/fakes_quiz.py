"""A home with questions at three levels, a candidate who knows a share of the points, and a coach over both."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fakes import FakeChatModel
from fakes_grade import engine_decides, grader

from assistant.errors import EngineError
from assistant.journal import Journal
from assistant.llm import ChatModel
from assistant.quiz.coach import Coach
from assistant.store.catalog import Catalog, FileRecord, StoredNote
from assistant.types import EVERYTHING, LEVELS, Chunk, Filters, KeyPoint, Level, Note, Passage, Retrieved
from config.settings import QuizSettings

TOPICS = ("Multi-Armed Bandits", "Feature Stores")
_POINT = ("alfa", "bravo", "delta", "hotel")


def point(topic: str, number: int, which: int) -> str:
    """A key point's text, unlike any other."""
    return f"{_POINT[which]} {topic.split()[0].lower()} {'x' * (number + 3)}{which}"


def notes(each: int = 4) -> list[Note]:
    """So many questions for each topic and level, with four points each."""
    made = []
    for topic in TOPICS:
        for level in LEVELS:
            for number in range(each):
                points = tuple(KeyPoint(point(topic + level, number, which), 4 - which or 1) for which in range(4))
                text = ". ".join(one.text for one in points)
                title = f"Question {level} {number} about {topic}?"
                note_id = f"{topic[:2]}-{level[:1]}{number}"
                made.append(Note(note_id, "notes/x.md", topic, level, title, text, (topic, level), "en", points))
    return made


def answer(note: Note, share: float, rng: random.Random) -> str:
    """What a candidate says who knows each point with this chance."""
    said = [one.text for one in note.key_points if rng.random() < share]
    return ". ".join(said) or "something else entirely, in so many words"


@dataclass
class Reader(FakeChatModel):
    """An engine that says yes exactly when the statement stands in the answer, word for word."""

    down: bool = False

    def verdict(self, system: str, user: str) -> float:
        """Reads the prompt."""
        if self.down:
            raise EngineError("The language model cannot be reached.")
        said = re.search(r"<answer>(.*?)</answer>", user, re.DOTALL)
        asked = re.search(r"Statement: (.*)", user)
        assert said and asked
        return 0.99 if asked[1] in said[1] and "claim the opposite" not in user else 0.01


@dataclass
class WordFinder:
    """Finds the notes that hold any word of the question, in the catalogue's order."""

    notes: Sequence[Note]

    def search(self, question: str, filters: Filters = EVERYTHING, limit: int = 10) -> Retrieved:
        """By whole words."""
        words = set(re.findall(r"\w{4,}", question.lower()))
        found = [note for note in self.notes if words & set(re.findall(r"\w+", f"{note.topic} {note.title}".lower()))]
        passages = [
            Passage(rank, 1.0, Chunk(note.note_id, note.note_id, 0, 0, len(note.text), ""), note)
            for rank, note in enumerate(found[:limit], 1)
        ]
        return Retrieved(question, tuple(passages), 0.9, False)


@dataclass
class Clock:
    """Moves on a minute with every look."""

    now: datetime = datetime(2026, 5, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@dataclass
class School:
    """A coach and everything it needs, in a folder."""

    home: Path
    notes: list[Note] = field(default_factory=notes)
    chat: ChatModel | None = field(default_factory=Reader)
    seed: int = 1

    def __post_init__(self) -> None:
        self.clock = Clock()
        self.catalog = Catalog(self.home / "notes.sqlite3")
        self.catalog.set_root("notes", self.home)
        stored = [StoredNote(note, note.note_id) for note in self.notes]
        self.catalog.replace_file(FileRecord("notes/x.md", "notes", "0", "p"), stored)
        self.journal = Journal(self.home / "journal.sqlite3")
        self.coach = self.make()

    def make(self) -> Coach:
        """A coach as after a start of the program."""
        return Coach(
            self.catalog,
            WordFinder(self.notes),
            grader(self.home, self.chat, engine_decides()),
            self.journal,
            QuizSettings(),
            self.home,
            self.clock,
            random.Random(self.seed),
        )

    def note(self, note_id: str) -> Note:
        """One of its notes."""
        return next(note for note in self.notes if note.note_id == note_id)

    def level(self, note_id: str) -> Level | None:
        """A note's level."""
        return self.note(note_id).level
