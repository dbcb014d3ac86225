"""Brings the vector index to what the catalogue says: deletes what is too much, embeds and adds what is missing.

Nothing is remembered between runs, so whatever a killed run left behind is made good by the next one.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from assistant import bm25
from assistant.store.catalog import Catalog
from assistant.types import Chunk, Embedding, Encoder, Note, NoteStore, Point
from ingest.report import Progress, Step

Item = TypeVar("Item")
Result = TypeVar("Result")


def embedding_text(chunk: Chunk, note: Note) -> str:
    """What encoder and BM25 read of a chunk: its heading, then its words."""
    return f"{chunk.heading}\n{note.text[chunk.start : chunk.end]}"


def content_digest(chunk: Chunk, note: Note) -> str:
    """Changes whenever anything indexed about a chunk does, leaving encoder and BM25 aside."""
    payload = [chunk.chunk_id, note.note_id, note.source, note.topic, note.level, note.language]
    return _digest([*payload, embedding_text(chunk, note), *(point.text for point in note.key_points)])


def reconcile(catalog: Catalog, store: NoteStore, encoder: Encoder, batch: int, progress: Progress) -> None:
    """Make the index hold exactly the catalogue's chunks. Costs two listings when it already does.

    Raises:
        StoreError: the index failed; what was written so far stays, and the next run goes on from there.
    """
    wanted = {key: _digest([digest, encoder.name, bm25.VERSION]) for key, digest in catalog.fingerprints().items()}
    present = store.fingerprints()
    surplus = sorted(present.keys() - wanted.keys())
    missing = sorted(key for key, fingerprint in wanted.items() if present.get(key) != fingerprint)
    if surplus:
        store.delete(surplus)

    def points(part: list[str]) -> list[Point]:
        found = catalog.chunks_with_notes(part)
        return list(_points([found[key] for key in part], [wanted[key] for key in part], encoder))

    done = 0
    if missing:
        progress(Step("indexing", done, len(missing)))
    for part in _ahead(points, [missing[start : start + batch] for start in range(0, len(missing), batch)]):
        store.upsert(part)
        done += len(part)
        progress(Step("indexing", done, len(missing)))
    store.settle()  # even when nothing is missing: the run that wrote it may have been killed before this line


def _ahead(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Results in order, each begun before the one ahead of it is taken: vectors are made while others are written."""
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        coming: Future[Result] | None = None
        for item in items:
            ready, coming = coming, pool.submit(work, item)
            if ready is not None:
                yield ready.result()
        if coming is not None:
            yield coming.result()


def _points(chunks: Sequence[tuple[Chunk, Note]], fingerprints: Sequence[str], encoder: Encoder) -> Iterator[Point]:
    """A note's key points say its claims once more in other words: their tokens and terms join those of its chunks."""
    texts = [embedding_text(chunk, note) for chunk, note in chunks]
    claims = list(dict.fromkeys(point.text for _, note in chunks for point in note.key_points))
    embeddings = encoder.passages([*texts, *claims])
    tokens = {claim: embedding.tokens for claim, embedding in zip(claims, embeddings[len(texts) :], strict=True)}
    for (chunk, note), fingerprint, text, embedding in zip(
        chunks, fingerprints, texts, embeddings[: len(texts)], strict=True
    ):
        said = [point.text for point in note.key_points]
        states = np.concatenate([embedding.tokens, *(tokens[claim] for claim in said)])
        yield Point(
            chunk_id=chunk.chunk_id,
            note_id=note.note_id,
            source=note.source,
            topic=note.topic,
            level=note.level,
            language=note.language,
            fingerprint=fingerprint,
            embedding=Embedding(embedding.dense, states),
            sparse=bm25.passage_vector("\n".join([text, *said])),
        )


def _digest(parts: Sequence[str | None]) -> str:
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()
