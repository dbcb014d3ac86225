"""The commands on runs that are there: compare, show, history, report."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from assistant.errors import NotFoundError, UsageError
from assistant.terminal import to_stderr
from assistant.types import EVERYTHING
from config.settings import Settings
from eval import gate, past, run_file, summary
from eval.gate import Comparison
from eval.report.case import case_text
from eval.report.history import SHOWN, history_json, history_text
from eval.report.text import comparison_text
from eval.rows import Json, plain, to_dict
from eval.run_file import Run

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

Command = Callable[[argparse.Namespace, Settings], int]


def compare(given: argparse.Namespace, own: Settings) -> int:
    """Two runs case by case; 1 when the second is worse."""
    before, after = (run_file.read(past.find(file, own)) for file in (given.before, given.after))
    found = gate.compare(before, after, given.margin)
    say(json.dumps(comparison_json(found), ensure_ascii=False) if given.json else comparison_text(found))
    return FAILED if found.verdict == "worse" else DONE


def show(given: argparse.Namespace, own: Settings) -> int:
    """One case of a run."""
    run = run_file.read(past.find(given.run, own))
    if run.split == "test" and not given.spoil:
        raise UsageError(
            "That is a run on the test half: its single cases are not looked at, or it is no test any more. "
            "Use --split dev; to look all the same, add --spoil."
        )
    row = next((row for row in run.rows if row.case == given.case), None)
    if row is None:
        raise NotFoundError(f"no case {given.case!r} in this run; its first are: {_first_ids(run)}")
    say(json.dumps(to_dict(row), ensure_ascii=False) if given.json else case_text(row))
    return DONE


def history(given: argparse.Namespace, own: Settings) -> int:
    """The runs of a suite, and a picture of how its numbers moved."""
    runs = past.all_runs(own, given.suite, given.split)
    if given.json:
        say(json.dumps(plain(history_json(runs)), ensure_ascii=False))
        return DONE
    say(history_text(runs))
    # Runs on some of the cases would bend the lines.
    whole = [run for _, run in runs if not run.subset]
    if len(whole) > 1:
        file = past.folder(own) / f"trend-{given.suite}-{given.split or 'all'}.svg"
        write_text(file, _trend(whole))
        say(str(file))
    return DONE


def report(given: argparse.Namespace, own: Settings) -> int:
    """Markdown and HTML of a run, beside it."""
    file = past.find(given.run, own)
    run = run_file.read(file)
    found = gate.compare(run_file.read(past.find(given.baseline, own)), run) if given.baseline else None
    say("\n".join(str(made) for made in write_reports(run, found, file)))
    return DONE


def write_reports(run: Run, found: Comparison | None, file: Path) -> tuple[Path, Path]:
    """The run as Markdown and as HTML, beside its file."""
    # matplotlib takes a second, which no other command need wait for.
    from eval.report.html import page
    from eval.report.markdown import markdown

    texts = (file.with_suffix(".md"), markdown(run, found)), (file.with_suffix(".html"), page(run, found))
    for place, text in texts:
        write_text(place, text)
    return texts[0][0], texts[1][0]


def write_text(file: Path, text: str) -> None:
    """Store a text; raises UsageError where that is not possible."""
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror or error}.") from error


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


def say(said: str) -> None:
    """A text and a line's end on standard output, whatever its encoding."""
    sys.stdout.buffer.write(f"{said}\n".encode(errors="replace"))
    sys.stdout.buffer.flush()


def _trend(runs: list[Run]) -> str:
    from eval.report.pictures import trend

    names = [name for name in SHOWN if all(name in run.metrics for run in runs)]
    return trend({n: [(f"{run.began:%m-%d %H:%M}", run.metrics[n].interval) for run in runs] for n in names})


def _first_ids(run: Run) -> str:
    return ", ".join(row.case for row in run.rows[:5])


def init(given: argparse.Namespace, own: Settings) -> int:
    """Drafts of cases from one's own notes; what was checked is taken over."""
    # They load the encoder's packages, which the other commands do without.
    from eval import drafts
    from eval.ground import prepare
    from eval.subject import open_subject

    ground = prepare(given.notes, own, {}, to_stderr)
    with open_subject(ground.settings, None, to_stderr) as subject:
        done = drafts.init(given.folder, subject.assistant.catalog.browse(EVERYTHING), subject)
    for problem in done.wrong:
        print(problem, file=sys.stderr)
    say(f"{done.taken} cases taken over, {done.waiting} drafts wait to be checked in {given.folder / 'drafts.jsonl'}")
    return DONE


COMMANDS: dict[str, Command] = {
    "compare": compare,
    "show": show,
    "history": history,
    "report": report,
    "init": init,
}
