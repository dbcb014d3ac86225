"""Where an engine's state is kept: written by its thread, read and waited for by any."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from assistant.engine.state import Address, EngineState, Phase
from assistant.errors import EngineStartError


class Board:
    """The latest state and address, changed together."""

    def __init__(
        self, model: str, log: Path | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._changed = threading.Condition()
        self._now, self._model, self._log = now, model, log
        self._address: Address | None = None
        self._state = EngineState("stopped", "The language model is not running.", now(), model, log)

    @property
    def state(self) -> EngineState:
        """The latest snapshot."""
        with self._changed:
            return self._state

    @property
    def address(self) -> Address | None:
        """Where it answers, or None while it is not ready."""
        with self._changed:
            return self._address

    def show(self, phase: Phase, detail: str, address: Address | None = None) -> None:
        """A new state; `since` stays while the phase does. `address` is given exactly when it is ready."""
        with self._changed:
            since = self._state.since if phase == self._state.phase else self._now()
            model = address.model if address else self._model
            self._state = EngineState(phase, detail, since, model, self._log)
            self._address = address
            self._changed.notify_all()

    def wait_ready(self, timeout_s: float) -> Address:
        """See `Engine.wait_ready`."""
        with self._changed:
            self._changed.wait_for(lambda: self._state.phase in ("ready", "failed", "stopped"), timeout_s)
            if self._address is not None:
                return self._address
            if self._state.phase in ("failed", "stopped"):
                raise EngineStartError(self._state.detail)
            raise EngineStartError(f"The language model is not ready after {timeout_s:.0f} s: {self._state.detail}")
