"""What retrieval was fitted to: the encoder's centres and the curve of P(answerable), in `fit.json` beside this file.

`python -m eval.fit` writes it from the bundled notes and the golden cases of `dev`. A fit belongs to one encoder: with
another one nothing is centred, and the probability is marked as not fitted.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from zlib import crc32

import numpy as np

from assistant.types import Embedding, Encoder, FloatArray

FILE = Path(__file__).with_name("fit.json")


@dataclass(frozen=True, slots=True)
class Curve:
    """A logistic curve over the signals of `answerable.Signals`, in their order."""

    bias: float
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """`encoder` is the name with the digest of its weights, `data` the digest of the notes and cases fitted on;
    `question` and `passage` (d,) are the mean token vectors of either side.
    """

    encoder: str
    data: str
    question: tuple[float, ...]
    passage: tuple[float, ...]
    curve: Curve


def load_fit(file: Path = FILE) -> Fit:
    """The fit that ships with the program."""
    read = json.loads(file.read_text("utf-8"))
    curve = Curve(float(read["curve"]["bias"]), tuple(map(float, read["curve"]["weights"])))
    return Fit(str(read["encoder"]), str(read["data"]), tuple(read["question"]), tuple(read["passage"]), curve)


def save_fit(fit: Fit, file: Path = FILE) -> None:
    """Readable and with a line's end, as files in a repository are."""
    file.write_text(json.dumps(asdict(fit)) + "\n", "utf-8")


class Centred:
    """An Encoder in front of another: token vectors without what all of their side have in common.

    A transformer's token vectors share one large direction, so that every cosine is high and says little; taking the
    mean away leaves what tells texts apart (Mu, Viswanath 2018, "All-but-the-Top"). Questions and passages, which the
    model sees behind different prefixes, have a mean each. Sentence vectors stay as they are.
    """

    def __init__(self, encoder: Encoder, fit: Fit) -> None:
        self.plain = encoder
        self._fits = encoder.name == fit.encoder
        # Vectors of another fit are other vectors: the index renews itself.
        centre = crc32(repr((fit.question, fit.passage)).encode())
        self.name = f"{encoder.name} centred by {centre:08x}" if self._fits else encoder.name
        self.dimension = encoder.dimension
        self._question = np.array(fit.question, np.float32)
        self._passage = np.array(fit.passage, np.float32)

    def passages(self, texts: Sequence[str]) -> list[Embedding]:
        """As the encoder's own, tokens centred."""
        return [self._without(embedding, self._passage) for embedding in self.plain.passages(texts)]

    def query(self, text: str) -> Embedding:
        """As the encoder's own, tokens centred."""
        return self._without(self.plain.query(text), self._question)

    def _without(self, embedding: Embedding, mean: FloatArray) -> Embedding:
        if not self._fits:
            return embedding
        left = embedding.tokens - mean
        lengths = np.linalg.norm(left, axis=1, keepdims=True)
        return Embedding(embedding.dense, np.asarray(left / np.maximum(lengths, 1e-6), np.float32))
