"""Question to ranked passages: dense and BM25 candidates, fused, reordered by late interaction and matching words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean
from typing import Protocol

from assistant import bm25, text
from assistant.retrieve.answerable import probability
from assistant.retrieve.fit import Fit
from assistant.retrieve.fuse import fuse
from assistant.types import (
    EVERYTHING,
    Chunk,
    Embedding,
    Encoder,
    Filters,
    Note,
    NoteStore,
    Passage,
    Retrieved,
    Scored,
    Signals,
)
from config.settings import RetrieveSettings

# What the question's words add to mean MaxSim, measured on development questions (docs/retrieval.md). BM25 counts only
# where most candidates speak the question's language: across languages it sees borrowed words alone, and lifts the few
# notes that share the language. The title's share keeps a question asked word for word above a longer title that
# holds it.
_BM25_WEIGHT = 0.0025
_TITLE_WEIGHT = 0.04

# A question that a note has for its title is answered by it, however the scores lie.
_ASKED_WORD_FOR_WORD = 0.99

# Passages whose scores P(answerable) compares, and names it looks up one by one.
_COMPARED = 6
_MOST_NAMES = 8


class NoteLookup(Protocol):
    """The part of the catalogue that retrieval reads."""

    def chunks_with_notes(self, chunk_ids: Iterable[str]) -> dict[str, tuple[Chunk, Note]]:
        """The chunks that exist, with their notes."""
        ...


@dataclass(frozen=True, slots=True)
class Retriever:
    """Searches one home's notes. Safe to share between threads as far as its parts are."""

    encoder: Encoder
    store: NoteStore
    notes: NoteLookup
    settings: RetrieveSettings
    fit: Fit

    def search(self, question: str, filters: Filters = EVERYTHING, limit: int = 10) -> Retrieved:
        """The best passages, at most one a note.

        Raises:
            StoreError: the index failed.
        """
        query = self.encoder.query(question)
        near = self.store.dense(query.dense, self.settings.candidates, filters)
        worded = self.store.sparse(bm25.query_vector(question), self.settings.candidates, filters)
        meaning = self._late_interaction(query, near, worded)
        # A chunk may have left the catalogue since it was indexed: an index that lags behind shows nothing stale.
        found = self.notes.chunks_with_notes(meaning)
        words = {hit.chunk_id: hit.score for hit in worded}
        scores = order(question, meaning, words, found)
        passages: list[Passage] = []
        seen: set[str] = set()
        for chunk_id in sorted(found, key=lambda key: (-scores[key], key)):
            chunk, note = found[chunk_id]
            if note.note_id not in seen and len(passages) < max(limit, _COMPARED):
                seen.add(note.note_id)
                passages.append(Passage(len(passages) + 1, scores[chunk_id], chunk, note))
        signals = self._signals(question, passages, meaning) if passages else None
        fitted = self.encoder.name.startswith(self.fit.encoder)
        certain = probability(signals, self.fit.curve)
        if passages and _stems(question) == _stems(passages[0].note.title):
            certain = max(certain, _ASKED_WORD_FOR_WORD)
        return Retrieved(question, tuple(passages[:limit]), certain, fitted, signals)

    def _signals(self, question: str, passages: Sequence[Passage], meaning: Mapping[str, float]) -> Signals:
        others = [passage.score for passage in passages[1:_COMPARED]]
        names = [term for term in dict.fromkeys(text.terms(question)) if term[0].isascii() and term[0].isalpha()]
        lost = sum(not self.store.sparse(bm25.query_vector(name), 1, EVERYTHING) for name in names[:_MOST_NAMES])
        return Signals(
            best=meaning[passages[0].chunk.chunk_id],
            # Among a handful of notes the best always leads: that says nothing.
            lead=passages[0].score - fmean(others) if len(others) == _COMPARED - 1 else 0.0,
            unknown=lost / len(names[:_MOST_NAMES]) if names else 0.0,
        )

    def _late_interaction(self, query: Embedding, near: Sequence[Scored], worded: Sequence[Scored]) -> dict[str, float]:
        """Mean MaxSim of the best candidates of both lists."""
        lists = [(self.settings.dense_weight, near), (self.settings.sparse_weight, worded)]
        ids = [candidate.chunk_id for candidate in fuse(lists, self.settings.rrf_k)[: self.settings.rerank]]
        sums = self.store.maxsim(query.tokens, ids) if ids and len(query.tokens) else {}
        return {chunk_id: total / len(query.tokens) for chunk_id, total in sums.items()}


def order(
    question: str, meaning: dict[str, float], words: dict[str, float], found: dict[str, tuple[Chunk, Note]]
) -> dict[str, float]:
    """The score that orders passages, by chunk id: `meaning` is mean MaxSim, `words` BM25."""
    asked, spoken = _stems(question), text.question_language(question)
    alike = sum(note.language == spoken for _, note in found.values())
    weight = _BM25_WEIGHT if 2 * alike > len(found) else 0.0
    return {
        key: meaning[key] + weight * words.get(key, 0.0) + _TITLE_WEIGHT * _jaccard(asked, _stems(note.title))
        for key, (_, note) in found.items()
    }


# A title is compared with every question it comes up for: cutting it anew took a fifth of a search.
@lru_cache(maxsize=8_192)
def _stems(words: str) -> frozenset[str]:
    return frozenset(word.stem for word in text.words(words))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0
