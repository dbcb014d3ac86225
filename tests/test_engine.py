"""The supervisor with a small server in vLLM's place: a real process under the real guard."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engine_bench import Bench, alive, control, open_bench, status, wait

from assistant.engine import Address, Engine, EngineState, open_engine
from assistant.errors import EngineError, EngineStartError, WeightsError


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as made:
        yield made


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


def test_an_address_is_watched_but_not_owned(bench: Bench) -> None:
    host = bench.engine()
    host.start()
    address = host.wait_ready(30)
    engine = bench.engine(kind="address", url=address.url, api_key=address.api_key, model="another")
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


def test_a_key_in_an_address_is_never_shown(bench: Bench) -> None:
    engine = bench.engine(kind="address", url="http://127.0.0.1:9/v1?key=abc")
    engine.start()
    wait(lambda: "does not answer" in engine.state.detail)
    assert "http://127.0.0.1:9/v1 " in engine.state.detail
    engine.stop()


def test_none_is_never_ready(bench: Bench) -> None:
    engine = bench.engine(kind="none")
    engine.start()
    with pytest.raises(EngineStartError, match="notes are quoted"):
        engine.wait_ready(0)
    assert engine.address is None


def test_one_that_comes_up_but_cannot_answer_is_not_ready(bench: Bench) -> None:
    def warm(address: Address) -> None:
        raise EngineError("no kernel for this processor")

    engine = open_engine(bench.settings(restarts=0), bench.home, lambda report: bench.root, warm)
    engine.start()
    with pytest.raises(EngineStartError, match="did not answer: no kernel for this processor"):
        engine.wait_ready(30)
