"""A topic by its meaning: "бандитам" is Multi-Armed Bandits, "предохранители" are Circuit Breakers.

The words are looked for in topics' names, then in the notes that the retriever finds for them and for their other
names. Being near in meaning is not enough: this encoder finds something near to anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.grade import terms
from assistant.types import EVERYTHING, Filters, Passage, Retrieved

_LOOKED_AT = 12
# The winner needs this share of the votes, from notes that do speak of it, and that in a title or in so many notes: a
# tool that is mentioned here and there is no topic.
_ENOUGH = 0.2
_MENTIONS = 3
_NEAR = 3


class Finder(Protocol):
    """The part of a retriever that is used here."""

    def search(self, question: str, filters: Filters = EVERYTHING, limit: int = 10) -> Retrieved:
        """The best passages, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Matched:
    """The topic that words mean, or none; and the nearest ones, best first."""

    topic: str | None
    near: tuple[str, ...]


def find(words: str, topics: Sequence[str], finder: Finder) -> Matched:
    """The topic of `topics` that is meant.

    Raises:
        StoreError: the index failed.
    """
    said = [term for term in terms.terms(words) if term.weight >= 1]
    found = finder.search(" ".join([words, *terms.other_names(words)]), limit=_LOOKED_AT).passages
    votes = _votes(found, topics)
    named = [topic for topic in topics if said and _share(said, topic) == 1.0]
    near = sorted(topics, key=lambda topic: (-votes.get(topic, 0.0), topic))[:_NEAR]
    if named:
        # Of several names with these words the shortest is meant, and of those the one whose notes are found.
        return Matched(
            min(named, key=lambda topic: (-votes.get(topic, 0.0) - _share_back(said, topic), topic)), tuple(near)
        )
    speaking = [p for p in found if said and _share(said, f"{p.note.title}\n{p.note.text}") == 1.0]
    shares = _votes(speaking, topics)
    best = max(shares, key=lambda topic: (shares[topic], topic), default=None)
    of_best = [passage for passage in speaking if passage.note.topic == best]
    titled = any(_share(said, passage.note.title) == 1.0 for passage in of_best)
    if best is None or shares[best] < _ENOUGH * sum(votes.values()) or not (titled or len(of_best) >= _MENTIONS):
        return Matched(None, tuple(near))
    return Matched(best, (best, *(topic for topic in near if topic != best)))


def _votes(passages: Sequence[Passage], topics: Sequence[str]) -> dict[str, float]:
    """A vote for the topic of each passage, the better its rank the heavier."""
    votes: dict[str, float] = {}
    for passage in passages:
        if passage.note.topic in topics:
            votes[passage.note.topic] = votes.get(passage.note.topic, 0.0) + 1 / (passage.rank + 1)
    return votes


def _share(said: Sequence[terms.Term], written: str) -> float:
    """The share of the said terms that stand in a text."""
    there = terms.terms(written)
    return sum(terms.match(term, there) is not None for term in said) / len(said)


def _share_back(said: Sequence[terms.Term], topic: str) -> float:
    """The share of a name's terms that were said."""
    of_name = [term for term in terms.terms(topic) if term.weight >= 1]
    return sum(terms.match(term, said) is not None for term in of_name) / max(1, len(of_name))
