"""Notes and an assistant for tests of the page: a script of answers in, the questions asked out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.answer import REFUSAL, Ask, quote
from assistant.engine.state import EngineState, Phase
from assistant.errors import AssistantError, NotFoundError
from assistant.retrieve.lookup import Found
from assistant.store.catalog import Counts, FileRecord, TopicCount, Warned
from assistant.types import Answer, Chunk, Filters, Note, Passage, Retrieved, Span, Timings
from config.choices import Choices
from config.settings import Settings


def note(text: str, title: str = "Что такое PSI?", note_id: str = "n1") -> Note:
    """A note of `notes/drift.md`."""
    return Note(
        note_id, "notes/drift.md", "Drift Detection", "Basic", title, text, ("3. Drift Detection", "Basic"), "ru"
    )


def passage(of: Note, start: int = 0, end: int | None = None) -> Passage:
    """A chunk of a note, found first."""
    stop = len(of.text) if end is None else end
    return Passage(1, 0.9, Chunk(f"{of.note_id}-{start}", of.note_id, 0, start, stop, ""), of)


def answer(question: str, passages: tuple[Passage, ...] = ()) -> Answer:
    """An answer with nothing in it yet."""
    timings = Timings(20, 30, 2100)
    return Answer(question, question, "", "quoted", None, (), (), ("Drift Detection",), None, timings, passages)


def quoted(question: str, of: Note, words: str) -> Answer:
    """A note quoted with some of its words highlighted."""
    start = of.text.index(words)
    return quote(answer(question, (passage(of),)), (passage(of),), [Span(start, start + len(words))])


def refused(question: str, of: Note) -> Answer:
    """The refusal, with a note that is near."""
    return replace(answer(question, (passage(of),)), mode="refused", answer=REFUSAL["ru"])


@dataclass
class FakeAssistant:
    """Gives the scripted snapshots, or raises the scripted error after them."""

    notes: Sequence[Note] = ()
    script: Sequence[Answer] = ()
    error: AssistantError | None = None
    phase: Phase = "stopped"
    asked: list[Ask] = field(default_factory=list)
    closed: int = 0

    def stream(self, ask: Ask) -> Iterator[Answer]:
        """The script, whatever is asked."""
        self.asked.append(ask)
        try:
            yield from self.script
            if self.error is not None:
                raise self.error
        finally:
            self.closed += 1

    def note(self, note_id: str) -> Note:
        """By its id."""
        for one in self.notes:
            if one.note_id == note_id:
                return one
        raise NotFoundError(f"There is no note {note_id!r}.")

    def topics(self) -> list[TopicCount]:
        """One topic with all notes."""
        return [TopicCount("Drift Detection", "Basic", "notes/drift.md", len(self.notes))] if self.notes else []

    def browse(self, filters: Filters) -> list[Note]:
        """All notes of the topic."""
        return [one for one in self.notes if filters.topic in (None, one.topic) and filters.level in (None, one.level)]

    def search(self, ask: Ask, limit: int) -> Retrieved:
        """Every note whose title or text holds the question, in order."""
        self.asked.append(ask)
        found = [one for one in self.browse(ask.filters) if ask.question.lower() in (one.title + one.text).lower()]
        passages = tuple(replace(passage(one), rank=rank) for rank, one in enumerate(found[:limit], 1))
        return Retrieved(ask.question, passages, 0.9 if passages else 0.0, False)

    def find(self, ask: Ask, limit: int) -> Found:
        """Notes that hold the words as they are; the others are near."""
        holding = self.search(ask, limit).passages
        there = {one.note.note_id for one in holding}
        return Found(holding, tuple(passage(one) for one in self.browse(ask.filters) if one.note_id not in there))

    def roots(self) -> dict[str, Path]:
        """One root, if there is a note."""
        return {"notes": Path("notes")} if self.notes else {}

    def files(self, root: str) -> dict[str, FileRecord]:
        """One file with a warning."""
        source = f"{root}/drift.md"
        return {source: FileRecord(source, root, "0", "1", (Warned(3, "no answer <here>"),))}

    def counts(self, sources: Sequence[str] | None = None) -> Counts:
        """All notes are in one file."""
        return Counts(1, len(self.notes), len(self.notes))

    @property
    def choices(self) -> Choices:
        """Those of a home that is nowhere."""
        return Choices(Settings(profile="cpu", home=Path("nowhere"), weights=Path("nowhere")))

    @property
    def catalog(self) -> "FakeAssistant":
        """This fake is its own catalogue."""
        return self

    @property
    def engine(self) -> "FakeEngine":
        """In the scripted phase."""
        return FakeEngine(engine_state(self.phase))


def engine_state(phase: Phase) -> EngineState:
    """An engine's state in a phase."""
    return EngineState(phase, "loading the model", datetime(2026, 1, 1, tzinfo=UTC), "qwen")


@dataclass(frozen=True)
class FakeEngine:
    """An engine that stays as it is."""

    state: EngineState
