"""JSON Lines in, JSON Lines out: one output line per input line, in order, written as soon as it is ready."""

import json
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from assistant.errors import AssistantError, NotFoundError, UsageError

Json = dict[str, Any]


def run(lines: Iterable[bytes], answer: Callable[[Json], Json], output: BinaryIO) -> None:
    """Answer every line; a bad or failing one gets an error object in its place and the rest goes on."""
    seen: set[str] = set()
    for line in lines:
        output.write(dumps(_one(line, seen, answer)) + b"\n")
        output.flush()


def dumps(value: Json) -> bytes:
    """UTF-8 JSON on one line; lone surrogates, which UTF-8 cannot hold, stay escaped."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


def error(line_id: object, code: str, message: str) -> Json:
    """The error object of the contracts."""
    return {"id": line_id, "error": {"code": code, "message": message}}


def _one(line: bytes, seen: set[str], answer: Callable[[Json], Json]) -> Json:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as broken:
        return error(None, "bad_line", f"not JSON: {broken}")
    if not isinstance(value, dict):
        return error(None, "bad_line", "not a JSON object")
    line_id = value.get("id")
    if line_id is None or isinstance(line_id, dict | list):
        return error(None, "bad_line", 'the object has no "id"')
    key = json.dumps(line_id)
    if key in seen:
        return error(line_id, "duplicate_id", f"id {key} stands on an earlier line")
    seen.add(key)
    try:
        return answer(value)
    except UsageError as wrong:
        return error(line_id, "bad_line", str(wrong))
    except NotFoundError as missing:
        return error(line_id, "not_found", str(missing))
    except AssistantError as failed:
        return error(line_id, "failed", str(failed))
