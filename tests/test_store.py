"""One contract for every store: embedded, shared (as owner and through the owner), and a Qdrant server.

The server is the one that ASSISTANT_STORE__URL names; without it qdrant-client's in-memory mode stands in, and the
test's id says `server_stand_in`.
"""

import os
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import replace
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from store_points import DIMENSION, chunk_id, exact_maxsim, point, points, unit

from assistant.errors import StoreError
from assistant.store.edge import EdgeStore
from assistant.store.server import MEMORY, ServerStore
from assistant.store.shared import SharedStore
from assistant.types import Embedding, Filters, NoteStore, Scored, SparseVector
from config.settings import StoreSettings

pytestmark = pytest.mark.integration

# Read here: the `home` fixture clears the environment.
URL = os.environ.get("ASSISTANT_STORE__URL")
KEY = os.environ.get("ASSISTANT_STORE__API_KEY")
ANY = Filters()


def _reachable() -> bool:
    try:
        return URL is not None and urllib.request.urlopen(URL, timeout=2).status == 200
    except OSError:
        return False


SERVER = "server" if _reachable() else "server_stand_in"


@pytest.fixture(params=["edge", "owner", "forwarded", SERVER])
def store(request: pytest.FixtureRequest, home: Path) -> Iterator[NoteStore]:
    match request.param:
        case "edge":
            opened: list[NoteStore] = [EdgeStore(home, DIMENSION)]
        case "owner":
            opened = [SharedStore(home, DIMENSION)]
        case "forwarded":
            opened = [SharedStore(home, DIMENSION), SharedStore(home, DIMENSION)]
        case _:
            settings = StoreSettings.model_validate({"url": URL if SERVER == "server" else MEMORY, "api_key": KEY})
            opened = [ServerStore(settings, f"test-{uuid.uuid4()}", DIMENSION)]
    yield opened[-1]
    for each in reversed(opened):
        if isinstance(each, ServerStore):
            each.drop()
        each.close()


def test_the_same_contract_holds_on_a_real_server() -> None:
    if SERVER != "server":
        pytest.skip("no Qdrant server: docker compose up -d --wait, then ASSISTANT_STORE__URL=http://127.0.0.1:6333")


def _ids(hits: list[Scored]) -> list[str]:
    return [hit.chunk_id for hit in hits]


def test_dense_order_is_that_of_the_cosine(store: NoteStore) -> None:
    stored = points(150)
    store.upsert(stored)
    store.settle()
    query = unit(np.random.default_rng(1), DIMENSION)
    cosines = {p.chunk_id: float(p.embedding.dense @ query) for p in stored}
    hits = store.dense(query, 20, ANY)
    assert _ids(hits) == sorted(cosines, key=lambda key: -cosines[key])[:20]
    assert [hit.score for hit in hits] == pytest.approx([cosines[hit.chunk_id] for hit in hits], abs=1e-5)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(topic="Тема 1"),
        Filters(level="Killer"),
        Filters(language="en"),
        Filters(source="notes/2.md"),
        Filters(topic="Тема 0", level="Basic", language="ru", source="notes/0.md"),
        Filters(topic="Тема"),
    ],
    ids=str,
)
def test_filters_are_exact(store: NoteStore, filters: Filters) -> None:
    stored = [point(n, sparse=SparseVector((1,), (1.0 + n,))) for n in range(120)]
    store.upsert(stored)
    names = [name for name in ("topic", "level", "language", "source") if getattr(filters, name) is not None]
    wanted = {p.chunk_id for p in stored if all(getattr(p, name) == getattr(filters, name) for name in names)}
    assert set(_ids(store.dense(stored[0].embedding.dense, 120, filters))) == wanted
    assert set(_ids(store.sparse(SparseVector((1,), (1.0,)), 120, filters))) == wanted


def _idf(documents: int, holding: int) -> float:
    return log(1 + (documents - holding + 0.5) / (holding + 0.5))


def test_sparse_scores_are_weights_times_idf(store: NoteStore) -> None:
    # Term 1 is in three of four, term 2 in one; the engine multiplies by IDF, the weights are ours.
    terms = [((1,), (1.5,)), ((1, 2), (0.5, 2.0)), ((1,), (1.0,)), ((3,), (1.0,))]
    store.upsert([point(n, sparse=SparseVector(*pair)) for n, pair in enumerate(terms)])
    hits = store.sparse(SparseVector((1, 2), (1.0, 2.0)), 10, ANY)
    expected = {
        chunk_id(1): 0.5 * _idf(4, 3) + 2.0 * 2.0 * _idf(4, 1),
        chunk_id(0): 1.5 * _idf(4, 3),
        chunk_id(2): 1.0 * _idf(4, 3),
    }
    assert _ids(hits) == list(expected)
    assert [hit.score for hit in hits] == pytest.approx(list(expected.values()), rel=1e-5)


def test_idf_counts_only_what_is_there_now(store: NoteStore) -> None:
    store.upsert([point(n, sparse=SparseVector((1 if n < 5 else 2,), (1.0,))) for n in range(10)])
    store.delete([chunk_id(0), chunk_id(1)])
    store.upsert([point(2, version=1, sparse=SparseVector((2,), (1.0,)))])
    hits = store.sparse(SparseVector((1,), (1.0,)), 10, ANY)
    assert [hit.score for hit in hits] == pytest.approx([_idf(8, 2)] * 2, rel=1e-5)


