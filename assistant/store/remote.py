"""A NoteStore's calls as messages: `RemoteStore` sends them, `perform` carries them out on the other side."""

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import numpy as np

from assistant.errors import StoreBusyError, StoreError
from assistant.store import frames, payload
from assistant.store.frames import Message
from assistant.types import Embedding, Filters, FloatArray, NoteStore, Point, Scored, SparseVector

_BATCH_FLOATS = 4_000_000
_POINT = ("chunk_id", "note_id", "source", "topic", "level", "language", "fingerprint")


class RemoteStore:
    """The store of another process of this home. Threads may share it.

    `connect` gives a proven connection, or raises ConnectionError (the owner has gone) or TimeoutError (it does not
    answer); so does every method.
    """

    def __init__(self, connect: Callable[[], socket.socket], dimension: int) -> None:
        self._connect, self._dimension = connect, dimension
        self._idle: list[socket.socket] = []
        self._closed = False

    def upsert(self, points: Sequence[Point]) -> None:
        """Add or replace points by `chunk_id`."""
        payload.check_points(points, self._dimension)
        for batch in payload.batches(points, _BATCH_FLOATS):
            arrays = [array for point in batch for array in (point.embedding.dense, point.embedding.tokens)]
            self._ask(Message({"call": "upsert", "points": [_to_json(point) for point in batch]}, tuple(arrays)))

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Remove points; ids that are not there are no error."""
        self._ask(Message({"call": "delete", "ids": list(chunk_ids)}))

    def fingerprints(self) -> dict[str, str]:
        """Every stored chunk id with its fingerprint."""
        return dict(self._ask(Message({"call": "fingerprints"})))

    def dense(self, vector: FloatArray, limit: int, filters: Filters) -> list[Scored]:
        """Nearest chunks by cosine, best first."""
        head = {"call": "dense", "limit": limit, "filters": asdict(filters)}
        return [Scored(*hit) for hit in self._ask(Message(head, (vector,)))]

    def sparse(self, vector: SparseVector, limit: int, filters: Filters) -> list[Scored]:
        """Best chunks by BM25, best first."""
        head = {"call": "sparse", "limit": limit, "filters": asdict(filters), "sparse": asdict(vector)}
        return [Scored(*hit) for hit in self._ask(Message(head))]

    def maxsim(self, tokens: FloatArray, chunk_ids: Sequence[str]) -> dict[str, float]:
        """Late-interaction scores of the given chunks."""
        return dict(self._ask(Message({"call": "maxsim", "ids": list(chunk_ids)}, (tokens,))))

    def settle(self) -> None:
        """Have the owner write everything down and build what makes searching fast."""
        self._ask(Message({"call": "settle"}))

    def clear(self) -> None:
        """Have the owner remove every point and its bytes."""
        self._ask(Message({"call": "clear"}))

    def close(self) -> None:
        """Hang up; the owner keeps the index open."""
        self._closed = True
        with suppress(IndexError):
            while True:
                self._idle.pop().close()

    def ping(self) -> None:
        """Return if the owner answers."""
        self._idle.append(self._connect())

    def _ask(self, message: Message) -> Any:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            frames.send(connection, message)
            # Some calls take long: whether somebody is still at work is asked over a second connection.
            reply = frames.receive(connection, on_silence=lambda: self._connect().close()).head
        except BaseException:
            connection.close()
            raise
        if self._closed:
            connection.close()
        else:
            self._idle.append(connection)
        if "error" in reply:
            raise (StoreBusyError if reply.get("busy") else StoreError)(reply["error"])
        return reply["result"]


def perform(store: NoteStore, message: Message) -> Message:
    """Carry out one call on `store`; what goes wrong there goes back as text."""
    try:
        return Message({"result": _result(store, message.head, message.arrays)})
    except StoreError as error:
        return Message({"error": str(error), "busy": isinstance(error, StoreBusyError)})
    except (KeyError, TypeError, ValueError):
        return Message({"error": "The process that holds the index runs another version. Restart it and try again."})


def _result(store: NoteStore, head: dict[str, Any], arrays: Sequence[FloatArray]) -> Any:
    match head["call"]:
        case "upsert":
            pairs = zip(arrays[::2], arrays[1::2], strict=True)
            points = zip(head["points"], pairs, strict=True)
            return store.upsert([_from_json(data, Embedding(*pair)) for data, pair in points])
        case "delete":
            return store.delete(head["ids"])
        case "fingerprints":
            return store.fingerprints()
        case "dense":
            found = store.dense(arrays[0], head["limit"], Filters(**head["filters"]))
            return [(hit.chunk_id, hit.score) for hit in found]
        case "sparse":
            found = store.sparse(_sparse(head["sparse"]), head["limit"], Filters(**head["filters"]))
            return [(hit.chunk_id, hit.score) for hit in found]
        case "maxsim":
            return store.maxsim(arrays[0], head["ids"])
        case "settle":
            return store.settle()
        case "clear":
            return store.clear()
    raise KeyError(head["call"])


def _to_json(point: Point) -> dict[str, Any]:
    return {**{name: getattr(point, name) for name in _POINT}, "sparse": asdict(point.sparse)}


def _from_json(data: dict[str, Any], embedding: Embedding) -> Point:
    return Point(**{name: data[name] for name in _POINT}, embedding=embedding, sparse=_sparse(data["sparse"]))


def _sparse(data: dict[str, Any]) -> SparseVector:
    return SparseVector(tuple(data["indices"]), tuple(map(float, np.asarray(data["values"], np.float64))))
