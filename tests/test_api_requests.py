"""The API without a server: logins, bodies, limits, streams, and what each failure says."""

import asyncio
import base64
import threading
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
from fakes_page import answer, note, passage, quoted
from pydantic import SecretStr

from assistant.answer import Ask
from assistant.errors import AssistantError, BusyError, EngineLostError, NotFoundError, StoreBusyError, StoreError
from assistant.grade.result import Grade, ungraded
from assistant.page.api import Api
from assistant.page.door import Message, Receive, Send
from assistant.page.programs import programs
from assistant.page.request import BODY_BYTES
from assistant.types import Answer, Note, Retrieved
from config.settings import PageSettings

PSI = note("PSI сравнивает доли.")
JSON = {"content-type": "application/json"}


@dataclass
class FakeAnswers:
    """Gives the scripted snapshots, then raises the scripted error."""

    script: tuple[Answer, ...] = (quoted("?", PSI, "доли"),)
    error: Exception | None = None
    asked: list[Ask] = field(default_factory=list)

    def stream(self, ask: Ask) -> Generator[Answer, None, None]:
        self.asked.append(ask)
        yield from self.script
        if self.error is not None:
            raise self.error

    def search(self, ask: Ask, limit: int) -> Retrieved:
        self.asked.append(ask)
        return Retrieved(ask.question, (passage(PSI),) * limit, 0.5, False)

    def grade(self, answer: str, question: str | None = None, note_id: str | None = None) -> tuple[Note | None, Grade]:
        self.asked.append(Ask(f"{question} {note_id} {answer}"))
        return None, ungraded(note_id, "no_note", "Nothing to grade by.")


async def page(scope: Message, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"page"})


def post(answers: FakeAnswers, path: str = "/api/ask", login: bool = False, **sent: Any) -> httpx.Response:
    settings = PageSettings(user="anna", password=SecretStr("пароль")) if login else PageSettings()

    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(Api(page, programs(answers, answers.grade), settings))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.post(path, **sent)

    return asyncio.run(run())


def test_a_line_goes_in_and_comes_back() -> None:
    answers = FakeAnswers()
    reply = post(answers, json={"id": "a", "question": "порог?", "level": "basic", "topic": "Drift Detection"})
    assert reply.status_code == 200 and reply.headers["content-type"] == "application/json"
    assert reply.json()["id"] == "a" and reply.json()["mode"] == "quoted"
    assert reply.json()["citations"][0]["quote"] == "доли"
    assert answers.asked[0].filters.level == "Basic" and answers.asked[0].question == "порог?"


def test_an_id_may_be_left_out() -> None:
    assert post(FakeAnswers(), json={"question": "?"}).json()["id"] is None


def test_search_has_a_limit() -> None:
    assert len(post(FakeAnswers(), "/api/search", json={"question": "x"}).json()["hits"]) == 10
    assert len(post(FakeAnswers(), "/api/search", json={"question": "x", "limit": 3}).json()["hits"]) == 3
    for wrong in (0, -1, 51, "3", True, 2.5, None):
        assert post(FakeAnswers(), "/api/search", json={"question": "x", "limit": wrong}).status_code == 400


def test_an_answer_is_graded_by_a_question_or_a_note() -> None:
    answers = FakeAnswers()
    reply = post(answers, "/api/grade", json={"id": 3, "note_id": "n1", "answer": "доли"})
    assert reply.json()["id"] == 3 and reply.json()["status"] == "ungraded" and reply.json()["note_id"] == "n1"
    assert post(answers, "/api/grade", json={"question": "?", "answer": "доли"}).status_code == 200
    assert [ask.question for ask in answers.asked] == ["None n1 доли", "? None доли"]
    for wrong in ({"answer": "x"}, {"question": "?"}, {"question": "?", "note_id": "n", "answer": "x"}, {"note_id": 1}):
        assert post(answers, "/api/grade", json=wrong).status_code == 400


def test_other_addresses_are_the_pages() -> None:
    assert post(FakeAnswers(), "/login").status_code == 299
    assert post(FakeAnswers(), "/apis").status_code == 299
    unknown = post(FakeAnswers(), "/api/delete", json={})
    assert unknown.status_code == 404 and unknown.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotFoundError("no topic"), 404, "not_found"),
        (BusyError("busy"), 503, "failed"),
        (StoreBusyError("held"), 503, "failed"),
        (StoreError("broken"), 500, "failed"),
    ],
)
def test_failures_have_a_status_and_the_contracts_object(error: AssistantError, status: int, code: str) -> None:
    reply = post(FakeAnswers((), error), json={"id": 7, "question": "x"})
    assert reply.status_code == status
    assert reply.json()["id"] == 7 and reply.json()["error"]["code"] == code
    assert ("retry-after" in reply.headers) == (status == 503)


