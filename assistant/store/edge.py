"""The embedded index: Qdrant's own engine in this process. One opener per folder at a time (`shared.py` sees to it).

Every change is in the engine's write-ahead log before it is applied; `recovery.py` has what happens to a folder that
cannot be opened.
"""

import logging
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import qdrant_edge as engine

from assistant.errors import StoreBusyError, StoreError
from assistant.store import payload, recovery
from assistant.store.payload import DENSE, FINGERPRINT, SPARSE, TOKENS
from assistant.types import Filters, FloatArray, Point, Scored, SparseVector

log = logging.getLogger(__name__)

# Below this a full scan, which is exact, takes less than encoding the question (5 ms at 50,000); a graph costs minutes
# to build and misses some.
GRAPH_FROM = 200_000
_UNINDEXED = 10_000
_INDEX_KB = 10_000
_NEVER_KB = 2**40
_FLUSH_POINTS = 512
_PAGE = 10_000
# The engine maps files that it allocates in blocks of 32 MiB: a write to a full disk would kill the process.
ROOM_BYTES = 256 * 2**20
# No memory, no permission, no file handles, no space, read-only: the files themselves may be sound.
_SURROUNDINGS = tuple(f"os error {number})" for number in (12, 13, 23, 24, 28, 30))
_BATCH_FLOATS = 4_000_000
# IDF over the points that are there now: by default it goes on counting deleted ones until the shard is reopened.
_SPARSE_SEARCH = engine.SearchParams(idf=engine.IdfParams(corpus=engine.Filter()))


