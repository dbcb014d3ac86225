"""What is wrong with a Markdown file's own lines: misspelt levels, questions inside code, broken TeX."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from assistant.text import fold
from ingest import parse_marks as marks
from ingest.lint_tex import faults
from ingest.parse_markdown import code_lines, read
from ingest.parse_outline import BARE, Element
from ingest.parsed import Finding

# Share of letters in common: `Meduim` has 0.83 with `Medium`, `Basik` 0.8 with `Basic`.
_CLOSE = 0.8
_LONGEST_LEVEL = 40
_BESIDE_A_LEVEL = frozenset(("level", "questions", "уровень", "вопросы"))
_ASIDE = re.compile(r"\([^()]*\)")
_ITEM = re.compile(r"\s{0,20}(?:[-*+•>]|\d{1,9}[.)])\s")
_LEAD = re.compile(r"[\s>]*(?:(?:[-*+•]|\d{1,9}[.)])\s)?\s*")
_INDENT = re.compile(r" {4}| {0,3}\t")
_CELL = re.compile(r"(?:[^|\\]+|\\.)++")
_HEADING = re.compile(r" {0,3}#{2,6}[ \t]+(.*)", re.DOTALL)
_SHOWS_MARKDOWN = re.compile(r"\W*(?:markdown|md)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A heading that is meant to be a level."""

    line: int
    text: str
    level: str


class MarkdownLines:
    """A file's lines as Markdown reads them: what each is, and which are code."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._elements = read(lines).elements
        first = self._elements[0].line - 1 if self._elements else len(lines)
        self._in_code, _ = code_lines(lines, first)

    def misspelt_levels(self) -> list[Misspelt]:
        """Headings that nearly name a level, where levels stand; in a file without any, two different ones."""
        depths = {element.depth for element in self._elements if element.kind == "level"}
        filled = [element for element in self._elements if element.raw.strip()]
        pairs = zip(filled, [*filled[1:], None], strict=True)
        near = [found for element, below in pairs if (found := _nearly_a_level(element, below))]
        if not depths and len({misspelt.level for _, misspelt in near}) < 2:
            return []
        return [misspelt for depth, misspelt in near if not depths or depth in depths]

    def questions_in_code(self) -> Iterator[Finding]:
        """Questions and levels that a code block has swallowed, as happens where a fence before them is not closed."""
        begun = 0
        for place, line in enumerate(self._lines):
            if not self._in_code[place]:
                begun = place + 1
                continue
            found = _HEADING.fullmatch(line) if len(line) <= marks.MAX_TITLE else None
            asks = found and (found[1].rstrip().endswith("?") or marks.level(found[1]))
            if asks and not _SHOWS_MARKDOWN.match(self._lines[begun]):
                yield Finding(place + 1, f"a question in the code that line {begun + 1} begins: close that code before")

    def broken_tex(self) -> Iterator[Finding]:
        """Formulas outside code that will not be shown as meant."""
        for number, text, is_cell in self._paragraphs():
            hint = " (in a table `|` ends the cell: write `\\vert`)" if is_cell else ""
            for fault in faults(text):
                yield Finding(number + text.count("\n", 0, fault.place), f"TeX: {fault.reason}{hint}")

    def _paragraphs(self) -> Iterator[tuple[int, str, bool]]:
        """Runs of lines that a formula may span, with the first's number, and whether it is a cell of a table."""
        kept: list[str] = []
        number, closing, in_list = 0, "", False
        for element in self._elements:
            line, indented = element.raw, bool(_INDENT.match(element.raw))
            outside = not line.strip() or bool(self._in_code[element.line - 1])
            if kept and (outside or element.depth or (not closing and _starts(line))):
                yield number, "\n".join(kept), False
                kept, closing = [], ""
            if outside or (indented and not kept and not in_list):
                continue  # four spaces make code, unless they continue a list
            in_list = in_list if indented else bool(_ITEM.match(line))
            if not closing and line.lstrip().startswith("|"):
                yield from ((element.line, cell.group(), True) for cell in _CELL.finditer(line))
                continue
            number = number if kept else element.line
            kept.append(line)
            closing = _display_left_open(closing, line)
            if element.depth:
                yield number, line, False
                kept, closing = [], ""
        if kept:
            yield number, "\n".join(kept), False


def _starts(line: str) -> bool:
    return bool(_ITEM.match(line)) or line.lstrip().startswith("|")


def _display_left_open(closing: str, line: str) -> str:
    """What closes the display formula that is open after a line; in it nothing is a list or a table."""
    if closing:
        return "" if closing in line else closing
    lead = _LEAD.match(line)
    body = line[lead.end() :] if lead else line
    for mark, closes in (("$$", "$$"), ("\\[", "\\]")):
        if body.startswith(mark) and closes not in body[len(mark) :]:
            return closes
    return ""


def _nearly_a_level(element: Element, below: Element | None) -> tuple[int, Misspelt] | None:
    """A heading, or a line right above a marked question, that nearly names a level; with the depth of such levels."""
    heading = element.kind == "heading"
    bare = element.kind == "text" and below is not None and below.kind == "question" and not below.depth
    words = element.text if heading else element.raw.strip(" \t*_:")
    if not (heading or bare) or len(words) > _LONGEST_LEVEL:
        return None
    named = [word for word in fold(_ASIDE.sub("", words)).split() if word not in _BESIDE_A_LEVEL]
    close = get_close_matches(named[0], marks.LEVEL_NAMES, 1, _CLOSE) if len(named) == 1 else []
    depth = element.depth if heading else BARE
    return (depth, Misspelt(element.line, words, marks.LEVEL_NAMES[close[0]])) if close else None
