"""An index on a Qdrant server or cluster, by URL. `:memory:` is the client's own stand-in, for tests.

Replication, shards and consistency are the server's settings: a collection is created with what it has as defaults.
"""

import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from urllib.parse import urlsplit

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException, UnexpectedResponse

from assistant.errors import StoreError
from assistant.store import payload
from assistant.store.payload import DENSE, FINGERPRINT, SPARSE, TOKENS
from assistant.types import Filters, FloatArray, Point, Scored, SparseVector
from config.settings import StoreSettings

MEMORY = ":memory:"

_PAGE = 10_000
# About 16 MB as JSON; a server refuses requests over 32 MB by default.
_BATCH_FLOATS = 1_500_000
# IDF over the points that are there now: by default it goes on counting deleted ones for a while.
_SPARSE_SEARCH = models.SearchParams(idf=models.IdfCorpusParams(corpus=models.Filter()))
_CONFLICT = 409


class ServerStore:
    """A NoteStore in one collection of a server. Threads and processes may share it.

    Raises (all methods):
        StoreError: the server cannot be reached or refuses; the message says which and what to do.
    """

    def __init__(self, settings: StoreSettings, name: str, dimension: int) -> None:
        self._url, self._timeout_s = settings.url or MEMORY, settings.timeout_s
        self._collection, self._dimension = f"{settings.collection}-{name}", dimension
        # The stand-in is damaged by concurrent writes.
        self._guard = threading.RLock() if self._url == MEMORY else nullcontext()
        key = settings.api_key.get_secret_value() if settings.api_key else None
        with self._translated():
            self._client = (
                QdrantClient(MEMORY)
                if self._url == MEMORY
                else QdrantClient(
                    url=self._url, api_key=key, timeout=math.ceil(self._timeout_s), check_compatibility=False
                )
            )
            self._prepare()

    def upsert(self, points: Sequence[Point]) -> None:
        """Add or replace points by `chunk_id`."""
        payload.check_points(points, self._dimension)
        for batch in payload.batches(points, _BATCH_FLOATS):
            with self._translated():
                self._client.upsert(self._collection, [_stored(point) for point in batch], wait=True)

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Remove points; ids that are not there are no error."""
        ids: list[models.ExtendedPointId] = [chunk_id for chunk_id in chunk_ids if payload.is_id(chunk_id)]
        if ids:
            with self._translated():
                self._client.delete(self._collection, models.PointIdsList(points=ids), wait=True)

    def fingerprints(self) -> dict[str, str]:
        """Every whole point's id with its fingerprint."""
        whole = models.Filter(must=[models.HasVectorCondition(has_vector=name) for name in (DENSE, TOKENS)])
        found: dict[str, str] = {}
        offset = None
        while True:
            with self._translated():
                records, offset = self._client.scroll(
                    self._collection, scroll_filter=whole, limit=_PAGE, offset=offset, with_payload=[FINGERPRINT]
                )
            found.update((str(record.id), str((record.payload or {}).get(FINGERPRINT, ""))) for record in records)
            if offset is None:
                return found

    def dense(self, vector: FloatArray, limit: int, filters: Filters) -> list[Scored]:
        """Nearest chunks by cosine, best first."""
        payload.check_query(vector, self._dimension)
        return payload.best(lambda depth: self._search(vector.tolist(), DENSE, depth, _filter(filters)), limit)

    def sparse(self, vector: SparseVector, limit: int, filters: Filters) -> list[Scored]:
        """Best chunks by BM25, best first."""
        payload.check_sparse(vector)
        if not vector.indices:
            return []
        query = models.SparseVector(indices=list(vector.indices), values=list(vector.values))
        return payload.best(lambda depth: self._search(query, SPARSE, depth, _filter(filters)), limit)

    def maxsim(self, tokens: FloatArray, chunk_ids: Sequence[str]) -> dict[str, float]:
        """Late-interaction scores of the given chunks; unknown ids are left out."""
        payload.check_query(tokens, self._dimension)
        ids: list[models.ExtendedPointId] = [chunk_id for chunk_id in set(chunk_ids) if payload.is_id(chunk_id)]
        if not ids or not len(tokens):
            return {}
        among = models.Filter(must=[models.HasIdCondition(has_id=ids)])
        return {hit.chunk_id: hit.score for hit in self._search(tokens.tolist(), TOKENS, len(ids), among)}

    def settle(self) -> None:
        """Nothing to do: each change waited until it was applied, and the server tidies up by itself."""

    def clear(self) -> None:
        """Remove the collection and begin an empty one."""
        with self._translated():
            self._client.delete_collection(self._collection)
            self._prepare()

    def close(self) -> None:
        """Hang up."""
        with self._translated():
            self._client.close()

    def drop(self) -> None:
        """Remove the whole collection from the server."""
        with self._translated():
            self._client.delete_collection(self._collection)

    def _search(
        self,
        query: list[float] | list[list[float]] | models.SparseVector,
        using: str,
        limit: int,
        among: models.Filter | None,
    ) -> list[Scored]:
        params = _SPARSE_SEARCH if using == SPARSE else None
        with self._translated():
            found = self._client.query_points(
                self._collection,
                query=query,
                using=using,
                query_filter=among,
                search_params=params,
                limit=limit,
                with_payload=False,
            )
        return [Scored(str(hit.id), hit.score) for hit in found.points]

    def _prepare(self) -> None:
        if not self._client.collection_exists(self._collection):
            try:
                self._client.create_collection(
                    self._collection,
                    vectors_config=_vectors(self._dimension),
                    sparse_vectors_config={SPARSE: models.SparseVectorParams(modifier=models.Modifier.IDF)},
                )
            except UnexpectedResponse as error:
                # Another process was faster.
                if error.status_code != _CONFLICT:
                    raise
        if self._url != MEMORY:  # the stand-in has no such indexes, and warns
            for name in payload.FILTERED:
                self._client.create_payload_index(
                    self._collection, name, field_schema=models.PayloadSchemaType.KEYWORD, wait=True
                )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            with self._guard:
                yield
        except ResponseHandlingException as error:
            raise StoreError(
                f"The Qdrant server at {_address(self._url)} does not answer within {self._timeout_s:g} s "
                f"({error.source}). Start it, or correct ASSISTANT_STORE__URL; unset, the embedded index is used."
            ) from error
        except UnexpectedResponse as error:
            if error.status_code in (401, 403):
                problem = "refuses the API key. Set ASSISTANT_STORE__API_KEY to one that may read and write."
            else:
                text = error.content.decode(errors="replace")[:300]
                problem = f"answered {error.status_code} {error.reason_phrase}: {text} Its log has more."
            raise StoreError(f"The Qdrant server at {_address(self._url)} {problem}") from error
        except (ApiException, ValueError, RuntimeError) as error:
            raise StoreError(f"The Qdrant server at {_address(self._url)} could not be used: {error}") from error


