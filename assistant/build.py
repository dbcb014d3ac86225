"""Settings to ready parts: the one place where objects are made and put together."""

import difflib
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import prompts, weights
from assistant.answer import Answerer, Ask
from assistant.encoders import SentenceEncoder
from assistant.engine import Address, Engine, open_engine
from assistant.errors import BusyError, NotFoundError
from assistant.guard import incoming
from assistant.llm import ChatModel, OpenAIChat
from assistant.remembered import Remembered
from assistant.retrieve.fit import Centred, load_fit
from assistant.retrieve.lookup import Found, look_up
from assistant.retrieve.retriever import Retriever
from assistant.store import open_store
from assistant.store.catalog import FILE_NAME, Catalog, TopicCount
from assistant.types import Answer, Filters, Note, NoteStore, Retrieved
from config.choices import Choices
from config.registry import load_registry
from config.settings import Settings

# One line about what takes time, such as "multilingual-e5-small: download 40 of 91 MB".
Announce = Callable[[str], None]

# Longer than an answer takes.
_PATIENCE_S = 60.0
_STAGES = {
    "wait": "waiting for another process",
    "download": "downloading",
    "check": "checking",
    "convert": "converting",
}


@dataclass(frozen=True, slots=True)
class Assistant:
    """One home's notes, ready to be asked. Made by `open_assistant`.

    `settings` are those of the start; what the learner chose since is in `choices`, and holds for every answer.
    """

    settings: Settings
    choices: Choices
    catalog: Catalog
    encoder: Centred
    store: NoteStore
    retriever: Retriever
    answerer: Answerer
    engine: Engine
    places: threading.Semaphore

    def search(self, ask: Ask, limit: int) -> Retrieved:
        """The best notes for a question; raises NotFoundError for a topic or file that is not there."""
        question = incoming.clean(ask.question, self.settings.page.question_characters)
        with self.place():
            return self.retriever.search(question, self._filters(ask.filters), limit)

    def find(self, ask: Ask, limit: int) -> Found:
        """The notes that hold the words of `ask.question`, and those near in meaning, at most `limit` of each."""
        words = incoming.clean(ask.question, self.settings.page.question_characters)
        return look_up(self.retriever, words, self._filters(ask.filters), limit)

    def stream(self, ask: Ask) -> Generator[Answer, None, None]:
        """Snapshots of an answer, see `Answerer.stream`; raises BusyError when none can be begun for a while."""
        now = self.choices.settings
        answerer = replace(self.answerer, settings=now.answer, threshold=now.retrieve.threshold)
        with self.place():
            yield from answerer.stream(replace(ask, filters=self._filters(ask.filters)))

    def answer(self, ask: Ask) -> Answer:
        """The final answer."""
        *_, last = self.stream(ask)
        return last

    def note(self, note_id: str) -> Note:
        """One note by its id; raises NotFoundError."""
        return find_note(self.catalog, note_id)

    def topics(self) -> list[TopicCount]:
        """Notes per topic, level and file."""
        return self.catalog.topics()

    def start_engine(self) -> None:
        """Begin to prepare weights and bring the engine up; returns at once."""
        self.engine.start()

    @contextmanager
    def engine_for_now(self, announce: Announce) -> Iterator[None]:
        """The engine that runs under this home, or one started for the length of the block.

        Raises:
            EngineError: none could be had.
        """
        try:
            self.engine.start()
            with _watching(self.engine, announce):
                self.engine.wait_ready(self.settings.engine.start_timeout_s)
            yield
        finally:
            self.engine.stop()

    @contextmanager
    def place(self) -> Iterator[None]:
        """One of the places of what may be worked on at once, whoever asks: the page or a program."""
        if not self.places.acquire(timeout=_PATIENCE_S):
            raise BusyError("Too many questions are being answered at once. Ask again in a moment.")
        try:
            yield
        finally:
            self.places.release()

    def _filters(self, filters: Filters) -> Filters:
        """Filters spelt as the notes spell them; what does not exist is an error with the nearest names."""
        if filters.topic is None and filters.source is None:
            return filters
        counts = self.catalog.topics()
        return replace(
            filters,
            topic=_known("topic", filters.topic, {count.topic for count in counts}),
            source=_known("source", filters.source, {count.source for count in counts}),
        )


@contextmanager
def open_catalog(settings: Settings) -> Iterator[Catalog]:
    """The home's catalogue, closed at the end."""
    catalog = Catalog(settings.home / FILE_NAME)
    try:
        yield catalog
    finally:
        catalog.close()


