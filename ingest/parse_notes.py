"""Elements to notes: which text belongs to which question, under which topic, level and headings."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from assistant.types import Level
from ingest import parse_marks as marks
from ingest.parse_outline import BARE, Element, has_title, settle
from ingest.parse_points import Line, Parted, part
from ingest.parsed import Finding, ParsedFile, ParsedNote

# A line or two between a heading and its first question (sources, a date) would only compete with the answers.
SHORT_PREAMBLE = 120
# Prose without headings, such as a book's text, is cut so that opening a note does not open the book.
LONG_PROSE = 20_000
_CONTINUED_LINES = 3
_RULE = re.compile(r"\s*([-*_])(?:\s*\1){2,}\s*")

Layout = Callable[[Sequence[str]], str]


def plain_layout(lines: Sequence[str]) -> str:
    """Lines as they stand."""
    return "\n".join(lines)


@dataclass(slots=True)
class _Open:
    """A note being read. `marked`: None for prose, else whether the question carries a mark of its own."""

    title: str
    line: int
    marked: bool | None
    answered: bool = False
    lines: list[Line] = field(default_factory=list)


class _Reader:
    def __init__(self, fallback: str, layout: Layout, titled: bool) -> None:
        self.fallback = fallback
        self.layout = layout
        self.titled = titled
        self.notes: list[ParsedNote] = []
        self.findings: list[Finding] = []
        self.sections: list[tuple[int, str]] = []
        self.level: Level | None = None
        self.level_depth = BARE
        self.open: _Open | None = None

    def read(self, element: Element) -> None:
        """Take the next element in document order."""
        note = self.open
        if element.kind in ("heading", "level") or (element.kind == "question" and element.depth):
            self.close(before_question=element.kind != "heading")
            self._enter(element)
        if element.kind == "question" or (element.kind == "unmarked" and (note is None or not note.marked)):
            self.close(before_question=True)
            self.open = _Open(element.text, element.line, element.kind == "question")
            if element.tail:
                self.open.answered = True
                self.open.lines.append(Line(element.line, element.tail))
        elif element.kind == "answer" and note and note.marked is not None and not note.answered:
            _begin_answer(note, element)
        elif element.kind not in ("heading", "level"):
            if self.open is None:
                self.open = _Open(self.sections[-1][1] if self.sections else self.fallback, element.line, None)
            self.open.lines.append(Line(element.line, element.raw))

    def _enter(self, element: Element) -> None:
        if element.depth <= self.level_depth:
            self.level, self.level_depth = None, BARE
        if element.depth < BARE:
            while self.sections and self.sections[-1][0] >= element.depth:
                self.sections.pop()
        if element.kind == "heading":
            self.sections.append((element.depth, element.text))
        elif element.kind == "level":
            self.level, self.level_depth = element.level, element.depth

    def close(self, *, before_question: bool = False) -> None:
        """End the note being read, if any."""
        note, self.open = self.open, None
        if note is None:
            return
        lines = _trimmed(note.lines)
        if note.marked is None or not (note.title or lines):
            self._close_prose(note, self._text(lines), before_question)
            return
        self._close_question(note, part(lines), self._text(lines))

    def _close_question(self, note: _Open, parted: Parted, whole: str) -> None:
        """`whole` is the answer with its key points."""
        title, text = _bounded(note, self._text(_trimmed(parted.lines)))
        self.findings += parted.findings
        if parted.points and not text:
            text = whole
            self.findings.append(Finding(note.line, f"no answer to “{title}”: its key points stand in for one"))
        elif not text:
            self.findings.append(Finding(note.line, f"no answer to “{title}”: kept without one"))
        elif text.endswith(":"):
            self.findings.append(Finding(note.line, f"the answer to “{title}” looks cut off: it ends in a colon"))
        path = tuple(name for _, name in self.sections)
        self._add(ParsedNote("", self.level, title, text, path, note.line, parted.points, asked=True))

    def _text(self, lines: Sequence[Line]) -> str:
        return self.layout([line.text for line in lines])

    def _close_prose(self, note: _Open, text: str, before_question: bool) -> None:
        if not text:
            return
        if self.sections and before_question and len(text) < SHORT_PREAMBLE:
            self.findings.append(
                Finding(note.line, f"not a note of its own: “{text}”, between a heading and a question")
            )
            return
        path = tuple(name for _, name in self.sections)
        for number, piece in enumerate(_pieces(text, LONG_PROSE), 1):
            title = note.title if number == 1 else f"{note.title} ({number})"
            above = path if number == 1 else (*path[:-1], title)
            self._add(ParsedNote("", self.level, title, piece, above, note.line))

    def _add(self, note: ParsedNote) -> None:
        path = note.path
        top = path[1] if self.titled and len(path) > 1 else path[0] if path else self.fallback
        self.notes.append(replace(note, topic=marks.unnumbered(top)))


def build(elements: Sequence[Element], fallback: str, layout: Layout = plain_layout) -> ParsedFile:
    """Notes of one file. `fallback` is the topic where no heading gives one; `layout` joins the lines of a text."""
    settled = settle(elements)
    reader = _Reader(fallback, layout, has_title(settled))
    for element in settled:
        reader.read(element)
    reader.close()
    return ParsedFile(tuple(reader.notes), tuple(reader.findings))


def _begin_answer(note: _Open, element: Element) -> None:
    """Lines between a question that has not ended yet and its answer are the rest of the question."""
    note.answered = True
    rest = [line.text.strip() for line in note.lines if line.text.strip()]
    ended = note.title.endswith(("?", ".", "!", ":"))
    if rest and len(rest) <= _CONTINUED_LINES and not ended and not any(line.startswith(("`", "|")) for line in rest):
        note.title, note.lines = " ".join([note.title, *rest]).strip(), []
    if element.text:
        note.lines.append(Line(element.line, element.text))


def _bounded(note: _Open, text: str) -> tuple[str, str]:
    """Title and text of a question: parted where both stand on one line, and the title kept to a title's length."""
    title = note.title
    if not text and not note.answered:
        parted = marks.split_inside(title)
        title, text = parted.title, parted.answer
    if not title:
        title, _, text = text.partition("\n")
        text = text.strip("\n")
    if len(title) > marks.MAX_TITLE:
        cut = title.rfind(" ", 0, marks.MAX_TITLE)
        cut = cut if cut > 0 else marks.MAX_TITLE
        title, text = title[:cut], f"{title[cut:].strip()}\n\n{text}".strip()
    return title, text


def _trimmed(lines: Sequence[Line]) -> Sequence[Line]:
    """Without blank lines and separating rules at either end."""
    start, end = 0, len(lines)
    while start < end and _is_blank(lines[start].text):
        start += 1
    while end > start and _is_blank(lines[end - 1].text):
        end -= 1
    return lines[start:end]


def _is_blank(line: str) -> bool:
    return not line.strip() or (len(line) < 100 and bool(_RULE.fullmatch(line)))


def _pieces(text: str, limit: int) -> list[str]:
    """Parts of at most `limit` characters, cut at the last paragraph, line or word that fits."""
    parts: list[str] = []
    start = 0
    while len(text) - start > limit:
        cut = -1
        for mark in ("\n\n", "\n", " "):
            cut = text.rfind(mark, start + limit // 2, start + limit)
            if cut >= 0:
                break
        cut = cut if cut >= 0 else start + limit
        parts.append(text[start:cut].strip())
        start = cut
    parts.append(text[start:].strip())
    return [part for part in parts if part]
