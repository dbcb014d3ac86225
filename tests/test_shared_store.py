"""One index, several processes and threads: owners come and go, are killed, stopped, or too far away for a socket."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_driver import BATCH, WORK_BATCHES
from store_points import DIMENSION, chunk_id, point, points

from assistant.errors import StoreBusyError, StoreError
from assistant.store import frames, host
from assistant.store.shared import SharedStore
from assistant.types import Filters

pytestmark = pytest.mark.integration

TESTS = Path(__file__).parent
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Starts `store_driver.py` on the test's folder."""
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        task, *rest = arguments
        command = [sys.executable, str(TESTS / "store_driver.py"), task, str(home), *rest]
        environment = {**os.environ, "PYTHONPATH": f"{TESTS.parent}{os.pathsep}{TESTS}"}
        pipe = subprocess.PIPE
        running.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment))
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_processes_that_hammer_one_home_leave_every_point(start: Start, home: Path) -> None:
    size = BATCH * WORK_BATCHES
    workers = [start("work", str(first * size)) for first in range(3)]
    assert [_first_line(worker) for worker in workers] == ["done"] * 3
    with_all = SharedStore(home, DIMENSION)
    assert with_all.fingerprints() == {chunk_id(n): f"{n}-0" for n in range(3 * size)}
    with_all.close()


def test_when_the_owner_is_killed_the_next_call_takes_over(start: Start, home: Path) -> None:
    holder = start("hold")
    assert _first_line(holder) == "owner"
    guest = SharedStore(home, DIMENSION)
    roles = [guest.owner]
    for number in range(60):
        if number == 30:
            holder.send_signal(signal.SIGKILL)
        guest.upsert([point(number)])
        (hit,) = guest.dense(point(number).embedding.dense, 1, Filters())
        assert hit.chunk_id == chunk_id(number)
    roles.append(guest.owner)
    assert roles == [False, True]
    assert len(guest.fingerprints()) == 60
    guest.close()


def test_what_a_killed_owner_leaves_behind_harms_nobody(start: Start, home: Path) -> None:
    holder = start("hold")
    assert _first_line(holder) == "owner"
    holder.kill()
    holder.wait()
    assert (home / "owner.json").exists()
    store = SharedStore(home, DIMENSION)
    assert store.owner
    store.close()


def test_an_owner_that_stops_is_named_and_waited_for_no_longer_than_said(start: Start, home: Path) -> None:
    holder = start("hold")
    assert _first_line(holder) == "owner"
    guest = SharedStore(home, DIMENSION, patience_s=0.6)
    holder.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(StoreBusyError, match=f"process {holder.pid}, which does not answer"):
        guest.fingerprints()
    assert time.monotonic() - began < 5
    with pytest.raises(StoreBusyError, match=str(holder.pid)):
        SharedStore(home, DIMENSION, patience_s=0.3)
    holder.send_signal(signal.SIGCONT)
    assert guest.fingerprints() == {}
    guest.close()


def test_an_owner_that_closes_hands_over(home: Path) -> None:
    first, second = SharedStore(home, DIMENSION), SharedStore(home, DIMENSION)
    assert (first.owner, second.owner) == (True, False)
    second.upsert(points(5))
    first.close()
    assert len(second.fingerprints()) == 5
    assert second.owner
    third = SharedStore(home, DIMENSION)
    assert len(third.fingerprints()) == 5
    third.close()
    second.close()


def test_threads_write_and_search_at_once(home: Path) -> None:
    owner, guest = SharedStore(home, DIMENSION), SharedStore(home, DIMENSION)
    failures: list[BaseException] = []

    def write(first: int) -> None:
        store = owner if first % 2 else guest
        try:
            for n in range(first * 100, first * 100 + 40, 4):
                store.upsert([point(k) for k in range(n, n + 4)])
                (hit,) = store.dense(point(n).embedding.dense, 1, Filters())
                assert hit.chunk_id == chunk_id(n)
            store.settle()
        except (StoreError, AssertionError, ValueError) as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(first,)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(owner.fingerprints()) == 8 * 40
    guest.close()
    owner.close()


def test_only_this_user_can_reach_the_index(home: Path) -> None:
    store = SharedStore(home, DIMENSION)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "owner.json").stat().st_mode) == 0o600
    owner = host.owner(home)
    assert owner is not None
    with pytest.raises((ConnectionError, TimeoutError)):
        host.Owner(owner.pid, owner.address, bytes(32)).connect(timeout=1)
    owner.connect(timeout=5).close()
    store.close()
    assert host.owner(home) is None


def test_a_path_too_long_for_a_socket_uses_a_loopback_port(home: Path) -> None:
    folder = home / ("long" * 30)
    first, second = SharedStore(folder, DIMENSION), SharedStore(folder, DIMENSION)
    owner = host.owner(folder)
    assert owner is not None
    assert isinstance(owner.address, tuple)
    second.upsert(points(3))
    assert first.fingerprints() == second.fingerprints() != {}
    second.close()
    first.close()


def test_a_folder_that_cannot_be_used_is_named(home: Path) -> None:
    home.write_text("a file")
    with pytest.raises(StoreError, match="cannot be used"):
        SharedStore(home, DIMENSION)


def test_an_unexpected_answer_names_the_cure(home: Path) -> None:
    """An older or newer version of this program may hold the index."""
    store = SharedStore(home, DIMENSION)
    owner = host.owner(home)
    assert owner is not None
    with owner.connect(timeout=5) as line:
        frames.send(line, frames.Message({"call": "of the future"}))
        assert "Restart it" in frames.receive(line).head["error"]
    store.close()
