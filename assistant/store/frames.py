"""Messages between the processes of one home: JSON and float32 arrays over a local socket. Nothing is ever unpickled.

Both ends prove that they know the owner's key (HMAC-SHA256 over both sides' nonces) before the first message.
"""

import hashlib
import hmac
import json
import secrets
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from assistant.types import FloatArray

_LENGTHS = struct.Struct("!IQ")
_NONCE = 32
# A head is ids, names and scores, a body one batch of vectors; more than this is no message of ours.
_HEAD_LIMIT, _BODY_LIMIT = 2**29, 2**30


@dataclass(frozen=True, slots=True)
class Message:
    """`head` is anything JSON can hold; `arrays` travel as they are."""

    head: dict[str, Any]
    arrays: tuple[FloatArray, ...] = ()


def send(connection: socket.socket, message: Message) -> None:
    """Write one message. Raises ConnectionError or TimeoutError."""
    arrays = [np.ascontiguousarray(array, "<f4") for array in message.arrays]
    head = json.dumps({**message.head, "shapes": [array.shape for array in arrays]}).encode()
    body = b"".join(array.tobytes() for array in arrays)
    connection.sendall(_LENGTHS.pack(len(head), len(body)) + head + body)


def receive(connection: socket.socket, on_silence: Callable[[], None] | None = None) -> Message:
    """Read one message. After each of the socket's timeouts `on_silence` may raise; without it the wait ends there.

    Raises:
        ConnectionError: the other side has gone, or what it sent is no message.
        TimeoutError: nothing came.
    """
    head_length, body_length = _LENGTHS.unpack(_read(connection, _LENGTHS.size, on_silence))
    if head_length > _HEAD_LIMIT or body_length > _BODY_LIMIT:
        raise ConnectionAbortedError("not a message")
    head_bytes = _read(connection, head_length, on_silence)
    body = np.frombuffer(_read(connection, body_length, on_silence), "<f4")
    try:
        head = json.loads(head_bytes)
        shapes = [tuple(map(int, shape)) for shape in head.pop("shapes")]
        ends = np.cumsum([prod(shape) for shape in shapes], dtype=np.int64)
        parts = np.split(body, ends[:-1]) if shapes else []
        arrays = tuple(part.reshape(shape) for part, shape in zip(parts, shapes, strict=True))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConnectionAbortedError("not a message") from error
    return Message(head, arrays)


def admit(connection: socket.socket, key: bytes) -> None:
    """The listener's half of the proof. Raises ConnectionError unless the caller knows `key`."""
    ours = secrets.token_bytes(_NONCE)
    connection.sendall(ours)
    theirs = _read(connection, _NONCE)
    if not hmac.compare_digest(_read(connection, _NONCE), _proof(key, b"caller", ours, theirs)):
        raise ConnectionRefusedError("the caller does not know the key")
    connection.sendall(_proof(key, b"listener", ours, theirs))


def introduce(connection: socket.socket, key: bytes) -> None:
    """The caller's half of the proof. Raises ConnectionError unless the listener knows `key` too."""
    ours = secrets.token_bytes(_NONCE)
    theirs = _read(connection, _NONCE)
    connection.sendall(ours + _proof(key, b"caller", theirs, ours))
    if not hmac.compare_digest(_read(connection, _NONCE), _proof(key, b"listener", theirs, ours)):
        raise ConnectionRefusedError("the listener does not know the key")


def _proof(key: bytes, role: bytes, *nonces: bytes | bytearray) -> bytes:
    return hmac.digest(key, role + b"".join(nonces), hashlib.sha256)


def _read(connection: socket.socket, size: int, on_silence: Callable[[], None] | None = None) -> bytearray:
    data = bytearray(size)
    view, filled = memoryview(data), 0
    while filled < size:
        try:
            count = connection.recv_into(view[filled:])
        except TimeoutError:
            if on_silence is None:
                raise
            on_silence()
            continue
        if not count:
            raise ConnectionResetError("the other side has gone")
        filled += count
    return data
