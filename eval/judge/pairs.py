"""Labelled pairs of a source and a statement, which a judge is measured on before it is believed.

Written by hand from the bundled notes: for each passage a statement that it bears out, one that it contradicts, one
that it does not speak of, and one with a number exchanged, in Russian and in English.
"""

import json
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Literal, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from assistant.errors import UsageError
from assistant.types import Language

Label = Literal["entailed", "contradicted", "unsupported", "number_swapped"]
LABELS: tuple[Label, ...] = get_args(Label)
FILE = Path(__file__).with_name("pairs.jsonl")


@checked(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Pair:
    """A statement and the passage it is held against. `note_id` and `file` say where the passage came from."""

    id: str
    label: Label
    language: Language
    note_id: str
    file: str
    source: str
    statement: str

    @property
    def supported(self) -> bool:
        """Whether the source says it."""
        return self.label == "entailed"


@dataclass(frozen=True, slots=True)
class Labelled:
    """All pairs, with a hash of them."""

    pairs: tuple[Pair, ...]
    digest: str


def load(file: Path = FILE) -> Labelled:
    """The pairs that ship.

    Raises:
        UsageError: the file is missing or malformed; the message names the line.
    """
    try:
        data = file.read_bytes()
        lines = data.decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error
    adapter, pairs = TypeAdapter(Pair), []
    for number, line in enumerate(lines, 1):
        try:
            pairs.append(adapter.validate_python(json.loads(line)))
        except (json.JSONDecodeError, ValidationError) as error:
            raise UsageError(f"{file}:{number} is no pair: {error}") from error
    return Labelled(tuple(pairs), blake2b(data, digest_size=8).hexdigest())
