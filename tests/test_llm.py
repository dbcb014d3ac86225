"""The chat client against a real local server that misbehaves on demand."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.engine.state import Address
from assistant.errors import EngineError, EngineLostError
from assistant.llm import ChatModel, OpenAIChat

SERVER = Path(__file__).with_name("fake_openai.py")
KEY = "secret-key"


@dataclass(frozen=True)
class Fake:
    """The running server."""

    url: str

    def mode(self, name: str) -> None:
        with urllib.request.urlopen(f"{self.url}/control", name.encode(), timeout=5):
            pass

    def status(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/status", timeout=5) as reply:
            return dict(json.load(reply))


@contextmanager
def serving() -> Iterator[Fake]:
    """The server, up, for the length of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "VLLM_API_KEY": KEY}
    command = [sys.executable, str(SERVER), "--port", str(port), "--served-model-name", "tiny"]
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    server = Fake(f"http://127.0.0.1:{port}")
    try:
        _wait(lambda: _up(server))
        yield server
    finally:
        os.killpg(process.pid, 9)
        process.wait()


@pytest.fixture(scope="module")
def fake() -> Iterator[Fake]:
    with serving() as server:
        yield server


@pytest.fixture
def chat(fake: Fake) -> OpenAIChat:
    fake.mode("ok")
    return OpenAIChat(Address(f"{fake.url}/v1", "tiny", KEY), timeout_s=20)


def _up(server: Fake) -> bool:
    try:
        return bool(server.status())
    except OSError:
        return False


def _wait(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


def test_a_reply_comes_piece_by_piece(chat: ChatModel, fake: Fake) -> None:
    assert list(chat.stream("Be short.", "What is the threshold?", 16, stop=["\n"])) == [
        "The ",
        "threshold ",
        "is ",
        "0.25.",
    ]
    request = fake.status()["requests"][-1]
    assert request["temperature"] == 0
    assert request["max_tokens"] == 16
    assert request["stop"] == ["\n"]
    assert [message["content"] for message in request["messages"]] == ["Be short.", "What is the threshold?"]


def test_closing_the_iterator_cancels_the_request_on_the_server(chat: OpenAIChat, fake: Fake) -> None:
    fake.mode("endless")
    before = fake.status()["cancelled"]
    pieces = chat.stream("s", "u", 16)
    assert next(pieces)
    pieces.close()
    _wait(lambda: fake.status()["cancelled"] == before + 1, seconds=10)


@pytest.mark.parametrize("mode", ["break", "error", "garble"])
def test_a_reply_that_breaks_off_keeps_what_came(chat: ChatModel, fake: Fake, mode: str) -> None:
    fake.mode(mode)
    came = []
    with pytest.raises(EngineLostError):
        for piece in chat.stream("s", "u", 16):
            came.append(piece)
    assert came == ["The ", "threshold "]


def test_a_reply_that_stalls_is_lost_after_the_timeout(fake: Fake) -> None:
    fake.mode("stall")
    with pytest.raises(EngineLostError, match="in time"):
        list(OpenAIChat(Address(f"{fake.url}/v1", "tiny", KEY), timeout_s=1).stream("s", "u", 16))


def test_a_reply_that_never_ends_is_cut_off_at_the_timeout(fake: Fake) -> None:
    fake.mode("endless")
    began = time.monotonic()
    with pytest.raises(EngineLostError, match="did not finish within 1 s"):
        list(OpenAIChat(Address(f"{fake.url}/v1", "tiny", KEY), timeout_s=1).stream("s", "u", 16))
    assert time.monotonic() - began < 5


def test_silence_from_the_start_is_no_lost_reply(fake: Fake) -> None:
    fake.mode("hang")
    chat = OpenAIChat(Address(f"{fake.url}/v1", "tiny", KEY), timeout_s=1)
    with pytest.raises(EngineError, match="in time") as raised:
        list(chat.stream("s", "u", 16))
    assert not isinstance(raised.value, EngineLostError)


def test_a_refusal_says_what_the_server_said(chat: ChatModel, fake: Fake) -> None:
    fake.mode("refuse")
    with pytest.raises(EngineError, match="maximum context length is 16 tokens"):
        list(chat.stream("s", "u", 16))


@pytest.mark.parametrize("ask", [lambda chat: list(chat.stream("s", "u", 16)), lambda chat: chat.verdict("s", "u")])
def test_a_server_that_speaks_something_else_is_said_to(
    chat: ChatModel, fake: Fake, ask: Callable[..., object]
) -> None:
    fake.mode("rubbish")
    with pytest.raises(EngineError):
        ask(chat)


def test_nobody_there_names_the_address() -> None:
    chat = OpenAIChat(Address("http://127.0.0.1:9/v1", "tiny"), timeout_s=2)
    with pytest.raises(EngineError, match=r"tiny at http://127\.0\.0\.1:9/v1 cannot be reached"):
        chat.verdict("s", "u")


def test_a_verdict_sums_the_spellings_of_yes_and_no(chat: ChatModel, fake: Fake) -> None:
    assert chat.verdict("s", "u") == pytest.approx((0.6 + 0.2) / (0.6 + 0.2 + 0.2), abs=0.002)
    request = fake.status()["requests"][-1]
    assert (request["max_tokens"], request["top_logprobs"], request["logprobs"]) == (1, 20, True)


def test_a_reply_that_is_neither_yes_nor_no_is_no_support(chat: ChatModel, fake: Fake) -> None:
    fake.mode("neither")
    assert chat.verdict("s", "u") == 0.0


def test_a_server_without_log_probabilities_is_named(chat: ChatModel, fake: Fake) -> None:
    fake.mode("no-logprobs")
    with pytest.raises(EngineError, match="no log-probabilities"):
        chat.verdict("s", "u")


def test_verdicts_keep_their_order_and_none_is_none(chat: ChatModel, fake: Fake) -> None:
    before = len(fake.status()["requests"])
    assert chat.verdicts([]) == []
    assert chat.verdicts([("s", str(number)) for number in range(6)]) == pytest.approx([0.8] * 6, abs=0.002)
    assert len(fake.status()["requests"]) == before + 6


def test_the_key_stays_out_of_what_is_printed() -> None:
    assert KEY not in repr(OpenAIChat(Address("http://127.0.0.1:9/v1", "tiny", KEY), 1))


def test_importing_the_module_loads_neither_langchain_nor_openai() -> None:
    check = "import sys, assistant.llm; sys.exit(any(m in sys.modules for m in ('langchain_core', 'openai', 'httpx2')))"
    assert subprocess.run([sys.executable, "-c", check], check=False, cwd=SERVER.parent.parent).returncode == 0
