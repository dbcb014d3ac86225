"""Highlights that survive Markdown: a span of the source is found again in the HTML made from it.

Before parsing, every letter and digit of a span is written with a private stand-in, which Markdown treats as it
treats a letter, so the structure stays the same. Afterwards the stand-ins show which words of the HTML came from
the span, whatever blocks, lists, code or formulas it crosses; they are turned back and wrapped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

from assistant.page.tex import DISPLAY, INLINE
from assistant.types import Span

# Neighbouring strokes use different planes, so that one ends where the next begins.
_PLANES = (0xF0000, 0x100000)
_INKED = re.compile("[\U000f0000-\U0010ffff]")
_PRIVATE = re.compile(f"[{INLINE[0]}-{DISPLAY[1]}\U000f0000-\U0010ffff]")
# Letters and digits that are Markdown's own: list numbers, entities, the language of a code block.
_GRAMMAR = re.compile(r"^[ \t>]*\d{1,9}(?=[.)]\s)|&#?\w{1,31};|^[ \t>]*(?:```|~~~)[^\n]*", re.MULTILINE)
_PIECES = re.compile(f"(<[^>]*>|{INLINE[0]}[^{INLINE[1]}]*{INLINE[1]}|{DISPLAY[0]}[^{DISPLAY[1]}]*{DISPLAY[1]})")


@dataclass(frozen=True, slots=True)
class Stroke:
    """A span to show between two pieces of HTML. Strokes of one text do not overlap and come in order."""

    span: Span
    opening: str = "<mark>"
    closing: str = "</mark>"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a stroke's letters stand in the HTML: first and last, each as (piece, character)."""

    first: tuple[int, int]
    last: tuple[int, int]


def without_private(text: str) -> str:
    """The text with our private characters replaced, one for one, so that no text can forge a highlight or formula."""
    return _PRIVATE.sub("\ufffd", text)


def ink(text: str, strokes: Sequence[Stroke]) -> str:
    """The text with the strokes' letters and digits in private stand-ins; the length stays the same."""
    letters = list(text)
    for number, stroke in enumerate(strokes):
        plane = _PLANES[number % 2]
        for place in range(stroke.span.start, stroke.span.end):
            if letters[place].isalnum() and ord(letters[place]) <= 0xFFFD:
                letters[place] = chr(plane + ord(letters[place]))
    for grammar in _GRAMMAR.finditer(text):
        letters[grammar.start() : grammar.end()] = grammar.group()
    return "".join(letters)


def plain(text: str) -> str:
    """Stand-ins turned back."""
    return _INKED.sub(lambda found: chr(ord(found.group()) & 0xFFFF), text)


def paint(html: str, text: str, strokes: Sequence[Stroke]) -> str | None:
    """The HTML with every stroke wrapped, None when one of them left no trace in it.

    `html` was made from `ink(text, strokes)` and sanitised: well formed, no `>` inside attributes.
    """
    # Text at even places, tags and formulas, which are never cut, at odd ones.
    pieces = [piece if index % 2 else unescape(piece) for index, piece in enumerate(_PIECES.split(html))]
    places = _places(pieces, len(strokes))
    if len(places) < len(strokes):
        return None
    painted: list[str] = []
    for index, piece in enumerate(pieces):
        if index % 2 and piece.startswith("<"):
            painted.append(piece)
            continue
        show = plain if index % 2 else _escaped
        done = 0
        for stroke, place in zip(strokes, places, strict=True):
            start, end = _extent(pieces, index, place, text[stroke.span.start : stroke.span.end])
            # White space between two words of a line is highlighted; between two blocks there is none to be seen.
            if end > start and (piece[start:end].strip() or "\n" not in piece):
                painted += [show(piece[done:start]), stroke.opening, show(piece[start:end]), stroke.closing]
                done = end
        painted.append(show(piece[done:]))
    return "".join(painted)


def _places(pieces: Sequence[str], strokes: int) -> list[_Place]:
    found: list[_Place] = []
    for index, piece in enumerate(pieces):
        for letter in _INKED.finditer(piece):
            place = (index, letter.start())
            plane = 0 if ord(letter.group()) < _PLANES[1] else 1
            if found and (len(found) - 1) % 2 == plane:
                found[-1] = _Place(found[-1].first, place)
            elif len(found) < strokes and len(found) % 2 == plane:
                found.append(_Place(place, place))
    return found


def _extent(pieces: Sequence[str], index: int, place: _Place, source: str) -> tuple[int, int]:
    """The part of a piece that a stroke covers, its own punctuation at both ends included."""
    piece = pieces[index]
    if not place.first[0] <= index <= place.last[0]:
        return 0, 0
    if index % 2:
        return 0, len(piece)
    start = place.first[1] if index == place.first[0] else 0
    end = place.last[1] + 1 if index == place.last[0] else len(piece)
    if index == place.first[0]:
        for mark in reversed(_before_letters(source)):
            start -= int(start > 0 and piece[start - 1] == mark)
    if index == place.last[0]:
        for mark in reversed(_before_letters(source[::-1])):
            end += int(end < len(piece) and piece[end] == mark)
    return start, end


def _before_letters(source: str) -> str:
    letter = next((place for place, char in enumerate(source) if char.isalnum()), len(source))
    return source[:letter]


def _escaped(text: str) -> str:
    return escape(plain(text), quote=False)
