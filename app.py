"""The page in the browser: `python app.py`, then open the address that it prints.

Wires only: settings, the assistant, the bundled notes, the page. What they do stands in assistant/ and ingest/.
"""

import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

from assistant.errors import AssistantError, UsageError
from assistant.page import serve
from assistant.page.parts import PageParts, Report
from assistant.page.programs import programs
from config.settings import ConfigError, Settings, load
from ingest.erase import Clearable, erase
from ingest.progress import to_stream
from ingest.report import Progress
from ingest.roots import UPLOADS
from ingest.sync import Parts, Request, run

DONE, FAILED, USAGE = 0, 1, 2


def main() -> int:
    """Serve the page until Ctrl-C or SIGTERM; the exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    try:
        settings = load()
        serve.check_access(settings.page)
        port = serve.choose_port(settings.page)
        _run(settings, port)
    except (ConfigError, UsageError) as wrong:
        return _fail(wrong, USAGE)
    except AssistantError as failed:
        return _fail(failed, FAILED)
    except KeyboardInterrupt:
        _say("Stopped. Notes and index are kept.")
    return DONE


def _run(settings: Settings, port: int) -> None:
    serve.prepare_process(settings.home)
    # Gradio takes seconds to import, and so do the encoder's packages: both at once.
    page = threading.Thread(target=import_module, args=("assistant.page.layout",), daemon=True)
    page.start()
    from assistant.build import open_assistant
    from assistant.chats.chats import open_chats
    from assistant.study import graded, open_grader

    with open_assistant(settings, _say) as assistant, open_grader(assistant) as grader:
        parts = Parts(settings.home, assistant.catalog, assistant.store, assistant.encoder, settings.ingest)
        _bring_up_to_date(parts, settings.notes, to_stream(sys.stderr))
        page.join()
        chats = open_chats(settings.home)
        given = PageParts(settings, assistant, _taking_in(parts), _erasing(parts, chats), chats)
        close = serve.open_page(given, programs(assistant, partial(graded, assistant, grader)), port, _say)
        try:
            assistant.start_engine()
            threading.Event().wait()
        finally:
            close()
            chats.close()


def _bring_up_to_date(parts: Parts, notes: Path, progress: Progress) -> None:
    """Index the bundled notes, unless they were let go of, and uploads that a killed run left behind."""
    uploads = parts.home / "uploads"
    uploads.mkdir(parents=True, exist_ok=True)
    roots = parts.catalog.roots()
    parts.catalog.set_root(UPLOADS, uploads)
    wanted = [notes] if notes.is_dir() and (not roots or notes in roots.values()) else []
    run(Request((*wanted, uploads)), parts, progress, _say)


def _taking_in(parts: Parts) -> Callable[[Path], Report]:
    """The page's way to ingest: it cannot import it."""
    return lambda path: run(Request((path,)), parts, lambda _: None, _say)


def _erasing(parts: Parts, chats: Clearable) -> Callable[[], None]:
    """The page's way to delete everything."""
    return lambda: erase(parts, (chats,), _say)


def _interrupt(*_: object) -> None:
    # Only the first signal counts: the engine's processes are to be ended in peace.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _fail(error: Exception, code: int) -> int:
    _say(str(error))
    return code


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
