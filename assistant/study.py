"""What a learner's sessions need beyond answers: grader, journal, coach. Opened beside an assistant."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant import journal, text
from assistant.build import Assistant
from assistant.errors import StoreError
from assistant.grade.grader import Grader
from assistant.grade.result import Grade, ungraded
from assistant.grade.store import FILE_NAME, GradeStore
from assistant.guard import incoming
from assistant.journal import Journal
from assistant.quiz import dispute
from assistant.quiz.coach import Coach
from assistant.types import EVERYTHING, Note


@contextmanager
def open_grader(assistant: Assistant) -> Iterator[Grader]:
    """The grader of an assistant's home, closed at the end.

    Raises:
        StoreError: what it keeps cannot be used.
    """
    store = GradeStore(assistant.settings.home / FILE_NAME)
    try:
        characters = assistant.settings.grade.answer_characters
        yield Grader(assistant.encoder.plain, store, assistant.answerer.chat, characters)
    finally:
        store.close()


def graded(
    assistant: Assistant, grader: Grader, answer: str, question: str | None = None, note_id: str | None = None
) -> tuple[Note | None, Grade]:
    """The grade of an answer to a question in the learner's own words, or else to a note's, and the note.

    Raises:
        UsageError: the question is empty or too long.
        NotFoundError: there is no such note.
        BusyError: too much is under way.
        StoreError: notes or grades cannot be read.
    """
    with assistant.place():
        if note_id is None:
            return grade_question(assistant, grader, question or "", answer)
        note = assistant.note(note_id)
        return note, grader.grade(note, answer)


@contextmanager
def open_journal(assistant: Assistant) -> Iterator[Journal]:
    """The journal of an assistant's home, closed at the end.

    Raises:
        StoreError: it cannot be used; the message says what to do.
    """
    opened = Journal(assistant.settings.home / journal.FILE_NAME)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def open_coach(
    assistant: Assistant, owner: str = "", clock: Callable[[], datetime] | None = None, seed: int | None = None
) -> Iterator[Coach]:
    """A learner's coach. `clock` tells the learner's local time; a `seed` makes its choices repeatable.

    Raises:
        StoreError: grades or journal cannot be used.
    """
    with ExitStack() as stack:
        yield Coach(
            catalog=assistant.catalog,
            finder=assistant.retriever,
            grader=stack.enter_context(open_grader(assistant)),
            journal=stack.enter_context(open_journal(assistant)).of(owner),
            settings=assistant.settings.quiz,
            home=assistant.settings.home,
            clock=clock or _local_time,
            rng=random.Random(seed),
        )


@dataclass(frozen=True, slots=True)
class Learned:
    """What a home knows of its learners, to be forgotten whole: history, grades, edited points, disputes."""

    home: Path

    def clear(self) -> None:
        """Forget it, on the disk too. Nothing is left of it even where a process has it open.

        Raises:
            StoreError: a file cannot be written; doing it again goes on.
        """
        for name, kind in ((journal.FILE_NAME, Journal), (FILE_NAME, GradeStore)):
            if (self.home / name).exists():
                opened = kind(self.home / name)
                try:
                    opened.clear()
                finally:
                    opened.close()
        disputes = self.home / dispute.FILE_NAME
        try:
            disputes.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{disputes} cannot be removed ({error.strerror}). Check its owner and rights.") from error


def _local_time() -> datetime:
    return datetime.now().astimezone()


def grade_question(assistant: Assistant, grader: Grader, question: str, answer: str) -> tuple[Note | None, Grade]:
    """The grade of an answer to a question in the learner's own words, with the note it was compared with.

    Raises:
        UsageError: the question is empty or too long.
        StoreError: notes or grades cannot be read.
    """
    note = note_for(assistant, question)
    if note is None:
        return None, ungraded(
            None, "no_note", "Your notes do not cover this question, so there is nothing to grade by."
        )
    return note, grader.grade(note, answer)


def note_for(assistant: Assistant, question: str) -> Note | None:
    """The note whose question this is: word for word, or the best found if the notes hold the answer at all."""
    asked = incoming.clean(question, assistant.settings.page.question_characters)
    wanted = [word.stem for word in text.words(asked)]
    for note in assistant.catalog.browse(EVERYTHING):
        if [word.stem for word in text.words(note.title)] == wanted:
            return note
    found = assistant.retriever.search(asked, limit=1)
    if not found.passages or found.answerable < assistant.choices.settings.retrieve.threshold:
        return None
    return found.passages[0].note
