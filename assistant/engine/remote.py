"""Engines that are not run here: any OpenAI-compatible address, or none at all."""

import threading
from urllib.parse import urlsplit

from assistant.engine.board import Board
from assistant.engine.health import served_models
from assistant.engine.state import Address, EngineState
from assistant.errors import EngineStartError
from config.settings import EngineSettings

# Asking a server that others share is not free for them.
_POLL_FACTOR = 5.0


class RemoteEngine:
    """An OpenAI-compatible server of someone's: Ollama, LM Studio, llama-server, a fleet. Only looked after."""

    def __init__(self, settings: EngineSettings) -> None:
        url = (settings.url or "").rstrip("/")
        self._key = settings.api_key.get_secret_value() if settings.api_key else None
        self._settings, self._url = settings, url
        self._shown = _without_login(url)
        self._board = Board(settings.model)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()

    @property
    def state(self) -> EngineState:
        """The latest snapshot."""
        return self._board.state

    @property
    def address(self) -> Address | None:
        """Where it answers, or None while it does not."""
        return self._board.address

    def start(self) -> None:
        """See `Engine.start`."""
        with self._guard:
            if self._thread is not None and self._thread.is_alive():
                return
            if not self._url:
                self._board.show("failed", "No address is set: set ASSISTANT_ENGINE__URL, or engine.kind to vllm.")
                return
            self._stopping.clear()
            self._board.show("starting", f"Asking {self._shown}.")
            self._thread = threading.Thread(target=self._watch, name="engine", daemon=True)
            self._thread.start()

    def wait_ready(self, timeout_s: float) -> Address:
        """See `Engine.wait_ready`."""
        return self._board.wait_ready(timeout_s)

    def stop(self) -> None:
        """Stop looking; the server is not ours to end."""
        with self._guard:
            self._stopping.set()
            if self._thread is not None:
                self._thread.join()
            self._board.show("stopped", "The language model is not used.")

    def _watch(self) -> None:
        while not self._stopping.is_set():
            listed = served_models(Address(self._url, self._settings.model, self._key))
            if listed is not None:
                self._found(listed)
            else:
                lost = self._board.state.phase in ("ready", "restarting")
                advice = "It is asked again; check that it runs, its address and its key."
                self._board.show("restarting" if lost else "starting", f"{self._shown} does not answer. {advice}")
            self._stopping.wait(self._settings.poll_s * _POLL_FACTOR)

    def _found(self, listed: tuple[str, ...]) -> None:
        model = choose(self._settings.model, listed)
        named = "" if model == self._settings.model else f" It does not serve {self._settings.model}: {model} is used."
        self._board.show("ready", f"Ready at {self._shown}.{named}", Address(self._url, model, self._key))


class NoEngine:
    """No language model: notes are quoted."""

    def __init__(self, settings: EngineSettings) -> None:
        self._board = Board(settings.model)
        self._board.show("stopped", "No language model is set (engine.kind is none): notes are quoted.")

    @property
    def state(self) -> EngineState:
        """Always stopped."""
        return self._board.state

    @property
    def address(self) -> Address | None:
        """Always None."""
        return None

    def start(self) -> None:
        """There is nothing to start."""

    def wait_ready(self, timeout_s: float) -> Address:
        """Raises EngineStartError at once: it never comes."""
        raise EngineStartError(self._board.state.detail)

    def stop(self) -> None:
        """There is nothing to stop."""


def choose(wanted: str, listed: tuple[str, ...]) -> str:
    """The name to ask for: as set, else as set with a tag (`name:latest`), else the first one served."""
    if wanted in listed or not listed:
        return wanted
    tagged = [name for name in listed if name.startswith(f"{wanted}:")]
    return (tagged or list(listed))[0]


def _without_login(url: str) -> str:
    """An address as it may be shown: a user, password or query in it stays out."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else url
