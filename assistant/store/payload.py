"""What the backends share: names in the index, checks before anything is written, and an order without chance."""

import hashlib
import math
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from assistant.errors import StoreError
from assistant.types import Filters, Point, Scored, SparseVector

# Part of the index's name: raise it when vectors, fields or their settings change, and a new index is built.
SCHEMA = 1

DENSE, SPARSE, TOKENS = "dense", "sparse", "tokens"
FINGERPRINT = "fingerprint"
FILTERED = ("topic", "level", "language", "source")

_TERM_LIMIT = 2**32


def index_name(encoder_name: str, dimension: int) -> str:
    """A folder or collection name for one encoder: another encoder, dimension or schema gets an index of its own."""
    digest = hashlib.blake2b(f"{encoder_name}\n{dimension}\n{SCHEMA}".encode(), digest_size=4).hexdigest()
    return f"{re.sub(r'[^a-z0-9]+', '-', encoder_name.lower()).strip('-')[:24]}-{digest}"


def fields(point: Point) -> dict[str, str]:
    """A point's payload; a note without a level has no such field."""
    found = {"note_id": point.note_id, "source": point.source, "topic": point.topic, "language": point.language}
    return {**found, FINGERPRINT: point.fingerprint, **({"level": point.level} if point.level else {})}


def conditions(filters: Filters) -> list[tuple[str, str]]:
    """Fields and the values they must have."""
    values = ((name, getattr(filters, name)) for name in FILTERED)
    return [(name, value) for name, value in values if value is not None]


def check_points(points: Iterable[Point], dimension: int) -> None:
    """Refuse what would harm an engine: it logs an operation before it looks at it, and fails again at each start.

    Raises:
        StoreError: an id, a vector or a text that cannot be stored; it names the chunk.
    """
    for point in points:
        if problem := _problem(point, dimension):
            raise StoreError(f"Chunk {point.chunk_id!r} cannot be indexed: {problem}. Nothing was written.")


def _problem(point: Point, dimension: int) -> str | None:
    dense, tokens = point.embedding.dense, point.embedding.tokens
    if not is_id(point.chunk_id):
        return "its id is no UUID"
    if dense.shape != (dimension,) or tokens.ndim != 2 or tokens.shape[1] != dimension or not len(tokens):
        return f"its vectors have shapes {dense.shape} and {tokens.shape}; this index holds {dimension} dimensions"
    if not (np.isfinite(dense).all() and np.isfinite(tokens).all()):
        return "its vectors hold numbers that are not finite"
    try:
        check_sparse(point.sparse)
        "".join(fields(point).values()).encode()
    except StoreError as error:
        return str(error).rstrip(".")
    except UnicodeEncodeError:
        return "a name or heading of it is not valid Unicode"
    return None


def check_sparse(vector: SparseVector) -> None:
    """Raises StoreError if term ids are repeated or out of range, or weights are missing or not finite."""
    if len(vector.indices) != len(vector.values) or len(set(vector.indices)) != len(vector.indices):
        raise StoreError("Its terms are repeated or lack weights.")
    if not all(0 <= index < _TERM_LIMIT for index in vector.indices) or not all(map(math.isfinite, vector.values)):
        raise StoreError("Its terms or their weights are out of range.")


def check_query(vector: np.ndarray[tuple[int, ...], np.dtype[np.float32]], dimension: int) -> None:
    """Raises StoreError unless the last axis of a query is `dimension` long and all of it finite."""
    if vector.shape[-1:] != (dimension,) or not np.isfinite(vector).all():
        raise StoreError(f"The query's vector has shape {vector.shape}; this index needs {dimension} finite numbers.")


def is_id(chunk_id: str) -> bool:
    """Whether an id can stand in the index: a UUID in its usual form."""
    try:
        return str(uuid.UUID(chunk_id)) == chunk_id
    except ValueError:
        return False


def best(search: Callable[[int], Sequence[Scored]], limit: int) -> list[Scored]:
    """The `limit` best of a search, equal scores in order of id, whatever order the engine keeps them in.

    `search(n)` returns the n best, best first. It is asked for more while the cut goes through equal scores.
    """
    depth = limit + 1
    while limit > 0:
        hits = search(depth)
        if len(hits) < depth or hits[-1].score < hits[limit - 1].score:
            return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:limit]
        depth *= 4
    return []


def batches(points: Sequence[Point], floats: int) -> Iterator[list[Point]]:
    """Points in order, cut so that each batch holds at most about `floats` numbers and at least one point."""
    batch: list[Point] = []
    held = 0
    for point in points:
        size = point.embedding.tokens.size + point.embedding.dense.size + 2 * len(point.sparse.indices)
        if batch and held + size > floats:
            yield batch
            batch, held = [], 0
        batch.append(point)
        held += size
    if batch:
        yield batch
