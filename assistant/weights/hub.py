"""The model hub, if it answers quickly. The only file that imports huggingface_hub, and only when it is needed."""

import fnmatch
import threading
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from assistant.errors import WeightsError
from config.registry import Hub

if TYPE_CHECKING:
    from huggingface_hub import HfApi


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a repository; `sha256` is known for large ones only."""

    name: str
    size: int
    sha256: str | None


class HubClient(Protocol):
    """What is asked of a hub; every failure is a WeightsError."""

    def files(self, hub: Hub, timeout_s: float) -> tuple[RemoteFile, ...]:
        """The wanted files of a repository, or WeightsError if it does not answer in time."""
        ...

    def download(self, hub: Hub, name: str, folder: Path) -> Path:
        """Put one file below `folder`, going on with what an interrupted download left."""
        ...


class HuggingFace:
    """The Hugging Face Hub. HF_HUB_OFFLINE, HF_ENDPOINT, HF_TOKEN and proxies hold as its own client reads them."""

    def files(self, hub: Hub, timeout_s: float) -> tuple[RemoteFile, ...]:
        """List by a thread of its own: a name server that does not answer obeys no timeout of the client."""
        # Imported late: a model that is already here needs no hub. Here, because it takes longer than the hub may.
        from huggingface_hub import HfApi

        api = HfApi()
        answer: list[tuple[RemoteFile, ...] | WeightsError] = []

        def ask() -> None:
            try:
                answer.append(_listing(api, hub, timeout_s))
            except WeightsError as error:
                answer.append(error)

        thread = threading.Thread(target=ask, name="hub-probe", daemon=True)
        thread.start()
        thread.join(timeout_s)
        if not answer:
            raise WeightsError(f"the model hub did not answer for {hub.repository} in {timeout_s:g} s")
        if isinstance(answer[0], WeightsError):
            raise answer[0]
        return answer[0]

    def download(self, hub: Hub, name: str, folder: Path) -> Path:
        """Fetch one file with the hub's client, which resumes by itself."""
        from httpx2 import HTTPError
        from huggingface_hub import errors, hf_hub_download

        failures = (HTTPError, errors.EntryNotFoundError, errors.FileMetadataError, errors.OfflineModeIsEnabled)
        try:
            return Path(hf_hub_download(hub.repository, name, revision=hub.revision, local_dir=folder))
        except (*failures, errors.XetDownloadError, ValueError) as error:
            raise WeightsError(f"the model hub broke off {hub.repository}/{name}: {error}") from error


def _listing(api: "HfApi", hub: Hub, timeout_s: float) -> tuple[RemoteFile, ...]:
    from httpx2 import HTTPError
    from huggingface_hub import errors

    try:
        info = api.model_info(hub.repository, revision=hub.revision, timeout=timeout_s, files_metadata=True)
    except (HTTPError, errors.OfflineModeIsEnabled, ValueError) as error:
        raise WeightsError(f"the model hub does not answer for {hub.repository}: {error}") from error
    found = [
        RemoteFile(item.rfilename, item.size or 0, item.lfs.sha256 if item.lfs else None)
        for item in info.siblings or ()
        if any(fnmatch.fnmatchcase(item.rfilename, pattern) for pattern in hub.files) and _stays_below(item.rfilename)
    ]
    missing = [name for name in hub.files if not any(fnmatch.fnmatchcase(file.name, name) for file in found)]
    if [name for name in missing if "*" not in name]:
        raise WeightsError(f"the repository {hub.repository} at {hub.revision} has no {', '.join(missing)}")
    return tuple(found)


def _stays_below(name: str) -> bool:
    """A file's name comes from the hub: it must be a plain path below the folder it is put in."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name
