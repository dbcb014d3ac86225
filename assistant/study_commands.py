"""The commands of a learner's sessions: grade, quiz, export, forget."""

import argparse
import sys
import time
from contextlib import ExitStack, closing
from io import TextIOWrapper
from uuid import UUID

from assistant import batch, build, journal, study, wire
from assistant.command import DONE, Command, input_lines, open_notes, show, use_engine
from assistant.errors import UsageError
from assistant.export import anki, table
from assistant.grade.rubric import key_points
from assistant.grade.store import FILE_NAME, GradeStore
from assistant.journal import Journal
from assistant.quiz import console
from assistant.quiz.choose import askable
from assistant.terminal import grade_text
from assistant.types import EVERYTHING
from config.settings import Settings


def grade(options: argparse.Namespace, settings: Settings, stack: ExitStack) -> int:
    """Grade one answer, or a batch of them."""
    lines = input_lines(options, options.question, "a question and an answer", stack)
    if lines is None and options.answer is None:
        raise UsageError("give the answer too: python -m assistant grade QUESTION ANSWER")
    assistant = open_notes(settings, stack)
    grader = stack.enter_context(study.open_grader(assistant))
    if not options.no_engine:
        use_engine(assistant, stack, "Answers are graded without one.")

    def one(line: batch.Json) -> batch.Json:
        asked = wire.read_grade(line)
        note, given = study.graded(assistant, grader, **asked)
        return wire.grade_json(given, asked["answer"], note, line["id"])

    if lines is not None:
        batch.run(lines, one, sys.stdout.buffer)
        return DONE
    key = "note_id" if _is_id(options.question) else "question"
    note, given = study.graded(assistant, grader, options.answer, **{key: options.question})
    as_json = wire.grade_json(given, options.answer, note) if options.json else None
    show(as_json, lambda: grade_text(given, options.answer, note))
    return DONE


def quiz(options: argparse.Namespace, settings: Settings, stack: ExitStack) -> int:
    """Hold a quiz in the terminal: the one asked for, or the one that was left open."""
    assistant = open_notes(settings, stack)
    if not options.no_engine:
        use_engine(assistant, stack, "Answers are graded without one.")
    coach = stack.enter_context(study.open_coach(assistant))
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    console.run(coach, " ".join(options.request) or None, sys.stdin, _out)
    return DONE


def export(options: argparse.Namespace, settings: Settings, stack: ExitStack) -> int:
    """Write the notes as Anki cards, or the journal as a table."""
    if (options.anki is None) == (options.csv is None):
        raise UsageError("give either --anki FILE.apkg or --csv FILE.csv")
    if options.csv is not None:
        opened = stack.enter_context(closing(Journal(settings.home / journal.FILE_NAME)))
        _say(f"{table.write(opened.attempts(), options.csv)} attempts in {options.csv}")
        return DONE
    catalog = stack.enter_context(build.open_catalog(settings))
    store = stack.enter_context(closing(GradeStore(settings.home / FILE_NAME)))
    notes = askable(catalog.browse(EVERYTHING))
    count = anki.write([(note, key_points(note, store)[0]) for note in notes], options.anki, time.time())
    _say(f"{count} cards in {options.anki}; import it in Anki")
    return DONE


def forget(options: argparse.Namespace, settings: Settings, stack: ExitStack) -> int:
    """Delete what is known of the learner: history, grades, edited key points, disputes. Notes and chats stay."""
    if not options.yes:
        raise UsageError("this deletes your whole learning history and cannot be undone; say so with --yes")
    study.Learned(settings.home).clear()
    _say("Your learning history is deleted. Notes and chats are kept.")
    return DONE


def _say(words: str) -> None:
    show(None, lambda: words)


def _out(words: str) -> None:
    """A line; what is typed stands behind the prompt."""
    print(words, end="" if words == console.PROMPT else "\n", flush=True)


def _is_id(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True


COMMANDS: dict[str, Command] = {"grade": grade, "quiz": quiz, "export": export, "forget": forget}
