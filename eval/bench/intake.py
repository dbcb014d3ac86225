"""Ingest: notes a second, from files on disk to a settled index, on the bundled notes and on synthetic ones."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.build import open_index
from assistant.types import Embedding, Encoder
from config.settings import Settings
from eval.bench.synthetic import write_notes
from ingest.sync import Parts, Request, run

Say = Callable[[str], None]

SYNTHETIC = 1_000


def measure(settings: Settings, words: tuple[str, ...], scratch: Path, say: Say) -> dict[str, object]:
    """Rows by collection, as they go into the results. The first one's home stays, ready for the page."""
    write_notes(scratch / "synthetic", SYNTHETIC, words)
    other = settings.model_copy(update={"home": scratch / "synthetic-home"})
    rows = []
    for name, at, notes in (
        ("bundled", settings, settings.notes),
        (f"synthetic {SYNTHETIC:,}", other, scratch / "synthetic"),
    ):
        say(f"ingest: {name} notes")
        rows.append({"notes": name, **fill(at, notes)})
    return {"rows": rows}


def fill(settings: Settings, notes: Path) -> dict[str, object]:
    """Take a folder of notes into the home of the settings as `python -m ingest` does; a row of what it took."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with open_index(settings, lambda line: None) as (catalog, store, encoder):
        counted = _Counted(encoder)
        parts = Parts(settings.home, catalog, store, counted, settings.ingest)
        began, cpu = time.perf_counter(), time.process_time()
        report = run(Request((notes,)), parts, lambda step: None, lambda line: None)
        seconds, used = time.perf_counter() - began, time.process_time() - cpu
    return {
        "files": report.files,
        "count": report.notes,
        "chunks": report.chunks,
        "tokens": counted.tokens,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(used, 2),
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
