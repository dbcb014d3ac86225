"""One engine a home: who runs it, and where others find it.

`engine.lock` is held for as long as a process supervises an engine; the system frees it however that process dies.
`engine.json` tells the others the address and the key, so only its owner may read it.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.engine.state import Address
from assistant.errors import EngineStartError


@dataclass(frozen=True, slots=True)
class Running:
    """An engine as written down by its supervisor. `owner` is the supervising process, `pid` the engine's own."""

    owner: int
    pid: int
    address: Address


class Claim:
    """The right to run the engine of one home. At most one process holds it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        # Held by the supervisor's thread, let go by whichever thread stops it.
        self._lock = FileLock(home / "engine.lock", thread_local=False)

    def take(self) -> bool:
        """Whether this process now holds it.

        Raises:
            EngineStartError: the home folder cannot be written.
        """
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            raise EngineStartError(f"{self._home} cannot be written: {error.strerror}.") from error
        return True

    def announce(self, running: Running) -> None:
        """Tell others where the engine is; only while the claim is held.

        Raises:
            EngineStartError: the file could not be written.
        """
        address = running.address
        stored = {
            "owner": running.owner,
            "pid": running.pid,
            "url": address.url,
            "model": address.model,
            "api_key": address.api_key,
        }
        new = self._home / "engine.json.new"
        try:
            new.unlink(missing_ok=True)
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(stored, file)
            new.replace(_file(self._home))
        except OSError as error:
            raise EngineStartError(f"{_file(self._home)} cannot be written: {error.strerror}.") from error

    def withdraw(self) -> None:
        """There is no engine any more; the claim stays."""
        with suppress(OSError):
            _file(self._home).unlink(missing_ok=True)

    def release(self) -> None:
        """Let another process have it."""
        self._lock.release()


def announced(home: Path) -> Running | None:
    """What stands in `engine.json`: perhaps gone since, so ask for its health. None if there is nothing usable."""
    try:
        stored = json.loads(_file(home).read_text("utf-8"))
        address = Address(str(stored["url"]), str(stored["model"]), str(stored["api_key"]))
        return Running(int(stored["owner"]), int(stored["pid"]), address)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _file(home: Path) -> Path:
    return home / "engine.json"
