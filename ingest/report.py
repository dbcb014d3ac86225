"""What one run of ingest did, its progress on the way, and both as text and JSON."""

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Phase = Literal["reading", "indexing"]


@dataclass(frozen=True, slots=True)
class Step:
    """How far a phase is: `done` of `total` files or chunks; `label` names the one in hand, or is empty."""

    phase: Phase
    done: int
    total: int
    label: str = ""


Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class FileWarning:
    """Something worth looking at in a file that was read. `line` counts from 1, None where no line is to blame."""

    path: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that could not be read as notes. What was indexed of an earlier version stays."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """`files`, `notes`, `chunks`: totals of the given paths after the run. The four after them count notes."""

    files: int
    notes: int
    chunks: int
    added: int
    updated: int
    removed: int
    unchanged: int
    warnings: tuple[FileWarning, ...] = ()
    rejected: tuple[Rejection, ...] = ()

    def json(self) -> dict[str, object]:
        """The object that `--json` prints."""
        return asdict(self)

    def text(self) -> str:
        """The same for people, a line each."""
        lines = [
            ", ".join((_several(self.files, "file"), _several(self.notes, "note"), _several(self.chunks, "chunk")))
        ]
        if self.added or self.updated or self.removed or self.unchanged:
            changes = f"{self.added} added, {self.updated} updated, {self.removed} removed, {self.unchanged} unchanged"
            lines = [f"{lines[0]}: {changes}"]
        lines += [f"warning: {_place(warned)}: {warned.reason}" for warned in self.warnings]
        lines += [f"rejected: {printable(refused.path)}: {refused.reason}" for refused in self.rejected]
        return "\n".join(lines)


def printable(path: str) -> str:
    """A path on one line without control characters: a file name may hold anything, terminal commands included."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in path)


def shown(path: Path) -> str:
    """A file for a report: below the current folder as one would type it, elsewhere in full."""
    return printable(os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path))


def _several(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _place(warned: FileWarning) -> str:
    return printable(warned.path) if warned.line is None else f"{printable(warned.path)}:{warned.line}"
