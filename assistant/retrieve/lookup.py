"""Words to notes, for looking something up: those that hold all the words, then those near in meaning.

A question wants the one note that answers it, which late interaction ranks best; a word or two want the notes they
stand in, which BM25 finds and late interaction may not.
"""

from dataclasses import dataclass

from assistant import bm25, text
from assistant.retrieve.retriever import Retriever
from assistant.types import Chunk, Filters, Note, Passage

# Chunks that BM25 proposes; a note may hold several.
_PROPOSED = 200


@dataclass(frozen=True, slots=True)
class Found:
    """Notes that hold every word looked for, best first, and others near in meaning; each note stands once."""

    holding: tuple[Passage, ...]
    near: tuple[Passage, ...]

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Both, in this order."""
        return self.holding + self.near


def look_up(retriever: Retriever, words: str, filters: Filters, limit: int) -> Found:
    """At most `limit` notes of each kind.

    Raises:
        StoreError: the index failed.
    """
    wanted = frozenset(text.terms(words))
    hits = retriever.store.sparse(bm25.query_vector(words), _PROPOSED, filters) if wanted else []
    chunks = retriever.notes.chunks_with_notes(hit.chunk_id for hit in hits)
    best: dict[str, tuple[float, Chunk, Note]] = {}
    for hit in hits:
        if hit.chunk_id in chunks:
            chunk, note = chunks[hit.chunk_id]
            best.setdefault(note.note_id, (hit.score, chunk, note))
    whole = [found for found in best.values() if wanted <= _terms(found[2])][:limit]
    holding = tuple(Passage(rank, score, chunk, note) for rank, (score, chunk, note) in enumerate(whole, 1))
    there = {passage.note.note_id for passage in holding}
    meant = retriever.search(words, filters, limit).passages
    return Found(holding, tuple(passage for passage in meant if passage.note.note_id not in there))


def _terms(note: Note) -> frozenset[str]:
    return frozenset(text.terms(f"{note.topic}\n{note.title}\n{note.text}"))
