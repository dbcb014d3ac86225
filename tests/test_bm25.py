"""BM25 weights against the formula's arithmetic."""

import subprocess
import sys
from zlib import crc32

import pytest

from assistant.bm25 import passage_vector, query_vector, term_id


def test_passage_weight_is_saturated_term_frequency() -> None:
    # "drift" twice and "psi" once in 3 terms, average 6: penalty = 1.2·(0.25 + 0.75·3/6) = 0.75.
    vector = passage_vector("drift psi drift", average_length=6)
    weights = dict(zip(vector.indices, vector.values, strict=True))
    assert weights[term_id("drift")] == pytest.approx(2 * 2.2 / (2 + 0.75))
    assert weights[term_id("psi")] == pytest.approx(1 * 2.2 / (1 + 0.75))


def test_longer_passage_weighs_a_term_less() -> None:
    short, long = passage_vector("drift"), passage_vector("drift " + "other words here " * 30)
    weights = dict(zip(long.indices, long.values, strict=True))
    assert weights[term_id("drift")] < short.values[0]


def test_query_weight_is_the_count() -> None:
    vector = query_vector("drift and drift")
    assert vector.indices == (term_id("drift"),)
    assert vector.values == (2.0,)


def test_forms_of_a_word_meet_in_both_scripts() -> None:
    assert set(query_vector("бандиты").indices) == set(passage_vector("бандитов").indices)
    assert set(query_vector("serving models").indices) == set(passage_vector("model served").indices)
    assert query_vector("учёт").indices == passage_vector("учет").indices


def test_ids_are_unsigned_32_bit_unique_and_ascending() -> None:
    vector = passage_vector("Сколько трафика нужно для A/B-теста с MDE 0.25 и p99.9?")
    assert list(vector.indices) == sorted(set(vector.indices))
    assert all(0 <= identity < 2**32 for identity in vector.indices)


def test_ids_do_not_depend_on_the_process() -> None:
    code = "from assistant.bm25 import term_id; print(term_id('дрейф'))"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(seen) == term_id("дрейф") == crc32("дрейф".encode())


@pytest.mark.parametrize("text", ["", "   ", "что это и как", "\x00", "\ud800"])
def test_text_without_terms_or_with_broken_ones_is_no_error(text: str) -> None:
    assert len(passage_vector(text).indices) == len(query_vector(text).values) <= 1
