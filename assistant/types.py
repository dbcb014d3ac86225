"""The values that pass between modules: frozen, plain, and free of any heavy package but numpy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Level = Literal["Basic", "Medium", "Killer"]
Language = Literal["ru", "en"]
Mode = Literal["generated", "quoted", "refused"]
LEVELS: tuple[Level, ...] = ("Basic", "Medium", "Killer")
LANGUAGE_NAMES: dict[Language, str] = {"ru": "Russian", "en": "English"}

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of Unicode code points in some text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One checkable idea of a good answer, as Markdown, with how much it counts: 1, 2 or 3."""

    text: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """One question with its answer, or one headed passage of prose.

    `title` is the question as written (or the last heading), `text` the answer below it (or the
    passage); `path` holds the headings above it, outermost first, with their numbers. `key_points` stand
    below the answer and are no part of `text`; empty where the author wrote none.
    """

    note_id: str
    source: str
    topic: str
    level: Level | None
    title: str
    text: str
    path: tuple[str, ...]
    language: Language
    key_points: tuple[KeyPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is indexed: `note.text[start:end]`, embedded under `heading` so that a part still says what it is about."""

    chunk_id: str
    note_id: str
    part: int
    start: int
    end: int
    heading: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Exact matches on a note's fields; None means any."""

    topic: str | None = None
    level: Level | None = None
    source: str | None = None
    language: Language | None = None


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Term ids (unique, unsigned 32 bit) with their weights, in the same order."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Embedding:
    """One text as the encoder sees it: `dense` (d,) and `tokens` (n, d), all rows of unit length."""

    dense: FloatArray
    tokens: FloatArray


@dataclass(frozen=True, slots=True)
class Point:
    """A chunk as stored in the index. `fingerprint` changes whenever anything indexed about it does."""

    chunk_id: str
    note_id: str
    source: str
    topic: str
    level: Level | None
    language: Language
    fingerprint: str
    embedding: Embedding
    sparse: SparseVector


@dataclass(frozen=True, slots=True)
class Scored:
    """A chunk with a score whose meaning belongs to the list it stands in; higher is better."""

    chunk_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk with its note. `score` orders passages: late interaction, and the title's words."""

    rank: int
    score: float
    chunk: Chunk
    note: Note

    @property
    def text(self) -> str:
        """The chunk's own words, an exact slice of the note."""
        return self.note.text[self.chunk.start : self.chunk.end]


@dataclass(frozen=True, slots=True)
class Signals:
    """What one search says about itself; the weights of P(answerable) follow this order.

    `best`: the best passage's mean MaxSim; `lead`: how far its score is above the mean of the next five, 0 in a home
    of fewer notes; `unknown`: the share of the question's Latin terms, mostly names of methods and tools, that stand
    nowhere in the notes.
    """

    best: float
    lead: float
    unknown: float


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Ranked passages, best first, at most one a note, with the probability that they hold the answer."""

    question: str
    passages: tuple[Passage, ...]
    answerable: float
    answerable_fitted: bool
    signals: Signals | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker of an answer resolved to `note.text[start:end]`, which is `quote`."""

    marker: int
    note_id: str
    chunk_id: str
    source: str
    topic: str
    level: Level | None
    title: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Support:
    """How far one sentence of an answer is borne out by the passages it cites, 0..1."""

    sentence: str
    supported: float
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds since the question came in."""

    retrieve: int
    first: int
    total: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page shows and the command line prints for one question. `pending`: a lead may still come above it."""

    question: str
    standalone_question: str
    answer: str
    mode: Mode
    lead: str | None
    citations: tuple[Citation, ...]
    support: tuple[Support, ...]
    suggestions: tuple[str, ...]
    engine: str | None
    timings_ms: Timings
    passages: tuple[Passage, ...] = field(default=(), compare=False)
    notice: str | None = None
    pending: bool = False


class NoteStore(Protocol):
    """An index of points. Implementations raise StoreError and nothing of their library's own.

    Scores: `dense` cosine; `sparse` BM25 (term weights times the index's IDF); `maxsim` the sum over
    query tokens of the best cosine with any token of the chunk (Khattab & Zaharia 2020, ColBERT).
    """

    def upsert(self, points: Sequence[Point]) -> None:
        """Add or replace points by `chunk_id`."""
        ...

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Remove points; ids that are not there are no error."""
        ...

    def fingerprints(self) -> dict[str, str]:
        """Every stored chunk id with its fingerprint."""
        ...

    def dense(self, vector: FloatArray, limit: int, filters: Filters) -> list[Scored]:
        """Nearest chunks by cosine, best first."""
        ...

    def sparse(self, vector: SparseVector, limit: int, filters: Filters) -> list[Scored]:
        """Best chunks by BM25, best first."""
        ...

    def maxsim(self, tokens: FloatArray, chunk_ids: Sequence[str]) -> dict[str, float]:
        """Late-interaction scores of the given chunks."""
        ...

    def settle(self) -> None:
        """Write everything down and build what makes searching fast. Call after a batch of changes."""
        ...

    def clear(self) -> None:
        """Remove every point, and the bytes they left on the disk. The index stays open, and empty."""
        ...

    def close(self) -> None:
        """Write everything down and let go of the files."""
        ...


class Encoder(Protocol):
    """Turns texts into vectors. `name` changes whenever the vectors would."""

    name: str
    dimension: int

    def passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Embed texts that are to be found."""
        ...

    def query(self, text: str) -> Embedding:
        """Embed a question; its `tokens` leave out the model's prefix and special tokens."""
        ...
