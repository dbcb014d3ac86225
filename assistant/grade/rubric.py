"""What a good answer to a note's question holds: its key points, and where the note has each.

Points are derived once for a note's text and kept, so that a grade today and one next month ask for the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from assistant import text
from assistant.attribute import maxsim
from assistant.grade.derive import derive
from assistant.grade.result import Origin
from assistant.grade.store import GradeStore, StoredRubric
from assistant.types import Encoder, KeyPoint, Note, Span

# As in the search for evidence: a tenth of the terms weighs as much as .01 of a cosine.
_TERMS = 0.1
# A sentence with this share of a point's words is where it stands.
_TOLD = 0.5


@dataclass(frozen=True, slots=True)
class Rubric:
    """A note's key points, with the passage of the note that each rests on."""

    note: Note
    points: tuple[KeyPoint, ...]
    sources: tuple[Span, ...]
    origin: Origin

    @property
    def digest(self) -> str:
        """Changes whenever a grade by it could."""
        return _digest(self.note, self.points)


def rubric(note: Note, store: GradeStore, encoder: Encoder) -> Rubric:
    """The points a note is graded by: the learner's edit, else the author's, else those derived from this text.

    Raises:
        StoreError: what was stored cannot be read, or a new one not be stored.
    """
    points, origin = key_points(note, store)
    digest = _digest(note, points)
    sources = store.sources(digest)
    if sources is None:
        sources = find_sources(note, points, encoder)
        store.set_sources(digest, sources)
    return Rubric(note, points, sources, origin)


def find_sources(note: Note, points: Sequence[KeyPoint], encoder: Encoder) -> tuple[Span, ...]:
    """For each point the sentence of the note that holds it best: by words where these tell, else by meaning."""
    spans = text.sentences(note.text)
    if not spans:
        return tuple(Span(0, len(note.text)) for _ in points)
    sentences = [note.text[span.start : span.end] for span in spans]
    stems = [frozenset(text.terms(sentence)) for sentence in sentences]
    wanted = [frozenset(text.terms(point.text)) for point in points]
    shares = [[len(want & held) / max(1, len(want)) for held in stems] for want in wanted]
    best = [int(np.argmax(row)) for row in shares]
    unsure = [place for place, row in enumerate(shares) if row[best[place]] < _TOLD]
    if unsure:
        vectors = encoder.passages([*sentences, *(points[place].text for place in unsure)])
        for place, vector in zip(unsure, vectors[len(spans) :], strict=True):
            close = [maxsim(vector, sentence) for sentence in vectors[: len(spans)]]
            best[place] = int(np.argmax(np.array(close) + _TERMS * np.array(shares[place])))
    return tuple(spans[place] for place in best)


def key_points(note: Note, store: GradeStore) -> tuple[tuple[KeyPoint, ...], Origin]:
    """A note's points alone, and whose they are."""
    stored = store.rubric(note.note_id)
    if stored is not None and stored.origin == "edited":
        return stored.points, "edited"
    if note.key_points:
        return note.key_points, "written"
    of_text = blake2b(f"{note.title}\n{note.text}".encode("utf-8", "replace"), digest_size=16).hexdigest()
    if stored is not None and stored.of_text == of_text:
        return stored.points, "derived"
    points = derive(note)
    store.set_rubric(note.note_id, StoredRubric("derived", of_text, points))
    return points, "derived"


def _digest(note: Note, points: Sequence[KeyPoint]) -> str:
    whole = "\n\0".join([note.title, note.text, *(f"{point.weight} {point.text}" for point in points)])
    return blake2b(whole.encode("utf-8", "replace"), digest_size=16).hexdigest()
