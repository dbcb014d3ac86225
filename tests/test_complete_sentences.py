"""Sentences of a stream, and a written answer that shows only what came and was verified."""

from collections.abc import Generator

from hypothesis import given
from hypothesis import strategies as st

from assistant.text import complete_sentences

WRITTEN = "Первое предложение. Второе: 0.25 — порог!\n\n- пункт один\n- пункт два\n\n```\nx = 1. y\n```\nКонец"


@given(st.lists(st.integers(1, 12), max_size=60))
def test_however_the_stream_is_cut_the_same_sentences_come_out(cuts: list[int]) -> None:
    pieces, place = [], 0
    for cut in cuts:
        pieces.append(WRITTEN[place : place + cut])
        place += cut
    pieces.append(WRITTEN[place:])
    whole = list(complete_sentences(piece for piece in pieces))
    assert "".join(gap + sentence for gap, sentence in whole) == WRITTEN
    assert [sentence for _, sentence in whole][:2] == ["Первое предложение.", "Второе: 0.25 — порог!"]


def test_a_sentence_is_given_as_soon_as_the_next_begins() -> None:
    def pieces() -> Generator[str, None, None]:
        yield "Раз. "
        yield "Два"
        raise AssertionError("asked for more than it needed")

    assert next(complete_sentences(pieces())) == ("", "Раз.")
