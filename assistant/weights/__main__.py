"""python -m assistant.weights [NAME…]: makes models ready, those of the profile unless named; prints their folders."""

import argparse
import sys
import time

from assistant.errors import AssistantError, NotFoundError
from assistant.weights import Progress, resolve
from config.registry import Registry, load_registry
from config.settings import ConfigError, Settings, load

_WORDS = {
    "wait": "another process prepares it, waiting",
    "download": "downloading",
    "check": "checking",
    "convert": "converting",
}


class Terminal:
    """Progress on standard error: one line that renews itself, or on a pipe a line for every tenth."""

    def __init__(self, interactive: bool) -> None:
        self._interactive, self._last, self._shown = interactive, "", 0.0

    def __call__(self, progress: Progress) -> None:
        """Show one report; called from several threads, so it keeps to a single write."""
        part = progress.done / progress.total if progress.total else 0.0
        size = f"{progress.done / 1e6:.0f} of {progress.total / 1e6:.0f} MB" if progress.total else ""
        now = time.monotonic()
        if self._interactive:
            if now - self._shown < 0.2 and part < 1:
                return
            self._shown = now
            sys.stderr.write(f"\r\033[K{progress.model}: {_WORDS[progress.stage]} {size}")
        else:
            step = f"{progress.model}: {_WORDS[progress.stage]} {int(part * 10) * 10}%"
            if step != self._last:
                sys.stderr.write(step + "\n")
            self._last = step
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the renewed line behind."""
        if self._interactive:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def models_of(settings: Settings) -> tuple[str, ...]:
    """What a profile loads on this machine: the encoder, and the chat model when the engine is our own."""
    chat = (settings.engine.model,) if settings.engine.kind == "vllm" else ()
    return (settings.encoder.model, *chat)


def _prepare(names: tuple[str, ...], settings: Settings, registry: Registry) -> None:
    for name in names:
        model = registry.find(name)
        if model is not None and not model.tested:
            sys.stderr.write(f"{name}: nobody has run this model here yet\n")
        terminal = Terminal(sys.stderr.isatty())
        try:
            folder = resolve(name, registry, settings.weights, terminal)
        finally:
            terminal.end()
        sys.stdout.write(f"{folder}\n")
        sys.stdout.flush()


def main() -> int:
    """Exit codes: 0 ready, 1 could not, 2 bad usage or settings, 130 interrupted (what was downloaded is kept)."""
    parser = argparse.ArgumentParser(
        prog="python -m assistant.weights",
        description="Download, check and convert model weights into the user's cache (ASSISTANT_WEIGHTS moves it).",
        epilog="example: python -m assistant.weights multilingual-e5-small",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a model of config/models.toml, or a folder")
    names = tuple(parser.parse_args().names)
    try:
        settings = load()
        _prepare(names or models_of(settings), settings, load_registry())
    except (ConfigError, NotFoundError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except AssistantError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; the next run goes on from here\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
