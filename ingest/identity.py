"""Which id a note gets: stable when its file is read again, kept when only its wording changed. Pure functions.

The id of a new note is uuid5 of source, topic and normalised question (or heading path); notes of one name in
one file are told apart by an ordinal.
"""

import json
import re
import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import count

from assistant.text import fold
from assistant.types import Level

NAMESPACE = uuid.UUID("5b1c1f0e-7a52-5d3c-9d55-6d0b6c2f9a11")

# difflib's own line between close and not (`get_close_matches`), here over words of question and answer.
CLOSE = 0.6
# Comparing is cubic in the worst case, which a hostile file could be; the beginning says enough.
COMPARED_WORDS = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """What tells one note of a file from another. `name` is the normalised question or heading path."""

    topic: str
    name: str
    level: Level | None
    path: tuple[str, ...]
    title: str
    text: str


_NUMBER = re.compile(r"^\s*(?:\d+\.)*\d+[.)]?\s+")


def name_of(title: str, path: Sequence[str]) -> str:
    """The name of a note: its question or, where the title is the last heading above it, the whole heading path.

    Numbers before headings do not count, so that inserting a section renames nothing.
    """
    headings = [normalised(_NUMBER.sub("", heading)) for heading in path]
    question = normalised(title)
    return " > ".join(headings) if headings and headings[-1] == normalised(_NUMBER.sub("", title)) else question


def normalised(text: str) -> str:
    """Case, ё, compatibility forms and runs of white space do not make another note."""
    return " ".join(fold(text).split())


def note_id(source: str, topic: str, name: str, ordinal: int = 1) -> str:
    """The id by formula. JSON keeps the parts apart whatever they hold."""
    parts = [source, topic, name] if ordinal == 1 else [source, topic, name, ordinal]
    return str(uuid.uuid5(NAMESPACE, json.dumps(parts)))


def assign(source: str, old: Sequence[tuple[str, Entry]], new: Sequence[Entry]) -> tuple[str, ...]:
    """Ids for a file's notes as they are now, given those it had, both in document order.

    In turn: nothing about the note changed; same topic and name, in document order; only the wording changed
    (of its topic exactly one note vanished and exactly one that appeared is close to it); a fresh id.
    """
    waiting = dict(old)
    ids: dict[int, str] = {}
    for pairs in (_same_entry, _same_name, _reworded):
        left = {place: entry for place, entry in enumerate(new) if place not in ids}
        for place, identity in pairs(waiting, left):
            ids[place] = identity
            del waiting[identity]
    taken = set(ids.values())
    # Ordinals go on from the last one given: starting over for each of many equal questions would be quadratic.
    ordinals: defaultdict[tuple[str, str], Iterator[int]] = defaultdict(lambda: count(1))
    for place, entry in enumerate(new):
        if place not in ids:
            ids[place] = _fresh(source, entry, taken, ordinals[entry.topic, entry.name])
            taken.add(ids[place])
    return tuple(ids[place] for place in range(len(new)))


def _same_entry(old: Mapping[str, Entry], new: Mapping[int, Entry]) -> list[tuple[int, str]]:
    return _in_order(old, new, lambda entry: entry)


def _same_name(old: Mapping[str, Entry], new: Mapping[int, Entry]) -> list[tuple[int, str]]:
    return _in_order(old, new, lambda entry: (entry.topic, entry.name))


def _in_order(
    old: Mapping[str, Entry], new: Mapping[int, Entry], key: Callable[[Entry], Hashable]
) -> list[tuple[int, str]]:
    """First with first, second with second, among those of one key."""
    queues: defaultdict[Hashable, deque[str]] = defaultdict(deque)
    for identity, entry in old.items():
        queues[key(entry)].append(identity)
    return [(place, queue.popleft()) for place, entry in new.items() if (queue := queues[key(entry)])]


def _reworded(old: Mapping[str, Entry], new: Mapping[int, Entry]) -> list[tuple[int, str]]:
    """Within each topic: the one note that vanished with the one close note that appeared."""
    vanished: defaultdict[str, list[str]] = defaultdict(list)
    for identity, entry in old.items():
        vanished[entry.topic].append(identity)
    pairs: list[tuple[int, str]] = []
    for topic, identities in vanished.items():
        if len(identities) == 1:
            before = _words(old[identities[0]])
            close = [place for place, entry in new.items() if entry.topic == topic and _close(before, _words(entry))]
            if len(close) == 1:
                pairs.append((close[0], identities[0]))
    return pairs


def _words(entry: Entry) -> list[str]:
    return fold(f"{entry.title} {entry.text}").split()[:COMPARED_WORDS]


def _close(before: list[str], after: list[str]) -> bool:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return matcher.real_quick_ratio() >= CLOSE and matcher.quick_ratio() >= CLOSE and matcher.ratio() >= CLOSE


def _fresh(source: str, entry: Entry, taken: AbstractSet[str], ordinals: Iterator[int]) -> str:
    """The id by formula, under the first ordinal that no other note of the file has."""
    candidates = (note_id(source, entry.topic, entry.name, ordinal) for ordinal in ordinals)
    return next(candidate for candidate in candidates if candidate not in taken)
