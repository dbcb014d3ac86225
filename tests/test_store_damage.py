"""The embedded index after SIGKILL at random moments, with damaged files, on a full disk."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from store_points import DIMENSION, chunk_id, exact_maxsim, point, points

from assistant.errors import StoreBusyError, StoreError
from assistant.store import edge
from assistant.store.edge import EdgeStore
from assistant.types import Filters

pytestmark = pytest.mark.integration

TESTS = Path(__file__).parent


def _fill_and_kill(folder: Path, first: int, delay_s: float) -> int:
    """Run a process that writes from `first` on, kill it, and return up to where it said it had written."""
    command = [sys.executable, str(TESTS / "store_driver.py"), "fill", str(folder), str(first)]
    environment = {**os.environ, "PYTHONPATH": f"{TESTS.parent}{os.pathsep}{TESTS}"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        time.sleep(delay_s)
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
    return int([line for line in lines if line.endswith("\n")][-1])


def test_after_each_of_ten_kills_every_point_is_whole(home: Path) -> None:
    chance = random.Random(7)
    written = 0
    for _ in range(10):
        written = _fill_and_kill(home, written, chance.uniform(0, 0.4))
        store = EdgeStore(home, DIMENSION)
        found = store.fingerprints()
        assert {chunk_id(n): f"{n}-0" for n in range(written)}.items() <= found.items()
        assert found == {chunk_id(n): f"{n}-0" for n in range(len(found))}
        last = point(len(found) - 1)
        for number in (*chance.sample(range(len(found)), 5), len(found) - 1):
            stored = point(number)
            (hit,) = store.dense(stored.embedding.dense, 1, Filters())
            assert hit.chunk_id == stored.chunk_id
            assert stored.chunk_id in {hit.chunk_id for hit in store.sparse(stored.sparse, 1, Filters())}
            (score,) = store.maxsim(last.embedding.tokens, [stored.chunk_id]).values()
            exact = exact_maxsim(last.embedding.tokens, stored.embedding.tokens)
            assert score == pytest.approx(exact, abs=0.02)
        store.close()
        assert not (home / "shard.broken").exists()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _garble(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(random.Random(1).randbytes(min(4096, path.stat().st_size)))


@pytest.mark.parametrize("harm", [_empty, _halve, _garble], ids=["emptied", "halved", "garbled"])
@pytest.mark.parametrize(
    "victim",
    [
        "edge_config.json",
        "wal/first-index",
        "segments/*/segment.json",
        "segments/*/payload_storage/page_0.dat",
        "segments/*/payload_storage/tracker.dat",
        "segments/*/vector_storage-tokens/tq_offsets/chunk_0.mmap",
        "segments/*/vector_storage-dense/deleted/status.dat",
        "segments/*/mutable_id_tracker.mappings",
    ],
)
def test_a_damaged_index_can_always_be_filled_again(home: Path, victim: str, harm: Callable[[Path], None]) -> None:
    store = EdgeStore(home, DIMENSION)
    store.upsert(points(300))
    store.settle()
    store.close()
    harm(next((home / "shard").glob(victim)))
    # What ingest does, at most twice: damage that only a read brings to light ends one run.
    for attempt in range(2):
        try:
            store = EdgeStore(home, DIMENSION)
            present = store.fingerprints()
            store.upsert([p for p in points(300) if present.get(p.chunk_id) != p.fingerprint])
            scores = store.maxsim(point(5).embedding.tokens, [chunk_id(n) for n in range(300)])
            break
        except StoreError:
            assert attempt == 0
            store.close()
    assert store.fingerprints() == {chunk_id(n): f"{n}-0" for n in range(300)}
    assert len(scores) == 300
    assert store.dense(point(9).embedding.dense, 1, Filters())[0].chunk_id == chunk_id(9)
    store.close()


def test_an_index_that_was_not_closed_is_read_through_before_it_is_opened(home: Path) -> None:
    store = EdgeStore(home, DIMENSION)
    store.upsert(points(20))
    store.close()
    assert not (home / "unproven").exists()
    (home / "unproven").touch()
    store = EdgeStore(home, DIMENSION)
    assert len(store.fingerprints()) == 20
    store.close()
    (home / "unproven").touch()
    _garble(next((home / "shard").glob("segments/*/payload_storage/page_0.dat")))
    store = EdgeStore(home, DIMENSION)
    assert store.fingerprints() == {}
    assert (home / "shard.broken").is_dir()
    store.close()


def test_an_engine_error_is_told_once_and_healed_by_the_next_call(home: Path) -> None:
    store = EdgeStore(home, DIMENSION)
    store.upsert(points(20))
    store.settle()
    _garble(next((home / "shard").glob("segments/*/payload_storage/page_0.dat")))
    with pytest.raises(StoreError, match="Run the ingest again"):
        store.fingerprints()
    assert store.fingerprints() == {}
    store.upsert(points(20))
    assert len(store.fingerprints()) == 20
    store.close()


def test_an_index_that_somebody_else_has_open_is_left_alone(home: Path) -> None:
    store = EdgeStore(home, DIMENSION)
    store.upsert(points(3))
    with pytest.raises(StoreBusyError, match="in use"):
        EdgeStore(home, DIMENSION)
    assert len(store.fingerprints()) == 3
    store.close()
    assert not (home / "shard.broken").exists()


def test_a_disk_that_is_nearly_full_is_told_before_the_engine_finds_out(home: Path) -> None:
    store = EdgeStore(home, DIMENSION, room_bytes=2**62)
    with pytest.raises(StoreError, match="Make room"):
        store.upsert(points(1))
    assert store.fingerprints() == {}
    store.close()


def test_a_large_index_gets_its_graph_in_a_process_of_its_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "GRAPH_FROM", 100)
    monkeypatch.setattr(edge, "_UNINDEXED", 10)
    monkeypatch.setattr(edge, "_INDEX_KB", 1)
    store = EdgeStore(home, DIMENSION)
    store.upsert(points(400))
    store.settle()
    assert list(home.rglob("vector_index-dense/graph.bin"))
    assert len(store.fingerprints()) == 400
    assert store.dense(point(9).embedding.dense, 1, Filters())[0].chunk_id == chunk_id(9)
    store.close()
