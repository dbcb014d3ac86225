"""Sentences to the spans that support them. Markers belong to this code; a model's own are never trusted.

A span is found by meaning (late interaction between sentences) and by words; then numbers and formulas of the sentence
must stand in the passage literally, and, where an engine is ready, its one-token verdict on passage and sentence is
the probability of support. Without an engine it is the share of the sentence's terms that the span holds.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant import text
from assistant.types import Citation, Embedding, Encoder, Passage, Span

# P(the passage fully supports the statement), by an engine: (passage, statement) -> 0..1.
Judge = Callable[[str, str], float]

_FORMULA = re.compile(r"\$([^$\n]+)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
_WHOLE_BELOW = 320
_WIDEST = 4


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage: where it stands in the note, its stems, its vectors."""

    passage: int
    span: Span
    stems: frozenset[str]
    embedding: Embedding


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages cut into embedded sentences, made once for an answer."""

    passages: tuple[Passage, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """A statement with the span that supports it best (in the note of `passage`) and how well, 0..1."""

    passage: int
    span: Span
    supported: float


def gather(passages: Sequence[Passage], encoder: Encoder) -> Evidence:
    """Cut and embed passages; all sentences go through the encoder in one batch."""
    spans = [
        (index, Span(passage.chunk.start + span.start, passage.chunk.start + span.end))
        for index, passage in enumerate(passages)
        for span in text.sentences(passage.text)
    ]
    pieces = [passages[index].note.text[span.start : span.end] for index, span in spans]
    embeddings = encoder.passages(pieces) if pieces else []
    return Evidence(
        tuple(passages),
        tuple(
            Sentence(index, span, frozenset(text.terms(piece)), embedding)
            for (index, span), piece, embedding in zip(spans, pieces, embeddings, strict=True)
        ),
    )


def maxsim(query: Embedding, passage: Embedding) -> float:
    """Mean over the query's tokens of the best cosine with any token of the passage."""
    if not len(query.tokens) or not len(passage.tokens):
        return 0.0
    return float(np.mean(np.max(query.tokens @ passage.tokens.T, axis=1)))


def relevant(question: Embedding, stems: frozenset[str], evidence: Evidence, index: int) -> Span:
    """The run of sentences of one passage that answers the question best; a short passage is taken whole."""
    passage = evidence.passages[index]
    own = [sentence for sentence in evidence.sentences if sentence.passage == index]
    if len(own) <= 1 or len(passage.text) <= _WHOLE_BELOW:
        return _trimmed(passage)
    scores = [_likeness(question, stems, sentence) for sentence in own]
    best = int(np.argmax(scores))
    # Neighbours join while they are better than the passage's middle. On development questions a wide run holds the
    # needed fact more often than a narrow one, and no weighting of words that was tried did better.
    middle = float(np.median(scores))
    floor = middle + (scores[best] - middle) / 4
    first = last = best
    while last - first + 1 < _WIDEST:
        left = scores[first - 1] if first > 0 else -1.0
        right = scores[last + 1] if last + 1 < len(own) else -1.0
        if max(left, right) < floor:
            break
        if left > right:
            first -= 1
        else:
            last += 1
    return Span(own[first].span.start, own[last].span.end)


def attribute(statement: str, evidence: Evidence, encoder: Encoder, judge: Judge | None) -> Attribution | None:
    """The best support for one statement, or None when there is no passage at all."""
    if not evidence.sentences:
        return None
    stems = frozenset(text.terms(statement))
    [embedding] = encoder.passages([statement])
    scores = [_likeness(embedding, stems, sentence) for sentence in evidence.sentences]
    best = evidence.sentences[int(np.argmax(scores))]
    span = _widened(stems, best, evidence)
    passage = evidence.passages[best.passage]
    if not literal(statement, f"{passage.note.title}\n{passage.note.text}"):
        return Attribution(best.passage, span, 0.0)
    if judge is not None:
        return Attribution(best.passage, span, judge(f"{passage.note.title}\n{passage.text}", statement))
    held = frozenset(text.terms(passage.note.title + " " + passage.note.text[span.start : span.end]))
    return Attribution(best.passage, span, len(stems & held) / len(stems) if stems else 0.0)


def literal(statement: str, source: str) -> bool:
    """Whether every number and formula of the statement stands in the source."""
    known = set(text.numbers(source))
    bare = {number.rstrip("%") for number in known}
    if any(number not in known and number not in bare for number in text.numbers(statement)):
        return False
    squeezed = re.sub(r"[\s$]", "", source)
    return all(
        re.sub(r"\s", "", next(filter(None, match.groups()))) in squeezed for match in _FORMULA.finditer(statement)
    )


def cite(marker: int, passage: Passage, span: Span) -> Citation:
    """A citation whose quote is exactly the note's text between the span's ends."""
    note = passage.note
    return Citation(
        marker=marker,
        note_id=note.note_id,
        chunk_id=passage.chunk.chunk_id,
        source=note.source,
        topic=note.topic,
        level=note.level,
        title=note.title,
        start=span.start,
        end=span.end,
        quote=note.text[span.start : span.end],
    )


def _likeness(query: Embedding, stems: frozenset[str], sentence: Sentence) -> float:
    # Token cosines of this encoder lie in a narrow band near .8, so a tenth of the words weighs as much as .01 there.
    shared = len(stems & sentence.stems) / len(stems) if stems else 0.0
    return maxsim(query, sentence.embedding) + 0.1 * shared


def _widened(stems: frozenset[str], best: Sentence, evidence: Evidence) -> Span:
    """The best sentence, with a neighbour on either side when it holds terms that are still missing."""
    own = [sentence for sentence in evidence.sentences if sentence.passage == best.passage]
    place = own.index(best)
    first = last = place
    missing = stems - best.stems
    for neighbour, step in ((place - 1, -1), (place + 1, 1)):
        if 0 <= neighbour < len(own) and len(missing & own[neighbour].stems) >= 2:
            missing -= own[neighbour].stems
            first, last = (neighbour, last) if step < 0 else (first, neighbour)
    return Span(own[first].span.start, own[last].span.end)


def _trimmed(passage: Passage) -> Span:
    piece = passage.text
    start = passage.chunk.start + len(piece) - len(piece.lstrip())
    return Span(start, max(start, passage.chunk.start + len(piece.rstrip())))
