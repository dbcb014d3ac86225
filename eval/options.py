"""What the command line of `python -m eval` takes."""

import argparse
from pathlib import Path

from assistant.types import LEVELS
from config.settings import PROJECT
from eval.cases import FOLDER, SPLITS

_DESCRIPTION = """\
Did a change make answers worse? Runs golden cases and says what they came to, with intervals.

  fast    no language model: retrieval, refusals, citations, grades (a minute or two)
  full    with it: answers are judged too, after the judge has been measured; goes on after an interruption

`dev` is there to tune on and to look into. `test` is only ever run: its single cases are not shown.
"""
_EPILOG = """\
With --baseline the verdict on the change since then is last: improved, no_worse, worse or inconclusive.
Everything is in docs/evaluation.md.

exit code: 0 done, 1 worse than the baseline or could not do the work, 2 bad usage, 130 interrupted

example:
  python -m eval --split dev --slice cross
  python -m eval --split dev --set retrieve.sparse_weight=0 --baseline before.json
  python -m eval compare before.json after.json
  python -m eval show last --case ID
  python -m eval history --split dev
"""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    made = argparse.ArgumentParser(
        prog="python -m eval",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _run(made)
    commands = made.add_subparsers(dest="command", metavar="[compare|show|history|report|init]")
    compare = commands.add_parser("compare", help="compare two runs case by case")
    compare.add_argument("before", type=Path, metavar="BEFORE")
    compare.add_argument("after", type=Path, metavar="AFTER")
    compare.add_argument("--margin", type=_share, help="the loss to rule out, for every measure")
    compare.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    show = commands.add_parser("show", help="one case of a run, with what went in and came out")
    show.add_argument("run", type=Path, metavar="RUN")
    show.add_argument("--case", required=True, metavar="ID")
    show.add_argument("--spoil", action="store_true", help="even a case of the test half, which then is no test")
    show.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    history = commands.add_parser("history", help="the runs of this home, and how their numbers moved")
    history.add_argument("--suite", default="fast")
    history.add_argument("--split", choices=SPLITS)
    history.add_argument("--json", action="store_true", help="print JSON instead of text")
    init = commands.add_parser("init", help="draft cases from your own notes, and take over those you have checked")
    init.add_argument("notes", type=Path, metavar="NOTES", help="your folder of notes")
    init.add_argument("folder", type=Path, metavar="FOLDER", help="where your cases are to lie")
    report = commands.add_parser("report", help="a run as Markdown and HTML, beside its file")
    report.add_argument("run", type=Path, metavar="RUN", help="a file, a part of its name, or last")
    report.add_argument("--baseline", type=Path, metavar="FILE", help="an earlier run to compare with")
    return made


def _run(made: argparse.ArgumentParser) -> None:
    made.add_argument("--suite", default="fast", metavar="SUITE", help="fast (default) or full")
    made.add_argument("--split", choices=SPLITS, default="dev", help="the half to run (default dev)")
    made.add_argument("--baseline", type=Path, metavar="FILE", help="an earlier run: exit 1 when this one is worse")
    made.add_argument("--margin", type=_share, help="the loss to rule out, for every measure (0.05 = 5 points)")
    made.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    made.add_argument(
        "--ragas",
        type=_count_or_none,
        default=12,
        metavar="N",
        help="in full: Ragas' own metrics on so many answered cases (default 12; minutes a case on a CPU; 0: none)",
    )
    subset = made.add_argument_group("fewer cases")
    subset.add_argument("--topic", help="only cases about notes of this topic")
    subset.add_argument("--level", choices=LEVELS, help="only cases about notes of this level")
    subset.add_argument("--slice", help="only this slice or kind, such as cross, typo, near_miss, negated")
    subset.add_argument("--limit", type=_count, help="at most so many of each kind, the same ones every time")
    subset.add_argument("--cases", type=_ids, default=(), metavar="ID,…", help="only these")
    other = made.add_argument_group("other notes, cases, settings")
    other.add_argument("--notes", type=Path, default=PROJECT / "notes", metavar="FOLDER", help="instead of the bundled")
    other.add_argument("--folder", type=Path, default=FOLDER, help="of cases, instead of those on the bundled notes")
    other.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting, as section.key")
    other.add_argument("--no-report", action="store_true", help="only the run file: no Markdown, no HTML")
    other.add_argument("--keep", type=Path, metavar="FILE", help="store the run here too, without contents: a baseline")


def changes(given: list[str]) -> dict[str, str]:
    """`--set` as a mapping; raises ValueError for what is not KEY=VALUE."""
    pairs = [change.partition("=") for change in given]
    if any(not sign or "." not in key for key, sign, _ in pairs):
        raise ValueError("--set takes section.key=value, such as --set retrieve.sparse_weight=0")
    return {key.strip(): value.strip() for key, _, value in pairs}


def _ids(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _count(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _count_or_none(value: str) -> int:
    return 0 if value == "0" else _count(value)


def _share(value: str) -> float:
    number = float(value)
    if not 0 < number < 1:
        raise argparse.ArgumentTypeError("must be between 0 and 1, such as 0.05")
    return number
