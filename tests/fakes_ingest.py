"""Fakes for ingest: an encoder that hashes words into a small vector, an index that is a dictionary, a home of both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import numpy as np

from assistant.errors import StoreError
from assistant.store.catalog import Catalog
from assistant.types import Embedding, Filters, FloatArray, Point, Scored, SparseVector
from config.settings import IngestSettings
from ingest.report import IngestReport, Step
from ingest.sync import Parts, Request, run

DIMENSION = 16


def _unit(words: Sequence[str]) -> FloatArray:
    vector = np.zeros(DIMENSION, np.float32)
    for word in words:
        vector += np.random.default_rng(crc32(word.encode())).standard_normal(DIMENSION, np.float32)
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)


class FakeEncoder:
    """Texts that share words are near each other. `encoded` counts texts; `name` may be changed."""

    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self.dimension = DIMENSION
        self.encoded = 0

    def passages(self, texts: Sequence[str]) -> list[Embedding]:
        self.encoded += len(texts)
        return [self.query(text) for text in texts]

    def query(self, text: str) -> Embedding:
        words = text.lower().split() or [""]
        return Embedding(_unit(words), np.stack([_unit([word]) for word in words[:20]]))


class MemoryStore:
    """Keeps points by id and counts what was written; `fail_after` upserts it fails as a full disk would."""

    def __init__(self) -> None:
        self.points: dict[str, Point] = {}
        self.upserted = 0
        self.deleted = 0
        self.settled = 0
        self.fail_after: int | None = None

    def upsert(self, points: Sequence[Point]) -> None:
        if self.fail_after is not None:
            if self.fail_after == 0:
                raise StoreError("The disk is full. Free some space and run this again.")
            self.fail_after -= 1
        self.upserted += len(points)
        self.points |= {point.chunk_id: point for point in points}

    def delete(self, chunk_ids: Sequence[str]) -> None:
        self.deleted += len(chunk_ids)
        for chunk_id in chunk_ids:
            self.points.pop(chunk_id, None)

    def fingerprints(self) -> dict[str, str]:
        return {chunk_id: point.fingerprint for chunk_id, point in self.points.items()}

    def dense(self, vector: FloatArray, limit: int, filters: Filters) -> list[Scored]:
        found = [Scored(key, float(point.embedding.dense @ vector)) for key, point in self._kept(filters)]
        return sorted(found, key=lambda hit: (-hit.score, hit.chunk_id))[:limit]

    def sparse(self, vector: SparseVector, limit: int, filters: Filters) -> list[Scored]:
        """Shared terms by their weight, without an IDF."""
        asked = dict(zip(vector.indices, vector.values, strict=True))
        found = []
        for key, point in self._kept(filters):
            held = dict(zip(point.sparse.indices, point.sparse.values, strict=True))
            found.append(Scored(key, sum(asked[term] * held[term] for term in asked.keys() & held.keys())))
        return sorted((hit for hit in found if hit.score > 0), key=lambda hit: (-hit.score, hit.chunk_id))[:limit]

    def _kept(self, filters: Filters) -> list[tuple[str, Point]]:
        wanted = {"topic": filters.topic, "level": filters.level, "source": filters.source}
        return [
            (key, point)
            for key, point in self.points.items()
            if all(value in (None, getattr(point, name)) for name, value in wanted.items())
        ]

    def maxsim(self, tokens: FloatArray, chunk_ids: Sequence[str]) -> dict[str, float]:
        held = {key: self.points[key].embedding.tokens for key in chunk_ids if key in self.points}
        return {key: float((tokens @ stored.T).max(axis=1).sum()) for key, stored in held.items()}

    def clear(self) -> None:
        self.points.clear()

    def settle(self) -> None:
        self.settled += 1

    def close(self) -> None:
        pass


DRIFT = """# Drift

## Basic

Q: What is PSI?
A: The population stability index compares two distributions bin by bin.

Q: Which PSI is significant?
A: Above 0.25 the shift is significant, between 0.1 and 0.25 it is moderate.

## Killer

Q: How do you tell drift from a broken pipeline?
A: Compare the raw inputs first, then the features, then the predictions.
"""
SERVING = """# Serving

Q: Why batch requests?
A: One pass of the accelerator serves several requests at nearly the price of one.
"""


@dataclass
class Bench:
    """A home folder with its parts, and a folder of notes."""

    folder: Path
    settings: IngestSettings = field(default_factory=IngestSettings)

    def __post_init__(self) -> None:
        self.notes = self.folder / "notes"
        self.notes.mkdir()
        self.catalog = Catalog(self.folder / "home" / "notes.sqlite3")
        self.store, self.encoder = MemoryStore(), FakeEncoder()
        self.steps: list[Step] = []
        self.said: list[str] = []

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def sync(self, *paths: Path, remove: tuple[str, ...] = ()) -> IngestReport:
        parts = Parts(self.folder / "home", self.catalog, self.store, self.encoder, self.settings)
        report = run(Request(paths, remove), parts, self.steps.append, self.said.append)
        assert set(self.store.points) == set(self.catalog.fingerprints())
        return report

    def ids(self) -> dict[str, str]:
        return {note.title: note.note_id for note in self.catalog.browse(Filters())}

    def sources(self) -> set[str]:
        return {note.source for note in self.catalog.browse(Filters())}


def changes(report: IngestReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.removed, report.unchanged
