"""A safetensors file written tensor by tensor, so that a conversion never holds a model in memory.

Format: eight bytes with the length of a JSON header, the header (name -> type, shape, byte range), the data.
"""

import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

_BYTES = {"F32": 4, "BF16": 2, "I8": 1}


@dataclass(frozen=True, slots=True)
class Tensor:
    """What will be written under a name, row-major."""

    name: str
    kind: Literal["F32", "BF16", "I8"]
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return _BYTES[self.kind] * math.prod(self.shape)


class Writer:
    """Takes the data of the planned tensors in their order, in pieces of any length."""

    def __init__(self, path: Path, plan: Sequence[Tensor]) -> None:
        self._total = sum(tensor.size for tensor in plan)
        header: dict[str, object] = {"__metadata__": {"format": "pt"}}
        place = 0
        for tensor in plan:
            offsets = [place, place + tensor.size]
            header[tensor.name] = {"dtype": tensor.kind, "shape": list(tensor.shape), "data_offsets": offsets}
            place += tensor.size
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        self._file = path.open("wb")
        self._file.write(len(text).to_bytes(8, "little") + text)
        self.written = 0

    def write(self, data: NDArray[Any]) -> None:
        """Append an array as it lies in memory."""
        self.written += self._file.write(np.ascontiguousarray(data).data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if error is None and self.written != self._total:
            raise ValueError(f"{self.written} bytes were written where {self._total} were planned")


def bfloat16(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    """The upper halves of 32-bit floats, rounded to nearest, ties to even; finite values only."""
    bits = np.ascontiguousarray(values).view(np.uint32)
    return ((bits + (((bits >> 16) & 1) + 0x7FFF)) >> 16).astype(np.uint16)