@contextmanager
def open_index(settings: Settings, announce: Announce) -> Iterator[tuple[Catalog, NoteStore, Centred]]:
    """The home's notes and their vectors, closed in order at the end.

    Raises:
        WeightsError: the encoder's files cannot be had.
        StoreError: catalogue or index cannot be used.
    """
    with ExitStack() as stack:
        catalog = stack.enter_context(open_catalog(settings))
        encoder = Centred(load_encoder(settings, announce), load_fit())
        store = open_store(settings.store, settings.home, encoder.name, encoder.dimension)
        stack.callback(store.close)
        yield catalog, store, encoder


@contextmanager
def open_assistant(settings: Settings, announce: Announce) -> Iterator[Assistant]:
    """Everything a question needs but the engine, which is made and not started. Closed in order at the end.

    Raises:
        WeightsError: the encoder's files cannot be had.
        StoreError: catalogue or index cannot be used.
    """
    with ExitStack() as stack:
        catalog, store, encoder = stack.enter_context(open_index(settings, announce))
        engine = make_engine(settings)
        stack.callback(engine.stop)
        retriever = Retriever(Remembered(encoder), store, catalog, settings.retrieve, load_fit())
        answerer = Answerer(
            retriever=retriever,
            chat=_Chats(engine, settings.engine.request_timeout_s),
            settings=settings.answer,
            threshold=settings.retrieve.threshold,
            question_characters=settings.page.question_characters,
        )
        places = threading.Semaphore(settings.page.answers_at_once)
        yield Assistant(settings, Choices(settings), catalog, encoder, store, retriever, answerer, engine, places)


def load_encoder(settings: Settings, announce: Announce) -> SentenceEncoder:
    """The settings' embedding model, its weights fetched first if need be."""
    registry = load_registry()
    folder = weights.resolve(settings.encoder.model, registry, settings.weights, _reporting(announce))
    return SentenceEncoder.load(folder, settings.encoder, registry)


def make_engine(settings: Settings) -> Engine:
    """The settings' engine, not started. Its weights are resolved in its own thread when it is."""

    def prepare(progress: Announce) -> Path:
        return weights.resolve(settings.engine.model, load_registry(), settings.weights, _reporting(progress))

    def warm(address: Address) -> None:
        # The client's packages take seconds to import, the engine's first prompt is slow: not on a learner's time.
        OpenAIChat(address, settings.engine.request_timeout_s).verdict(prompts.render("system"), "Answer yes.")

    return open_engine(settings.engine, settings.home, prepare, warm)


def find_note(catalog: Catalog, note_id: str) -> Note:
    """A note by its id.

    Raises:
        NotFoundError: there is no such note.
    """
    note = catalog.note(note_id)
    if note is None:
        raise NotFoundError(f"no note {note_id!r}; `python -m assistant search` prints the ids of notes")
    return note


class _Chats:
    """The engine's chat model while it is ready. One client an address: making one takes time."""

    def __init__(self, engine: Engine, timeout_s: float) -> None:
        self._engine, self._timeout_s = engine, timeout_s
        self._chat: OpenAIChat | None = None

    def __call__(self) -> ChatModel | None:
        address = self._engine.address
        if address is None:
            return None
        chat = self._chat
        if chat is None or chat.address != address:
            chat = self._chat = OpenAIChat(address, self._timeout_s)
        return chat


def _known(kind: str, wanted: str | None, names: Iterable[str]) -> str | None:
    if wanted is None:
        return None
    by_fold = {name.casefold(): name for name in sorted(names)}
    if wanted.casefold() in by_fold:
        return by_fold[wanted.casefold()]
    near = [by_fold[name] for name in difflib.get_close_matches(wanted.casefold(), by_fold, n=3, cutoff=0.3)]
    hint = f"; the nearest: {', '.join(near)}" if near else ""
    raise NotFoundError(f"no {kind} {wanted!r} among your notes{hint}", code=f"no_{kind}", wanted=wanted)


def _reporting(announce: Announce) -> weights.Report:
    """Progress of weights as lines, one a stage and then one every ten per cent."""
    said: dict[tuple[str, str], int] = {}
    lock = threading.Lock()

    def report(progress: weights.Progress) -> None:
        percent = 100 * progress.done // progress.total if progress.total else 0
        with lock:
            key = (progress.model, progress.stage)
            if key in said and percent < min(100, said[key] + 10):
                return
            said[key] = percent
        stage = _STAGES[progress.stage]
        size = f" {progress.done / 1e6:.0f} of {progress.total / 1e6:.0f} MB" if progress.total else ""
        announce(f"{progress.model}: {stage}{size}")

    return report


@contextmanager
def _watching(engine: Engine, announce: Announce) -> Iterator[None]:
    """Announce an engine's changes of state until the block ends."""
    done = threading.Event()

    def watch() -> None:
        last = ""
        while not done.wait(0.5):
            detail = engine.state.detail
            if detail != last:
                announce(detail)
                last = detail

    watcher = threading.Thread(target=watch, name="engine-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
