"""What reading a file gives: notes without ids, and findings about the file for the person who wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import KeyPoint, Level


@dataclass(frozen=True, slots=True)
class ParsedPoint:
    """A key point and the line it begins at."""

    point: KeyPoint
    line: int


@dataclass(frozen=True, slots=True)
class ParsedNote:
    """One question with its answer, or one headed passage of prose, as it stands in a file.

    `title` is the question as written, or the last heading; `text` the answer alone, or the passage (empty
    where the file lost the answer). `path` holds the headings above `text`, outermost first, with their
    numbers: a level heading and the question itself are not among them, the heading of prose is its last.
    `line` is 1-based in the source; for HTML, PDF and DOCX in the text they were converted to. `asked` tells a
    question from prose, which has no key points.
    """

    topic: str
    level: Level | None
    title: str
    text: str
    path: tuple[str, ...]
    line: int
    points: tuple[ParsedPoint, ...] = ()
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a file worth looking at. `line` is 1-based, None where the source has no lines."""

    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """Notes in the file's order. A question may stand twice under one topic; its path then tells them apart.

    `markdown` holds the file's own lines where they were read as Markdown, for those who look at more than notes.
    """

    notes: tuple[ParsedNote, ...]
    warnings: tuple[Finding, ...]
    markdown: Sequence[str] = ()
