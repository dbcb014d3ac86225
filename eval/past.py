"""The runs of a home: where they lie, and one of them found by a part of its name."""

from pathlib import Path

from assistant.errors import UsageError
from config.settings import Settings
from eval import run_file
from eval.run_file import Run


def folder(own: Settings) -> Path:
    """Where this home keeps its runs."""
    return own.home / "eval" / "runs"


def find(given: Path, own: Settings) -> Path:
    """A run by its file, or by its name in this home, or "last".

    Raises:
        UsageError: there is no such run.
    """
    if given.exists():
        return given
    kept = sorted(folder(own).glob("*.json"))
    named = kept[-1:] if str(given) == "last" else [file for file in kept if str(given) in file.stem]
    if not named:
        raise UsageError(f"no run {str(given)!r}: give a file, or a name that stands in {folder(own)}")
    return named[-1]


def all_runs(own: Settings, suite: str, split: str | None) -> list[tuple[Path, Run]]:
    """The runs of a suite, oldest first; files that are no runs of this version are passed over."""
    found = []
    for file in sorted(folder(own).glob(f"*-{suite}-*.json")):
        try:
            run = run_file.read(file)
        except UsageError:
            continue
        if split is None or run.split == split:
            found.append((file, run))
    return found
