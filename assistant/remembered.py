"""An encoder that remembers what it encoded last: a question is looked for and highlighted by, a note quoted again."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from assistant.types import Embedding, Encoder

# Token vectors, 1.5 KB each: the sentences of some sixty notes.
_MOST_TOKENS = 20_000


class Remembered:
    """An Encoder in front of another. Safe to use from several threads."""

    def __init__(self, encoder: Encoder, most_tokens: int = _MOST_TOKENS) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self._encoder, self._most = encoder, most_tokens
        self._lock = threading.Lock()
        self._held = 0
        self._known: OrderedDict[tuple[str, str], Embedding] = OrderedDict()

    def passages(self, texts: Sequence[str]) -> list[Embedding]:
        """As the encoder's own; only what is not known is encoded, once however often it stands there."""
        known = {text: self._recall("passage", text) for text in texts}
        new = [text for text, embedding in known.items() if embedding is None]
        found = dict(zip(new, self._encoder.passages(new) if new else [], strict=True))
        for text, embedding in found.items():
            self._keep("passage", text, embedding)
        return [known[text] or found[text] for text in texts]

    def query(self, text: str) -> Embedding:
        """As the encoder's own."""
        known = self._recall("query", text)
        if known is None:
            known = self._encoder.query(text)
            self._keep("query", text, known)
        return known

    def _recall(self, kind: str, text: str) -> Embedding | None:
        with self._lock:
            embedding = self._known.get((kind, text))
            if embedding is not None:
                self._known.move_to_end((kind, text))
            return embedding

    def _keep(self, kind: str, text: str, embedding: Embedding) -> None:
        # Several readers get the same arrays.
        embedding.dense.flags.writeable = embedding.tokens.flags.writeable = False
        with self._lock:
            before = self._known.pop((kind, text), None)
            self._held += len(embedding.tokens) - (len(before.tokens) if before else 0)
            self._known[kind, text] = embedding
            while self._held > self._most:
                self._held -= len(self._known.popitem(last=False)[1].tokens)
