"""Ids: unique, stable, kept over an edit of wording, and fresh for what is really another note."""

import uuid
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.identity import Entry, assign, name_of, normalised, note_id

SOURCE = "notes/drift.md"


def entry(title: str, text: str = "It compares two distributions bin by bin.", topic: str = "Drift") -> Entry:
    return Entry(topic, normalised(title), "Basic", (topic, "Basic"), title, text)


def pairs(ids: tuple[str, ...], entries: list[Entry]) -> list[tuple[str, Entry]]:
    return list(zip(ids, entries, strict=True))


VOCABULARY = ["drift", "psi", "порог", "модель", "сервис", "latency", "бандит", "выборка", "k-means", "ёж"]
TEXTS = st.lists(st.sampled_from(VOCABULARY), min_size=4, max_size=12).map(" ".join)
ENTRIES = st.builds(entry, TEXTS, TEXTS, st.sampled_from(["Drift", "Serving"]))
FILES = st.lists(ENTRIES, max_size=12)
DISTINCT = st.lists(ENTRIES, min_size=1, max_size=12, unique_by=lambda e: (e.topic, e.name))


@given(FILES, FILES)
def test_ids_are_unique_and_deterministic(before: list[Entry], after: list[Entry]) -> None:
    old = pairs(assign(SOURCE, [], before), before)
    ids = assign(SOURCE, old, after)
    assert len(ids) == len(after) == len(set(ids))
    assert ids == assign(SOURCE, old, after)


@given(FILES)
def test_unchanged_input_keeps_every_id(entries: list[Entry]) -> None:
    ids = assign(SOURCE, [], entries)
    assert assign(SOURCE, pairs(ids, entries), entries) == ids


@given(DISTINCT)
def test_order_does_not_matter_to_notes_with_a_name_of_their_own(entries: list[Entry]) -> None:
    ids = assign(SOURCE, [], entries)
    assert assign(SOURCE, pairs(ids, entries), entries[::-1]) == ids[::-1]


@given(DISTINCT, st.data())
@settings(max_examples=200)
def test_one_edit_touches_one_note_and_keeps_its_id(entries: list[Entry], data: st.DataObject) -> None:
    ids = assign(SOURCE, [], entries)
    place = data.draw(st.integers(0, len(entries) - 1))
    old = entries[place]
    edited = [*entries]
    edited[place] = data.draw(
        st.sampled_from([entry(old.title + " edited", old.text, old.topic), replace(old, text=old.text + " Edited.")])
    )
    assert assign(SOURCE, pairs(ids, entries), edited) == ids


def test_id_is_uuid5_of_source_topic_and_normalised_question() -> None:
    (identity,) = assign(SOURCE, [], [entry("Что  такое\nУЧЁТ?")])
    assert identity == note_id(SOURCE, "Drift", "что такое учет?")
    assert uuid.UUID(identity).version == 5


def test_prose_is_named_by_its_headings_without_their_numbers() -> None:
    assert name_of("Batching", ["2. Serving", "2.1 Batching"]) == "serving > batching"
    assert name_of("3.1 Batching", ["3) Serving", "3.1. Batching"]) == "serving > batching"
    assert name_of("Why  batch?", ["2. Serving", "2.1 Batching"]) == "why batch?"
    assert name_of("README", []) == "readme"
    assert name_of("2024", ["2024"]) == "2024"


def test_the_parts_of_a_key_cannot_run_into_each_other() -> None:
    assert note_id("a", "b c", "d") != note_id("a", "b", "c d") != note_id('a", "b', "c", "d")


def test_a_question_standing_twice_gets_an_ordinal_and_answers_keep_their_ids_when_swapped() -> None:
    first, second = entry("What is PSI?", "An index of stability."), entry("What is PSI?", "A tyre pressure.")
    ids = assign(SOURCE, [], [first, second])
    assert ids == (note_id(SOURCE, "Drift", "what is psi?"), note_id(SOURCE, "Drift", "what is psi?", 2))
    assert assign(SOURCE, pairs(ids, [first, second]), [second, first]) == ids[::-1]
    assert assign(SOURCE, pairs(ids, [first, second]), [second]) == (ids[1],)


def test_a_replaced_question_is_another_note() -> None:
    before = [entry("What is PSI?")]
    ids = assign(SOURCE, [], before)
    after = [entry("How do bandits explore?", "They try arms at random and keep what pays.")]
    assert assign(SOURCE, pairs(ids, before), after) != ids


def test_wording_is_not_guessed_when_two_notes_vanished_or_two_close_ones_appeared() -> None:
    one, two = entry("What is PSI?"), entry("Why is PSI used?")
    ids = assign(SOURCE, [], [one, two])
    reworded = [entry("What is the PSI?"), entry("Why is the PSI used?")]
    assert not set(assign(SOURCE, pairs(ids, [one, two]), reworded)) & set(ids)
    assert not set(assign(SOURCE, pairs(ids[:1], [one]), reworded)) & set(ids)


def test_a_close_note_of_another_topic_is_another_note() -> None:
    before = [entry("What is PSI?")]
    ids = assign(SOURCE, [], before)
    assert assign(SOURCE, pairs(ids, before), [entry("What is the PSI?", topic="Tyres")]) != ids


def test_an_id_kept_over_an_edit_is_not_given_away_again() -> None:
    first = [entry("What is PSI?")]
    ids = assign(SOURCE, [], first)
    edited = [entry("What is the PSI?")]
    assert assign(SOURCE, pairs(ids, first), edited) == ids
    both = [*edited, entry("What is PSI?", "Another answer altogether, of tyres and their pressure.")]
    assert assign(SOURCE, pairs(ids, edited), both) == (ids[0], note_id(SOURCE, "Drift", "what is psi?", 2))
