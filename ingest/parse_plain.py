"""Plain text and text taken from PDF: no marks for headings, so they are told by number, place and shape."""

import re
from collections.abc import Sequence

from assistant.types import LEVELS
from ingest import parse_marks as marks
from ingest.parse_outline import BARE, Element, heading, read_line

_NUMBERED = re.compile(r"(\d{1,3})((?:\.\d{1,3})*)[.)]?\s+(?=[^\W\d_])")
_NAMED = re.compile(r"(?:Глава|Раздел|Часть|Тема|Лекция|Chapter|Section|Part|Topic|Lecture)\s+\d{1,3}\b")
_PAGE_NUMBER = re.compile(r"\s*\d{1,4}\s*")
_MAX_HEADING = 100


def read(lines: Sequence[str]) -> list[Element]:
    """Elements of plain text, one a line."""
    filled = ["", *(line for line in lines if line.strip()), "", ""]
    spaced = any(not line.strip() for line in lines)
    elements: list[Element] = []
    at, level_rank = 0, -1
    for place, raw in enumerate(lines):
        if not raw.strip():
            elements.append(Element("text", place + 1, raw))
            continue
        at += 1
        above, below, second = filled[at - 1], filled[at + 1], filled[at + 2]
        alone_above = place == 0 or not lines[place - 1].strip()
        alone_below = place + 1 == len(lines) or not lines[place + 1].strip()
        depth = 0
        if _could_be_heading(raw):
            next_level = marks.level(below) if marks.question(second) else None
            if next_level or marks.question(below):
                # Levels go up within a topic: one that does not go up is another topic's.
                starts_over = next_level is not None and LEVELS.index(next_level) <= level_rank
                depth = _depth_of_topic(raw, sure=starts_over or alone_above or at == 1)
            elif alone_above and alone_below and below and spaced:
                depth = 1 if at == 1 else _depth_of_section(raw)
            depth = 0 if _in_list(raw, above, below) else depth
        element = heading(raw, raw, place + 1, depth) if depth else read_line(raw, place + 1, below)
        level_rank = LEVELS.index(element.level) if element.level else -1 if depth else level_rank
        elements.append(element)
    return elements


def without_page_numbers(text: str) -> str:
    """Pages, parted by form feeds, without a last line that is only a number."""
    pages = []
    for page in text.split("\f"):
        lines = page.rstrip().split("\n")
        pages.append("\n".join(lines[:-1] if _PAGE_NUMBER.fullmatch(lines[-1]) else lines))
    return "\n\n".join(pages)


def _could_be_heading(raw: str) -> bool:
    text = raw.strip()
    return (
        len(text) <= _MAX_HEADING
        and not text.endswith((".", ",", ";", ":", "!", "?", "…"))
        and (text[0].isalnum() or text[0] == "«")
        and marks.question(text) is None
        and marks.answer(text) is None
        and marks.level(text) is None
    )


def _depth_of_topic(raw: str, *, sure: bool) -> int:
    """For a line above a level or a question: a number makes it a heading, else it must be `sure` by its place."""
    number = _NUMBERED.match(raw.strip())
    if number:
        return min(2 + number[2].count("."), BARE - 1)
    return 2 if sure else 0


def _depth_of_section(raw: str) -> int:
    """For a line alone between paragraphs: numbered and with a capital, `Глава 3`, or all in capitals; else 0."""
    text = raw.strip()
    number = _NUMBERED.match(text)
    if number and (number[2] or text[number.end()].isupper()):
        return min(2 + number[2].count("."), BARE - 1)
    return 2 if _NAMED.match(text) or (text.isupper() and len(text) > 4) else 0


def _in_list(raw: str, above: str, below: str) -> bool:
    """Whether the line is an item of a numbered list: the one before or after it has the neighbouring number."""
    numbers = [_NUMBERED.match(line.strip()) for line in (above, raw, below)]
    before, own, after = (int(found[1]) if found and not found[2] else None for found in numbers)
    return own is not None and (before == own - 1 or after == own + 1)
