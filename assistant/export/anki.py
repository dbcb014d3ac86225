"""Notes as Anki cards: the question, the key points and the answer, one deck a topic. The only user of genanki.

A card is known by its note's id, so importing again updates it and keeps its history.
"""

import os
import re
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import genanki

from assistant.errors import StoreError
from assistant.export.html import to_html
from assistant.types import KeyPoint, Note

# Numbers of our own choice, the same for ever: Anki knows a kind of card and a deck by them.
_MODEL_ID = 1_716_204_881
_ROOT = "Study assistant"
_FRONT = '<div class="place">{{Topic}} · {{Level}}</div><h2>{{Question}}</h2>'
_BACK = '{{FrontSide}}<hr id="answer">{{Points}}<details open>{{Answer}}</details><div class="place">{{Source}}</div>'
_CSS = ".card{font:18px/1.5 sans-serif;text-align:left;max-width:44em;margin:auto}.place{color:#777;font-size:14px}"
_MODEL = genanki.Model(
    _MODEL_ID,
    "Study assistant question",
    fields=[{"name": name} for name in ("Question", "Points", "Answer", "Topic", "Level", "Source")],
    templates=[{"name": "Question", "qfmt": _FRONT, "afmt": _BACK}],
    css=_CSS,
)


def write(cards: Sequence[tuple[Note, Sequence[KeyPoint]]], file: Path, timestamp: float) -> int:
    """Write decks of notes with their points; how many cards there are. The file is whole, or not there.

    Raises:
        StoreError: it cannot be written.
    """
    decks: dict[str, genanki.Deck] = {}
    for note, points in cards:
        topic = note.topic
        deck = decks.setdefault(topic, genanki.Deck(_number(topic), f"{_ROOT}::{topic.replace('::', ' ')}"))
        deck.add_note(_card(note, points))
    half = file.with_name(f".{file.name}.part")
    try:
        genanki.Package(list(decks.values())).write_to_file(str(half), timestamp=timestamp)
        os.replace(half, file)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise StoreError(
            f"{file} cannot be written ({error.strerror}). Check the folder and its free space."
        ) from error
    return len(cards)


def _card(note: Note, points: Sequence[KeyPoint]) -> genanki.Note:
    listed = "\n".join(f"- {point.text}" for point in points)
    tags = [_tag(note.topic), *([note.level] if note.level else [])]
    title = re.sub(r"^<p>|</p>$", "", to_html(note.title))
    plain = [to_html(part) for part in (listed, note.text, note.topic, note.level or "", note.source)]
    return genanki.Note(_MODEL, [title, *plain], guid=genanki.guid_for("study-assistant", note.note_id), tags=tags)


def _tag(topic: str) -> str:
    """A topic as a tag, which has no spaces."""
    return re.sub(r"\W+", "-", topic).strip("-") or "notes"


def _number(topic: str) -> int:
    return int.from_bytes(blake2b(topic.encode("utf-8", "replace"), digest_size=4).digest()) + 1
