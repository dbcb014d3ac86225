"""The error tree. A message says what happened and what to do; it is shown to people as it stands.

AssistantError
├── UsageError            the request itself is wrong: exit code 2
├── NotFoundError         no note, root or model of that name
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
"""


class AssistantError(Exception):
    """Base of every error that is shown to people."""


class UsageError(AssistantError):
    """The request is malformed; repeating it will not help."""


class NotFoundError(AssistantError):
    """What was asked for by name or id does not exist."""


class WeightsError(AssistantError):
    """A model's files could not be resolved, downloaded or converted."""


class DigestError(WeightsError):
    """A downloaded file is not the one the registry names."""


class DiskSpaceError(WeightsError):
    """There is not enough free disk space for a download and its conversion."""


class StoreError(AssistantError):
    """The vector index failed."""


class StoreBusyError(StoreError):
    """The index is held by another process that does not answer; try again."""


class EngineError(AssistantError):
    """The language model failed or gave something unusable."""


class EngineStartError(EngineError):
    """The engine did not become healthy."""


class EngineLostError(EngineError):
    """The engine went away in the middle of a reply."""


class RejectedFileError(AssistantError):
    """One file cannot be turned into notes. The message is the reason, without the path."""
