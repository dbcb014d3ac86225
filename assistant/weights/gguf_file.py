"""Reads a GGUF file: its metadata, and where each tensor lies.

The gguf package's own reader takes some ten seconds over a vocabulary; this one takes half a second. Layout,
little endian: magic, version, counts, key-value pairs, tensor directory, padding, data
(github.com/ggml-org/ggml, docs/gguf.md).
"""

import math
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize
from numpy.typing import NDArray

Value = int | float | bool | str | list[int] | list[float] | list[bool] | list[str]

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9


@dataclass(frozen=True, slots=True)
class GgufTensor:
    """A tensor as stored: `shape` row-major, `data` (rows, bytes of a row)."""

    name: str
    shape: tuple[int, ...]
    kind: GGMLQuantizationType
    data: NDArray[np.uint8]

    def rows(self, start: int, end: int) -> NDArray[np.float32]:
        """Some rows as numbers; a vector has a single row."""
        part = self.data[start:end]
        if self.kind == GGMLQuantizationType.F32:
            return part.view(np.float32)
        return np.asarray(dequantize(part, self.kind), np.float32)


class GgufFile:
    """A GGUF file mapped into memory.

    Raises:
        ValueError: it is not GGUF version 2 or 3, or it ends too early.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._place = 0
        try:
            if self._read("4s") != (b"GGUF",) or self._one("I") not in (2, 3):
                raise ValueError("it does not begin as GGUF version 2 or 3 does")
            tensors, pairs = self._one("Q"), self._one("Q")
            self.metadata: dict[str, Value] = {}
            for _ in range(pairs):
                key = self._string()
                self.metadata[key] = self._value(self._one("I"))
            directory = [self._entry() for _ in range(tensors)]
        except (struct.error, UnicodeDecodeError) as error:
            raise ValueError("its header is damaged") from error
        alignment = self.whole("general.alignment", 32)
        begin = -(-self._place // alignment) * alignment
        self.tensors = {entry[0]: self._tensor(begin, *entry) for entry in directory}

    def whole(self, key: str, default: int | None = None) -> int:
        """An integer of the metadata; KeyError without a default."""
        value = self.metadata.get(key, default)
        if not isinstance(value, int):
            raise KeyError(key)
        return value

    def number(self, key: str) -> float:
        """A floating point number of the metadata, as the decimal that its 32 bits stand for."""
        value = self.metadata.get(key)
        if not isinstance(value, float):
            raise KeyError(key)
        return float(str(np.float32(value)))

    def strings(self, key: str) -> list[str]:
        """A list of strings of the metadata."""
        value = self.metadata.get(key)
        if not isinstance(value, list):
            raise KeyError(key)
        return [str(item) for item in value]

    def _read(self, form: str) -> tuple[object, ...]:
        values = struct.unpack_from("<" + form, self._data, self._place)
        self._place += struct.calcsize("<" + form)
        return values

    def _one(self, form: str) -> int:
        value = self._read(form)[0]
        assert isinstance(value, int)
        return value

    def _string(self) -> str:
        length = self._one("Q")
        start = self._place
        self._place += length
        if self._place > len(self._data):
            raise struct.error("a string runs past the end")
        return self._data[start : self._place].decode("utf-8", "replace")

    def _value(self, kind: int) -> Value:
        if kind == _STRING:
            return self._string()
        if kind != _ARRAY:
            return self._read(_SCALARS[kind])[0]  # type: ignore[return-value]  # struct's types follow _SCALARS
        inner, count = self._one("I"), self._one("Q")
        if inner == _STRING:
            return [self._string() for _ in range(count)]
        return list(self._read(f"{count}{_SCALARS[inner]}"))  # type: ignore[return-value]

    def _entry(self) -> tuple[str, tuple[int, ...], int, int]:
        name = self._string()
        dimensions = self._read(f"{self._one('I')}Q")
        shape = tuple(int(size) for size in reversed(dimensions) if isinstance(size, int))
        return name, shape, self._one("I"), self._one("Q")

    def _tensor(self, begin: int, name: str, shape: tuple[int, ...], kind: int, offset: int) -> GgufTensor:
        quantisation = GGMLQuantizationType(kind)
        block, size = GGML_QUANT_SIZES[quantisation]
        rows, row = math.prod(shape[:-1]), shape[-1] // block * size
        data = np.frombuffer(self._data, np.uint8, rows * row, begin + offset).reshape(rows, row)
        return GgufTensor(name, shape, quantisation, data)
