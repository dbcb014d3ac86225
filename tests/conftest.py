"""What every test gets: a home of its own, no network but loopback, no telemetry; and the fixtures many share."""

import ipaddress
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from assistant.weights import resolve
from config.registry import load_registry
from config.settings import load

if TYPE_CHECKING:
    from assistant.encoders import SentenceEncoder

PROJECT = Path(__file__).resolve().parent.parent
# A real page of interview questions, too private to ship; the tests on it run where it stands beside the project.
CORPUS = PROJECT.parent / "shared" / "corpus" / "mlsd-interview.ru.txt"

# Before any test imports a library that would read these.
os.environ.update(
    ANONYMIZED_TELEMETRY="false",
    DO_NOT_TRACK="1",
    GRADIO_ANALYTICS_ENABLED="false",
    HF_HUB_DISABLE_TELEMETRY="1",
    LANGSMITH_TRACING="false",
    RAGAS_DO_NOT_TRACK="true",
    VLLM_NO_USAGE_STATS="1",
)
# A busy machine is no failure, and CI tries the same examples every time.
hypothesis.settings.register_profile("project", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("project")
_WEIGHTS = os.environ.get("ASSISTANT_WEIGHTS")


class NetworkRefusedError(RuntimeError):
    """A test reached for another machine. Not an OSError, so that no code under test takes it for a lost network."""


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(name))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _stay_home(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: sees every connection and name look-up of this process, whichever library makes it."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        raise NetworkRefusedError(f"tests reach only this machine, not {host!r}; use a server on 127.0.0.1")


sys.addaudithook(_stay_home)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, and none of the settings that this machine's environment may hold."""
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "home"
    monkeypatch.setenv("ASSISTANT_HOME", str(folder))
    if _WEIGHTS:
        monkeypatch.setenv("ASSISTANT_WEIGHTS", _WEIGHTS)
    return folder


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The private test document."""
    if not CORPUS.exists():
        pytest.skip(f"the private test document is not on this machine ({CORPUS.name} in ../shared/corpus)")
    return CORPUS


@pytest.fixture(scope="session")
def weights_dir() -> Path:
    """Where weights live: ASSISTANT_WEIGHTS, or the user's cache that every checkout shares."""
    return load("cpu", {"HOME": str(Path.home())} | ({"ASSISTANT_WEIGHTS": _WEIGHTS} if _WEIGHTS else {})).weights


@pytest.fixture(scope="session")
def encoder(weights_dir: Path) -> "SentenceEncoder":
    """The real encoder of the CPU profile; its weights (90 MB) are fetched when they are not here yet."""
    # Imported late: torch takes seconds, and most tests do without it.
    from assistant.encoders import SentenceEncoder

    settings, registry = load("cpu", {}).encoder, load_registry()
    return SentenceEncoder.load(resolve(settings.model, registry, weights_dir), settings, registry)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium for browser tests."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("no Chromium on this machine; on Debian and Ubuntu: apt-get install chromium, then make test-browser")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Tell pytest of our own option."""
    parser.addoption("--require-passed", action="store_true", help="fail when no test passed, skipped ones or not")


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """A suite in which nothing ran is no success."""
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--require-passed") and reporter and not reporter.stats.get("passed"):
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
