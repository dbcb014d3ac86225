"""What a killed process runs in test_ingest_kill.py: one ingest with the real embedded index and the fake encoder."""

from pathlib import Path

from fakes_ingest import DIMENSION, FakeEncoder

from assistant.store.catalog import FILE_NAME, Catalog
from assistant.store.edge import EdgeStore
from config.settings import IngestSettings
from ingest.report import Step
from ingest.sync import Parts, Request, run

BATCH = 4  # small, so that there are many moments between two batches


def ignore(_: Step | str) -> None:
    """No progress."""


def ingest(home: Path, notes: Path) -> None:
    """Bring `home` up to `notes`."""
    store = EdgeStore(home / "index", DIMENSION)
    try:
        with Catalog(home / FILE_NAME) as catalog:
            settings = IngestSettings(batch_notes=BATCH)
            run(Request((notes,)), Parts(home, catalog, store, FakeEncoder(), settings), ignore, ignore)
    finally:
        store.close()
