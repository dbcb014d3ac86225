"""One engine a home, and no process left behind: whoever is killed, the whole group goes."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_bench import PROJECT, Bench, alive, open_bench, status, wait

from assistant.engine.shared import Claim, announced


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as made:
        yield made


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
import signal
import sys
from pathlib import Path
from assistant.engine import open_engine
from config.settings import EngineSettings

# A suite that runs in the background of a shell hands down an ignored Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
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
