"""What was encoded a moment ago is not encoded again."""

from collections.abc import Sequence

import numpy as np

from assistant.remembered import Remembered
from assistant.types import Embedding


class Counting:
    """An encoder that gives every text as many token vectors as it has letters, and keeps what it was asked."""

    name, dimension = "counting", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def passages(self, texts: Sequence[str]) -> list[Embedding]:
        return [self.query(text) for text in texts]

    def query(self, text: str) -> Embedding:
        self.asked.append(text)
        return Embedding(np.full(2, len(text), np.float32), np.zeros((len(text), 2), np.float32))


def test_what_is_known_is_not_encoded_again() -> None:
    inner = Counting()
    encoder = Remembered(inner)
    first = encoder.passages(["aaa", "b", "aaa"])
    assert [len(one.tokens) for one in first] == [3, 1, 3] and inner.asked == ["aaa", "b"]
    again = encoder.passages(["b", "cc"])
    assert again[0] is first[1] and inner.asked == ["aaa", "b", "cc"]
    assert encoder.passages([]) == []


def test_a_question_is_not_a_passage() -> None:
    inner = Counting()
    encoder = Remembered(inner)
    assert encoder.query("a") is encoder.query("a")
    encoder.passages(["a"])
    assert inner.asked == ["a", "a"]


def test_what_was_used_longest_ago_is_forgotten_first() -> None:
    inner = Counting()
    encoder = Remembered(inner, most_tokens=6)
    for text in ("aaa", "bb", "aaa", "ccc"):
        encoder.query(text)
    assert inner.asked == ["aaa", "bb", "ccc"]
    encoder.query("aaa")
    assert inner.asked == ["aaa", "bb", "ccc"]
    encoder.query("bb")
    assert inner.asked == ["aaa", "bb", "ccc", "bb"]


def test_one_that_is_larger_than_the_memory_is_given_and_forgotten() -> None:
    inner = Counting()
    encoder = Remembered(inner, most_tokens=3)
    assert len(encoder.query("aaaaa").tokens) == 5
    encoder.query("aaaaa")
    assert inner.asked == ["aaaaa", "aaaaa"]


def test_shared_arrays_cannot_be_written() -> None:
    assert not Remembered(Counting()).query("a").tokens.flags.writeable
