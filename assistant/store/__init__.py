"""Where vectors live: the embedded index of a home folder, or a Qdrant server by URL. Both are a `NoteStore`."""

from pathlib import Path

from assistant.store.payload import index_name
from assistant.store.shared import SharedStore
from assistant.types import NoteStore
from config.settings import StoreSettings

__all__ = ["open_store"]


def open_store(settings: StoreSettings, home: Path, encoder_name: str, dimension: int) -> NoteStore:
    """The index for one encoder: `settings.url`'s, else the one below `home`. Another encoder has another index.

    Raises:
        StoreBusyError: another process holds the embedded index and does not answer.
        StoreError: the folder cannot be used, or the server cannot be reached.
    """
    name = index_name(encoder_name, dimension)
    if settings.url:
        # The client takes a second to import, and most homes have no server.
        from assistant.store.server import ServerStore

        return ServerStore(settings, name, dimension)
    return SharedStore(home / "index" / name, dimension, settings.timeout_s)
