"""The commands of a learner's sessions: grade."""

import argparse
import sys
from contextlib import ExitStack
from uuid import UUID

from assistant import batch, study, wire
from assistant.build import Assistant
from assistant.command import DONE, Command, input_lines, open_notes, show, use_engine
from assistant.errors import UsageError
from assistant.grade.grader import Grader
from assistant.grade.result import Grade
from assistant.terminal import grade_text
from assistant.types import Note
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
        answer = wire.read_text(line, "answer")
        note, given = _graded(assistant, grader, line, answer)
        return wire.grade_json(given, answer, note, line["id"])

    if lines is not None:
        batch.run(lines, one, sys.stdout.buffer)
        return DONE
    key = "note_id" if _is_id(options.question) else "question"
    note, given = _graded(assistant, grader, {key: options.question}, options.answer)
    as_json = wire.grade_json(given, options.answer, note) if options.json else None
    show(as_json, lambda: grade_text(given, options.answer, note))
    return DONE


def _graded(assistant: Assistant, grader: Grader, line: batch.Json, answer: str) -> tuple[Note | None, Grade]:
    if ("note_id" in line) == ("question" in line):
        raise UsageError('give either "question" or "note_id"')
    if "question" in line:
        return study.grade_question(assistant, grader, wire.read_text(line, "question"), answer)
    note = assistant.note(wire.read_text(line, "note_id"))
    return note, grader.grade(note, answer)


def _is_id(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True


COMMANDS: dict[str, Command] = {"grade": grade}
