"""Where an answer goes against a key point: what it denies, exchanges, turns round, or puts another number to.

Words near each other say that both speak of the same thing; these signals say that they say different things of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.grade import numbers
from assistant.grade import terms as term
from assistant.grade.numbers import Number
from assistant.grade.reading import Piece, Reading
from assistant.grade.terms import Term

# Clauses are compared when they share two terms and this much of the point's weight.
_SHARED_TERMS, _SHARED_WEIGHT = 2, 0.34


@dataclass(frozen=True, slots=True)
class Conflict:
    """Shares and flags, 0..1; all 0 where nothing is against the point.

    `clause`: the largest share of a clause's terms said with the other sign; `subject`: its first term was;
    `exchanged`: another name of the rubric stands where the point's own should; `turned`: two opposites are linked
    the other way round ("more … worse" for "more … better").
    """

    clause: float
    subject: float
    exchanged: float
    turned: float


def conflict(point: Reading, answer: Reading, names: frozenset[str]) -> Conflict:
    """What in an answer goes against a point; `names` are all that its note's points and question use."""
    clause = subject = exchanged = 0.0
    spoken = {t.key for t in answer.terms if t.name}
    for part in point.clauses:
        met = _best(part, answer.clauses)
        if met is not None:
            piece, said, denied = met
            if said + denied >= _SHARED_WEIGHT * _weight(part.terms):
                clause = max(clause, denied / (said + denied))
                head = next((t for t in part.terms if t.weight >= 1), None)
                there = term.match(head, piece.terms) if head else None
                subject = max(subject, float(bool(head and there and there.sign != head.sign)))
        exchanged = max(exchanged, _exchanged(part, answer, names, spoken))
    return Conflict(clause, subject, exchanged, _turned(point, answer))


def other_number(wanted: Sequence[Number], here: Sequence[Number], note: Sequence[Number]) -> tuple[float, float]:
    """Whether the piece puts another number in place of one that is wanted, and how many of its numbers no note has."""
    foreign = [one for one in here if not any(numbers.agree(one, known) for known in note)]
    unsaid = [want for want in wanted if not any(numbers.agree(want, one) for one in here)]
    replaced = any(one.unit == want.unit for one in foreign for want in unsaid)
    return float(replaced), len(foreign) / len(here) if here else 0.0


def _best(part: Piece, pieces: Sequence[Piece]) -> tuple[Piece, float, float] | None:
    """The piece that shares most with a clause, with the weights said and denied."""
    best: tuple[Piece, float, float] | None = None
    for piece in pieces:
        pairs = [(one, found) for one in part.terms if (found := term.match(one, piece.terms)) is not None]
        if len(pairs) < _SHARED_TERMS:
            continue
        said = sum(one.weight for one, found in pairs if found.sign == one.sign)
        denied = sum(one.weight for one, found in pairs if found.sign != one.sign)
        if best is None or said + denied > best[1] + best[2]:
            best = piece, said, denied
    return best


def _exchanged(part: Piece, answer: Reading, names: frozenset[str], spoken: set[str]) -> float:
    """1 when the clause's attributes stand beside another name, and its own name stands elsewhere in the answer."""
    own = {t.key for t in part.terms if t.name}
    attributes = [t for t in part.terms if not t.name]
    if not own or not attributes:
        return 0.0
    best, beside = 0.0, None
    for piece in answer.pieces:
        shared = sum(one.weight for one in attributes if term.match(one, piece.terms) is not None)
        if shared > best:
            best, beside = shared, {t.key for t in piece.terms if t.name}
    if beside is None or best < _SHARED_WEIGHT * _weight(attributes) or own & beside or not beside & names - own:
        return 0.0
    return 1.0 if own & spoken else 0.3


def _turned(point: Reading, answer: Reading) -> float:
    """The share of the point's links between opposites that the answer makes the other way round, and never so."""
    links = _links(point)
    there = _links(answer)
    met = [(pair, parity) for pair, parity in links if any(pair == other for other, _ in there)]
    if not met:
        return 0.0
    return sum((pair, parity) not in there for pair, parity in met) / len(met)


def _links(reading: Reading) -> list[tuple[frozenset[str], int]]:
    """Neighbouring opposites within a sentence: which two, and whether they go together (1) or against (-1)."""
    found = []
    for sentence in reading.sentences:
        polar = [t for t in sentence.terms if t.polar]
        found += [(frozenset((one.key, two.key)), one.sign * two.sign) for one, two in pairwise(polar)]
    return found


def _weight(found: Sequence[Term]) -> float:
    return sum(t.weight for t in found)
