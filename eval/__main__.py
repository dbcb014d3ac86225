"""The command line: `python -m eval`, and `python -m eval compare|show|history|report`."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace

from assistant.errors import AssistantError, NotFoundError, UsageError
from assistant.terminal import to_stderr
from config.settings import ConfigError, Settings, load
from eval import commands, gate, options, past, run_file
from eval.commands import COMMANDS, DONE, FAILED, INTERRUPTED, USAGE, say
from eval.order import SUITES, Order, perform
from eval.report import text
from eval.subset import Subset


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code of the contracts."""
    given = options.parser().parse_args(arguments)
    try:
        return COMMANDS.get(given.command, _run)(given, load())
    except (UsageError, NotFoundError, ConfigError) as wrong:
        return _fail(wrong, USAGE)
    except AssistantError as failed:
        return _fail(failed, FAILED)
    except BrokenPipeError:
        # Whoever read us has gone (`| head`): the work is done, and Python's own flush at exit must not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


def _run(given: argparse.Namespace, own: Settings) -> int:
    order = _order(given)
    baseline = run_file.read(past.find(given.baseline, own)) if given.baseline else None
    run = perform(order, own, to_stderr)
    found = None
    if baseline is not None:
        found = gate.compare(baseline, run, given.margin)
        run = replace(run, gate=commands.comparison_json(found))
    file = past.folder(own) / f"{run.name}.json"
    run_file.write(run, file)
    if given.keep:
        run_file.write(run_file.without_contents(run), given.keep)
    reports = () if given.no_report else commands.write_reports(run, found, file)
    if given.json:
        say(json.dumps(commands.result_json(run, found, file), ensure_ascii=False))
    else:
        told = [text.run_text(run), *([text.comparison_text(found)] if found else [])]
        say("\n\n".join([*told, "\n".join(str(made) for made in (*reports, file))]))
    return FAILED if found is not None and found.verdict == "worse" else DONE


def _order(given: argparse.Namespace) -> Order:
    if given.suite not in SUITES:
        raise UsageError(f"no suite {given.suite!r}; there are: {', '.join(SUITES)}")
    try:
        changes = options.changes(given.set)
    except ValueError as error:
        raise UsageError(str(error)) from error
    subset = Subset(given.topic, given.level, given.slice, given.cases, given.limit)
    return Order(given.suite, given.split, given.notes, subset, given.folder, changes, given.ragas)


def _fail(error: Exception, code: int) -> int:
    print(f"error: {error}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