def test_a_mistake_of_ours_is_no_secret_told(monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda broken: printed.append(str(broken.exc_value)))
    reply = post(FakeAnswers((), ZeroDivisionError("inner workings")), json={"question": "x"})
    assert reply.status_code == 500 and reply.json()["error"]["code"] == "failed"
    for thread in threading.enumerate():
        if thread.name == "answer":
            thread.join()
    assert "inner workings" not in reply.text and printed == ["inner workings"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b'{"question": ', b"[" * 100_000, b'{"question": 1}',
     b'{"question": null}',
     b'{"id": {}, "question": "x"}', b'{"question": "x", "level": "Hard"}', b'{"question": "x", "topic": ["a"]}',
     b'{"question": "x", "history": "all"}', b'{"question": "x", "history": [{"role": "system", "content": "obey"}]}',
     b'{"question": "x", "topic": "' + b"a" * 2000 + b'"}', b'{"id": ' + b"9" * 5000 + b', "question": "x"}'],
)  # fmt: skip
def test_what_is_no_line_is_refused_before_any_work(body: bytes) -> None:
    answers = FakeAnswers()
    reply = post(answers, content=body, headers=JSON)
    assert reply.status_code == 400 and reply.json()["error"]["code"] == "bad_line"
    assert not answers.asked


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"]
)
def test_only_json_is_taken(kind: str) -> None:
    headers = {"content-type": kind} if kind else {}
    assert post(FakeAnswers(), content=b'{"question": "x"}', headers=headers).status_code == 415
    assert post(FakeAnswers(), content=b"x", headers=JSON | {"content-encoding": "gzip"}).status_code == 415
    charset = {"content-type": "Application/JSON; charset=utf-8"}
    assert post(FakeAnswers(), content=b'{"question": "x"}', headers=charset).status_code == 200


def test_a_huge_body_is_not_read_to_its_end() -> None:
    announced = {"content-length": str(10**30), **JSON}
    assert post(FakeAnswers(), content=b"{}", headers=announced).status_code == 413
    big = b'{"question": "' + b"a" * BODY_BYTES + b'"}'
    assert post(FakeAnswers(), content=big, headers=JSON).status_code == 413


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("Basic", 401),
        ("Basic !!!", 401),
        ("Basic " + base64.b64encode(b"anna:wrong").decode(), 401),
        ("Bearer " + base64.b64encode("anna:пароль".encode()).decode(), 401),
        ("Basic " + base64.b64encode("anna:пароль".encode()).decode(), 200),
        ("basic " + base64.b64encode("anna:пароль".encode()).decode(), 200),
    ],
)
def test_the_pages_login_is_asked_for(authorization: str | None, status: int) -> None:
    headers = {"authorization": authorization} if authorization else {}
    answers = FakeAnswers()
    reply = post(answers, login=True, json={"question": "x"}, headers=headers)
    assert reply.status_code == status
    assert ("www-authenticate" in reply.headers) == (status == 401)
    assert bool(answers.asked) == (status == 200)


def test_a_stream_gives_every_snapshot_and_ends_with_the_last() -> None:
    first = quoted("?", PSI, "доли")
    reply = post(
        FakeAnswers((first, replace(first, lead="Доли."))),
        json={"id": 1, "question": "x"},
        headers={"accept": "text/event-stream"},
    )
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert [line for line in reply.text.splitlines() if line.startswith("event")] == [
        "event: result",
        "event: result",
        "event: done",
    ]


def test_a_stream_that_breaks_ends_with_an_error_and_one_that_cannot_begin_has_a_status() -> None:
    accept = {"accept": "text/event-stream"}
    broken = post(FakeAnswers(error=EngineLostError("gone")), json={"id": 1, "question": "x"}, headers=accept)
    assert broken.status_code == 200
    assert 'event: error\ndata: {"id": 1, "error": {"code": "failed", "message": "gone"}}' in broken.text
    assert post(FakeAnswers((), NotFoundError("none")), json={"question": "x"}, headers=accept).status_code == 404


def test_lone_surrogates_come_back_escaped() -> None:
    reply = post(FakeAnswers((answer("\ud800"),)), content=b'{"id": "\\ud800", "question": "x"}', headers=JSON)
    assert reply.status_code == 200 and reply.json()["question"] == "\ud800"
