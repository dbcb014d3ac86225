"""The batch contract: a line out for every line in, errors in their place."""

import io
import json
from collections.abc import Callable

from assistant import batch
from assistant.errors import NotFoundError, StoreError, UsageError


def outputs(lines: bytes, answer: Callable[[batch.Json], batch.Json]) -> list[batch.Json]:
    out = io.BytesIO()
    batch.run(io.BytesIO(lines), answer, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def echo(line: batch.Json) -> batch.Json:
    return {"id": line["id"], "echo": line["q"]}


def test_bad_lines_get_an_error_in_their_place_and_the_rest_goes_on() -> None:
    lines = b'{"id":"1","q":"a"}\nnot json\n[]\n\n{"q":"b"}\n\xff\xfe\n{"id":"1","q":"c"}\n{"id":2,"q":"d"}\n'
    got = outputs(lines, echo)
    assert [g.get("error", {}).get("code", "ok") for g in got] == [
        "ok", "bad_line", "bad_line", "bad_line", "bad_line", "bad_line", "duplicate_id", "ok",
    ]  # fmt: skip
    assert got[-1] == {"id": 2, "echo": "d"}
    assert got[1]["id"] is None and got[6]["id"] == "1"


def test_errors_of_the_tree_become_codes() -> None:
    raised = {"u": UsageError("u"), "n": NotFoundError("n"), "s": StoreError("s")}

    def fail(line: batch.Json) -> batch.Json:
        raise raised[line["id"]]

    got = outputs(b'{"id":"u"}\n{"id":"n"}\n{"id":"s"}\n', fail)
    assert [(g["id"], g["error"]["code"]) for g in got] == [("u", "bad_line"), ("n", "not_found"), ("s", "failed")]


def test_deep_nesting_and_lone_surrogates_are_no_crash() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    got = outputs(deep + b'\n{"id":"1","q":"\\ud800"}\n', echo)
    assert got[0]["error"]["code"] == "bad_line"
    assert got[1]["echo"] == "\ud800"
