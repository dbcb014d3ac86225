"""Retrieval on a small index: what is ordered by what, and what a search says about itself."""

from pathlib import Path

import pytest
from fakes_ingest import Bench

from assistant.retrieve.fit import load_fit
from assistant.retrieve.retriever import Retriever
from assistant.types import Filters
from config.settings import RetrieveSettings

NOTES = """# Drift

Q: Что такое PSI?
A: Сравнивает доли бинов двух выборок.

Key points:
- (3) PSI растёт, когда распределение едет

Q: What is drift?
A: The inputs change while the model stays.

# Serving

Q: Зачем batching?
A: Один проход обслуживает несколько запросов.
"""


@pytest.fixture
def retriever(tmp_path: Path) -> Retriever:
    bench = Bench(tmp_path)
    bench.write("notes/notes.md", NOTES)
    bench.sync(bench.notes)
    return Retriever(bench.encoder, bench.store, bench.catalog, RetrieveSettings(), load_fit())


@pytest.mark.parametrize("title", ["Что такое PSI?", "What is drift?", "Зачем batching?"])
def test_a_question_word_for_word_finds_itself(retriever: Retriever, title: str) -> None:
    found = retriever.search(title)
    assert found.passages[0].note.title == title
    assert found.answerable >= 0.99


def test_what_only_a_key_point_says_is_found(retriever: Retriever) -> None:
    assert retriever.search("распределение едет").passages[0].note.title == "Что такое PSI?"


def test_names_the_notes_never_use_are_counted(retriever: Retriever) -> None:
    def unknown(question: str) -> float:
        signals = retriever.search(question).signals
        assert signals is not None
        return signals.unknown

    assert unknown("чем PSI лучше MMD и HDDM?") == pytest.approx(2 / 3)
    assert unknown("зачем PSI?") == unknown("какие доли бинов?") == 0.0


def test_a_known_name_is_likelier_to_be_answered(retriever: Retriever) -> None:
    assert retriever.search("что такое PSI?").answerable > retriever.search("что такое HDDM?").answerable


def test_filters_and_limits_hold_and_nothing_found_is_no_answer(retriever: Retriever) -> None:
    assert [p.note.topic for p in retriever.search("PSI", Filters(topic="Serving")).passages] == ["Serving"]
    assert len(retriever.search("PSI", limit=1).passages) == 1
    nothing = retriever.search("PSI", Filters(topic="No such topic"))
    assert (nothing.passages, nothing.answerable, nothing.signals) == ((), 0.0, None)


def test_an_encoder_that_was_not_fitted_says_so(retriever: Retriever) -> None:
    assert not retriever.search("PSI").answerable_fitted
