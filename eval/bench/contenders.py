"""What is raced over the same notes and vectors: our index, qdrant-client's local mode, LangChain's ensemble.

Each answers the same question: the ten best of the fifty nearest by vector and the fifty best by BM25, fused by rank.
Question vectors are given to all of them, so no encoder takes part.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import InMemoryVectorStore
from qdrant_client import QdrantClient, models

from assistant.build import Assistant, open_assistant
from assistant.retrieve.fuse import fuse
from assistant.store.catalog import FileRecord
from assistant.types import EVERYTHING, FloatArray, NoteStore, Point, SparseVector
from config.settings import RetrieveSettings, Settings
from eval.bench.measure import Call
from eval.bench.synthetic import SOURCE, Corpus, Question, stored_note

_DEPTH, _BEST = 50, 10
_DENSE, _SPARSE = "dense", "sparse"


@contextmanager
def opened(corpus: Corpus, settings: Settings) -> Iterator[Assistant]:
    """This project with all the notes, in the empty home of the settings."""
    with open_assistant(settings, lambda line: None) as assistant:
        assistant.catalog.set_root("synthetic", settings.home)
        stored = [stored_note(note) for batch in corpus.batches() for note in corpus.notes(batch)]
        assistant.catalog.replace_file(FileRecord(SOURCE, "synthetic", "", ""), stored)
        for batch in corpus.batches():
            assistant.store.upsert(corpus.points(batch))
        assistant.store.settle()
        yield assistant


def ours(store: NoteStore, questions: list[Question], *, late: bool) -> Call:
    """Both searches and their fusion; with `late`, as deep as the product goes, then late interaction."""
    settings = RetrieveSettings()
    depth = settings.candidates if late else _DEPTH

    def call(number: int) -> object:
        question = questions[number % len(questions)]
        dense = store.dense(question.dense, depth, EVERYTHING)
        sparse = store.sparse(question.sparse, depth, EVERYTHING)
        fused = fuse([(settings.dense_weight, dense), (settings.sparse_weight, sparse)], k=settings.rrf_k)
        if not late:
            return fused[:_BEST]
        return store.maxsim(question.tokens, [candidate.chunk_id for candidate in fused[: settings.rerank]])

    return call


def qdrant_local(corpus: Corpus, questions: list[Question]) -> Call:
    """qdrant-client's own in-memory mode: one hybrid query with two prefetches, fused by RRF."""
    client = QdrantClient(":memory:")
    client.create_collection(
        "notes",
        vectors_config={_DENSE: models.VectorParams(size=corpus.dimension, distance=models.Distance.COSINE)},
        sparse_vectors_config={_SPARSE: models.SparseVectorParams(modifier=models.Modifier.IDF)},
    )
    plain = replace(corpus, tokens=1)
    for batch in plain.batches():
        client.upsert("notes", [_point(point) for point in plain.points(batch)])

    def call(number: int) -> object:
        question = questions[number % len(questions)]
        return client.query_points(
            "notes",
            prefetch=[
                models.Prefetch(query=question.dense.tolist(), using=_DENSE, limit=_DEPTH),
                models.Prefetch(query=_sparse(question.sparse), using=_SPARSE, limit=_DEPTH),
            ],
            query=models.FusionQuery(fusion=models.Fusion.RRF),
            limit=_BEST,
            with_payload=False,
        )

    return call


def langchain_ensemble(corpus: Corpus, questions: list[Question]) -> Call:
    """EnsembleRetriever over BM25Retriever and InMemoryVectorStore, all with their own defaults but the depth."""
    vectors = {question.text: question.dense for question in questions}
    store = InMemoryVectorStore(_Given(vectors))
    documents: list[Document] = []
    for batch in corpus.batches():
        notes = corpus.notes(batch)
        made = [Document(page_content=note.text, id=note.note_id) for note in notes]
        vectors.update(zip((note.text for note in notes), corpus.dense(batch), strict=True))
        store.add_documents(made)
        documents += made
    by_words = BM25Retriever.from_documents(documents, k=_DEPTH)
    by_vector = store.as_retriever(search_kwargs={"k": _DEPTH})
    ensemble = EnsembleRetriever(retrievers=[by_words, by_vector], weights=[0.5, 0.5])
    return lambda number: ensemble.invoke(questions[number % len(questions)].text)


class _Given(Embeddings):
    """LangChain asks for vectors by text; these are drawn already."""

    def __init__(self, vectors: Mapping[str, FloatArray]) -> None:
        self._vectors = vectors

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        found: list[float] = self._vectors[text].tolist()
        return found


def _point(point: Point) -> models.PointStruct:
    vector: dict[str, models.Vector] = {_DENSE: point.embedding.dense.tolist(), _SPARSE: _sparse(point.sparse)}
    return models.PointStruct(id=point.chunk_id, vector=vector)


def _sparse(vector: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))
