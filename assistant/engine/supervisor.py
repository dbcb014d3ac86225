"""vLLM as a supervised child: started, watched, started again with growing pauses, and ended with this process.

One thread does all of it; the rest of the program sees snapshots of its state.
"""

import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

from assistant.engine.board import Board
from assistant.engine.child import Child, tail
from assistant.engine.diagnose import Cause, cause, with_log
from assistant.engine.health import healthy, served_models
from assistant.engine.launch import command, environment, free_port
from assistant.engine.shared import Claim, Running, announced
from assistant.engine.state import Address, EngineState
from assistant.errors import AssistantError, EngineError, EngineStartError
from config.settings import EngineSettings

# Makes the model's folder, telling how far it is; raises an AssistantError.
Prepare = Callable[[Callable[[str], None]], Path]
# Asks something of a server that has just come up; raises an EngineError.
Warm = Callable[[Address], None]

_LONGEST_WAIT_S = 60.0
# An engine that has been up for so long starts its count of restarts anew.
_STABLE_S = 600.0
_STARTING_POLL_S = 0.25


class VllmEngine:
    """The bundled engine of one home; see `Engine`. If another process runs it already, that one is used."""

    def __init__(self, settings: EngineSettings, home: Path, prepare: Prepare, warm: Warm) -> None:
        self._settings, self._home, self._prepare, self._warm = settings, home, prepare, warm
        self._log = home / "logs" / "engine.log"
        self._board = Board(settings.model, self._log)
        self._claim = Claim(home)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()

    @property
    def state(self) -> EngineState:
        """The latest snapshot."""
        return self._board.state

    @property
    def address(self) -> Address | None:
        """Where it answers, or None while it is not ready."""
        return self._board.address

    def start(self) -> None:
        """See `Engine.start`. After a failure or a stop it tries anew."""
        with self._guard:
            if self._thread is not None and self._thread.is_alive():
                return
            self._stopping.clear()
            self._board.show("preparing", "Getting the language model ready.")
            self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
            self._thread.start()

    def wait_ready(self, timeout_s: float) -> Address:
        """See `Engine.wait_ready`."""
        return self._board.wait_ready(timeout_s)

    def stop(self) -> None:
        """See `Engine.stop`."""
        with self._guard:
            self._stopping.set()
            if self._thread is not None:
                # Preparing may be in the middle of a download that cannot be interrupted: it ends with the process.
                self._thread.join(self._settings.stop_grace_s + 2 * _STARTING_POLL_S + 10)
            self._board.show("stopped", "The language model is not running.")

    def _run(self) -> None:
        try:
            if self._own():
                try:
                    self._supervise(self._prepare(self._progress))
                finally:
                    self._claim.withdraw()
                    self._claim.release()
        except AssistantError as error:
            self._board.show("failed", str(error))
        except OSError as error:
            self._board.show("failed", f"The language model cannot be run: {error}.")

    def _progress(self, detail: str) -> None:
        if not self._stopping.is_set():
            self._board.show("preparing", detail)

    def _own(self) -> bool:
        """Hold the claim; while another process holds it, use its engine. False when asked to stop."""
        while not self._stopping.is_set():
            if self._claim.take():
                return True
            running = announced(self._home)
            if running is not None and healthy(running.address):
                self._board.show("ready", f"Ready, run by process {running.owner}.", running.address)
            else:
                self._board.show("starting", "Another process of this home is starting it.")
            self._stopping.wait(self._settings.poll_s)
        return False

    def _supervise(self, folder: Path) -> None:
        """Lives of the engine, one after the other.

        Raises:
            EngineStartError: it cannot be started, or ended too often.
        """
        attempt = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            reason = self._live(folder, attempt)
            if self._stopping.is_set():
                return
            attempt = 0 if time.monotonic() - began > _STABLE_S else attempt + 1
            if reason.permanent or attempt > self._settings.restarts:
                tried = "" if attempt <= 1 else f" It was started {attempt} times."
                raise EngineStartError(with_log(reason.text + tried, self._log))
            wait = min(self._settings.restart_wait_s * 2 ** (attempt - 1), _LONGEST_WAIT_S)
            self._board.show("restarting", f"{reason.text} Starting it again in {wait:.0f} s.")
            self._stopping.wait(wait)

    def _live(self, folder: Path, attempt: int) -> Cause:
        """One life, from start to end; returns why it ended, whatever the reason."""
        key, port = secrets.token_urlsafe(32), free_port()
        self._board.show("starting" if attempt == 0 else "restarting", "The language model is being loaded.")
        child = Child(
            command(self._settings, folder, port),
            environment(self._settings, key),
            self._log,
            self._settings.stop_grace_s,
        )
        address = Address(f"http://127.0.0.1:{port}/v1", self._settings.model, key)
        try:
            ending = self._until_ready(child, address) or self._warmed(address)
            if ending is None:
                self._claim.announce(Running(os.getpid(), child.pid, address))
                self._board.show("ready", "Ready.", address)
                ending = self._until_ended(child, address)
            # Said before it is gone, so that nobody is sent to a closed door.
            self._board.show("restarting", ending.text)
            return ending
        finally:
            self._claim.withdraw()
            child.stop()

    def _until_ready(self, child: Child, address: Address) -> Cause | None:
        deadline = time.monotonic() + self._settings.start_timeout_s
        while not self._stopping.wait(_STARTING_POLL_S):
            code = child.code()
            if code is not None:
                return self._ended(code)
            # With the key: another program may have taken the port.
            if address.model in (served_models(address) or ()):
                return None
            if time.monotonic() > deadline:
                return Cause(f"vLLM was not ready within {self._settings.start_timeout_s:.0f} s.", False)
        return Cause("The language model is being stopped.", True)

    def _warmed(self, address: Address) -> Cause | None:
        try:
            self._warm(address)
        except EngineError as error:
            return Cause(f"vLLM came up but did not answer: {error}", False)
        return None

    def _until_ended(self, child: Child, address: Address) -> Cause:
        heard = time.monotonic()
        while not self._stopping.wait(self._settings.poll_s):
            code = child.code()
            if code is not None:
                return self._ended(code)
            if healthy(address):
                heard = time.monotonic()
            elif time.monotonic() - heard > self._settings.hung_after_s:
                return Cause(f"vLLM has not answered for {self._settings.hung_after_s:.0f} s.", False)
            child.bound_log()
        return Cause("The language model is being stopped.", True)

    def _ended(self, code: int) -> Cause:
        return cause(code, tail(self._log))
