"""Looking up words: notes that hold all of them come first, then those near in meaning, each note once."""

from pathlib import Path

import pytest
from fakes_ingest import DIMENSION, FakeEncoder

from assistant.retrieve.fit import load_fit
from assistant.retrieve.lookup import Found, look_up
from assistant.retrieve.retriever import Retriever
from assistant.store.catalog import Catalog
from assistant.store.edge import EdgeStore
from assistant.types import Filters
from config.settings import IngestSettings, RetrieveSettings
from ingest.sync import Parts, Request, run

NOTES = """# Drift

## Basic

Q: What is PSI?
A: The population stability index compares two distributions bin by bin.

Q: Which threshold is usual?
A: PSI above the threshold 0.25 is significant. Thresholds are conventions.

## Killer

Q: How is an alarm tuned?
A: By the cost of a false alarm, not by a threshold from a book.
"""


@pytest.fixture
def retriever(tmp_path: Path) -> Retriever:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "drift.md").write_text(NOTES, "utf-8")
    catalog, encoder = Catalog(tmp_path / "home" / "notes.sqlite3"), FakeEncoder()
    store = EdgeStore(tmp_path / "home" / "index", DIMENSION)
    parts = Parts(tmp_path / "home", catalog, store, encoder, IngestSettings())
    run(Request((tmp_path / "notes",)), parts, lambda _: None, lambda _: None)
    return Retriever(encoder, store, catalog, RetrieveSettings(), load_fit())


def titles(found: Found) -> tuple[list[str], list[str]]:
    return [one.note.title for one in found.holding], [one.note.title for one in found.near]


def test_notes_that_hold_every_word_come_first_in_any_form_of_the_word(retriever: Retriever) -> None:
    holding, near = titles(look_up(retriever, "psi thresholds", Filters(), 10))
    assert holding == ["Which threshold is usual?"]
    assert set(near) == {"What is PSI?", "How is an alarm tuned?"}


def test_no_note_stands_twice(retriever: Retriever) -> None:
    found = look_up(retriever, "threshold", Filters(), 10)
    ids = [passage.note.note_id for passage in found.passages]
    assert len(found.holding) == 2
    assert len(ids) == len(set(ids)) == 3


def test_filters_hold_for_both(retriever: Retriever) -> None:
    found = look_up(retriever, "threshold", Filters(level="Killer"), 10)
    assert titles(found) == (["How is an alarm tuned?"], [])


def test_words_that_are_nowhere_find_only_what_is_near(retriever: Retriever) -> None:
    found = look_up(retriever, "octopus", Filters(), 2)
    assert found.holding == ()
    assert len(found.near) == 2


def test_a_search_of_filler_words_or_signs_is_no_error(retriever: Retriever) -> None:
    assert look_up(retriever, "what is the", Filters(), 2).holding == ()
    assert look_up(retriever, "???", Filters(), 2).holding == ()
