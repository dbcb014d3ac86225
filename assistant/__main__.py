"""The command line: `python -m assistant search|show|ask|grade|quiz|export|forget|doctor`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from assistant import batch, build, doctor, study_commands, wire
from assistant.answer import Ask
from assistant.command import DONE, FAILED, INTERRUPTED, USAGE, Command, input_lines, open_notes, show, use_engine
from assistant.errors import AssistantError, UsageError
from assistant.terminal import answer_text, hits_text, note_text
from assistant.types import LEVELS
from config.settings import ConfigError, Settings, load

_FOR_PEOPLE = ("quiz", "export", "forget")
_EXAMPLES = {
    "search": 'python -m assistant search "какой порог PSI считать значимым?" --limit 3\n  '
    'echo \'{"id":"1","question":"PSI","level":"Basic"}\' | python -m assistant search --batch -',
    "show": "python -m assistant show 1b4e28ba-2fa1-5d2a-883f-0016d3cca427\n  "
    'echo \'{"id":"1","note_id":"…"}\' | python -m assistant show --batch -',
    "ask": 'python -m assistant ask "Чем UCB отличается от Томпсона?"\n  '
    'echo \'{"id":"1","question":"What is PSI?"}\' | python -m assistant ask --batch - --no-engine',
    "grade": 'python -m assistant grade "Что такое PSI?" "Мера сдвига распределения"\n  '
    'echo \'{"id":"1","question":"Что такое PSI?","answer":"…"}\' | python -m assistant grade --batch - --no-engine',
    "quiz": "python -m assistant quiz погоняй по бандитам, killer, 5 вопросов\n  python -m assistant quiz",
    "export": "python -m assistant export --anki notes.apkg\n  python -m assistant export --csv history.csv",
    "forget": "python -m assistant forget --yes",
    "doctor": "python -m assistant doctor --json",
}


def parser() -> argparse.ArgumentParser:
    """The whole command line; each command's help ends with an example."""
    top = argparse.ArgumentParser(prog="python -m assistant", description="Ask your own notes.")
    commands = top.add_subparsers(
        dest="command", required=True, metavar="search|show|ask|grade|quiz|export|forget|doctor"
    )

    def command(name: str, what: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=what,
            description=what,
            epilog=f"example:\n  {_EXAMPLES[name]}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name not in _FOR_PEOPLE:
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
    _study(command)
    command("doctor", "Check what this installation has and lacks, and say what to do.")
    return top


def _study(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    grade = command("grade", "Grade an answer to a note's question, point by point.")
    grade.add_argument("question", nargs="?", metavar="QUESTION", help="a note's question, or its id")
    grade.add_argument("answer", nargs="?", metavar="ANSWER")
    grade.add_argument("--no-engine", action="store_true", help="use no language model")
    grade.add_argument("--batch", metavar="FILE", help="JSON Lines from a file, or - for standard input")
    quiz = command("quiz", "Be asked questions from your notes, or go on with the quiz that you left.")
    quiz.add_argument("request", nargs="*", metavar="WORDS", help="what to be asked about, in your own words")
    quiz.add_argument("--no-engine", action="store_true", help="use no language model")
    export = command("export", "Take your questions along as Anki cards, or your history as a table.")
    export.add_argument("--anki", type=Path, metavar="FILE", help="a deck to import in Anki, such as notes.apkg")
    export.add_argument("--csv", type=Path, metavar="FILE", help="every attempt, such as history.csv")
    forget = command("forget", "Delete your learning history: attempts, grades, edited key points, disputes.")
    forget.add_argument("--yes", action="store_true", help="really delete it")


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
    lines = input_lines(options, options.question, "a question", stack)
    assistant = open_notes(settings, stack)

    def one(line: batch.Json) -> batch.Json:
        return wire.search_json(assistant.search(wire.read_ask(line), options.limit), line["id"])

    if lines is not None:
        batch.run(lines, one, sys.stdout.buffer)
        return DONE
    found = assistant.search(_asked(options), options.limit)
    show(wire.search_json(found) if options.json else None, lambda: hits_text(found))
    return DONE


def _show(options: argparse.Namespace, settings: Settings, stack: ExitStack) -> int:
    lines = input_lines(options, options.note_id, "a note id", stack)
    catalog = stack.enter_context(build.open_catalog(settings))

    def one(line: batch.Json) -> batch.Json:
        return {"id": line["id"], **wire.note_json(build.find_note(catalog, wire.read_text(line, "note_id")))}

    if lines is not None:
        batch.run(lines, one, sys.stdout.buffer)
        return DONE
    note = build.find_note(catalog, options.note_id)
    show(wire.note_json(note) if options.json else None, lambda: note_text(note))
    return DONE


def _ask(options: argparse.Namespace, settings: Settings, stack: ExitStack) -> int:
    lines = input_lines(options, options.question, "a question", stack)
    assistant = open_notes(settings, stack)
    if not options.no_engine:
        use_engine(assistant, stack, "The notes are quoted instead.")

    def one(line: batch.Json) -> batch.Json:
        return wire.answer_json(assistant.answer(wire.read_ask(line)), line["id"])

    if lines is not None:
        batch.run(lines, one, sys.stdout.buffer)
        return DONE
    answer = assistant.answer(_asked(options))
    show(wire.answer_json(answer) if options.json else None, lambda: answer_text(answer))
    return DONE


_COMMANDS: dict[str, Command] = {
    "search": _search,
    "show": _show,
    "ask": _ask,
    **study_commands.COMMANDS,
}


def _asked(options: argparse.Namespace) -> Ask:
    return replace(wire.read_ask(vars(options)), history=())


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