def _address(url: str) -> str:
    """A URL without user, password and path."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else url


def _filter(filters: Filters) -> models.Filter | None:
    must: list[models.Condition] = [
        models.FieldCondition(key=name, match=models.MatchValue(value=value))
        for name, value in payload.conditions(filters)
    ]
    return models.Filter(must=must) if must else None


def _stored(point: Point) -> models.PointStruct:
    vectors: dict[str, models.Vector] = {
        DENSE: point.embedding.dense.tolist(),
        TOKENS: point.embedding.tokens.tolist(),
    }
    if point.sparse.indices:
        vectors[SPARSE] = models.SparseVector(indices=list(point.sparse.indices), values=list(point.sparse.values))
    return models.PointStruct(id=point.chunk_id, vector=vectors, payload=dict(payload.fields(point)))


def _vectors(dimension: int) -> dict[str, models.VectorParams]:
    tokens = models.VectorParams(
        size=dimension,
        distance=models.Distance.COSINE,
        # Twice the embedded index's size, but every server knows it; Turbo8 needs a recent one.
        datatype=models.Datatype.FLOAT16,
        multivector_config=models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM),
        hnsw_config=models.HnswConfigDiff(m=0),
    )
    return {DENSE: models.VectorParams(size=dimension, distance=models.Distance.COSINE), TOKENS: tokens}
