"""Search: this project's index raced against two others over the same notes and vectors, in the same run."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.retrieve.retriever import Retriever
from assistant.store.catalog import FILE_NAME, Catalog, FileRecord, StoredChunk, StoredNote
from assistant.types import Encoder, NoteStore
from config.settings import RetrieveSettings
from eval.bench import contenders
from eval.bench.measure import Call, Plan, race
from eval.bench.synthetic import Corpus, Question, chunk

Say = Callable[[str], None]
Search = Callable[[Question], object]

SIZES = (138, 5_000, 50_000)
_QUESTIONS = 100
_PLAN = Plan()
# Token vectors of 50,000 notes at 150 each would be 2.9 GB on disk and four minutes of indexing; late interaction looks
# at 50 notes however many there are, so what is lost is only that these 50 are shorter.
_TOKENS = ((5_000, 150), (50_000, 15))


def measure(sizes: tuple[int, ...], encoder: Encoder, words: tuple[str, ...], say: Say) -> dict[str, object]:
    """Rows by size, as they go into the results."""
    rows = []
    for size in sizes:
        corpus = Corpus(size, _tokens(size), encoder.dimension, words)
        say(f"search: {size} notes")
        rows.append({"notes": size, "tokens": corpus.tokens, **_row(corpus, encoder, say)})
        gc.collect()
    return {"rows": rows}


def _row(corpus: Corpus, encoder: Encoder, say: Say) -> dict[str, object]:
    questions = corpus.questions(_QUESTIONS)
    with TemporaryDirectory(prefix="bench-") as folder:
        built: dict[str, float] = {}

        def timed(name: str, make: Callable[[], Call]) -> Call:
            began = time.perf_counter()
            made = make()
            built[name] = round(time.perf_counter() - began, 1)
            say(f"  {name}: {built[name]} s to fill")
            return made

        began = time.perf_counter()
        with contenders.opened(corpus, Path(folder)) as store:
            built["ours"] = round(time.perf_counter() - began, 1)
            say(f"  ours: {built['ours']} s to fill")
            raced = {
                "ours": contenders.ours(store, questions, late=False),
                "ours_late": contenders.ours(store, questions, late=True),
                "qdrant_local": timed("qdrant_local", lambda: contenders.qdrant_local(corpus, questions)),
                "langchain": timed("langchain", lambda: contenders.langchain_ensemble(corpus, questions)),
            }
            with _whole(corpus, store, encoder, Path(folder)) as search:
                raced["whole"] = lambda number: search(questions[number % _QUESTIONS])
                found = race(raced, _PLAN)
    return {"filled_s": built, "times": {name: asdict(value) for name, value in found.items()}}


@contextmanager
def _whole(corpus: Corpus, store: NoteStore, encoder: Encoder, folder: Path) -> Iterator[Callable[[Question], object]]:
    """A search as the product does it: the question encoded, the notes looked up in the catalogue."""
    with Catalog(folder / FILE_NAME) as catalog:
        catalog.set_root("synthetic", folder)
        stored = [
            StoredNote(note, note.title, (StoredChunk(chunk(note), "synthetic"),))
            for batch in corpus.batches()
            for note in corpus.notes(batch)
        ]
        catalog.replace_file(FileRecord("synthetic/notes.md", "synthetic", "", ""), stored)
        del stored
        retriever = Retriever(encoder, store, catalog, RetrieveSettings())
        yield lambda question: retriever.search(question.text)


def _tokens(size: int) -> int:
    return next((tokens for most, tokens in _TOKENS if size <= most), _TOKENS[-1][1])
