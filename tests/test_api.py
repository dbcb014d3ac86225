"""The API on a running page: every example of docs/api.md as it stands there, and bodies nobody means well by."""

import base64
import contextlib
import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from conftest import PROJECT
from page_process import environment, serving

pytestmark = pytest.mark.integration

DOCS = (PROJECT / "docs" / "api.md").read_text("utf-8")
IN_DOCS = "http://127.0.0.1:7860"
NO_ENGINE = {"engine.kind": "none"}


def examples(language: str) -> list[str]:
    """The code blocks of the page of documentation that say they are in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("api"), **environment(NO_ENGINE)) as address:
        yield address


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    login = environment(NO_ENGINE | {"page.user": "anna", "page.password": "a long one"})
    with serving(tmp_path_factory.mktemp("api-login"), **login) as address:
        yield address


def run(example: str, address: str) -> str:
    assert IN_DOCS in example
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", example.replace(IN_DOCS, address)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout


def post(address: str, path: str, **sent: Any) -> httpx.Response:
    return httpx.post(address + path, timeout=60, trust_env=False, **sent)


def test_the_examples_work_as_they_are_written(address: str) -> None:
    ask, follow_up, stream, search, grade = examples("sh")
    asked = json.loads(run(ask, address))
    assert asked["id"] == 1 and asked["mode"] == "quoted" and asked["engine"] is None
    cited = asked["citations"][0]
    assert cited["title"] == "Что такое PSI?" and cited["quote"] in asked["answer"]
    assert "PSI" in json.loads(run(follow_up, address))["standalone_question"]
    events = re.findall(r"^event: (\w+)\ndata: (.+)\n$", run(stream, address), re.MULTILINE)
    assert [kind for kind, _ in events] == ["result", "done"]
    assert json.loads(events[-1][1])["citations"][0]["title"] == "What is concept drift?"
    hits = json.loads(run(search, address))["hits"]
    assert len(hits) == 2 and {hit["topic"] for hit in hits} == {"Drift Detection"}
    given = json.loads(run(grade, address))
    assert given["status"] == "graded" and given["note_id"] == cited["note_id"] and 0 < given["score"] <= 1


def test_the_examples_with_a_login_work_and_without_it_nothing_does(guarded: str) -> None:
    search, shortcut = examples("sh with a login")
    assert json.loads(run(search, guarded))["hits"]
    assert json.loads(run(shortcut, guarded))["mode"] == "quoted"
    refused = post(guarded, "/api/search", json={"question": "PSI"})
    assert refused.status_code == 401 and "hits" not in refused.text
    wrong = {"authorization": "Basic " + base64.b64encode(b"anna:another").decode()}
    assert post(guarded, "/api/search", json={"question": "PSI"}, headers=wrong).status_code == 401


def test_the_editors_program_prints_the_answer_and_its_source(address: str, tmp_path: Path) -> None:
    [program] = examples("python")
    file = tmp_path / "ask-notes"
    file.write_text(program.replace(IN_DOCS, address), "utf-8")
    command = [sys.executable, str(file)]
    done = subprocess.run(command, input="What is concept drift?", capture_output=True, text=True, check=True)
    assert "same inputs lead to other outcomes" in done.stdout
    assert "[1] notes/drift.md: What is concept drift?" in done.stdout
    failed = subprocess.run(command, input="  ", capture_output=True, text=True, check=False)
    assert failed.returncode == 1 and "The question is empty" in failed.stderr


def test_pages_elsewhere_get_nothing(address: str) -> None:
    line = {"question": "PSI"}
    assert post(address, "/api/ask", json=line, headers={"origin": "https://evil.example"}).status_code == 403
    assert post(address, "/api/ask", json=line, headers={"host": "evil.example"}).status_code == 403
    assert httpx.get(address, headers={"host": "evil.example:7860"}, trust_env=False).status_code == 403
    # What a form or `fetch` without a preflight can send.
    assert (
        post(address, "/api/ask", content=json.dumps(line), headers={"content-type": "text/plain"}).status_code == 415
    )
    preflight = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    asked = httpx.options(f"{address}/api/ask", headers=preflight, trust_env=False)
    assert "access-control-allow-origin" not in asked.headers
    with httpx.Client(trust_env=False) as browser:
        joined = browser.post(f"{address}/gradio_api/queue/join", json={}, headers={"origin": "https://evil.example"})
        assert joined.status_code == 403


def test_questions_have_the_pages_limits(address: str) -> None:
    for question in ("", " \u200b\n", "a" * 4001):
        reply = post(address, "/api/ask", json={"id": 1, "question": question})
        assert reply.status_code == 400 and reply.json()["error"]["code"] == "bad_line"
    missing = post(address, "/api/ask", json={"question": "PSI", "topic": "Drift Detections"})
    assert missing.status_code == 404 and "Drift Detection" in missing.json()["error"]["message"]
    assert post(address, "/api/ask", json={"question": "PSI " * 1000}).status_code == 200
    history = [{"role": "user", "content": "\u202e{{ $x^2 }} <script>" * 500}] * 6
    assert post(address, "/api/ask", json={"question": "а это?", "history": history}).status_code == 200


def test_a_body_without_end_is_cut_off(address: str) -> None:
    parts = urlsplit(address)
    head = (
        b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    most, sent = 64 * 2**20, 0
    with socket.create_connection((parts.hostname, parts.port), 30) as line, contextlib.suppress(OSError):
        line.sendall(head)
        while sent < most:
            line.sendall(b"10000\r\n" + b"[" * 0x10000 + b"\r\n")
            sent += 0x10000
    assert sent < most
    assert post(address, "/api/search", json={"question": "PSI"}).status_code == 200


def test_who_hangs_up_harms_nobody_and_many_at_once_are_served(address: str) -> None:
    parts = urlsplit(address)
    for body in (b"", b'{"question": "PSI"}'):
        with socket.create_connection((parts.hostname, parts.port)) as line:
            line.sendall(
                b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                b"Content-Length: 19\r\n\r\n" + body
            )
    replies: list[int] = []

    def ask(number: int) -> None:
        reply = post(address, "/api/ask", json={"id": number, "question": "What is concept drift?"})
        replies.append(reply.status_code if reply.json()["id"] == number else 0)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == [200] * 16
