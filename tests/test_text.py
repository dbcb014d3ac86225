"""The analyser: words with places, stems by script, numbers, sentences."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import text
from assistant.types import Span


def test_russian_and_latin_words_are_stemmed_by_their_own_script() -> None:
    assert text.terms("надёжность надежности") == ["надежн", "надежн"]
    assert text.terms("calibrated models") == ["calibr", "model"]


def test_a_joined_word_also_counts_in_parts() -> None:
    assert text.terms("two-tower") == ["two-tower", "two", "tower"]
    assert "p99.9" in text.terms("P99.9")


def test_filler_words_are_no_terms() -> None:
    assert text.terms("Что такое PSI и как его считать?") == ["psi", "счита"]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("PSI > 0,25 или 95 %", ["0.25", "95%"]),
        ("от −3 до 10", ["-3", "10"]),
        ("p99", []),
        ("100K", ["100"]),
    ],
)
def test_numbers_are_normalised(written: str, found: list[str]) -> None:
    assert text.numbers(written) == found


def test_language_of_notes_and_questions() -> None:
    assert text.language("Спроектируйте RecSys для e-commerce с 10M users") == "ru"
    assert text.language("How to set up drift monitoring in production?") == "en"
    assert text.question_language("PSI vs KS-test vs Wasserstein distance — что лучше?") == "ru"


def test_sentences_keep_list_items_rows_and_code_apart() -> None:
    written = "Первое. Второе (см. рис. 1)!\n- пункт\n```\ncode. More\nline\n```\n| a | b |\nBye."
    assert [written[s.start : s.end] for s in text.sentences(written)] == [
        "Первое.", "Второе (см. рис. 1)!", "- пункт", "```\ncode. More\nline\n```", "| a | b |", "Bye.",
    ]  # fmt: skip


@given(st.text())
def test_spans_are_ordered_inside_and_cover_every_visible_character(written: str) -> None:
    spans = text.sentences(written)
    assert all(0 <= a.start < a.end <= len(written) for a in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    covered = {i for span in spans for i in range(span.start, span.end)}
    assert all(c.isspace() for i, c in enumerate(written) if i not in covered)
    for word in text.words(written):
        assert written[word.span.start : word.span.end] == word.text


def test_an_unclosed_fence_is_one_piece() -> None:
    assert text.sentences("```\na\nb") == [Span(0, 7)]
