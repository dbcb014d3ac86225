"""Notes and vectors out of a seeded generator, the same for every contender and every run.

Words are drawn as often as the bundled notes use them, so BM25 has lists as long as in real notes; vectors are random,
which is the hardest case for a search graph and makes no difference to anything that scans.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from assistant import bm25
from assistant.store.catalog import StoredChunk, StoredNote
from assistant.types import Chunk, Embedding, FloatArray, Note, Point, SparseVector

SOURCE = "synthetic/notes.md"
WORDS = 65  # about 150 tokens
BATCH = 500
_QUESTION_WORDS = 7
_QUESTION_TOKENS = 16
_TOPICS = 40


@dataclass(frozen=True, slots=True)
class Question:
    """One search: its words and, for those who are given vectors, both of them and its token vectors."""

    text: str
    dense: FloatArray
    sparse: SparseVector
    tokens: FloatArray


@dataclass(frozen=True, slots=True)
class Corpus:
    """`size` notes of `tokens` token vectors each. Nothing is held: every batch is drawn anew, always the same."""

    size: int
    tokens: int
    dimension: int
    vocabulary: tuple[str, ...]
    seed: int = 7

    def texts(self, batch: int) -> list[str]:
        """The notes' words."""
        drawn = self._generator("texts", batch).integers(len(self.vocabulary), size=(self._length(batch), WORDS))
        return [" ".join(self.vocabulary[place] for place in row) for row in drawn]

    def dense(self, batch: int) -> FloatArray:
        """The notes' sentence vectors."""
        return _unit(self._generator("dense", batch), self._length(batch), self.dimension)

    def points(self, batch: int) -> list[Point]:
        """The notes as an index takes them."""
        token_vectors = _unit(self._generator("tokens", batch), self._length(batch), self.tokens, self.dimension)
        rows = zip(self.notes(batch), self.dense(batch), token_vectors, strict=True)
        return [
            Point(
                chunk_id=note.note_id,
                note_id=note.note_id,
                source=note.source,
                topic=note.topic,
                level=note.level,
                language=note.language,
                fingerprint="synthetic",
                embedding=Embedding(dense, tokens),
                sparse=bm25.passage_vector(note.text),
            )
            for note, dense, tokens in rows
        ]

    def notes(self, batch: int) -> list[Note]:
        """The notes as the catalogue has them."""
        return [_note(batch * BATCH + place, text) for place, text in enumerate(self.texts(batch))]

    def batches(self) -> range:
        """The numbers of its batches."""
        return range(-(-self.size // BATCH))

    def questions(self, count: int) -> list[Question]:
        """Questions in the notes' words."""
        generator = self._generator("questions", 0)
        made = []
        for _ in range(count):
            text = " ".join(
                self.vocabulary[place] for place in generator.integers(len(self.vocabulary), size=_QUESTION_WORDS)
            )
            tokens = _unit(generator, _QUESTION_TOKENS, self.dimension)
            made.append(Question(text, _unit(generator, self.dimension), bm25.query_vector(text), tokens))
        return made

    def _length(self, batch: int) -> int:
        return min(BATCH, self.size - batch * BATCH)

    def _generator(self, what: Literal["texts", "dense", "tokens", "questions"], batch: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, sum(what.encode()), batch])


def vocabulary(folder: Path) -> tuple[str, ...]:
    """Every word of the notes in a folder, as often as it occurs."""
    return tuple(word for file in sorted(folder.glob("*.md")) for word in file.read_text("utf-8").split())


def stored_note(note: Note) -> StoredNote:
    """A synthetic note as the catalogue takes it, whole in one chunk."""
    chunk = Chunk(note.note_id, note.note_id, 0, 0, len(note.text), f"{note.topic}: {note.title}")
    return StoredNote(note, note.title, (StoredChunk(chunk, "synthetic"),))


def write_notes(folder: Path, count: int, words: Sequence[str]) -> None:
    """Markdown files of `count` notes, a hundred to a file, for ingest to read."""
    folder.mkdir(parents=True)
    corpus = Corpus(count, 1, 1, tuple(words))
    for batch in corpus.batches():
        for first in range(0, BATCH, 100):
            notes = corpus.notes(batch)[first : first + 100]
            if notes:
                number = batch * BATCH + first
                body = "\n\n".join(f"### {note.title}\n\n{_sentences(note.text)}" for note in notes)
                (folder / f"{number:05}.md").write_text(f"# Topic {number}\n\n## Basic\n\n{body}\n", "utf-8")


def _note(number: int, text: str) -> Note:
    topic = f"Topic {number % _TOPICS}"
    note_id = str(uuid.uuid5(uuid.NAMESPACE_OID, str(number)))
    return Note(note_id, SOURCE, topic, "Basic", f"What is number {number}?", text, (topic,), "ru")


def _sentences(text: str) -> str:
    """Letters and digits alone, ten words a sentence: no word of the notes shall be taken for markup."""
    plain = ["".join(char for char in word if char.isalnum()) for word in text.split()]
    kept = [word for word in plain if word]
    return " ".join(" ".join(kept[first : first + 10]).capitalize() + "." for first in range(0, len(kept), 10))


def _unit(generator: np.random.Generator, *shape: int) -> FloatArray:
    drawn = generator.standard_normal(shape, dtype=np.float32)
    unit: FloatArray = drawn / np.linalg.norm(drawn, axis=-1, keepdims=True)
    return unit
