"""Runs the measurements: `python -m eval.bench [--only ingest,search] [--sizes 138,5000]`, or `make bench`.

Each part can be run alone; results of the others stay as they are. docs/benchmarks.json keeps what was measured,
docs/benchmarks.md shows it between markers, each part with its own machine, date and commit. About 15 minutes in all.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.errors import AssistantError, UsageError
from config.settings import PROJECT, ConfigError, Settings, load
from eval.bench import answer_times, intake, page_start, search_speed
from eval.bench.machine import QUIET_LOAD, here
from eval.bench.synthetic import vocabulary
from eval.bench.table import put, rendered

PARTS = ("ingest", "search", "page", "answers")
DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
_NAME = "benchmarks"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m eval.bench", description="Measure speed and memory on this machine.")
    made.add_argument("--only", type=_names, default=PARTS, metavar="PARTS", help=f"some of: {','.join(PARTS)}")
    made.add_argument("--sizes", type=_sizes, default=search_speed.SIZES, help="notes to search, such as 138,5000")
    made.add_argument("--out", type=Path, default=PROJECT / "docs", help=f"where {_NAME}.md and .json are kept")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write, and say what was left out; the exit code."""
    options = parser().parse_args(arguments)
    try:
        settings = load()
        with TemporaryDirectory(prefix="bench-") as scratch:
            _run(options, settings, Path(scratch))
    except (UsageError, ConfigError) as wrong:
        return _fail(wrong, USAGE)
    except (AssistantError, OSError) as failed:
        return _fail(failed, FAILED)
    except KeyboardInterrupt:
        return _fail("interrupted: parts that were done are written", INTERRUPTED)
    return DONE


def _run(options: argparse.Namespace, settings: Settings, scratch: Path) -> None:
    at = settings.model_copy(update={"home": scratch / "home"})
    words = vocabulary(settings.notes)

    def bundled_home() -> None:
        if not at.home.exists():
            intake.fill(at, settings.notes)

    def page() -> dict[str, object]:
        bundled_home()
        return page_start.measure(at, _say)

    def answers() -> dict[str, object] | None:
        if not answer_times.ready(at):
            _say(f"answers: left out, for the weights of {at.engine.model} are not here: python -m assistant.weights")
            return None
        bundled_home()
        return answer_times.measure(at, _say)

    parts: dict[str, Callable[[], dict[str, object] | None]] = {
        "ingest": lambda: intake.measure(at, words, scratch, _say),
        "search": lambda: search_speed.measure(options.sizes, at, words, _say),
        "page": page,
        "answers": answers,
    }
    for name in options.only:
        machine = here()
        if machine.load > QUIET_LOAD:
            _say(f"{name}: this machine is busy (load {machine.load}); the numbers will say so")
        results = parts[name]()
        if results is not None:
            _write(options.out, name, {"machine": asdict(machine), "results": results})


def _write(folder: Path, name: str, part: dict[str, object]) -> None:
    """Add one part to what was measured before."""
    folder.mkdir(parents=True, exist_ok=True)
    kept, page = folder / f"{_NAME}.json", folder / f"{_NAME}.md"
    everything = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    everything[name] = part
    kept.write_text(json.dumps(everything, ensure_ascii=False, indent=1) + "\n", "utf-8")
    page.write_text(put(page.read_text("utf-8") if page.exists() else "", name, rendered(name, part)), "utf-8")
    _say(f"{name}: written to {page}")


def _names(value: str) -> tuple[str, ...]:
    wanted = value.split(",")
    if unknown := [name for name in wanted if name not in PARTS]:
        raise argparse.ArgumentTypeError(f"no part {unknown[0]!r}; there are: {', '.join(PARTS)}")
    return tuple(name for name in PARTS if name in wanted)


def _sizes(value: str) -> tuple[int, ...]:
    try:
        sizes = tuple(int(size) for size in value.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError("sizes are whole numbers with commas between: 138,5000") from error
    if not all(1 <= size <= 200_000 for size in sizes):
        raise argparse.ArgumentTypeError("a size is from 1 to 200000")
    return sizes


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _fail(error: object, code: int) -> int:
    _say(str(error))
    return code


if __name__ == "__main__":
    sys.exit(main())
