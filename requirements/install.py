"""Installs a profile's pinned packages with pip into the virtual environment that runs this file.

    .venv/bin/python requirements/install.py cpu          # or gpu
    .venv/bin/python requirements/install.py cpu test     # with the tools of `make test`

A lock that is installed is stamped with its digest, and then this returns at once; what an interrupted run
installed is kept. pip is given no index of ours, so its own configuration (mirrors, proxies, certificates) holds.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
PREFIX = Path(sys.prefix)
SITE = Path(sysconfig.get_path("purelib"))
LOG = PREFIX / "install.log"
SYSTEMS = {("Linux", "x86_64"), ("Darwin", "arm64"), ("Windows", "AMD64")}
DISK_GB = {"cpu": 6.0, "gpu": 20.0, "test": 0.5}
TORCH = "2.13.0"
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
# Downloading waits for the network, unpacking for the disk: several pip processes at once, each with a share of
# the lock, take half the time of one.
WORKERS, SHARE = 4, 14


class InstallError(Exception):
    """The message says what happened and what to do."""


@dataclass(frozen=True)
class Package:
    """One entry of a lock: a name, its version, and the lines as they stand there, digests included."""

    name: str
    version: str
    lines: str


def digest(name: str) -> str:
    """What an installed lock is stamped with."""
    return hashlib.sha256((HERE / f"{name}.lock").read_bytes() + f"{TORCH} {sys.version}".encode()).hexdigest()


def stamp(name: str) -> Path:
    """Where the digest of an installed lock is kept."""
    return PREFIX / f".installed-{name}"


def check_machine(names: list[str]) -> None:
    """Refuse at once what would fail late."""
    if sys.prefix == sys.base_prefix:
        raise InstallError("Packages are installed into a virtual environment only; `make run` makes one.")
    if not (3, 11) <= sys.version_info[:2] < (3, 13):
        raise InstallError(
            f"Python 3.11 or 3.12 is needed, this is {platform.python_version()}. Remove {PREFIX}, then name another "
            "one: make run PYTHON=python3.11"
        )
    system = (platform.system(), platform.machine())
    if system not in SYSTEMS or sys.maxsize < 2**32:
        raise InstallError(f"There is no lock for {' '.join(system)}; install requirements/base.in with pip by hand.")
    libc, version = platform.libc_ver()
    if system[0] == "Linux" and (libc != "glibc" or tuple(map(int, version.split("."))) < (2, 31)):
        raise InstallError(f"glibc 2.31 or newer is needed (Debian 11, Ubuntu 20.04), this is {libc} {version}.")
    if system[0] != "Linux":
        print(f"Note: nobody has tried this on {system[0]}. The bundled engine is left out; set engine.url to another.")
    need, free = sum(DISK_GB[name] for name in names), shutil.disk_usage(PREFIX).free / 1e9
    if free < need:
        free += sum(file.stat().st_size for file in SITE.rglob("*") if file.is_file()) / 1e9
    if free < need:
        raise InstallError(f"{PREFIX} needs room for {need:g} GB and has {free:.1f} GB. Free some and run this again.")


@contextmanager
def alone() -> Iterator[tuple[int, ...]]:
    """One installation at a time. pip inherits the lock, so one that outlived a killed run is waited for too."""
    if sys.platform == "win32":
        yield ()
        return
    import fcntl

    lock = os.open(PREFIX / ".installing", os.O_CREAT | os.O_RDWR)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another installation is at work in this folder; waiting for it…", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield (lock,)
    finally:
        os.close(lock)


def heal() -> None:
    """Forget packages that a killed pip left half unpacked: INSTALLER is what it writes last."""
    for folder in [*SITE.glob("*.dist-info"), *SITE.glob("~*")]:
        if not (folder / "INSTALLER").exists() or folder.name.startswith("~"):
            shutil.rmtree(folder)


def installed() -> dict[str, str]:
    """Name to version of what the environment holds now."""
    infos = (file.parent.name.removesuffix(".dist-info") for file in SITE.glob("*.dist-info/INSTALLER"))
    found = (info.rpartition("-") for info in infos)
    return {name.lower().replace("_", "-").replace(".", "-"): version for name, _, version in found}


def locked(name: str) -> list[Package]:
    """The entries of a lock that this system and Python need."""
    from pip._vendor.packaging.requirements import Requirement  # the one parser a fresh environment has

    lines = (HERE / f"{name}.lock").read_text("utf-8").splitlines(keepends=True)
    entries: list[str] = []
    for line in lines:
        if line[0].isalnum():
            entries.append(line)
        elif line.startswith("    "):
            entries[-1] += line
    packages = []
    for entry in entries:
        requirement = Requirement(entry.partition("\\")[0])
        if requirement.marker is None or requirement.marker.evaluate():
            packages.append(Package(requirement.name, str(requirement.specifier).removeprefix("=="), entry))
    return packages


def pip(arguments: list[str], log: Path, inherited: tuple[int, ...]) -> bool:
    """Run one pip with all it prints added to `log`; whether it succeeded."""
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-compile"]
    command += ["--progress-bar=off", "--no-warn-script-location", "--only-binary=:all:", *arguments]
    with log.open("ab") as output:
        output.write(f"\n$ {' '.join(command)}\n".encode())
        output.flush()
        return subprocess.run(command, check=False, stdout=output, stderr=output, pass_fds=inherited).returncode == 0


@contextmanager
def progress(title: str, count: Callable[[], str]) -> Iterator[None]:
    """Show `title: count (seconds)` while the block runs: in place on a terminal, now and then in a log."""
    over, began, terminal = threading.Event(), time.monotonic(), sys.stdout.isatty()

    def show() -> None:
        line = f"{title}{count()} ({time.monotonic() - began:.0f} s)"
        print(f"\r{line}\x1b[K" if terminal else line, end="" if terminal else "\n", flush=True)

    def keep_showing() -> None:
        while not over.wait(0.5 if terminal else 15):
            show()

    thread = threading.Thread(target=keep_showing, daemon=True)
    thread.start()
    try:
        show()
        yield
    finally:
        over.set()
        thread.join()
        show()
        print(end="\n" if terminal else "")


def failure(log: Path) -> InstallError:
    """What a failed pip said, in a few lines, and what to do."""
    text = log.read_text("utf-8", "replace")
    LOG.write_text(text, "utf-8")
    errors = [line for line in text.splitlines() if line.startswith("ERROR")] or text.splitlines()
    if "No space left" in text:
        advice = "The disk is full: free some space"
    elif "DO NOT MATCH THE HASHES" in text:
        advice = "A downloaded file is not the one the lock names and was not used: check your package mirror"
    else:
        advice = "Check the network, and the package index that `pip config list` shows"
    return InstallError(
        "pip could not install everything:\n  " + "\n  ".join(errors[-3:]) + f"\n{advice}; then run the same command "
        f"again: what is installed is kept. All that pip said: {LOG}"
    )


def install_torch(folder: Path, inherited: tuple[int, ...]) -> None:
    """CPU torch: from pip's own index, else from PyTorch's, else the plain build with all it asks for."""
    if installed().get("torch", "").partition("+")[0] == TORCH:
        return
    log, cpu = folder / "torch.log", f"torch=={TORCH}+cpu"
    elsewhere = ["--retries=1", "--timeout=15", f"--index-url={TORCH_CPU_INDEX}"]
    tries = [["--no-deps", cpu], ["--no-deps", *elsewhere, cpu]] if platform.system() == "Linux" else []
    with progress("Installing PyTorch", lambda: "…"):
        if not any(pip(arguments, log, inherited) for arguments in [*tries, [f"torch=={TORCH}"]]):
            raise failure(log)


def install_lock(name: str, folder: Path, inherited: tuple[int, ...]) -> None:
    """What a lock names and the environment lacks, pip itself first, the rest a share at a time."""
    wanted, there = locked(name), installed()
    missing = [package for package in wanted if there.get(package.name) != package.version]
    first = [package for package in missing if package.name == "pip"]
    # Interleaved from the end: the largest packages happen to stand there, and each share gets its part of them.
    rest = [package for package in reversed(missing) if package.name != "pip"]
    count = -(-len(rest) // SHARE)

    def install(share: list[Package]) -> Path | None:
        file = folder / f"{name}-{share[0].name}.txt"
        file.write_text("".join(package.lines for package in share), "utf-8")
        log = file.with_suffix(".log")
        return None if pip(["--no-deps", "--require-hashes", f"--requirement={file}"], log, inherited) else log

    def counted() -> str:
        now = installed()
        return f": {sum(now.get(package.name) == package.version for package in wanted)}/{len(wanted)}"

    pool = ThreadPoolExecutor(WORKERS)
    with progress("Installing packages" if name != "test" else "Installing test tools", counted):
        try:
            logs = [*map(install, [first] if first else []), *pool.map(install, [rest[i::count] for i in range(count)])]
        finally:
            pool.shutdown(cancel_futures=True)
    for log in filter(None, logs):
        raise failure(log)


def main(names: list[str]) -> int:
    """Install the named locks: 0 done, 1 failed with a message, 130 interrupted."""
    names = [name for name in names if not stamp(name).is_file() or stamp(name).read_text() != digest(name)]
    if not names:
        return 0
    try:
        check_machine(names)
        with alone() as inherited, tempfile.TemporaryDirectory() as folder:
            if find_spec("pip") is None:  # a kill while the environment was made
                subprocess.run([sys.executable, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
            heal()
            for name in names:
                if name == "cpu":
                    install_torch(Path(folder), inherited)
                install_lock(name, Path(folder), inherited)
                stamp(name).write_text(digest(name))
    except InstallError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again to go on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