def test_a_filter_leaves_idf_as_it_is(store: NoteStore) -> None:
    store.upsert([point(n, sparse=SparseVector((1,), (1.0,))) for n in range(6)])
    (hit, *_) = store.sparse(SparseVector((1,), (1.0,)), 1, Filters(topic="Тема 2"))
    assert hit.score == pytest.approx(_idf(6, 6), rel=1e-5)


def test_maxsim_is_that_of_numpy(store: NoteStore) -> None:
    stored = points(60)
    store.upsert(stored)
    store.settle()
    query = unit(np.random.default_rng(2), 7, DIMENSION)
    asked = [p.chunk_id for p in stored[10:50]]
    scores = store.maxsim(query, [*asked, *asked[:3], chunk_id(999)])
    assert set(scores) == set(asked)
    exact = {p.chunk_id: exact_maxsim(query, p.embedding.tokens) for p in stored[10:50]}
    # Tokens are stored in a byte a number: a thousandth of a cosine for each query token.
    assert scores == pytest.approx(exact, abs=0.002 * len(query))


def test_upsert_replaces_and_delete_removes(store: NoteStore) -> None:
    store.upsert(points(10))
    new = point(3, version=1)
    store.upsert([new])
    store.delete([chunk_id(7), chunk_id(12345), "no id of ours"])
    assert store.fingerprints() == {chunk_id(n): f"{n}-{int(n == 3)}" for n in range(10) if n != 7}
    (best,) = store.dense(new.embedding.dense, 1, ANY)
    assert best.chunk_id == chunk_id(3)
    assert best.score == pytest.approx(1.0, abs=1e-5)
    assert chunk_id(7) not in _ids(store.dense(new.embedding.dense, 50, ANY))
    store.settle()
    assert len(store.fingerprints()) == 9


def test_equal_scores_come_in_order_of_id_wherever_the_list_is_cut(store: NoteStore) -> None:
    first = point(0, sparse=SparseVector((1,), (1.0,)))
    for number in np.random.default_rng(3).permutation(40):
        store.upsert([replace(first, chunk_id=chunk_id(int(number)))])
    for limit in (1, 7, 40, 100):
        expected = [chunk_id(n) for n in range(min(limit, 40))]
        assert _ids(store.dense(first.embedding.dense, limit, ANY)) == expected
        assert _ids(store.sparse(SparseVector((1,), (1.0,)), limit, ANY)) == expected


def test_nothing_asked_nothing_found(store: NoteStore) -> None:
    assert store.fingerprints() == {}
    assert store.dense(unit(np.random.default_rng(4), DIMENSION), 5, ANY) == []
    store.upsert([point(0, sparse=SparseVector((), ())), point(1)])
    assert store.sparse(SparseVector((), ()), 5, ANY) == []
    assert store.sparse(SparseVector((4_000_000_000,), (1.0,)), 5, ANY) == []
    assert store.dense(point(0).embedding.dense, 0, ANY) == []
    assert store.maxsim(np.zeros((0, DIMENSION), np.float32), [chunk_id(0)]) == {}
    assert store.maxsim(point(0).embedding.tokens, []) == {}


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"chunk_id": "7"}, "UUID"),
        ({"topic": "\ud800"}, "Unicode"),
        ({"sparse": SparseVector((1, 1), (1.0, 1.0))}, "repeated"),
        ({"sparse": SparseVector((2**32,), (1.0,))}, "range"),
        ({"embedding": Embedding(np.zeros(3, np.float32), np.zeros((1, 3), np.float32))}, "dimensions"),
        ({"embedding": Embedding(np.zeros(DIMENSION, np.float32), np.zeros((0, DIMENSION), np.float32))}, "shapes"),
        (
            {"embedding": Embedding(np.full(DIMENSION, np.nan, np.float32), np.ones((1, DIMENSION), np.float32))},
            "finite",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_would_harm_the_index_is_refused(store: NoteStore, changed: dict[str, Any], complaint: str) -> None:
    bad = replace(point(1), **changed)
    with pytest.raises(StoreError, match=complaint):
        store.upsert([point(0), bad])
    assert store.fingerprints() == {}


def test_a_query_of_another_dimension_is_refused(store: NoteStore) -> None:
    with pytest.raises(StoreError, match="24 finite numbers"):
        store.dense(np.ones(DIMENSION + 1, np.float32), 5, ANY)


def test_a_cleared_store_is_empty_and_goes_on(store: NoteStore, home: Path) -> None:
    kept = points(20)
    store.upsert(kept)
    store.settle()
    store.clear()
    assert store.fingerprints() == {}
    assert store.dense(kept[0].embedding.dense, 5, ANY) == []
    # Ids and vectors are gone from the disk too, not only marked as deleted.
    for file in home.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not [one for one in kept if uuid.UUID(one.chunk_id).bytes in content]
            assert not [one for one in kept if one.embedding.dense.tobytes() in content]
    store.upsert(kept[:3])
    assert store.fingerprints().keys() == {one.chunk_id for one in kept[:3]}


def test_a_closed_store_says_so(store: NoteStore) -> None:
    if not isinstance(store, ServerStore):
        store.close()
        store.close()
        with pytest.raises(StoreError, match="closed"):
            store.fingerprints()
