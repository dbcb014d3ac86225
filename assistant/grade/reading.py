"""An answer or a key point as it is compared: cut into sentences and clauses, each with its terms and numbers."""

from dataclasses import dataclass

from assistant import text
from assistant.grade import terms
from assistant.grade.numbers import Number, numbers
from assistant.grade.terms import Term
from assistant.types import Span

# A clause stands by itself when it says this much; shorter ones belong to the clause before.
_CLAUSE_WEIGHT = 1.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: where it stands, its terms and numbers."""

    span: Span
    terms: tuple[Term, ...]
    numbers: tuple[Number, ...]

    @property
    def weight(self) -> float:
        """How much its terms say together."""
        return sum(term.weight for term in self.terms)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with its sentences and its clauses, in order; a sentence of one clause stands in both."""

    text: str
    sentences: tuple[Piece, ...]
    clauses: tuple[Piece, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Every sentence, then every clause that is no sentence."""
        whole = {piece.span for piece in self.sentences}
        return (*self.sentences, *(piece for piece in self.clauses if piece.span not in whole))

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms in order."""
        return tuple(term for piece in self.sentences for term in piece.terms)

    @property
    def numbers(self) -> tuple[Number, ...]:
        """All numbers in order."""
        return tuple(number for piece in self.sentences for number in piece.numbers)


def read(written: str) -> Reading:
    """A text, read."""
    sentences, clauses = text.sentences(written), _clauses(written)
    russian = text.question_language(written) == "ru"
    pieces = {span: _piece(written, span, russian=russian) for span in dict.fromkeys((*sentences, *clauses))}
    return Reading(written, tuple(pieces[span] for span in sentences), tuple(pieces[span] for span in clauses))


def _piece(written: str, span: Span, *, russian: bool) -> Piece:
    words = written[span.start : span.end]
    return Piece(span, tuple(terms.terms(words, russian=russian)), tuple(numbers(words)))


def _clauses(written: str) -> list[Span]:
    """Clauses of every sentence, a short one joined to its neighbour."""
    found: list[Span] = []
    for sentence in text.sentences(written):
        inside: list[Span] = []
        for clause in terms.clauses(written[sentence.start : sentence.end]):
            span = Span(sentence.start + clause.start, sentence.start + clause.end)
            if inside and min(_weight(written, inside[-1]), _weight(written, span)) < _CLAUSE_WEIGHT:
                inside[-1] = Span(inside[-1].start, span.end)
            else:
                inside.append(span)
        found.extend(_trimmed(written, span) for span in inside)
    return found


def _weight(written: str, span: Span) -> float:
    return sum(term.weight for term in terms.terms(written[span.start : span.end]))


def _trimmed(written: str, span: Span) -> Span:
    piece = written[span.start : span.end]
    return Span(span.start + len(piece) - len(piece.lstrip()), span.end - (len(piece) - len(piece.rstrip())))
