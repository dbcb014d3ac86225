"""A Qwen2 GGUF file -> int8 weights with one scale per output channel (compressed-tensors W8A8), for vLLM.

Each weight matrix is dequantised a slab of rows at a time and rounded to the nearest of 255 steps of its row's
largest weight; vLLM rounds the activations of each token likewise while it runs. Embedding, output head, norms
and biases stay bfloat16. Memory: a few slabs.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.weights.gguf_file import GgufFile, GgufTensor
from assistant.weights.progress import Tick
from assistant.weights.qwen2 import tensor_names, write_configs
from assistant.weights.safetensors import Tensor, Writer, bfloat16

_SLAB = 1 << 20  # values dequantised at once: small enough for a processor's cache
_THREADS = 2  # the page answers beside it
_SMALLEST_SCALE = np.float32(1e-8)
_SCHEME: dict[str, object] = {
    "quant_method": "compressed-tensors",
    "format": "int-quantized",
    "quantization_status": "compressed",
    "ignore": ["lm_head"],
    "config_groups": {
        "group_0": {
            "targets": ["Linear"],
            "weights": {"num_bits": 8, "type": "int", "symmetric": True, "strategy": "channel", "dynamic": False},
            "input_activations": {
                "num_bits": 8,
                "type": "int",
                "symmetric": True,
                "strategy": "token",
                "dynamic": True,
            },
        }
    },
}


@dataclass(frozen=True, slots=True)
class _Piece:
    """Rows of a tensor, ready to write; `scales` only where they became int8."""

    data: NDArray[np.int8] | NDArray[np.uint16]
    scales: NDArray[np.float32] | None


def convert_w8a8(source: Path, target: Path, tick: Tick) -> None:
    """Write the model, its configuration, tokenizer and chat template into `target`.

    Raises:
        ValueError, KeyError: not a GGUF file of the Qwen2 architecture.
    """
    file = GgufFile(source)
    names = tensor_names(file)
    write_configs(file, _SCHEME, target)
    plan = [tensor for name, to in names.items() for tensor in _planned(file.tensors[name], to)]
    total = sum(tensor.size for tensor in plan)
    threads = min(_THREADS, os.cpu_count() or 1)
    with Writer(target / "model.safetensors", plan) as writer, ThreadPoolExecutor(threads) as pool:
        for name, to in names.items():
            scales: list[NDArray[np.float32]] = []
            for piece in _pieces(file.tensors[name], _kind(to), pool):
                writer.write(piece.data)
                if piece.scales is not None:
                    scales.append(piece.scales)
                tick(writer.written, total)
            if scales:
                writer.write(np.concatenate(scales))


def _kind(name: str) -> Literal["I8", "BF16"]:
    return "I8" if name.endswith("_proj.weight") else "BF16"


def _planned(tensor: GgufTensor, name: str) -> Iterator[Tensor]:
    kind = _kind(name)
    yield Tensor(name, kind, tensor.shape)
    if kind == "I8":
        yield Tensor(f"{name}_scale", "F32", (tensor.shape[0], 1))


def _pieces(tensor: GgufTensor, kind: Literal["I8", "BF16"], pool: ThreadPoolExecutor) -> Iterator[_Piece]:
    rows = tensor.data.shape[0]
    step = max(1, _SLAB // tensor.shape[-1])

    def work(start: int) -> _Piece:
        values = tensor.rows(start, start + step)
        return quantise(values) if kind == "I8" else _Piece(bfloat16(values), None)

    return pool.map(work, range(0, rows, step))


def quantise(weights: NDArray[np.float32]) -> _Piece:
    """Symmetric int8 by row: `weights` (rows, columns) is about `data * scales`, `scales` (rows, 1)."""
    largest = np.maximum(weights.max(1, keepdims=True), -weights.min(1, keepdims=True))
    scales = np.maximum(largest / np.float32(127), _SMALLEST_SCALE)
    scaled = weights / scales
    return _Piece(np.rint(scaled, out=scaled).astype(np.int8), scales)
