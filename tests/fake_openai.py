"""A small OpenAI-compatible server that can be told to misbehave; stands where vLLM would, as a real process.

Usage: python fake_openai.py --port N --served-model-name NAME   (standard library only)

`POST /control` with a mode's name changes what it does; `GET /status` tells what it is and saw. FAKE_START decides how
it comes up: "ok", "silent" (never healthy), or text to print before it exits with code 3.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REPLY = ("The ", "threshold ", "is ", "0.25.")
_VERDICT = {"yes": [("Yes", 0.6), (" да", 0.2), ("No", 0.2)], "neither": [("The", 0.7), ("It", 0.3)]}


class Server(ThreadingHTTPServer):
    """State shared by the handlers."""

    daemon_threads = True
    mode = "ok"
    cancelled = 0
    requests: list[dict[str, Any]]

    def __init__(self, port: int, model: str, child: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.model, self.child, self.requests = model, child, []


class Handler(BaseHTTPRequestHandler):
    """The protocol's three calls, and the two of the tests."""

    server: Server

    def do_GET(self) -> None:
        if self.path == "/status":
            self._status()
        elif self.server.mode == "hang":
            time.sleep(600)
        elif self.path == "/health":
            self._json(503 if self.server.mode == "sick" else 200, {})
        elif self.headers.get("Authorization") != f"Bearer {os.environ.get('VLLM_API_KEY', 'none')}":
            self._json(401, {"error": {"message": "wrong key"}})
        else:
            self._json(200, {"object": "list", "data": [{"id": self.server.model}]})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/control":
            self.server.mode = body
            self._json(200, {})
            return
        request = json.loads(body)
        self.server.requests.append(request)
        mode = self.server.mode
        if mode == "rubbish":
            self._send(200, "text/html", b"<html>Welcome to my router</html>")
        elif mode == "refuse":
            self._json(400, {"error": {"message": "maximum context length is 16 tokens", "code": 400}})
        elif mode == "hang":
            time.sleep(600)
        elif request.get("stream"):
            self._stream(mode)
        elif "response_format" in request:
            self._structured(request["response_format"]["json_schema"]["schema"], mode)
        else:
            self._verdict(mode)

    def _stream(self, mode: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            for number in range(10_000 if mode == "endless" else len(REPLY)):
                if number == 2 and mode in ("break", "stall", "die", "error", "garble"):
                    self._spoil(mode)
                    return
                self._event({"choices": [{"index": 0, "delta": {"content": REPLY[number % len(REPLY)]}}]})
                time.sleep(0.02 if mode == "endless" else 0)
            self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            self.server.cancelled += 1

    def _spoil(self, mode: str) -> None:
        if mode == "die":
            os._exit(7)
        if mode == "stall":
            time.sleep(600)
        if mode == "error":
            self._event({"error": {"message": "engine core died", "code": 500}})
        if mode == "garble":
            self.wfile.write(b"data: {not json\n\n")

    def _event(self, value: dict[str, Any]) -> None:
        event = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": self.server.model, **value}
        self.wfile.write(b"data: " + json.dumps(event if "error" not in value else value).encode() + b"\n\n")
        self.wfile.flush()

    def _verdict(self, mode: str) -> None:
        import math

        tokens = [{"token": t, "logprob": math.log(p)} for t, p in _VERDICT.get(mode, _VERDICT["yes"])]
        logprobs = None if mode == "no-logprobs" else {"content": [{**tokens[0], "top_logprobs": tokens}]}
        message = {"role": "assistant", "content": tokens[0]["token"]}
        choice = {"index": 0, "message": message, "logprobs": logprobs, "finish_reason": "length"}
        reply = {"id": "1", "object": "chat.completion", "created": 0, "model": self.server.model, "choices": [choice]}
        self._json(200, reply)

    def _structured(self, schema: dict[str, Any], mode: str) -> None:
        """A reply that the schema allows, as vLLM enforces it; "cut" ends it in the middle, "off" is no JSON at all."""
        content = json.dumps(_example(schema, schema))
        content = {"cut": content[: len(content) // 2], "off": "I would say yes."}.get(mode, content)
        message = {"role": "assistant", "content": content}
        choice = {"index": 0, "message": message, "finish_reason": "length" if mode == "cut" else "stop"}
        reply = {"id": "1", "object": "chat.completion", "created": 0, "model": self.server.model, "choices": [choice]}
        self._json(200, reply)

    def _status(self) -> None:
        seen = {"pid": os.getpid(), "child": self.server.child, "argv": sys.argv, "environment": dict(os.environ)}
        self._json(200, {**seen, "requests": self.server.requests, "cancelled": self.server.cancelled})

    def _json(self, code: int, value: dict[str, Any]) -> None:
        self._send(code, "application/json", json.dumps(value).encode())

    def _send(self, code: int, kind: str, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def _example(schema: dict[str, Any], whole: dict[str, Any]) -> Any:
    """The simplest value that a JSON schema allows: one item in a list, 1 for a number."""
    if "$ref" in schema:
        return _example(whole["$defs"][schema["$ref"].rsplit("/", 1)[-1]], whole)
    if schema.get("type") == "object":
        return {name: _example(inner, whole) for name, inner in schema["properties"].items()}
    if schema.get("type") == "array":
        return [_example(schema["items"], whole)]
    return {"integer": 1, "number": 1.0, "boolean": True}.get(schema.get("type", ""), "The threshold is 0.25.")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--served-model-name", required=True)
    options, _ = parser.parse_known_args()
    start = os.environ.get("FAKE_START", "ok")
    if start not in ("ok", "silent"):
        print(start, file=sys.stderr)
        return 3
    # Like vLLM's engine core: a process of its own in the same group, here one that does not go when asked.
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    child = subprocess.Popen([sys.executable, "-I", "-S", "-c", deaf])
    if start == "silent":
        signal.pause()
    server = Server(options.port, options.served_model_name, child.pid)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print("fake engine is up", file=sys.stderr, flush=True)
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
