"""The commands of a learner's sessions: grade, quiz."""

import argparse
import sys
from contextlib import ExitStack
from io import TextIOWrapper
from uuid import UUID

from assistant import batch, study, wire
from assistant.command import DONE, Command, input_lines, open_notes, show, use_engine
from assistant.errors import UsageError
from assistant.quiz import console
from assistant.terminal import grade_text
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


def _out(words: str) -> None:
    """A line; what is typed stands behind the prompt."""
    print(words, end="" if words == console.PROMPT else "\n", flush=True)


def _is_id(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True


COMMANDS: dict[str, Command] = {"grade": grade, "quiz": quiz}
