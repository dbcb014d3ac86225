"""A home folder and a package named vllm that is the small server: what the tests of the engine run on."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.engine import Address, Engine, open_engine
from config.settings import EngineSettings

SERVER = Path(__file__).with_name("fake_openai.py")
PROJECT = SERVER.parent.parent


@dataclass
class Bench:
    """A home folder, and a package named vllm that is the small server."""

    root: Path
    engines: list[Engine] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.root / "home"

    def settings(self, start: str = "ok", **changes: Any) -> EngineSettings:
        quick = {
            "poll_s": 0.1,
            "restart_wait_s": 0.2,
            "hung_after_s": 1.0,
            "stop_grace_s": 0.5,
            "start_timeout_s": 30.0,
        }
        environment = {"PYTHONPATH": str(self.root / "packages"), "FAKE_START": start}
        return EngineSettings(**{"model": "tiny", "environment": environment, **quick, **changes})

    def engine(self, start: str = "ok", prepare: Any = None, **changes: Any) -> Engine:
        made = open_engine(self.settings(start, **changes), self.home, prepare or (lambda report: self.root / "model"))
        self.engines.append(made)
        return made


@contextmanager
def open_bench(root: Path) -> Iterator[Bench]:
    """A bench below `root`; the engines made on it are stopped at the end."""
    module = root / "packages" / "vllm" / "entrypoints" / "openai"
    module.mkdir(parents=True)
    for folder in (module, *list(module.parents)[:2]):
        (folder / "__init__.py").touch()
    (module / "api_server.py").write_text(SERVER.read_text("utf-8"), "utf-8")
    made = Bench(root)
    try:
        yield made
    finally:
        for engine in made.engines:
            engine.stop()


def control(address: Address, mode: str) -> None:
    with urllib.request.urlopen(address.url.replace("/v1", "/control"), mode.encode(), timeout=5):
        pass


def status(address: Address) -> dict[str, Any]:
    with urllib.request.urlopen(address.url.replace("/v1", "/status"), timeout=5) as reply:
        return dict(json.load(reply))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)
