"""What an answer shows of each key point, as numbers: shared terms, contradicted terms, and closeness in meaning.

Closeness is late interaction (Khattab & Zaharia 2020) between a point and a piece of the answer. This encoder's cosines
lie in a narrow band that depends on the subject, so what counts is how far a piece is closer to one point than to the
note's other points and its question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.attribute import maxsim
from assistant.grade import numbers
from assistant.grade import terms as term
from assistant.grade.conflict import conflict, other_number
from assistant.grade.reading import Piece, Reading, read
from assistant.grade.terms import Term
from assistant.types import Embedding, Encoder, Span

# A term that stands in the question already was not the learner's to say.
_ASKED = 0.4
# Token cosines lie within a tenth of each other, so a tenth of the terms weighs as much as .01 there.
_TERMS_IN_SEARCH = 0.1
# One shared term is chance.
_SHARED_TERMS = 2

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of one point. `here` is the piece of the answer that fits the point best.

    Shares are 0..1 by weight. `near` compares a piece with the point's usual closeness to its note; `apart` with the
    piece's closeness to the note's other points, read from the point (`apart`) and from the piece (`apart_back`).
    """

    terms_here: float
    terms_all: float
    clauses: float
    near: float
    near_both: float
    back: float
    apart: float
    apart_here: float
    apart_back: float
    rank: float
    numbers_said: float
    numbers_replaced: float
    numbers_foreign: float
    denied_here: float
    denied_clause: float
    denied_subject: float
    exchanged: float
    turned: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signals of one point, and the piece of the answer they come from."""

    signals: Signals
    span: Span


@dataclass(frozen=True, slots=True)
class PointReading:
    """A key point prepared for comparing. `usual` is its mean closeness to the other points and the question."""

    vectors: Embedding
    reading: Reading
    usual: float


@dataclass(frozen=True, slots=True)
class Expected:
    """All points of a note prepared, with the question's own terms and vectors."""

    points: tuple[PointReading, ...]
    question: Embedding
    asked: frozenset[str]
    names: frozenset[str]
    numbers: tuple[numbers.Number, ...]


def expect(question: str, points: Sequence[str], body: str, encoder: Encoder) -> Expected:
    """Prepare a note's points once, for any number of answers. `body` is the note's text, for the numbers in it."""
    *wholes, asked = encoder.passages([*points, question])
    others = [[*(maxsim(one, other) for other in wholes if other is not one), maxsim(one, asked)] for one in wholes]
    prepared = tuple(
        PointReading(whole, read(point), float(np.mean(usual)))
        for point, whole, usual in zip(points, wholes, others, strict=True)
    )
    of_question = read(question).terms
    every = [*of_question, *(t for point in prepared for t in point.reading.terms)]
    return Expected(
        points=prepared,
        question=asked,
        asked=frozenset(t.key for t in of_question),
        names=frozenset(t.key for t in every if t.name),
        numbers=tuple(numbers.numbers("\n".join([question, *points, body]))),
    )


def gather(expected: Expected, answer: Reading, encoder: Encoder) -> list[Evidence]:
    """Evidence for every point, in order. The answer has at least one sentence."""
    pieces = answer.pieces
    columns = encoder.passages([answer.text[piece.span.start : piece.span.end] for piece in pieces])
    rows = [*(point.vectors for point in expected.points), expected.question]
    there = np.array([[maxsim(row, column) for column in columns] for row in rows])
    back = np.array([[maxsim(column, row) for column in columns] for row in rows])
    said, told = answer.terms, answer.numbers
    found = []
    for index, point in enumerate(expected.points):
        shares = [_shares(point.reading.terms, piece.terms, expected.asked) for piece in pieces]
        fit = there[index] + _TERMS_IN_SEARCH * np.array([share.said + share.denied for share in shares])
        best = int(np.argmax(fit))
        against = conflict(point.reading, answer, expected.names)
        replaced, foreign = other_number(point.reading.numbers, pieces[best].numbers, expected.numbers)
        others = np.delete(there, index, axis=0)
        signals = Signals(
            terms_here=shares[best].said,
            terms_all=_shares(point.reading.terms, said, expected.asked).said,
            clauses=_clauses(point.reading.clauses, answer.clauses, expected.asked),
            near=float(there[index].max()) - point.usual,
            near_both=float(((there[index] + back[index]) / 2).max()) - point.usual,
            back=float(back[index].max()),
            apart=_apart(there, index),
            apart_here=float(there[index, best] - others[:, best].mean()),
            apart_back=_apart(back, index),
            rank=float((others[:, best] < there[index, best]).mean()),
            numbers_said=_said(point.reading.numbers, told),
            numbers_replaced=replaced,
            numbers_foreign=foreign,
            denied_here=shares[best].denied,
            denied_clause=against.clause,
            denied_subject=against.subject,
            exchanged=against.exchanged,
            turned=against.turned,
        )
        found.append(Evidence(signals, pieces[best].span))
    return found


@dataclass(frozen=True, slots=True)
class _Shares:
    said: float
    denied: float
    count: int


def _shares(wanted: Sequence[Term], said: Sequence[Term], asked: frozenset[str]) -> _Shares:
    """The shares of the wanted terms, by weight, that were said and that were said with the other sign."""
    total = right = wrong = 0.0
    count = 0
    for one in wanted:
        weight = one.weight * (_ASKED if one.key in asked else 1.0)
        total += weight
        found = term.match(one, said)
        if found is not None:
            count += 1
            right += weight * (found.sign == one.sign)
            wrong += weight * (found.sign != one.sign)
    return _Shares(right / total, wrong / total, count) if total else _Shares(0.0, 0.0, 0)


def _clauses(point: Sequence[Piece], answer: Sequence[Piece], asked: frozenset[str]) -> float:
    """Clause by clause the share of a point that one clause of the answer says."""
    covered = weights = 0.0
    for clause in point:
        shares = [_shares(clause.terms, piece.terms, asked) for piece in answer]
        covered += clause.weight * max((one.said for one in shares if one.count >= _SHARED_TERMS), default=0.0)
        weights += clause.weight
    return covered / weights if weights else 0.0


def _said(wanted: Sequence[numbers.Number], everywhere: Sequence[numbers.Number]) -> float:
    """The share of the wanted numbers that are somewhere in the answer."""
    if not wanted:
        return 0.0
    return sum(any(numbers.agree(want, one) for one in everywhere) for want in wanted) / len(wanted)


def _apart(close: Matrix, index: int) -> float:
    return float((close[index] - np.delete(close, index, axis=0).mean(axis=0)).max())