class EdgeStore:
    """A NoteStore in `folder`, for vectors of `dimension` numbers. Threads may share it."""

    def __init__(self, folder: Path, dimension: int, room_bytes: int = ROOM_BYTES) -> None:
        self._folder, self._dimension, self._room_bytes = folder, dimension, room_bytes
        self._lock = threading.RLock()
        self._unflushed = 0
        self._closed = False
        self._shard: engine.EdgeShard | None = None
        with self._engine("start"):
            pass

    def upsert(self, points: Sequence[Point]) -> None:
        """Add or replace points by `chunk_id`."""
        payload.check_points(points, self._dimension)
        for batch in payload.batches(points, _BATCH_FLOATS):
            if shutil.disk_usage(self._folder).free < self._room_bytes:
                raise StoreError(
                    f"The disk that holds {self._folder} has less than {self._room_bytes >> 20} MB free. "
                    "Make room and run the ingest again: it goes on where it stopped."
                )
            with self._engine("store notes") as shard:
                shard.update(engine.UpdateOperation.upsert_points([_stored(point) for point in batch]))
                self._unflushed += len(batch)
                # Keeps the log short, and with it the next start.
                if self._unflushed >= _FLUSH_POINTS:
                    shard.flush()
                    self._unflushed = 0

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Remove points; ids that are not there are no error."""
        ids: list[engine.PointId] = [chunk_id for chunk_id in chunk_ids if payload.is_id(chunk_id)]
        if ids:
            with self._engine("remove notes") as shard:
                shard.update(engine.UpdateOperation.delete_points(ids))

    def fingerprints(self) -> dict[str, str]:
        """Every whole point's id with its fingerprint: one that lost a vector in a crash counts as missing."""
        whole = engine.Filter(must=[engine.HasVectorCondition(DENSE), engine.HasVectorCondition(TOKENS)])
        with self._engine("list what is indexed") as shard:
            return {
                str(record.id): str((record.payload or {}).get(FINGERPRINT, ""))
                for records in _pages(shard, whole, payloads=[FINGERPRINT], vectors=[])
                for record in records
            }

    def dense(self, vector: FloatArray, limit: int, filters: Filters) -> list[Scored]:
        """Nearest chunks by cosine, best first."""
        payload.check_query(vector, self._dimension)
        query = engine.Query.Nearest(vector.tolist(), using=DENSE)
        return payload.best(lambda depth: self._search(query, None, depth, filters), limit)

    def sparse(self, vector: SparseVector, limit: int, filters: Filters) -> list[Scored]:
        """Best chunks by BM25, best first."""
        payload.check_sparse(vector)
        if not vector.indices:
            return []
        query = engine.Query.Nearest(engine.SparseVector(list(vector.indices), list(vector.values)), using=SPARSE)
        return payload.best(lambda depth: self._search(query, _SPARSE_SEARCH, depth, filters), limit)

    def maxsim(self, tokens: FloatArray, chunk_ids: Sequence[str]) -> dict[str, float]:
        """Late-interaction scores of the given chunks; unknown ids are left out."""
        payload.check_query(tokens, self._dimension)
        ids: set[engine.PointId] = {chunk_id for chunk_id in chunk_ids if payload.is_id(chunk_id)}
        if not ids or not len(tokens):
            return {}
        query = engine.Query.Nearest(tokens.tolist(), using=TOKENS)
        among = engine.Filter(must=[engine.HasIdCondition(ids)])
        with self._engine("compare token vectors") as shard:
            hits = shard.query(engine.QueryRequest(limit=len(ids), query=query, filter=among))
        return {str(hit.id): hit.score for hit in hits}

    def settle(self) -> None:
        """Write everything down; drop deleted points that pile up; in a large index build the graph.

        The engine holds Python's lock while it builds, so a graph is built in a process of its own: calls of
        this store wait for it, the rest of the program does not.
        """
        with self._engine("tidy up") as shard:
            shard.flush()
            self._unflushed = 0
            state = shard.info()
            if state.points_count < GRAPH_FROM:
                if shard.optimize():
                    shard.flush()
            elif 3 * state.points_count - state.indexed_vectors_count > 2 * _UNINDEXED:
                self._drop()
                if not recovery.apart("build", self._folder, str(self._dimension), str(_INDEX_KB)):
                    log.warning("The search graph in %s could not be built: searches stay slow.", self._folder)

    def clear(self) -> None:
        """Remove every point with its files: deleting alone would leave vectors in segments and log for a while."""
        with self._lock:
            if self._closed:
                raise StoreError("The index is closed.")
            self._drop()
            recovery.discard(self._folder)
            with self._engine("begin anew"):
                self._unflushed = 0

    def close(self) -> None:
        """Write everything down and let go of the files. Closing twice is no error."""
        with self._lock:
            if self._shard is not None:
                with self._engine("write everything down") as shard:
                    shard.flush()
                self._drop()
                recovery.trust(self._folder)
            self._closed = True

    def _search(
        self, query: engine.Query, params: engine.SearchParams | None, limit: int, filters: Filters
    ) -> list[Scored]:
        must: list[engine.ConditionType] = [
            engine.FieldCondition(name, match=engine.MatchValue(value)) for name, value in payload.conditions(filters)
        ]
        request = engine.QueryRequest(
            limit=limit, query=query, filter=engine.Filter(must=must) if must else None, params=params
        )
        with self._engine("search") as shard:
            return [Scored(str(hit.id), hit.score) for hit in shard.query(request)]

    @contextmanager
    def _engine(self, doing: str) -> Iterator[engine.EdgeShard]:
        """The shard, for one call at a time. After a failure it is dropped, and opened and checked by the next call."""
        with self._lock:
            if self._closed:
                raise StoreError("The index is closed.")
            if self._shard is None:
                self._shard = recovery.opened(self._folder, lambda files: _load(files, self._dimension))
            try:
                with _translated(f"The index in {self._folder} could not {doing}"):
                    yield self._shard
            except StoreError:
                self._drop()
                raise

    def _drop(self) -> None:
        shard, self._shard = self._shard, None
        if shard is not None:
            with suppress(StoreError), _translated("close"):
                shard.close()


