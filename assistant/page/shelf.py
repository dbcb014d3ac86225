"""Which notes the Notes tab shows: by topic and level, or found by words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.answer import Ask
from assistant.page.parts import Asked
from assistant.retrieve.lookup import Found
from assistant.store.catalog import TopicCount
from assistant.types import LEVELS, Filters, Level, Note

# Entries listed at once; more on request, so that a home of thousands of notes stays quick.
STEP = 120
_FOUND = 20


@dataclass(frozen=True, slots=True)
class View:
    """What a browser tab looks at. `topic` None means all; an empty one are the notes without a topic."""

    topic: str | None = None
    level: Level | None = None
    query: str = ""
    shown: int = STEP
    note_id: str | None = None

    @property
    def filters(self) -> Filters:
        """As the catalogue and the search take them."""
        return Filters(topic=self.topic, level=self.level)


@dataclass(frozen=True, slots=True)
class Listing:
    """Notes in the order they are shown in; of a search also what it found."""

    notes: tuple[Note, ...]
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The notes before and after one in its listing."""

    before: Note | None
    after: Note | None


def listing(assistant: Asked, view: View) -> Listing:
    """The notes of a view, all of them: by level within a topic, by topic else, the best first when searched for.

    Raises:
        AssistantError: the words are too many, or the index failed.
    """
    if view.query.strip():
        found = assistant.find(Ask(view.query, filters=view.filters), _FOUND)
        return Listing(tuple(passage.note for passage in found.passages), found)
    notes = assistant.catalog.browse(view.filters)
    if view.topic is None:
        return Listing(tuple(sorted(notes, key=lambda note: (not note.topic, note.topic.casefold()))))
    return Listing(tuple(sorted(notes, key=_rung)))


def groups(listed: Listing, view: View) -> list[tuple[str, list[Note]]]:
    """The notes to list now, no search, under what parts them: levels of a topic, topics of all."""
    shown = listed.notes[: view.shown]
    if view.topic is None:
        return [(topic, list(notes)) for topic, notes in groupby(shown, key=lambda note: note.topic)]
    return [(level or "", list(notes)) for level, notes in groupby(shown, key=lambda note: note.level)]


def neighbours(listed: Listing, note_id: str) -> Neighbours:
    """What to read before and after a note; nothing for a note that is not in the listing."""
    places = [place for place, note in enumerate(listed.notes) if note.note_id == note_id]
    if not places:
        return Neighbours(None, None)
    place = places[0]
    before = listed.notes[place - 1] if place else None
    return Neighbours(before, next(iter(listed.notes[place + 1 : place + 2]), None))


def topics(counts: Sequence[TopicCount]) -> list[tuple[str, int]]:
    """Topics by name with how many notes each has; those without a topic last."""
    totals: dict[str, int] = {}
    for count in counts:
        totals[count.topic] = totals.get(count.topic, 0) + count.notes
    return sorted(totals.items(), key=lambda item: (not item[0], item[0].casefold()))


def _rung(note: Note) -> int:
    return LEVELS.index(note.level) if note.level else len(LEVELS)
