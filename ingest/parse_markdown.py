"""Markdown lines to elements: ATX and setext headings outside code, front matter read and skipped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest import parse_marks as marks
from ingest.parse_outline import Element, heading, read_line
from ingest.parsed import Finding

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?", re.DOTALL)
_FENCE = re.compile(r"[ \t]*(?:[-*+>][ \t]+)?(`{3,}|~{3,})(.*)", re.DOTALL)
_LANGUAGE = re.compile(r"[ \t]*\w[\w+#.-]*[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(?:={2,}|-{3,})[ \t]*")
_FRONT_KEY = re.compile(r"(topic|title)\s*:\s*(.+)", re.IGNORECASE)
_FRONT_LINE = re.compile(r"\s|#|-|[\w.-]+\s*:|$")
_FRONT_LINES = 200
_NOT_A_PARAGRAPH = re.compile(r"\s{4}|\s*[-*+>|#]|\s*\d+[.)]\s")


@dataclass(frozen=True, slots=True)
class MarkdownFile:
    """What the reader found. `name` is the front matter's topic or title, if any."""

    elements: tuple[Element, ...]
    name: str | None
    findings: tuple[Finding, ...]


def read(lines: Sequence[str]) -> MarkdownFile:
    """Elements of a Markdown document, one a line (a setext heading takes two)."""
    start, name = _front_matter(lines)
    in_code, findings = code_lines(lines, start)
    following = marks.next_filled(lines)
    elements: list[Element] = []
    underlined = False
    for place in range(start, len(lines)):
        raw, number = lines[place], place + 1
        if underlined:
            underlined = False
        elif in_code[place]:
            elements.append(Element("text", number, raw))
        elif found := _ATX.fullmatch(raw):
            elements.append(heading(_unclosed(found[2] or ""), raw, number, len(found[1])))
        elif _is_setext(lines, place, start) and not in_code[place + 1]:
            underlined = True
            elements.append(heading(raw, raw, number, 1 if "=" in lines[place + 1] else 2))
        else:
            elements.append(read_line(raw, number, following[place]))
    return MarkdownFile(tuple(elements), name, tuple(findings))


def looks_like(lines: Sequence[str]) -> bool:
    """Whether plain text is written in Markdown: an ATX heading with nothing right above it."""
    above = ""
    for line in lines:
        found = _ATX.fullmatch(line)
        if found and found[2] and not above.strip():
            return True
        above = line
    return False


def _front_matter(lines: Sequence[str]) -> tuple[int, str | None]:
    """Where the text starts, and the topic (else the title) that YAML front matter gives."""
    if not lines or lines[0].rstrip() != "---":
        return 0, None
    names: dict[str, str] = {}
    for place, line in enumerate(lines[1:_FRONT_LINES], 1):
        if line.rstrip() in ("---", "..."):
            return place + 1, names.get("topic") or names.get("title")
        if not _FRONT_LINE.match(line):
            return 0, None
        key = _FRONT_KEY.match(line)
        if key:
            names[key[1].lower()] = key[2].strip().strip("\"'")[: marks.MAX_TITLE]
    return 0, None


def code_lines(lines: Sequence[str], start: int = 0) -> tuple[bytearray, list[Finding]]:
    """Flags for lines of fenced code, fences included. A fence that nothing closes is text, and a finding."""
    fences = [_FENCE.match(line) for line in lines]
    longest = {"`": [0] * (len(lines) + 1), "~": [0] * (len(lines) + 1)}
    for place in range(len(lines) - 1, -1, -1):
        found = fences[place]
        for sign, after in longest.items():
            closes = found is not None and found[1][0] == sign and not found[2].strip()
            after[place] = max(after[place + 1], len(found[1]) if found and closes else 0)
    flags, findings, opened = bytearray(len(lines)), list[Finding](), ""
    for place in range(start, len(lines)):
        found = fences[place]
        if opened:
            flags[place] = 1
            if found and found[1].startswith(opened):
                if not found[2].strip():
                    opened = ""
                elif _LANGUAGE.fullmatch(found[2]):
                    findings.append(Finding(place + 1, "a code fence is opened inside another: close that one before"))
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            if longest[found[1][0]][place + 1] >= len(found[1]):
                opened, flags[place] = found[1], 1
            else:
                findings.append(Finding(place + 1, "a code fence is opened here and never closed: read as text"))
    return flags, findings


def _is_setext(lines: Sequence[str], place: int, start: int) -> bool:
    """A paragraph of one line with `===` or `---` right below it."""
    if place + 1 >= len(lines) or not _UNDERLINE.fullmatch(lines[place + 1]):
        return False
    line = lines[place]
    alone = place == start or not lines[place - 1].strip()
    return alone and bool(line.strip()) and not _NOT_A_PARAGRAPH.match(line) and marks.answer(line) is None


def _unclosed(text: str) -> str:
    """A heading without the hashes that may close it."""
    bare = text.rstrip()
    words = bare.rstrip("#")
    return words if words != bare and words[-1:] in ("", " ", "\t") else bare
