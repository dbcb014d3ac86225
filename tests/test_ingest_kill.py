"""SIGKILL at random moments of an ingest: the next run ends in the same state as one that nobody disturbed."""

import multiprocessing
import random
import shutil
import signal
import time
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from fakes_ingest import DIMENSION, FakeEncoder
from ingest_driver import ingest

from assistant.bm25 import query_vector
from assistant.store.catalog import FILE_NAME, Catalog
from assistant.store.edge import EdgeStore
from assistant.types import Chunk, Filters, Note

pytestmark = pytest.mark.integration

POINTS = 30
EVERYTHING = 1000
QUERIES = ("question 3 of file 4", "why drift 7 matters", "edited answer", "выборка 5")


@dataclass(frozen=True)
class State:
    """All that a person can see of a home: notes, chunks, what is indexed, and what a search finds."""

    notes: list[Note]
    chunks: dict[str, tuple[Chunk, Note]]
    fingerprints: dict[str, str]
    found: list[dict[str, float]]


def state(home: Path) -> State:
    store, encoder = EdgeStore(home / "index", DIMENSION), FakeEncoder()
    try:
        with Catalog(home / FILE_NAME) as catalog:
            assert catalog.check() is None
            fingerprints = store.fingerprints()
            hits = [store.dense(encoder.query(query).dense, EVERYTHING, Filters()) for query in QUERIES]
            hits += [store.sparse(query_vector(query), EVERYTHING, Filters()) for query in QUERIES]
            found = [{hit.chunk_id: hit.score for hit in ranked} for ranked in hits]
            return State(catalog.browse(Filters()), catalog.chunks_with_notes(fingerprints), fingerprints, found)
    finally:
        store.close()


def assert_same(got: State, expected: State) -> None:
    assert replace(got, found=[]) == replace(expected, found=[])
    for scores, wanted in zip(got.found, expected.found, strict=True):
        # The engine adds up in the order in which points came; that moves the last bits of a score.
        assert scores == pytest.approx(wanted, abs=1e-5)


def write_notes(folder: Path, edited: bool) -> None:
    """Eight files of ten notes; edited: one file gone, one new, and in each other one a reworded and a new note."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number in range(1, 9) if edited else range(8):
        notes = [
            f"Q: Why does question {n} of file {number} matter?\nA: Drift {n}, выборка {number}." for n in range(10)
        ]
        if edited:
            notes[3] = notes[3].replace("Why does", "Why, really, does") + " An edited answer."
            notes.append("Q: What is new?\nA: " + "A long answer is indexed in parts. " * 60)
        (folder / f"{number}.md").write_text(f"# Topic {number}\n\n" + "\n\n".join(notes), "utf-8")


def started(home: Path, notes: Path) -> ForkServerProcess:
    """An ingest in a process of its own; the fork server has imported everything already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["ingest_driver"])
    process = context.Process(target=ingest, args=(home, notes))
    process.start()
    return process


def finish(home: Path, notes: Path) -> float:
    """Seconds of an undisturbed run."""
    begun = time.monotonic()
    process = started(home, notes)
    process.join()
    assert process.exitcode == 0
    return time.monotonic() - begun


@dataclass(frozen=True)
class Scene:
    """A home before the run, the notes to run on, how long that takes undisturbed, and what it ends in."""

    before: Path
    notes: Path
    seconds: float
    expected: State


@pytest.fixture(scope="module", params=[False, True], ids=["first", "edited"])
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("kill")
    notes, before, after = folder / "notes", folder / "before", folder / "after"
    before.mkdir()
    write_notes(notes, edited=False)
    finish(folder / "to start the fork server", notes)
    if request.param:
        finish(before, notes)
        write_notes(notes, edited=True)
    shutil.copytree(before, after)
    seconds = finish(after, notes)
    return Scene(before, notes, seconds, state(after))


@pytest.mark.parametrize("point", range(POINTS // 2))
def test_killed_at_a_random_moment(scene: Scene, tmp_path: Path, point: int) -> None:
    killed, moment = tmp_path / "killed", random.Random(point).uniform(0, scene.seconds)
    while True:
        shutil.copytree(scene.before, killed)
        process = started(killed, scene.notes)
        time.sleep(moment)
        process.kill()
        process.join()
        if process.exitcode == -signal.SIGKILL:
            break
        moment /= 2  # it had ended by then
        shutil.rmtree(killed)
    finish(killed, scene.notes)
    assert_same(state(killed), scene.expected)
