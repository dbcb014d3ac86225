"""The owner's side of a shared index: listens on a local socket and carries out what other processes ask for.

`owner.json` in the index's folder (0700; the file 0600) says who listens where, and holds the key that callers need.
A Unix socket where its path is short enough, else a loopback port.
"""

import json
import os
import secrets
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import StoreError
from assistant.store import frames, remote
from assistant.types import NoteStore

_CARD, _SOCKET = "owner.json", "socket"
_UNIX_PATH_LIMIT = 100
_DRAIN_SECONDS = 5.0
_HELLO_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds an index and where it listens: `address` is a socket's path or a loopback host and port."""

    pid: int
    address: str | tuple[str, int]
    key: bytes

    def connect(self, timeout: float) -> socket.socket:
        """A proven connection. Raises ConnectionError (nobody there) or TimeoutError (no answer)."""
        family = socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(timeout)
            connection.connect(self.address)
            frames.introduce(connection, self.key)
        except FileNotFoundError as error:
            connection.close()
            raise ConnectionRefusedError("the owner's socket is gone") from error
        except BaseException:
            connection.close()
            raise
        return connection


def owner(folder: Path) -> Owner | None:
    """Who said last that it holds the index in `folder`; it may have gone since."""
    try:
        data = json.loads((folder / _CARD).read_bytes())
        address = (
            data["address"] if isinstance(data["address"], str) else (str(data["address"][0]), int(data["address"][1]))
        )
        return Owner(int(data["pid"]), address, bytes.fromhex(data["key"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError, IndexError):
        return None


class Host:
    """Listens from its creation on; calls wait until `serve` brings the store. For the holder of the lock only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = secrets.token_bytes(32)
        self._store: NoteStore | None = None
        self._ready = threading.Event()
        self._closing = False
        self._calls: dict[threading.Thread, socket.socket] = {}
        self._listener, address = _listen(folder / _SOCKET)
        _write_privately(folder / _CARD, json.dumps({"pid": os.getpid(), "address": address, "key": self._key.hex()}))
        self._thread = threading.Thread(target=self._accept, name="index-host", daemon=True)
        self._thread.start()

    def serve(self, store: NoteStore) -> None:
        """Let the calls through."""
        self._store = store
        self._ready.set()

    def close(self) -> None:
        """Finish what is being done, hang up on everybody, and stop listening."""
        self._closing = True
        self._ready.set()
        with suppress(OSError):
            (self._folder / _CARD).unlink()
        with suppress(OSError):
            # Wakes the thread that waits in accept(); closing alone does not.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with suppress(OSError):
            (self._folder / _SOCKET).unlink()
        self._thread.join(_DRAIN_SECONDS)
        for thread, connection in list(self._calls.items()):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
            thread.join(_DRAIN_SECONDS)

    def _accept(self) -> None:
        while not self._closing:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._answer, args=(connection,), name="index-call", daemon=True)
            self._calls[thread] = connection
            thread.start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(_HELLO_SECONDS)
            frames.admit(connection, self._key)
            connection.settimeout(None)
            while not self._closing:
                message = frames.receive(connection)
                self._ready.wait()
                # No reply: the caller asks again, of the next owner.
                if self._store is None or self._closing:
                    break
                frames.send(connection, remote.perform(self._store, message))
        self._calls.pop(threading.current_thread(), None)


def _listen(path: Path) -> tuple[socket.socket, str | tuple[str, int]]:
    try:
        if hasattr(socket, "AF_UNIX") and len(os.fsencode(path)) <= _UNIX_PATH_LIMIT:
            path.unlink(missing_ok=True)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            listener.bind(str(path))
            path.chmod(0o600)
            listener.listen(64)
            return listener, str(path)
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        return listener, ("127.0.0.1", listener.getsockname()[1])
    except OSError as error:
        raise StoreError(f"No socket can be opened for {path.parent}: {error.strerror}.") from error


def _write_privately(path: Path, text: str) -> None:
    """Whole or not at all, and readable by this user only."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
