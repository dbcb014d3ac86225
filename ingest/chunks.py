"""A note to what is indexed: a short one whole, a long one in parts cut where the text itself pauses.

Cuts fall between paragraphs, else lines (list items, table rows), else sentences, else words; inside a code
fence or a formula only when it is longer than a part may be. Time is linear in the text.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from uuid import UUID, uuid5

from assistant.text import sentences
from assistant.types import Chunk, Note, Span
from ingest.parse_markdown import code_lines

_FORMULA_SIGN = re.compile(r"\\[\[\]()]|\$\$?")
_CLOSES = {"\\[": "\\]", "\\(": "\\)", "$$": "$$", "$": "$"}
# A blank line, a line's end, white space: cuts fall behind them.
_PAUSES = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"\s+"))
_SMALLEST = 0.3  # of the limit: no part but the last is shorter, unless a fence or formula asks for it


def split(note: Note, limit: int) -> list[Chunk]:
    """Chunks that cover `note.text` without gap or overlap, each of at most `limit` characters.

    A note without text is one empty chunk, found by its heading. Parts count from 0; the id of an unsplit
    note's chunk is the note's, that of a part is uuid5 of the note's id and the part's number.
    """
    heading = note.title if note.title == note.topic else f"{note.topic}: {note.title}"
    if len(note.text) <= limit:
        return [Chunk(note.note_id, note.note_id, 0, 0, len(note.text), heading)]
    namespace = UUID(note.note_id)
    return [
        Chunk(str(uuid5(namespace, str(part))), note.note_id, part, span.start, span.end, heading)
        for part, span in enumerate(parts(note.text, limit))
    ]


def parts(text: str, limit: int) -> Iterator[Span]:
    """Consecutive spans that cover the text, about equally long, at most `limit` characters each."""
    whole = _whole(text, limit)
    starts = [span.start for span in whole]
    start = 0
    while len(text) - start > limit:
        remaining = len(text) - start
        ideal = start + remaining / math.ceil(remaining / limit)
        cut = _cut(text, Span(start, start + limit), ideal, lambda place: not _inside(place, starts, whole))
        yield Span(start, cut)
        start = cut
    yield Span(start, len(text))


def _cut(text: str, window: Span, ideal: float, allowed: Callable[[int], bool]) -> int:
    """The best place in the window to end a part: of the strongest pauses there, the one nearest to `ideal`."""
    least = window.start + max(1, int(_SMALLEST * (window.end - window.start)))
    for places in _pauses(text, window):
        fitting = [place for place in places if least <= place <= window.end and allowed(place)]
        if fitting:
            return min(fitting, key=lambda place: (abs(place - ideal), place))
    back = window.end
    while back > window.start and not allowed(back):
        back -= 1
    return back if back > window.start else window.end


def _pauses(text: str, window: Span) -> Iterator[list[int]]:
    """Places where a part could end, strongest pauses first."""
    piece = text[window.start : window.end]
    for pattern in _PAUSES[:2]:
        yield [window.start + found.end() for found in pattern.finditer(piece)]
    yield [window.start + span.start for span in sentences(piece)]
    yield [window.start + found.end() for found in _PAUSES[2].finditer(piece)]


def _inside(place: int, starts: list[int], whole: list[Span]) -> bool:
    before = bisect_left(starts, place) - 1
    return before >= 0 and place < whole[before].end


def _whole(text: str, limit: int) -> list[Span]:
    """Code fences and formulas short enough to stay in one part, in order, none inside another."""
    fences = [span for span in _fences(text) if span.end - span.start <= limit]
    starts = [span.start for span in fences]
    formulas = [
        span
        for span in _formulas(text)
        if span.end - span.start <= limit and not _inside(span.start + 1, starts, fences)
    ]
    return sorted([*fences, *formulas], key=lambda span: span.start)


def _fences(text: str) -> Iterator[Span]:
    lines = text.split("\n")
    place, begun = 0, -1
    for line, in_code in zip([*lines, ""], [*code_lines(lines)[0], 0], strict=True):
        if in_code and begun < 0:
            begun = place
        elif not in_code and begun >= 0:
            yield Span(begun, place)
            begun = -1
        place = min(place + len(line) + 1, len(text))


def _formulas(text: str) -> Iterator[Span]:
    opened: re.Match[str] | None = None
    for sign in _FORMULA_SIGN.finditer(text):
        if opened and sign.group() == _CLOSES[opened.group()]:
            yield Span(opened.start(), sign.end())
            opened = None
        elif sign.group() in _CLOSES and (opened is None or sign.group() == opened.group()):
            opened = sign
