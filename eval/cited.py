"""Whether an answer's citations hold: pure checks of an answer against the notes it cites."""

import re
from collections.abc import Mapping

from assistant.types import Answer, Note

_MARKER = re.compile(r"\[(\d+)\]")


def markers_hold(answer: Answer) -> bool:
    """Every citation has its marker in the answer, once in the list; every marker outside quoted words resolves.

    A quoted note may hold brackets of its own, so there only the lead is read.
    """
    known = [citation.marker for citation in answer.citations]
    written = answer.answer if answer.mode == "generated" else answer.lead or ""
    pointing = {int(number) for number in _MARKER.findall(written)}
    pointing |= {marker for support in answer.support for marker in support.markers}
    there = all(f"[{marker}]" in answer.answer for marker in known)
    return bool(known) and len(known) == len(set(known)) and there and pointing <= set(known)


def spans_exact(answer: Answer, notes: Mapping[str, Note]) -> bool:
    """Every citation is of a note that exists, and quotes what stands there between its ends, not empty."""
    return bool(answer.citations) and all(
        citation.quote
        and citation.note_id in notes
        and notes[citation.note_id].text[citation.start : citation.end] == citation.quote
        for citation in answer.citations
    )


def verbatim(answer: Answer, notes: Mapping[str, Note]) -> bool:
    """All that a quoting answer shows below its lead stands word for word in the cited notes."""
    body = answer.answer
    if answer.lead:
        if not body.startswith(answer.lead):
            return False
        body = body[len(answer.lead) :]
    known = {citation.marker for citation in answer.citations}
    texts = [notes[citation.note_id].text for citation in answer.citations if citation.note_id in notes]
    pieces = [piece.strip() for piece in _split(body, known)]
    return any(pieces) and all(any(piece in text for text in texts) for piece in pieces)


def contains(answer: str, groups: tuple[tuple[str, ...], ...]) -> float:
    """The share of groups of which the answer holds a string, case ignored."""
    folded = answer.casefold()
    return sum(any(wanted.casefold() in folded for wanted in group) for group in groups) / len(groups)


def _split(body: str, markers: set[int]) -> list[str]:
    pieces, start = [], 0
    for match in _MARKER.finditer(body):
        if int(match.group(1)) in markers:
            pieces.append(body[start : match.start()])
            start = match.end()
    return [*pieces, body[start:]]
