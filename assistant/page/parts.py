"""What the page is given: the assistant it asks, and the functions that take files in and delete everything."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.answer import Ask
from assistant.chats.chats import Chats
from assistant.engine.state import EngineState
from assistant.retrieve.lookup import Found
from assistant.store.catalog import Counts, FileRecord, TopicCount
from assistant.types import Answer, Filters, Note, Retrieved
from config.choices import Choices
from config.settings import Settings


class Browsed(Protocol):
    """The part of the catalogue that the page uses."""

    def browse(self, filters: Filters) -> Sequence[Note]:
        """All notes that match, in document order."""
        ...

    def roots(self) -> Mapping[str, Path]:
        """Registered roots by name."""
        ...

    def files(self, root: str) -> Mapping[str, FileRecord]:
        """The files of a root by source."""
        ...

    def counts(self, sources: Sequence[str] | None = None) -> Counts:
        """Totals of the named files, or of all."""
        ...


class Watched(Protocol):
    """The part of an engine that the page uses."""

    @property
    def state(self) -> EngineState:
        """The latest snapshot."""
        ...


class Asked(Protocol):
    """The part of `assistant.build.Assistant` that the page uses."""

    @property
    def catalog(self) -> Browsed:
        """What there is to ask about."""
        ...

    @property
    def engine(self) -> Watched:
        """The language model, ready or not."""
        ...

    @property
    def choices(self) -> Choices:
        """What the learner chose, and all other settings as they stand."""
        ...

    def search(self, ask: Ask, limit: int) -> Retrieved:
        """The best notes for a question, without the language model."""
        ...

    def find(self, ask: Ask, limit: int) -> Found:
        """The notes that hold the words looked for, and those near in meaning."""
        ...

    def stream(self, ask: Ask) -> Iterator[Answer]:
        """Snapshots of an answer, each in place of the one before."""
        ...

    def note(self, note_id: str) -> Note:
        """One note; raises NotFoundError."""
        ...

    def topics(self) -> Sequence[TopicCount]:
        """Notes per topic, level and file."""
        ...


class Warned(Protocol):
    """Something odd in an uploaded file."""

    @property
    def line(self) -> int | None:
        """Counted from 1."""
        ...

    @property
    def reason(self) -> str:
        """For people."""
        ...


class Rejected(Protocol):
    """Why a file was not taken."""

    @property
    def reason(self) -> str:
        """For people."""
        ...


class Report(Protocol):
    """What became of one file: `ingest.report.IngestReport`, which the page cannot import."""

    @property
    def notes(self) -> int:
        """Notes in the file now."""
        ...

    @property
    def added(self) -> int:
        """Notes that are new."""
        ...

    @property
    def updated(self) -> int:
        """Notes that changed."""
        ...

    @property
    def warnings(self) -> Sequence[Warned]:
        """What to look at in the file."""
        ...

    @property
    def rejected(self) -> Sequence[Rejected]:
        """Not empty when the file was not taken."""
        ...


@dataclass(frozen=True, slots=True)
class PageParts:
    """Everything the page needs.

    `ingest` brings the index to what a file or folder holds now; `erase` deletes everything of the home.
    """

    settings: Settings
    assistant: Asked
    ingest: Callable[[Path], Report]
    erase: Callable[[], None]
    chats: Chats

    @property
    def uploads(self) -> Path:
        """Where uploaded files are kept."""
        return self.settings.home / "uploads"