def check(files: Path) -> None:
    """Read every payload and every vector of the shard in `files`.

    Raises:
        StoreError: something cannot be read. Some damage ends the process instead: run it in one of its own.
    """
    with _translated(f"{files} could not be read"):
        shard = engine.EdgeShard.load(str(files))
        size = 0
        for records in _pages(shard, None, payloads=True, vectors=[DENSE, SPARSE]):
            for record in records:
                dense = record.vector.get(DENSE) if isinstance(record.vector, dict) else None
                size = max(size, len(dense) if isinstance(dense, list) else 0)
        if size:
            # Token vectors are compared rather than read out: they stay in the engine, a hundred times faster.
            shard.query(engine.QueryRequest(limit=1, query=engine.Query.Nearest([[1.0] * size], using=TOKENS)))
        shard.close()


def build(files: Path, dimension: int, index_kb: int) -> None:
    """Make the search graph of a shard that is larger than `index_kb`, and drop what was deleted. Takes minutes."""
    with _translated(f"The search graph in {files} could not be built"):
        shard = engine.EdgeShard.load(str(files), _config(dimension, index_kb))
        shard.optimize()
        shard.flush()
        shard.close()


def _pages(
    shard: engine.EdgeShard, among: engine.Filter | None, payloads: bool | list[str], vectors: list[str]
) -> Iterator[list[engine.Record]]:
    offset: engine.PointId | None = None
    while True:
        request = engine.ScrollRequest(
            offset=offset, limit=_PAGE, filter=among, with_payload=payloads, with_vector=vectors
        )
        records, offset = shard.scroll(request)
        yield records
        if offset is None:
            return


def _stored(point: Point) -> engine.Point:
    vectors: dict[str, engine.NamedVector] = {
        DENSE: point.embedding.dense.tolist(),
        TOKENS: point.embedding.tokens.tolist(),
    }
    if point.sparse.indices:
        vectors[SPARSE] = engine.SparseVector(list(point.sparse.indices), list(point.sparse.values))
    return engine.Point(point.chunk_id, vectors, payload.fields(point))


def _config(dimension: int, index_kb: int = _NEVER_KB) -> engine.EdgeConfig:
    graph = engine.HnswIndexConfig(m=16, ef_construct=128, full_scan_threshold=_INDEX_KB)
    # Never searched on its own, so no graph. Turbo8: a byte a number; docs/qdrant.md has what it costs and saves.
    tokens = engine.EdgeVectorParams(
        dimension,
        engine.Distance.Cosine,
        datatype=engine.VectorStorageDatatype.Turbo8,
        multivector_config=engine.MultiVectorConfig(engine.MultiVectorComparator.MaxSim),
        hnsw_config=engine.HnswIndexConfig(m=0, ef_construct=100, full_scan_threshold=_INDEX_KB),
    )
    return engine.EdgeConfig(
        vectors={DENSE: engine.EdgeVectorParams(dimension, engine.Distance.Cosine, hnsw_config=graph), TOKENS: tokens},
        sparse_vectors={SPARSE: engine.EdgeSparseVectorParams(modifier=engine.Modifier.Idf)},
        optimizers=engine.EdgeOptimizersConfig(indexing_threshold=index_kb),
        wal_enabled=True,
    )


def _load(files: Path, dimension: int) -> engine.EdgeShard:
    config = _config(dimension)
    with _translated(f"The index in {files} could not be opened"):
        if files.exists():
            shard = engine.EdgeShard.load(str(files), config)
        else:
            files.mkdir()
            shard = engine.EdgeShard.create(str(files), config)
        indexed = shard.info().payload_schema
        for name in payload.FILTERED:
            if name not in indexed:
                shard.update(engine.UpdateOperation.create_field_index(name, engine.PayloadSchemaType.Keyword))
        return shard


@contextmanager
def _translated(failure: str) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        # The engine raises bare Exception, and its panics are not even that.
        panic = type(error).__name__ == "PanicException"
        if isinstance(error, StoreError) or not (panic or isinstance(error, Exception)):
            raise
        if "WouldBlock" in str(error):
            raise StoreBusyError(f"{failure}: another process has it open. Close that one and try again.") from error
        if any(number in str(error) for number in _SURROUNDINGS):
            raise recovery.SurroundingsError(f"{failure}: {error}. Put that right and try again.") from error
        raise StoreError(f"{failure}: {error}. Run the ingest again: it repairs or rebuilds the index.") from error
