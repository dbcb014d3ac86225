"""The command line: `python -m ingest PATH… [--json] [--remove ROOT] [--check]`."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import AssistantError, NotFoundError, UsageError
from config.settings import ConfigError, Settings, load
from ingest.check import check
from ingest.progress import to_stream
from ingest.report import IngestReport
from ingest.roots import existing
from ingest.sync import Parts, Request, run

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

_DESCRIPTION = """\
Bring the index to what files and folders hold now: new notes are added, edited ones updated,
vanished ones removed. Running it again changes nothing.

A folder is a root of its name; other roots are left alone. A file or folder below a registered
root updates that root, only there. Any other file is a root of its own.
"""
_EPILOG = """\
output of --json: {"files","notes","chunks"} are totals of the given paths after the run,
  {"added","updated","removed","unchanged"} count notes, then
  "warnings": [{"path","line","reason"}], "rejected": [{"path","reason"}].
  A rejected file keeps the notes that were read of it before.

exit code: 0 done (rejected files included), 1 could not do the work, 2 bad usage, 130 interrupted

example:
  python -m ingest notes ~/lectures/ranking.pdf
  python -m ingest --check notes --json
  python -m ingest --remove ranking.pdf
"""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    made = argparse.ArgumentParser(
        prog="python -m ingest",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="Markdown, text, HTML, PDF, DOCX, or folders")
    made.add_argument("--json", action="store_true", help="print the report as one JSON object")
    made.add_argument(
        "--remove", action="append", default=[], metavar="ROOT", help="let go of a root, by its name or its path"
    )
    made.add_argument("--check", action="store_true", help="only lint the files, by file and line; touch nothing")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; the exit code of the contracts."""
    command = parser()
    options = command.parse_args(arguments)
    if options.check and options.remove:
        command.error("--check touches nothing, so it cannot --remove")
    if not options.paths and (options.check or not options.remove):
        command.error("give at least one file or folder")
    try:
        settings = load()
        for path in options.paths:
            existing(path)  # a wrong path is told at once, not after the encoder has been loaded
        if options.check:
            report = check(options.paths, settings.home, settings.ingest, to_stream(sys.stderr))
        else:
            report = _run(Request(tuple(options.paths), tuple(options.remove)), settings)
        _print(report, as_json=options.json)
    except (UsageError, NotFoundError, ConfigError) as wrong:
        return _fail(str(wrong), USAGE)
    except AssistantError as failed:
        return _fail(str(failed), FAILED)
    except BrokenPipeError:
        # Whoever read us has gone (`| head`): the work is done, and Python's own flush at exit must not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return _fail("Interrupted. What was done is kept; run the same again to go on.", INTERRUPTED)
    return DONE


def _run(request: Request, settings: Settings) -> IngestReport:
    # Brings in the encoder's and the index's packages: seconds, which --help and --check need not wait for.
    from assistant import build
    from assistant.terminal import to_stderr

    with build.open_index(settings, to_stderr) as (catalog, store, encoder):
        parts = Parts(settings.home, catalog, store, encoder, settings.ingest)
        return run(request, parts, to_stream(sys.stderr), lambda said: print(said, file=sys.stderr))


def _print(report: IngestReport, *, as_json: bool) -> None:
    text = json.dumps(report.json(), ensure_ascii=False) if as_json else report.text()
    sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.flush()


def _fail(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
