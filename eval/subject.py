"""What is evaluated: the assistant over one home, behind the few calls that a suite makes."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from assistant import build
from assistant.answer import Ask
from assistant.build import Announce, Assistant
from assistant.grade.grader import Grader
from assistant.grade.result import Grade
from assistant.grade.store import FILE_NAME, GradeStore
from assistant.llm import ChatModel
from assistant.types import Answer, Chunk, Note, Retrieved
from config.settings import Settings


class Subject(Protocol):
    """What a suite asks: the assistant, or a worsened one in tests."""

    def answer(self, ask: Ask) -> Answer:
        """The final answer to a question."""
        ...

    def search(self, ask: Ask, limit: int) -> Retrieved:
        """Ranked passages and P(answerable)."""
        ...

    def note(self, note_id: str) -> Note | None:
        """A note, or None."""
        ...

    def chunks(self, note_id: str) -> list[Chunk]:
        """Its chunks."""
        ...

    def grade(self, note: Note, answer: str) -> Grade:
        """A learner's answer, graded."""
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """The assistant itself."""

    assistant: Assistant
    grader: Grader

    def answer(self, ask: Ask) -> Answer:
        """See `Subject`."""
        return self.assistant.answer(ask)

    def search(self, ask: Ask, limit: int) -> Retrieved:
        """See `Subject`."""
        return self.assistant.search(ask, limit)

    def note(self, note_id: str) -> Note | None:
        """See `Subject`."""
        return self.assistant.catalog.note(note_id)

    def chunks(self, note_id: str) -> list[Chunk]:
        """See `Subject`."""
        return self.assistant.catalog.chunks_of(note_id)

    def grade(self, note: Note, answer: str) -> Grade:
        """See `Subject`."""
        return self.grader.grade(note, answer)

    def embed(self, words: str) -> list[float]:
        """A question's sentence vector."""
        return [float(value) for value in self.assistant.encoder.query(words).dense]


@contextmanager
def open_subject(settings: Settings, chat: ChatModel | None, announce: Announce) -> Iterator[Whole]:
    """The assistant over a prepared home, with a language model or without.

    Grades are forgotten afterwards: the grader keeps those it gave, and a kept grade would hide a change of the grader.
    """
    with ExitStack() as stack:
        assistant = stack.enter_context(build.open_assistant(settings, announce))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="grades-"))
        grades = GradeStore(Path(folder) / FILE_NAME)
        stack.callback(grades.close)

        def ready() -> ChatModel | None:
            return chat

        assistant = replace(assistant, answerer=replace(assistant.answerer, chat=ready))
        yield Whole(assistant, Grader(assistant.encoder.plain, grades, ready, settings.grade.answer_characters))
