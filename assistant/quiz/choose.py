"""Which question comes next: Thompson sampling over topics, weighted by weakness and by what is due.

Each topic's score is drawn from what is known of it (Thompson 1933), so a topic that was hardly tried is tried
sooner or later, and a weak one often. Within a topic what is due comes first, then what was never asked.
"""

import random
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from assistant import schedule
from assistant.journal import Attempt
from assistant.mastery import mastery
from assistant.schedule import Card
from assistant.types import LEVELS, Level, Note

# A level is left for the next when this much of it is expected, after this many notes.
_READY, _TRIED = 0.7, 2


@dataclass(frozen=True, slots=True)
class Known:
    """What the journal says at a moment."""

    attempts: Sequence[Attempt]
    cards: Mapping[str, Card]
    now: datetime
    retention: float


def choose(pool: Sequence[Note], known: Known, level: Level | None, rng: random.Random) -> Note | None:
    """A note of the pool to ask next, at a level if one is given and has any; None from an empty pool."""
    pool = [note for note in pool if not _suspended(note, known)]
    if not pool:
        return None
    topics = sorted({note.topic for note in pool})
    topic = topics[0] if len(topics) == 1 else _topic(topics, pool, known, rng)
    notes = [note for note in pool if note.topic == topic]
    at_level = [note for note in notes if note.level == (level or _level(topic, notes, known))]
    return _first(at_level or notes, known, rng)


def waiting(notes: Sequence[Note], known: Known) -> set[str]:
    """The ids of notes that are due."""
    ids = {note.note_id for note in notes}
    return {card.note_id for card in schedule.due(known.cards, known.now) if card.note_id in ids}


def weak(pool: Sequence[Note], known: Known) -> list[Note]:
    """The notes of topics that were tried and went poorly; all of them while there is no such topic."""
    topics = {note.topic for note in pool}
    poor = {topic for topic in topics if mastery(known.attempts, topic, None, 0).weak}
    return [note for note in pool if not poor or note.topic in poor]


def _topic(topics: Sequence[str], pool: Sequence[Note], known: Known, rng: random.Random) -> str:
    due = waiting(pool, known)
    best, best_value = topics[0], -1.0
    for topic in topics:
        notes = [note for note in pool if note.topic == topic]
        now = mastery(known.attempts, topic, None, len(notes))
        share_due = sum(note.note_id in due for note in notes) / len(notes)
        value = (1 - rng.betavariate(now.alpha, now.beta)) * (1 + share_due)
        if value > best_value:
            best, best_value = topic, value
    return best


def _level(topic: str, notes: Sequence[Note], known: Known) -> Level | None:
    """The first level that is not yet expected to go well."""
    levels = [level for level in LEVELS if any(note.level == level for note in notes)]
    for level in levels:
        now = mastery(known.attempts, topic, level, 0)
        if now.met < _TRIED or now.mean < _READY:
            return level
    return levels[-1] if levels else None


def _first(notes: Sequence[Note], known: Known, rng: random.Random) -> Note:
    due = waiting(notes, known)
    overdue = [note for note in notes if note.note_id in due]
    if overdue:
        return min(overdue, key=lambda note: (known.cards[note.note_id].due, note.note_id))
    fresh = [note for note in notes if note.note_id not in known.cards]
    if fresh:
        return rng.choice(sorted(fresh, key=lambda note: note.note_id))
    return min(
        notes, key=lambda note: (schedule.recall(known.cards[note.note_id], known.now, known.retention), note.note_id)
    )


def _suspended(note: Note, known: Known) -> bool:
    card = known.cards.get(note.note_id)
    return card is not None and card.suspended


def askable(notes: Sequence[Note], without: Set[str] = frozenset()) -> list[Note]:
    """The notes that are questions with an answer, but for some ids."""
    return [
        note
        for note in notes
        if note.note_id not in without
        and note.text.strip()
        and (note.level is not None or note.key_points or note.title.rstrip().endswith("?"))
    ]
