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
from assistant.grade.reading import Piece, Reading, read
from assistant.grade.terms import Term
from assistant.types import Embedding, Encoder, Span

# A term that stands in the question already was not the learner's to say.
_ASKED = 0.4
# Token cosines lie within a tenth of each other, so a tenth of the terms weighs as much as .01 there.
_TERMS_IN_SEARCH = 0.1
# Clauses are compared for contradiction when they share two terms and this much of the point's weight.
_SHARED_TERMS, _SHARED_WEIGHT = 2, 0.34

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
    numbers_wrong: float
    denied_here: float
    denied_clause: float
    denied_subject: float


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


def expect(question: str, points: Sequence[str], encoder: Encoder) -> Expected:
    """Prepare a note's points once, for any number of answers."""
    *wholes, asked = encoder.passages([*points, question])
    others = [[*(maxsim(one, other) for other in wholes if other is not one), maxsim(one, asked)] for one in wholes]
    prepared = tuple(
        PointReading(whole, read(point), float(np.mean(usual)))
        for point, whole, usual in zip(points, wholes, others, strict=True)
    )
    return Expected(prepared, asked, frozenset(t.key for t in read(question).terms))


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
        right, wrong = _numbers(point.reading.numbers, pieces[best].numbers, told)
        clauses, denied, subject = _clauses(point.reading.clauses, answer.clauses, expected.asked)
        others = np.delete(there, index, axis=0)
        signals = Signals(
            terms_here=shares[best].said,
            terms_all=_shares(point.reading.terms, said, expected.asked).said,
            clauses=clauses,
            near=float(there[index].max()) - point.usual,
            near_both=float(((there[index] + back[index]) / 2).max()) - point.usual,
            back=float(back[index].max()),
            apart=_apart(there, index),
            apart_here=float(there[index, best] - others[:, best].mean()),
            apart_back=_apart(back, index),
            rank=float((others[:, best] < there[index, best]).mean()),
            numbers_said=right,
            numbers_wrong=wrong,
            denied_here=shares[best].denied,
            denied_clause=denied,
            denied_subject=subject,
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


def _clauses(point: Sequence[Piece], answer: Sequence[Piece], asked: frozenset[str]) -> tuple[float, float, float]:
    """Clause against clause: the share said, the largest share denied, and whether a clause's subject was exchanged."""
    covered = weights = denied = subject = 0.0
    for clause in point:
        weights += clause.weight
        best, where = _Shares(0.0, 0.0, 0), None
        for piece in answer:
            shares = _shares(clause.terms, piece.terms, asked)
            if shares.count >= _SHARED_TERMS and shares.said + shares.denied > best.said + best.denied:
                best, where = shares, piece
        covered += best.said * clause.weight
        if where is None or best.said + best.denied < _SHARED_WEIGHT:
            continue
        denied = max(denied, best.denied / (best.said + best.denied))
        head = next((t for t in clause.terms if t.weight >= 1), None)
        met = term.match(head, where.terms) if head else None
        if head and met and met.sign != head.sign:
            subject = 1.0
    return covered / weights if weights else 0.0, denied, subject


def _numbers(
    wanted: Sequence[numbers.Number], here: Sequence[numbers.Number], everywhere: Sequence[numbers.Number]
) -> tuple[float, float]:
    """The share of the wanted numbers in the answer, and whether the best piece has another in place of one."""
    if not wanted:
        return 0.0, 0.0
    right, _, _ = numbers.compare(wanted, everywhere)
    _, wrong, _ = numbers.compare(wanted, here)
    return right / len(wanted), float(wrong > 0)


def _apart(close: Matrix, index: int) -> float:
    return float((close[index] - np.delete(close, index, axis=0).mean(axis=0)).max())
