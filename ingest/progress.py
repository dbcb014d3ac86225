"""Progress of a run on a stream: one line that redraws itself on a terminal, a line every tenth elsewhere."""

import shutil
from typing import TextIO

from ingest.report import Progress, Step

_WIDTH = 24
_CLEAR = "\r\x1b[K"


def to_stream(stream: TextIO) -> Progress:
    """A callback that writes steps to `stream`."""
    return _bar(stream) if stream.isatty() else _lines(stream)


def _bar(stream: TextIO) -> Progress:
    def show(step: Step) -> None:
        if step.done >= step.total:
            stream.write(_CLEAR)
        else:
            filled = _WIDTH * step.done // step.total
            line = f"{step.phase} [{'#' * filled:.<{_WIDTH}}] {step.done}/{step.total} {step.label}"
            stream.write(_CLEAR + line[: shutil.get_terminal_size().columns - 1])
        stream.flush()

    return show


def _lines(stream: TextIO) -> Progress:
    shown: dict[str, int] = {}

    def show(step: Step) -> None:
        tenth = 10 * step.done // max(step.total, 1)
        if shown.get(step.phase) != tenth:
            shown[step.phase] = tenth
            stream.write(f"{step.phase} {_unit(step)} {step.done}/{step.total}\n")
            stream.flush()

    return show


def _unit(step: Step) -> str:
    return "files" if step.phase == "reading" else "chunks"
