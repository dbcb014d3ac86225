"""The error tree. A message says what happened and what to do; it is shown to people as it stands.

AssistantError
├── UsageError            the request itself is wrong: exit code 2
├── NotFoundError         no note, root or model of that name
├── BusyError             as much as may be worked on at once is under way: worth trying again
├── WeightsError          a model's files could not be had; everything that needs no model goes on
│   ├── DigestError       the bytes are not the ones the registry names: never used
│   └── DiskSpaceError    not enough room; nothing was written
├── StoreError            the index could not do its work
│   └── StoreBusyError    another process holds it: worth trying again
├── EngineError           the language model could not do its work; the notes are quoted instead
│   ├── EngineStartError  it did not come up; its log is named
│   └── EngineLostError   it stopped in mid-answer; what came is kept
└── RejectedFileError     one file cannot be read as notes; the others go on

`config.settings.ConfigError` stands alone, because config imports nothing.

`code` names the kind of an error for programs and for other languages: the class's own unless the one who raises
knows better; `about` holds what fills the words of that code.
"""

from typing import ClassVar


class AssistantError(Exception):
    """Base of every error that is shown to people."""

    kind: ClassVar[str] = "failed"

    def __init__(self, message: str, *, code: str | None = None, **about: object) -> None:
        super().__init__(message)
        self.code = code or self.kind
        self.about = {name: str(value) for name, value in about.items()}


class UsageError(AssistantError):
    """The request is malformed; repeating it will not help."""

    kind = "usage"


class NotFoundError(AssistantError):
    """What was asked for by name or id does not exist."""

    kind = "not_found"


class BusyError(AssistantError):
    """Too much is under way at once; try again."""

    kind = "busy"


class WeightsError(AssistantError):
    """A model's files could not be resolved, downloaded or converted."""

    kind = "weights"


class DigestError(WeightsError):
    """A downloaded file is not the one the registry names."""

    kind = "digest"


class DiskSpaceError(WeightsError):
    """There is not enough free disk space for a download and its conversion."""

    kind = "disk_space"


class StoreError(AssistantError):
    """The vector index failed."""

    kind = "store"


class StoreBusyError(StoreError):
    """The index is held by another process that does not answer; try again."""

    kind = "store_busy"


class EngineError(AssistantError):
    """The language model failed or gave something unusable."""

    kind = "engine"


class EngineStartError(EngineError):
    """The engine did not become healthy."""

    kind = "engine_start"


class EngineLostError(EngineError):
    """The engine went away in the middle of a reply."""

    kind = "engine_lost"


class RejectedFileError(AssistantError):
    """One file cannot be turned into notes. The message is the reason, without the path."""

    kind = "rejected_file"
