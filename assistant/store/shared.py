"""One embedded index for all processes of a home: whoever comes first owns it, the others send it their calls.

The system frees the owner's lock however its process ends; the next call of any other process takes over. Every
call may be repeated safely, so one that was cut short by that is sent again.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from assistant.errors import StoreBusyError, StoreError
from assistant.store.edge import EdgeStore
from assistant.store.host import Host, owner
from assistant.store.remote import RemoteStore
from assistant.types import Filters, FloatArray, NoteStore, Point, Scored, SparseVector

Result = TypeVar("Result")

_PAUSE_SECONDS = 0.05


class SharedStore:
    """A NoteStore over the index in `folder`, shared with other processes and among threads.

    `patience_s` is how long an owner may stay silent, and how long a new one is waited for.

    Raises (all methods):
        StoreBusyError: the owner does not answer; the message names its process.
    """

    def __init__(self, folder: Path, dimension: int, patience_s: float = 10.0) -> None:
        self._folder, self._dimension, self._patience_s = folder, dimension, patience_s
        self._changing = threading.RLock()
        self._own: tuple[EdgeStore, Host] | None = None
        self._remote: RemoteStore | None = None
        self._closed = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        except OSError as error:
            raise StoreError(f"{folder} cannot be used: {error.strerror}. Check its owner and rights.") from error
        # Not thread-local: the thread that closes the store need not be the one that opened it.
        self._lock = FileLock(folder / "lock", thread_local=False)
        self._run(lambda store: None)

    @property
    def owner(self) -> bool:
        """Whether this process holds the index itself."""
        return self._own is not None

    def upsert(self, points: Sequence[Point]) -> None:
        """Add or replace points by `chunk_id`."""
        self._run(lambda store: store.upsert(points))

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Remove points; ids that are not there are no error."""
        self._run(lambda store: store.delete(chunk_ids))

    def fingerprints(self) -> dict[str, str]:
        """Every stored chunk id with its fingerprint."""
        return self._run(lambda store: store.fingerprints())

    def dense(self, vector: FloatArray, limit: int, filters: Filters) -> list[Scored]:
        """Nearest chunks by cosine, best first."""
        return self._run(lambda store: store.dense(vector, limit, filters))

    def sparse(self, vector: SparseVector, limit: int, filters: Filters) -> list[Scored]:
        """Best chunks by BM25, best first."""
        return self._run(lambda store: store.sparse(vector, limit, filters))

    def maxsim(self, tokens: FloatArray, chunk_ids: Sequence[str]) -> dict[str, float]:
        """Late-interaction scores of the given chunks."""
        return self._run(lambda store: store.maxsim(tokens, chunk_ids))

    def settle(self) -> None:
        """Write everything down and build what makes searching fast."""
        self._run(lambda store: store.settle())

    def clear(self) -> None:
        """Remove every point, and the bytes they left on the disk."""
        self._run(lambda store: store.clear())

    def close(self) -> None:
        """Let go of the index; another process may own it next. Closing twice is no error."""
        with self._changing:
            self._closed = True
            self._hang_up()
            own, self._own = self._own, None
            if own is not None:
                store, host = own
                host.close()
                try:
                    store.close()
                finally:
                    self._lock.release()

    def _run(self, work: Callable[[NoteStore], Result]) -> Result:
        give_up = float("inf")
        while True:
            try:
                return work(self._current())
            except (ConnectionError, TimeoutError, StoreBusyError) as error:
                give_up = min(give_up, time.monotonic() + self._patience_s)
                with self._changing:
                    self._hang_up()
                if time.monotonic() >= give_up:
                    raise self._busy() from error
                time.sleep(_PAUSE_SECONDS)

    def _current(self) -> NoteStore:
        """The index itself if it is ours or can be, else a line to its owner."""
        with self._changing:
            if self._closed:
                raise StoreError("The index is closed.")
            if self._own is None and self._remote is None:
                self._own = self._take_over()
            if self._own is not None:
                return self._own[0]
            if self._remote is None:
                self._remote = self._line()
            return self._remote

    def _take_over(self) -> tuple[EdgeStore, Host] | None:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return None
        except OSError as error:
            raise StoreError(
                f"{self._folder} cannot be locked: {error.strerror}. Check its owner and rights."
            ) from error
        host = None
        try:
            # Listening before opening: opening may take a while, and others shall see that somebody is there.
            host = Host(self._folder)
            store = EdgeStore(self._folder, self._dimension)
        except BaseException:
            if host is not None:
                host.close()
            self._lock.release()
            raise
        host.serve(store)
        return store, host

    def _line(self) -> RemoteStore:
        found = owner(self._folder)
        if found is None:
            raise ConnectionRefusedError("the owner does not listen yet")
        line = RemoteStore(lambda: found.connect(self._patience_s / 2), self._dimension)
        line.ping()
        return line

    def _hang_up(self) -> None:
        remote, self._remote = self._remote, None
        if remote is not None:
            with suppress(OSError):
                remote.close()

    def _busy(self) -> StoreBusyError:
        found = owner(self._folder)
        holder = f"process {found.pid}, which does not answer" if found else "a process that does not say which it is"
        return StoreBusyError(
            f"The index in {self._folder} is held by {holder}. "
            "Wait until it is done, or end it; nothing is lost, the next command goes on from there."
        )
