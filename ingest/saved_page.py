"""A page saved as text: headings end in ¶, levels stand alone, code has lost its fences and its indentation.

The form is known by its ¶. In it a line break is a real break, so the text is stored as Markdown that shows it
so: a blank line between paragraphs, none between list items or table rows, and a fence around lines that are
certainly code (their comments would otherwise show as headings). No word is added, dropped or moved.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest import parse_marks as marks
from ingest.parse_code import code_runs
from ingest.parse_outline import BARE, Element, heading, read_line

_MAX_HEADING = 200
_NUMBER = re.compile(r"\d+((?:\.\d+)*)[.)]?\s")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s")
_TABLE_RULE = re.compile(r"\|(?:\s*:?-{3,}:?\s*\|)+")


def looks_like(lines: Sequence[str]) -> bool:
    """Whether lines end in ¶ as headings do, without being Markdown's own."""
    bare = sum(1 for line in lines if _is_heading(line) and not line.startswith("#"))
    return bare > 1 or (bare == 1 and not any(line.startswith("#") for line in lines))


def read(lines: Sequence[str]) -> list[Element]:
    """Elements of a saved page, one a line. Its headings have no depth: numbers give it, or the first is the title."""
    following = marks.next_filled(lines)
    elements = [
        heading(line, line, place + 1, _depth(line))
        if _is_heading(line)
        else read_line(line, place + 1, following[place])
        for place, line in enumerate(lines)
    ]
    # A level on a page has no depth of its own: it stands below any section.
    elements = [replace(element, depth=BARE) if element.kind == "level" else element for element in elements]
    structure = [place for place, element in enumerate(elements) if element.kind in ("heading", "level", "question")]
    if len(structure) > 1 and all(elements[place].kind == "heading" for place in structure[:2]):
        elements[structure[0]] = replace(elements[structure[0]], depth=1)
    return elements


def layout(lines: Sequence[str]) -> str:
    """The lines of one text as Markdown that keeps their breaks."""
    rows = [row for line in lines for row in _table_rows(line.strip()) if row]
    if any(row.startswith(("```", "~~~")) for row in rows):
        return "\n".join(lines)
    text: list[str] = []
    place, before = 0, ""
    for start, end in [*code_runs(rows), (len(rows), len(rows))]:
        for row in rows[place:start]:
            text.append(("\n" if _joined(before, row) else "\n\n") + row)
            before = row
        if end > start:
            text.append("\n\n" + "\n".join(["```", *rows[start:end], "```"]))
            before = ""
        place = end
    return "".join(text).strip()


def _is_heading(line: str) -> bool:
    return len(line) <= _MAX_HEADING and line.rstrip().endswith("¶") and line.strip() != "¶"


def _depth(line: str) -> int:
    number = _NUMBER.match(line.strip())
    return min(2 + number[1].count("."), 6) if number else 2


def _joined(above: str, below: str) -> bool:
    """Rows of one table or items of one list, which a blank line would part."""
    both_rows = above.startswith("|") and below.startswith("|")
    return both_rows or bool(_ITEM.match(above) and _ITEM.match(below))


def _table_rows(line: str) -> list[str]:
    """The rows of a table that the page put on one line; any other line as it is."""
    rule = _TABLE_RULE.search(line) if line.startswith("|") and line.endswith("|") else None
    if not rule or rule.end() - rule.start() == len(line):
        return [line]
    rows = line.replace("| |", "|\n|").split("\n")
    return rows if all(row.count("|") == rule.group().count("|") for row in rows) else [line]
