"""The supervisor with a small server in vLLM's place: a real process under the real guard."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assistant.engine import Address, Engine, EngineState, open_engine
from assistant.engine.shared import Claim, announced
from assistant.errors import EngineStartError, WeightsError
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


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    module = tmp_path / "packages" / "vllm" / "entrypoints" / "openai"
    module.mkdir(parents=True)
    for folder in (module, *list(module.parents)[:2]):
        (folder / "__init__.py").touch()
    (module / "api_server.py").write_text(SERVER.read_text("utf-8"), "utf-8")
    made = Bench(tmp_path)
    yield made
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


def phases(engine: Engine, until: Callable[[EngineState], bool]) -> list[EngineState]:
    seen: list[EngineState] = []

    def look() -> bool:
        state = engine.state
        if not seen or seen[-1].phase != state.phase:
            seen.append(state)
        return until(state)

    wait(look)
    return seen


def test_it_comes_up_with_its_key_out_of_sight_and_goes_with_its_children(bench: Bench) -> None:
    engine = bench.engine()
    assert engine.state.phase == "stopped"
    engine.start()
    address = engine.wait_ready(30)
    assert engine.state.ready
    seen = status(address)
    assert address.api_key == seen["environment"]["VLLM_API_KEY"]
    assert address.api_key not in seen["argv"]
    assert {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "HF_HUB_OFFLINE": "1"}.items() <= seen[
        "environment"
    ].items()
    assert not [name for name in seen["environment"] if name.startswith("ASSISTANT_") or "proxy" in name.lower()]
    assert "fake engine is up" in (bench.home / "logs" / "engine.log").read_text()
    engine.stop()
    assert engine.state.phase == "stopped"
    assert engine.address is None
    assert not alive(seen["pid"])
    assert not alive(seen["child"]), "a process that ignores SIGTERM was left behind"
    assert not (bench.home / "engine.json").exists()


def test_starting_twice_runs_one_and_it_can_start_again_after_a_stop(bench: Bench) -> None:
    engine = bench.engine()
    engine.start()
    engine.start()
    first = engine.wait_ready(30)
    engine.stop()
    engine.start()
    assert engine.wait_ready(30).url != first.url


def test_one_that_dies_is_started_again(bench: Bench) -> None:
    engine = bench.engine()
    engine.start()
    seen = status(engine.wait_ready(30))
    os.kill(seen["pid"], signal.SIGKILL)
    wait(lambda: engine.state.phase == "restarting")
    assert engine.address is None
    assert status(engine.wait_ready(30))["pid"] != seen["pid"]
    assert not alive(seen["child"])


def test_one_that_hangs_counts_as_dead(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.engine.health._TIMEOUT_S", 0.3)
    engine = bench.engine()
    engine.start()
    address = engine.wait_ready(30)
    pid = status(address)["pid"]
    control(address, "hang")
    wait(lambda: engine.state.phase == "restarting")
    assert "has not answered for 1 s" in engine.state.detail
    wait(lambda: engine.state.ready)
    assert not alive(pid)


def test_restarts_back_off_and_end_with_the_reason_and_the_log(bench: Bench) -> None:
    engine = bench.engine("something odd happened", restarts=2)
    began = time.monotonic()
    engine.start()
    states = phases(engine, lambda state: state.phase == "failed")
    assert [state.phase for state in states][-2:] == ["restarting", "failed"]
    assert time.monotonic() - began > 0.2 + 0.4
    detail = engine.state.detail
    assert "exit code 3: something odd happened" in detail
    assert "started 3 times" in detail
    assert str(bench.home / "logs" / "engine.log") in detail
    with pytest.raises(EngineStartError, match="something odd"):
        engine.wait_ready(1)


@pytest.mark.parametrize(
    ("printed", "advice"),
    [
        ("/usr/bin/python: Error while finding module: No module named 'vllm'", "make install"),
        ("api_server.py: error: unrecognized arguments: --fast", "unrecognized arguments: --fast"),
        ("safetensors_rust.SafetensorError: invalid header", "damaged"),
    ],
)
def test_what_another_try_cannot_help_is_not_tried_again(bench: Bench, printed: str, advice: str) -> None:
    engine = bench.engine(printed)
    engine.start()
    with pytest.raises(EngineStartError, match=advice) as raised:
        engine.wait_ready(30)
    assert "times" not in str(raised.value)


def test_one_that_never_becomes_healthy_is_given_up(bench: Bench) -> None:
    engine = bench.engine("silent", start_timeout_s=1.0, restarts=0)
    engine.start()
    with pytest.raises(EngineStartError, match="not ready within 1 s"):
        engine.wait_ready(30)


def test_stopping_in_the_middle_of_a_start_is_quick(bench: Bench) -> None:
    engine = bench.engine("silent")
    engine.start()
    wait(lambda: engine.state.phase == "starting")
    began = time.monotonic()
    engine.stop()
    assert time.monotonic() - began < 5


def test_weights_that_cannot_be_had_are_the_reason(bench: Bench) -> None:
    def prepare(report: Callable[[str], None]) -> Path:
        report("Downloading part 3 of 22.")
        wait(lambda: engine.state.detail == "Downloading part 3 of 22.")
        raise WeightsError("There is no network.")

    engine = bench.engine(prepare=prepare)
    engine.start()
    with pytest.raises(EngineStartError, match=r"There is no network\."):
        engine.wait_ready(30)
    assert engine.state.phase == "failed"


def test_the_address_is_only_for_the_owner_and_a_second_engine_uses_the_first(bench: Bench) -> None:
    first, second = bench.engine(), bench.engine()
    first.start()
    address = first.wait_ready(30)
    wait(lambda: announced(bench.home) is not None)
    assert stat.S_IMODE((bench.home / "engine.json").stat().st_mode) == 0o600
    second.start()
    assert second.wait_ready(30) == address
    second.stop()
    assert alive(status(address)["pid"]), "stopping the guest ended the host's engine"
    second.start()
    second.wait_ready(30)
    first.stop()
    wait(lambda: second.address not in (None, address))
    assert status(second.wait_ready(30))["pid"]


def test_half_written_news_of_an_engine_is_no_engine(bench: Bench) -> None:
    bench.home.mkdir()
    for content in ("", "{", '{"pid": 1}', "[]", '{"pid": "x", "owner": 1, "url": "u", "model": "m", "api_key": "k"}'):
        (bench.home / "engine.json").write_text(content)
        assert announced(bench.home) is None


PARENT = """
import sys
from pathlib import Path
from assistant.engine import open_engine
from config.settings import EngineSettings

