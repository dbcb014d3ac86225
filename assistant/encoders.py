"""Texts to vectors: the sentence vector and the token vectors of one forward pass, all of unit length.

The only file that imports sentence-transformers; a BERT folder on a processor runs in `bert.py` without it.
Token vectors (late interaction; Khattab & Zaharia 2020) leave out special tokens and the model's prefix.
"""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import torch
from safetensors import SafetensorError
from tokenizers import Encoding, Tokenizer
from torch import Tensor
from torch.nn import functional

from assistant.bert import Bert, fast_type, is_bert
from assistant.errors import WeightsError
from assistant.types import Embedding, FloatArray
from assistant.weights import fingerprint
from config.registry import Prefixes, Registry
from config.settings import EncoderSettings

_LENGTH = 512
# More than any 512 tokens hold, so that a huge text is not cut into pieces only to be thrown away.
_CHARACTERS = 32 * _LENGTH
# On a processor more make nothing faster: what they pass through is then larger than its caches.
_BATCH_TOKENS = {"cpu": 2_048, "cuda": 65_536}
# Less is not worth a thread of its own.
_SHARE_TOKENS = 128
# A small model gains nothing from more, and the engine and the page need processors too.
_MOST_THREADS = 4


class Network(Protocol):
    """Ids and mask (texts, length) -> token states (texts, length, d) and sentence vectors (texts, d)."""

    dimension: int

    def __call__(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """One forward pass."""
        ...


class SentenceEncoder:
    """The Encoder of a folder of weights. Safe to use from several threads."""

    def __init__(self, network: Network, tokenizer: Tokenizer, prefixes: Prefixes, settings: EncoderSettings) -> None:
        self.name = settings.model
        self.dimension = network.dimension
        self._network, self._tokenizer, self._prefixes = network, tokenizer, prefixes
        self._batch, self._device = settings.batch_size, torch.device(settings.device)
        self._batch_tokens = _BATCH_TOKENS[settings.device]
        # One thread a batch: the parts of one matrix product wait for each other, and wait long on a busy machine.
        self._workers = settings.threads or min(torch.get_num_threads(), _MOST_THREADS)
        if settings.device == "cuda":
            self._workers = 1
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="encoder")

    @classmethod
    def load(cls, folder: Path, settings: EncoderSettings, registry: Registry) -> "SentenceEncoder":
        """Load the weights in `folder`; nothing is looked up anywhere else.

        Raises:
            WeightsError: a file is missing, damaged, or of no kind that can be run; it says what to do.
        """
        model = registry.find(settings.model)
        prefixes = model.prefixes if model else _own_prefixes(folder)
        with _told(folder, settings.model):
            tokenizer = _tokenizer(folder / "tokenizer.json")
            plain = settings.device == "cpu" and is_bert(folder)
            network: Network = Bert(folder, fast_type()) if plain else _Library(folder, settings.device)
            encoder = cls(network, tokenizer, prefixes, settings)
            encoder.query("?")
        encoder.name = f"{model.name if model else folder.name}@{fingerprint(folder)}"
        return encoder

    def passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Embed texts that are to be found, in their order. Only the first 512 tokens of each count."""
        encodings = self._encode(self._prefixes.passage, texts)
        batches = self._batches([len(encoding.ids) for encoding in encodings])
        skip = len(self._prefixes.passage)
        jobs = [self._pool.submit(self._run, [encodings[place] for place in batch], skip) for batch in batches]
        found = {
            place: embedding
            for batch, job in zip(batches, jobs, strict=True)
            for place, embedding in zip(batch, job.result(), strict=True)
        }
        return [found[place] for place in range(len(texts))]

    def query(self, text: str) -> Embedding:
        """Embed a question, in the calling thread: it does not wait behind passages."""
        return self._run(self._encode(self._prefixes.query, [text]), len(self._prefixes.query))[0]

    def _batches(self, lengths: Sequence[int]) -> list[list[int]]:
        """Places of texts that go through the network together: of like length, so that little is padding; the longest
        first and enough of them, so that the threads end at about the same time.
        """
        most = min(self._batch_tokens, max(_SHARE_TOKENS, sum(lengths) // self._workers))
        batches: list[list[int]] = []
        widest = 0
        for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
            if not batches or len(batches[-1]) == self._batch or (len(batches[-1]) + 1) * widest > most:
                batches.append([])
                widest = lengths[place]
            batches[-1].append(place)
        return batches

    def _encode(self, prefix: str, texts: Sequence[str]) -> list[Encoding]:
        # Half a surrogate pair can come in by JSON and has no UTF-8; replacing it keeps every other position.
        clean = [text[:_CHARACTERS].encode("utf-8", "replace").decode() for text in texts]
        return self._tokenizer.encode_batch([prefix + text for text in clean])

    @torch.inference_mode()
    def _run(self, encodings: Sequence[Encoding], prefix: int) -> list[Embedding]:
        torch.set_num_threads(1)
        longest = max(len(encoding.ids) for encoding in encodings)
        ids = torch.zeros(len(encodings), longest, dtype=torch.long)
        mask = torch.zeros(len(encodings), longest, dtype=torch.bool)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = torch.tensor(encoding.ids)
            mask[row, : len(encoding.ids)] = True
        states, sentences = self._network(ids.to(self._device), mask.to(self._device))
        tokens = functional.normalize(states.float(), dim=-1).cpu().numpy()
        dense = functional.normalize(sentences.float(), dim=-1).cpu().numpy()
        return [
            Embedding(dense[row].copy(), _content(encoding, tokens[row], prefix, dense[row]))
            for row, encoding in enumerate(encodings)
        ]


def _content(encoding: Encoding, tokens: FloatArray, prefix: int, dense: FloatArray) -> FloatArray:
    """Tokens that cover text after the prefix; special ones cover none. A text without any stands as its sentence."""
    kept = [place for place, (_, end) in enumerate(encoding.offsets) if end > prefix]
    return tokens[kept] if kept else dense[None, :].copy()


class _Library:
    """Any sentence-transformers folder, any device."""

    def __init__(self, folder: Path, device: str) -> None:
        # Imported late: nine seconds, and the default model does without.
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(folder), device=device, local_files_only=True).eval()
        self.dimension = int(self._model.get_sentence_embedding_dimension() or 0)

    def __call__(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        out = self._model({"input_ids": ids, "attention_mask": mask.long()})
        return out["token_embeddings"], out["sentence_embedding"]


def _tokenizer(file: Path) -> Tokenizer:
    text = file.read_text("utf-8")
    try:
        tokenizer = Tokenizer.from_str(text)
    except Exception as error:  # the library raises no narrower one, whatever it cannot read
        raise ValueError(f"{file.name}: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(_LENGTH)
    return tokenizer


def _own_prefixes(folder: Path) -> Prefixes:
    """What a local folder says it was trained with, by sentence-transformers' convention."""
    try:
        prompts = json.loads((folder / "config_sentence_transformers.json").read_text("utf-8"))["prompts"]
        return Prefixes(query=str(prompts["query"]), passage=str(prompts.get("passage") or prompts["document"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Prefixes()


@contextmanager
def _told(folder: Path, name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, SafetensorError, KeyError, ValueError, RuntimeError) as error:
        raise WeightsError(
            f"the encoder's weights in {folder} cannot be loaded ({type(error).__name__}: {error}). "
            f"Delete that folder and run `python -m assistant.weights {name}`."
        ) from error
