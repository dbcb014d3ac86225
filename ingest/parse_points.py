"""The key points of an answer: a marked list at its end, parted from its text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import KeyPoint
from ingest import parse_marks as marks
from ingest.parse_markdown import code_lines
from ingest.parsed import Finding, ParsedPoint

LIGHTEST, HEAVIEST = 1, 3

_ITEM = re.compile(r"(?P<indent>\s*)(?:[-*+•]|\d{1,3}[.)])(?:\s+|(?=\())(?P<rest>.*)", re.DOTALL)
_WEIGHT = re.compile(r"(\*\*|__)?\(\s*(?P<number>[-+−]?\d{1,2}(?:[.,]\d{1,2})?)\s*\)(?(1)\1)\s*")
_FENCE = re.compile(r"\s*(?:```|~~~)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer and where it stands in the file, counted from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Parted:
    """An answer without its key points, the key points, and what is wrong with them."""

    lines: Sequence[Line]
    points: tuple[ParsedPoint, ...] = ()
    findings: tuple[Finding, ...] = ()


def part(lines: Sequence[Line]) -> Parted:
    """Part an answer from the list below its last key points label. What is no such list stays in the answer."""
    if not any(marks.key_points(line.text) for line in lines):
        return Parted(lines)
    in_code, _ = code_lines([line.text for line in lines])
    labels = [place for place, line in enumerate(lines) if marks.key_points(line.text) and not in_code[place]]
    if not labels:
        return Parted(lines)
    label = labels[-1]
    items = _items(lines[label + 1 :], in_code[label + 1 :])
    if not items:
        return Parted(lines, (), (Finding(lines[label].number, _misplaced(lines[label + 1 :])),))
    points: list[ParsedPoint] = []
    findings: list[Finding] = []
    for item in items:
        weight, text, wrong = _weighed(_joined(item))
        if wrong:
            findings.append(Finding(item[0].number, wrong))
        if text:
            points.append(ParsedPoint(KeyPoint(text, weight), item[0].number))
        else:
            findings.append(Finding(item[0].number, "an empty key point: write it, or delete the line"))
    return Parted(lines[:label], tuple(points), tuple(findings))


def _items(lines: Sequence[Line], in_code: Sequence[int]) -> list[list[Line]]:
    """The items of a list with the lines that belong to each; empty when the lines hold anything but one list."""
    items: list[list[Line]] = []
    margin, after_blank = 0, False
    for line, code in zip(lines, in_code, strict=True):
        text = line.text.expandtabs(4)
        found = None if code else _ITEM.fullmatch(text)
        indent = len(text) - len(text.lstrip())
        if not text.strip():
            after_blank = True
            if items:
                items[-1].append(line)
            continue
        if found and (not items or indent <= margin + 1):
            margin = indent
            items.append([Line(line.number, found["rest"])])
        elif items and (code or indent > margin or not after_blank):
            items[-1].append(Line(line.number, text[min(indent, margin + 2) :]))
        else:
            return []
        after_blank = False
    return items


def _joined(item: Sequence[Line]) -> str:
    """A wrapped item on one line, unless it holds what needs its own lines: code or a list."""
    rows = [line.text.rstrip() for line in item]
    if any(_FENCE.match(row) for row in rows) or any(_ITEM.fullmatch(row) for row in rows[1:]):
        return "\n".join(rows).strip()
    return " ".join(row.strip() for row in rows if row)


def _weighed(text: str) -> tuple[int, str, str | None]:
    """Weight and words of a point, and what is wrong with the weight."""
    found = _WEIGHT.match(text)
    if not found:
        return LIGHTEST, text, None
    number = float(found["number"].replace(",", ".").replace("−", "-"))
    weight = min(max(round(number), LIGHTEST), HEAVIEST)
    wrong = f"({found['number']}) is no weight: write ({LIGHTEST}), (2) or ({HEAVIEST}); read as ({weight})"
    return weight, text[found.end() :], None if number == weight else wrong


def _misplaced(below: Sequence[Line]) -> str:
    first = next((line.text for line in below if line.text.strip()), "")
    if _ITEM.fullmatch(first):
        return "key points end the answer: move what follows their list above this line; read as part of the answer"
    return "no list below this label: write each key point as `- (2) text`; read as part of the answer"
