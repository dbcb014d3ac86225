"""The command line: `python -m eval`, and `python -m eval compare|show|history`."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from assistant.errors import AssistantError, UsageError
from assistant.terminal import to_stderr
from config.settings import ConfigError, Settings, load
from eval import gate, options, past, run_file, summary
from eval.gate import Comparison
from eval.order import SUITES, Order, perform
from eval.report import text
from eval.rows import Json, plain
from eval.run_file import Run
from eval.subset import Subset

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code of the contracts."""
    given = options.parser().parse_args(arguments)
    try:
        return _COMMANDS[given.command](given, load())
    except (UsageError, ConfigError) as wrong:
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
    baseline = run_file.read(given.baseline) if given.baseline else None
    run = perform(order, own, to_stderr)
    found = None
    if baseline is not None:
        found = gate.compare(baseline, run, given.margin)
        run = replace(run, gate=comparison_json(found))
    file = past.folder(own) / f"{run.name}.json"
    run_file.write(run, file)
    if given.keep:
        run_file.write(run_file.without_contents(run), given.keep)
    if given.json:
        _print(json.dumps(result_json(run, found, file), ensure_ascii=False))
    else:
        told = [text.run_text(run), *([text.comparison_text(found)] if found else []), str(file)]
        _print("\n\n".join(told))
    return FAILED if found is not None and found.verdict == "worse" else DONE


def _order(given: argparse.Namespace) -> Order:
    if given.suite not in SUITES:
        raise UsageError(f"no suite {given.suite!r}; there are: {', '.join(SUITES)}")
    try:
        changes = options.changes(given.set)
    except ValueError as error:
        raise UsageError(str(error)) from error
    subset = Subset(given.topic, given.level, given.slice, given.cases, given.limit)
    return Order(given.suite, given.split, given.notes, subset, given.folder, changes)


def _compare(given: argparse.Namespace, own: Settings) -> int:
    before, after = run_file.read(given.before), run_file.read(given.after)
    found = gate.compare(before, after, given.margin)
    _print(json.dumps(comparison_json(found), ensure_ascii=False) if given.json else text.comparison_text(found))
    return FAILED if found.verdict == "worse" else DONE


def comparison_json(found: Comparison) -> Json:
    """A comparison as it is stored and printed."""
    stored: Json = plain(asdict(found))
    return stored


def result_json(run: Run, found: Comparison | None, file: Path) -> Json:
    """The object of `--json`."""
    metrics = {name: summary.to_json(number) for name, number in run.metrics.items()}
    for finding in found.findings if found else ():
        metrics[finding.measure] |= {"verdict": finding.verdict, "gated": finding.gated}
    return {"run": str(file), "verdict": found.verdict if found else None, "metrics": metrics}


_COMMANDS: dict[str | None, Callable[[argparse.Namespace, Settings], int]] = {None: _run, "compare": _compare}


def _print(said: str) -> None:
    sys.stdout.buffer.write(f"{said}\n".encode(errors="replace"))
    sys.stdout.buffer.flush()


def _fail(error: Exception, code: int) -> int:
    print(f"error: {error}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
