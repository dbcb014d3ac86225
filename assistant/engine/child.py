"""One supervised process: started under the guard with its log in a file, ended with its whole group."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from assistant.errors import EngineStartError

_GUARD = Path(__file__).with_name("guard.py")
_LOG_LIMIT_BYTES = 16 * 2**20
_TAIL_BYTES = 64 * 2**10
# What the guard may take beyond the grace it gives: to notice, and for the system to clear gigabytes away.
_GUARD_MARGIN_S = 5.0


class Child:
    """A running command. `pid` is its process id and its group's. Not thread-safe: one supervisor owns it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path, grace_s: float) -> None:
        """Start it; the last log is kept beside the new one.

        Raises:
            EngineStartError: the log or the process could not be created.
        """
        self._log, self._grace_s = log, grace_s
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            if log.exists():
                log.replace(_older(log))
            with log.open("ab") as sink:
                self._guard = subprocess.Popen(
                    [sys.executable, "-I", "-S", str(_GUARD), str(grace_s), *command],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=sink,
                    env=dict(environment),
                    # Away from the project, whose package names are common ones.
                    cwd=log.parent,
                    start_new_session=True,
                )
        except OSError as error:
            raise EngineStartError(f"The engine cannot be started: {error}. Free disk space or memory.") from error
        assert self._guard.stdin is not None and self._guard.stdout is not None
        self._leash, self._said = self._guard.stdin, self._guard.stdout
        line = self._said.readline()
        if not line.strip().isdigit():
            self._close()
            raise EngineStartError(f"The engine's process could not be created; its log is {log}.")
        self.pid = int(line)

    def code(self) -> int | None:
        """Its exit code, 128 + N after signal N, or None while it runs."""
        code = self._guard.poll()
        if code is None:
            return None
        if code < 0:
            # The guard itself was killed, so nobody has ended the group.
            self._kill()
            return 128 - code
        return code

    def stop(self) -> None:
        """End the group and wait for it: asked first, then killed."""
        if self._guard.poll() is None:
            with suppress(OSError):
                self._leash.close()
            try:
                self._guard.wait(self._grace_s + _GUARD_MARGIN_S)
            except subprocess.TimeoutExpired:
                self._guard.kill()
                self._kill()
        self.code()
        self._close()

    def bound_log(self) -> None:
        """Keep a log that outgrows its limit as the older one, and go on with an empty file."""
        with suppress(OSError):
            if self._log.stat().st_size > _LOG_LIMIT_BYTES:
                # Copied, not renamed: the process holds the file open, in append mode.
                shutil.copyfile(self._log, _older(self._log))
                os.truncate(self._log, 0)

    def _kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _close(self) -> None:
        for pipe in (self._leash, self._said):
            with suppress(OSError):
                pipe.close()
        self._guard.wait()


def tail(log: Path) -> str:
    """The end of a log, at most 64 KiB; empty if it cannot be read."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def _older(log: Path) -> Path:
    return log.with_name(log.name + ".1")
