"""Points to store in tests: seeded vectors, ids by number."""

import uuid

import numpy as np

from assistant.types import Embedding, FloatArray, Language, Level, Point, SparseVector

DIMENSION = 24
LEVELS: tuple[Level | None, ...] = ("Basic", "Medium", "Killer", None)
LANGUAGES: tuple[Language, ...] = ("ru", "en")


def chunk_id(number: int) -> str:
    return str(uuid.UUID(int=number + 1))


def unit(rng: np.random.Generator, *shape: int) -> FloatArray:
    """Random rows of length one."""
    rows = rng.standard_normal(shape).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), np.float32)


def point(number: int, version: int = 0, sparse: SparseVector | None = None) -> Point:
    """The `number`th point; another `version` has other vectors and another fingerprint."""
    rng = np.random.default_rng((number, version))
    return Point(
        chunk_id=chunk_id(number),
        note_id=chunk_id(number),
        source=f"notes/{number % 5}.md",
        topic=f"Тема {number % 3}",
        level=LEVELS[number % 4],
        language=LANGUAGES[number % 2],
        fingerprint=f"{number}-{version}",
        embedding=Embedding(unit(rng, DIMENSION), unit(rng, 3 + number % 6, DIMENSION)),
        sparse=SparseVector((number % 7, 10 + number), (1.0 + number % 3, 2.0)) if sparse is None else sparse,
    )


def points(count: int) -> list[Point]:
    return [point(number) for number in range(count)]


def exact_maxsim(query: FloatArray, tokens: FloatArray) -> float:
    """The sum over query tokens of the best cosine with any token of the chunk."""
    return float((query @ tokens.T).max(axis=1).sum())
