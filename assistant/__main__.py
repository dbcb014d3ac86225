"""The command line: `python -m assistant search|show|ask|doctor`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from assistant import batch, build, doctor, wire
from assistant.answer import Ask
from assistant.build import Assistant
from assistant.errors import AssistantError, UsageError
from assistant.terminal import answer_text, hits_text, note_text, to_stderr
from assistant.types import LEVELS
from config.settings import ConfigError, Settings, load

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
_EXAMPLES = {
    "search": 'python -m assistant search "какой порог PSI считать значимым?" --limit 3\n  '
    'echo \'{"id":"1","question":"PSI","level":"Basic"}\' | python -m assistant search --batch -',
    "show": "python -m assistant show 1b4e28ba-2fa1-5d2a-883f-0016d3cca427\n  "
    'echo \'{"id":"1","note_id":"…"}\' | python -m assistant show --batch -',
    "ask": 'python -m assistant ask "Чем UCB отличается от Томпсона?"\n  '
    'echo \'{"id":"1","question":"What is PSI?"}\' | python -m assistant ask --batch - --no-engine',
    "doctor": "python -m assistant doctor --json",
}


def parser() -> argparse.ArgumentParser:
    """The whole command line; each command's help ends with an example."""
    top = argparse.ArgumentParser(prog="python -m assistant", description="Ask your own notes.")
    commands = top.add_subparsers(dest="command", required=True, metavar="search|show|ask|doctor")

    def command(name: str, what: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=what,
            description=what,
            epilog=f"example:\n  {_EXAMPLES[name]}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.add_argument("--json", action="store_true", help="print one JSON object instead of text")
        return made

    def questions(made: argparse.ArgumentParser) -> None:
        made.add_argument("question", nargs="?", metavar="QUESTION")
        made.add_argument("--topic", help="only notes of this topic, as `search --json` names it")
        made.add_argument("--level", choices=LEVELS)
        made.add_argument("--source", help="only notes of this file, such as notes/bandits.md")
        made.add_argument("--language", choices=("ru", "en"), help="only notes in this language")
        made.add_argument("--no-engine", action="store_true", help="use no language model")
        made.add_argument("--batch", metavar="FILE", help="JSON Lines from a file, or - for standard input")

    search = command("search", "Find the notes nearest to a question.")
    questions(search)
    search.add_argument("--limit", type=_positive, default=10, help="how many notes (default 10)")
    show = command("show", "Print one note.")
    show.add_argument("note_id", nargs="?", metavar="NOTE_ID")
    show.add_argument("--batch", metavar="FILE", help="JSON Lines from a file, or - for standard input")
    questions(command("ask", "Answer a question from the notes, with citations."))
    command("doctor", "Check what this installation has and lacks, and say what to do.")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code of the contracts."""
    options = parser().parse_args(arguments)
    try:
        settings = load()
        if options.command == "doctor":
            return doctor.main(settings, as_json=options.json)
        with ExitStack() as stack:
            return _COMMANDS[options.command](options, settings, stack)
    except (UsageError, ConfigError) as wrong:
        return _fail(wrong, USAGE)
    except AssistantError as failed:
        return _fail(failed, FAILED)
    except BrokenPipeError:
        # Whoever read us has gone (`| head`): nothing left to say, and Python's own flush at exit must not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


def _search(options: argparse.Namespace, settings: Settings, stack: ExitStack) -> int:
    lines = _input(options, options.question, "a question", stack)
    assistant = _open(settings, stack)

    def one(line: batch.Json) -> batch.Json:
        return wire.search_json(assistant.search(wire.read_ask(line), options.limit), line["id"])

    if lines is not None:
        batch.run(lines, one, sys.stdout.buffer)
        return DONE
    found = assistant.search(_asked(options), options.limit)
    _print(wire.search_json(found) if options.json else None, lambda: hits_text(found))
    return DONE


def _show(options: argparse.Namespace, settings: Settings, stack: ExitStack) -> int:
    lines = _input(options, options.note_id, "a note id", stack)
    catalog = stack.enter_context(build.open_catalog(settings))

    def one(line: batch.Json) -> batch.Json:
        return {"id": line["id"], **wire.note_json(build.find_note(catalog, wire.read_text(line, "note_id")))}

    if lines is not None:
        batch.run(lines, one, sys.stdout.buffer)
        return DONE
    note = build.find_note(catalog, options.note_id)
    _print(wire.note_json(note) if options.json else None, lambda: note_text(note))
    return DONE


def _ask(options: argparse.Namespace, settings: Settings, stack: ExitStack) -> int:
    lines = _input(options, options.question, "a question", stack)
    assistant = _open(settings, stack)
    if not options.no_engine:
        _engine(assistant, stack)

    def one(line: batch.Json) -> batch.Json:
        return wire.answer_json(assistant.answer(wire.read_ask(line)), line["id"])

    if lines is not None:
        batch.run(lines, one, sys.stdout.buffer)
        return DONE
    answer = assistant.answer(_asked(options))
    _print(wire.answer_json(answer) if options.json else None, lambda: answer_text(answer))
    return DONE


def _open(settings: Settings, stack: ExitStack) -> Assistant:
    assistant = stack.enter_context(build.open_assistant(settings, to_stderr))
    if not assistant.topics():
        print(f"No notes are indexed in {settings.home} yet. Index some: python -m ingest notes", file=sys.stderr)
    return assistant


def _engine(assistant: Assistant, stack: ExitStack) -> None:
    """Use the engine that runs under this home, or start one for this command; without one, the notes are quoted."""
    try:
        stack.enter_context(assistant.engine_for_now(to_stderr))
    except AssistantError as failed:
        print(f"no language model: {failed}\nThe notes are quoted instead.", file=sys.stderr)


_COMMANDS: dict[str, Callable[[argparse.Namespace, Settings, ExitStack], int]] = {
    "search": _search,
    "show": _show,
    "ask": _ask,
}


def _asked(options: argparse.Namespace) -> Ask:
    return replace(wire.read_ask(vars(options)), history=())


def _input(options: argparse.Namespace, single: str | None, what: str, stack: ExitStack) -> BinaryIO | None:
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


def _print(value: batch.Json | None, text: Callable[[], str]) -> None:
    sys.stdout.buffer.write(batch.dumps(value) if value is not None else text().encode(errors="replace"))
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _fail(error: Exception, code: int) -> int:
    print(f"error: {error}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
