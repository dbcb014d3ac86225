"""Ingest: notes a second, from files on disk to a settled index, on the bundled notes and on synthetic ones."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.store import open_store
from assistant.store.catalog import FILE_NAME, Catalog
from assistant.types import Embedding, Encoder
from config.settings import Settings
from eval.bench.synthetic import write_notes
from ingest.report import IngestReport
from ingest.sync import Parts, Request, run

Say = Callable[[str], None]

SYNTHETIC = 1_000


def measure(settings: Settings, encoder: Encoder, words: tuple[str, ...], scratch: Path, say: Say) -> dict[str, object]:
    """Rows by collection, as they go into the results. The first one's home stays, ready for the page."""
    write_notes(scratch / "synthetic", SYNTHETIC, words)
    other = settings.model_copy(update={"home": scratch / "synthetic-home"})
    rows = []
    for name, at, notes in (
        ("bundled", settings, settings.notes),
        (f"synthetic {SYNTHETIC:,}", other, scratch / "synthetic"),
    ):
        say(f"ingest: {name} notes")
        rows.append({"notes": name, **_row(at, encoder, notes)})
    return {"rows": rows}


def fill(settings: Settings, encoder: Encoder, notes: Path) -> IngestReport:
    """The notes of a folder in the home of the settings, as `python -m ingest` leaves them."""
    settings.home.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.store, settings.home, encoder.name, encoder.dimension)
    try:
        with Catalog(settings.home / FILE_NAME) as catalog:
            parts = Parts(settings.home, catalog, store, encoder, settings.ingest)
            return run(Request((notes,)), parts, lambda step: None, lambda line: None)
    finally:
        store.close()


def _row(settings: Settings, encoder: Encoder, notes: Path) -> dict[str, object]:
    counted = _Counted(encoder)
    began, cpu = time.perf_counter(), time.process_time()
    report = fill(settings, counted, notes)
    return {
        "files": report.files,
        "count": report.notes,
        "chunks": report.chunks,
        "tokens": counted.tokens,
        "seconds": round(time.perf_counter() - began, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
    }


class _Counted:
    """An encoder that counts the token vectors it gives."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self._encoder, self.tokens = encoder, 0

    def passages(self, texts: Sequence[str]) -> list[Embedding]:
        """As the encoder's own."""
        found = self._encoder.passages(texts)
        self.tokens += sum(len(embedding.tokens) for embedding in found)
        return found

    def query(self, text: str) -> Embedding:
        """As the encoder's own."""
        return self._encoder.query(text)
