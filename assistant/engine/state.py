"""What the rest of the program sees of an engine: its state, its address, and the protocol all kinds share."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

Phase = Literal["stopped", "preparing", "starting", "ready", "restarting", "failed"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where an OpenAI-compatible server listens: `url` ends in `/v1`, `model` is the name it serves."""

    url: str
    model: str
    api_key: str | None = None

    def __repr__(self) -> str:
        """Without the key: addresses end up in logs."""
        return f"Address(url={self.url!r}, model={self.model!r})"


@dataclass(frozen=True, slots=True)
class EngineState:
    """A snapshot. `detail` is one sentence for people, `since` when the phase began, `log` where to read more."""

    phase: Phase
    detail: str
    since: datetime
    model: str
    log: Path | None = None

    @property
    def ready(self) -> bool:
        """Whether a question can be put to it now."""
        return self.phase == "ready"


class Engine(Protocol):
    """A language model that comes and goes. Every method may be called from any thread."""

    @property
    def state(self) -> EngineState:
        """The latest snapshot."""
        ...

    @property
    def address(self) -> Address | None:
        """Where it answers, or None while it is not ready."""
        ...

    def start(self) -> None:
        """Begin to bring it up and return at once; a second call changes nothing."""
        ...

    def wait_ready(self, timeout_s: float) -> Address:
        """Its address as soon as it is ready.

        Raises:
            EngineStartError: it failed, was stopped, or is not ready in time.
        """
        ...

    def stop(self) -> None:
        """End what was started here, and wait until it is gone. An engine of another process is left alone."""
        ...
