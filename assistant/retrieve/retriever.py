"""Question to ranked passages: dense and BM25 candidates, fused, reordered by late interaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from assistant import bm25, text
from assistant.retrieve import answerable
from assistant.retrieve.fuse import fuse
from assistant.types import EVERYTHING, Chunk, Encoder, Filters, Note, NoteStore, Passage, Retrieved
from config.settings import RetrieveSettings

# Late interaction alone ranks a longer title that holds the question above the question itself, word for word. Neutral
# on development questions that share few words with their note.
_TITLE_WEIGHT = 0.04


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

    def search(self, question: str, filters: Filters = EVERYTHING, limit: int = 10) -> Retrieved:
        """The best passages, at most one a note, by mean MaxSim over the question's tokens and its words in the title.

        Raises:
            StoreError: the index failed.
        """
        query = self.encoder.query(question)
        candidates = fuse(
            [
                (self.settings.dense_weight, self.store.dense(query.dense, self.settings.candidates, filters)),
                (
                    self.settings.sparse_weight,
                    self.store.sparse(bm25.query_vector(question), self.settings.candidates, filters),
                ),
            ],
            k=self.settings.rrf_k,
        )[: self.settings.rerank]
        ids = [candidate.chunk_id for candidate in candidates]
        sums = self.store.maxsim(query.tokens, ids) if ids and len(query.tokens) else {}
        meaning = {chunk_id: total / len(query.tokens) for chunk_id, total in sums.items()}
        # A chunk may have left the catalogue since it was indexed: an index that lags behind shows nothing stale.
        found = self.notes.chunks_with_notes(meaning)
        asked = _stems(question)
        scores = {key: meaning[key] + _TITLE_WEIGHT * _jaccard(asked, _stems(found[key][1].title)) for key in found}
        passages: list[Passage] = []
        seen: set[str] = set()
        for chunk_id in sorted(found, key=lambda key: (-scores[key], key)):
            chunk, note = found[chunk_id]
            if note.note_id not in seen and len(passages) < limit:
                seen.add(note.note_id)
                passages.append(Passage(len(passages) + 1, scores[chunk_id], chunk, note))
        probability = answerable.probability([meaning[chunk_id] for chunk_id in found])
        return Retrieved(question, tuple(passages), probability, answerable.FITTED)


def _stems(words: str) -> frozenset[str]:
    return frozenset(word.stem for word in text.words(words))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0
