"""What the commands share: their input, their output, the notes and the engine they use."""

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from assistant import batch, build
from assistant.build import Assistant
from assistant.errors import AssistantError, UsageError
from assistant.terminal import to_stderr
from config.settings import Settings

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

Command = Callable[[argparse.Namespace, Settings, ExitStack], int]


def open_notes(settings: Settings, stack: ExitStack) -> Assistant:
    """The home's notes; that there are none is said, and is no error."""
    assistant = stack.enter_context(build.open_assistant(settings, to_stderr))
    if not assistant.topics():
        print(f"No notes are indexed in {settings.home} yet. Index some: python -m ingest notes", file=sys.stderr)
    return assistant


def use_engine(assistant: Assistant, stack: ExitStack, without: str) -> None:
    """Use the engine that runs under this home, or start one for this command; else say what is done `without` one."""
    try:
        stack.enter_context(assistant.engine_for_now(to_stderr))
    except AssistantError as failed:
        print(f"no language model: {failed}\n{without}", file=sys.stderr)


def input_lines(options: argparse.Namespace, single: str | None, what: str, stack: ExitStack) -> BinaryIO | None:
    """The batch's lines, or None when one was given as an argument.

    Raises:
        UsageError: neither or both were given, or the file cannot be read.
    """
    if (single is None) == (options.batch is None):
        raise UsageError(f"give {what}, or --batch FILE (- for standard input)")
    if options.batch is None:
        return None
    if options.batch == "-":
        return sys.stdin.buffer
    try:
        return stack.enter_context(Path(options.batch).open("rb"))
    except OSError as error:
        raise UsageError(f"cannot read {options.batch}: {error.strerror}") from error


def show(value: batch.Json | None, text: Callable[[], str]) -> None:
    """One JSON object, or text for people."""
    sys.stdout.buffer.write(batch.dumps(value) if value is not None else text().encode(errors="replace"))
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()