engine = open_engine(EngineSettings.model_validate_json(sys.argv[1]), Path(sys.argv[2]), lambda report: Path("m"))
engine.start()
engine.wait_ready(30)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_whole_group_ends_with_a_parent_that_is_killed(bench: Bench, number: signal.Signals) -> None:
    arguments = [sys.executable, "-c", PARENT, bench.settings().model_dump_json(), str(bench.home)]
    parent = subprocess.Popen(arguments, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        running = announced(bench.home)
        assert running is not None
        seen = status(running.address)
        parent.send_signal(number)
        parent.wait(10)
        wait(lambda: not alive(seen["pid"]) and not alive(seen["child"]), seconds=10)
    claim = Claim(bench.home)
    assert claim.take(), "the dead parent still holds the engine's lock"
    claim.release()


def test_the_group_ends_also_when_only_the_guard_is_killed(bench: Bench) -> None:
    engine = bench.engine()
    engine.start()
    seen = status(engine.wait_ready(30))
    guard = int(Path(f"/proc/{seen['pid']}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(guard, signal.SIGKILL)
    wait(lambda: not alive(seen["pid"]) and not alive(seen["child"]))
    wait(lambda: engine.address is not None and engine.state.ready)


def test_an_address_is_watched_but_not_owned(bench: Bench) -> None:
    host = bench.engine()
    host.start()
    address = host.wait_ready(30)
    wanted = {"kind": "address", "url": address.url, "api_key": address.api_key, "model": "another"}
    engine = bench.engine(**wanted)
    engine.start()
    found = engine.wait_ready(10)
    assert (found.url, found.model) == (address.url, "tiny")
    assert "does not serve another" in engine.state.detail
    engine.stop()
    assert host.state.ready
    engine.start()
    engine.wait_ready(10)
    host.stop()
    wait(lambda: engine.state.phase == "restarting")
    assert "does not answer" in engine.state.detail


def test_an_address_with_a_wrong_key_never_gets_ready(bench: Bench) -> None:
    host = bench.engine()
    host.start()
    engine = bench.engine(kind="address", url=host.wait_ready(30).url, api_key="wrong")
    engine.start()
    with pytest.raises(EngineStartError, match="check that it runs, its address and its key"):
        engine.wait_ready(1)


def test_none_is_never_ready(bench: Bench) -> None:
    engine = bench.engine(kind="none")
    engine.start()
    with pytest.raises(EngineStartError, match="notes are quoted"):
        engine.wait_ready(0)
    assert engine.address is None
