"""What a learner's sessions need beyond answers: the grader and what it keeps. Opened beside an assistant."""

from collections.abc import Iterator
from contextlib import contextmanager

from assistant import text
from assistant.build import Assistant
from assistant.grade.grader import Grader
from assistant.grade.result import Grade, ungraded
from assistant.grade.store import FILE_NAME, GradeStore
from assistant.guard import incoming
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
        yield Grader(assistant.encoder, store, assistant.answerer.chat, characters)
    finally:
        store.close()


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
