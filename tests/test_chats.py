"""Conversations are kept as they happen, belong to one person, and survive a killed process and a damaged file."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import PROJECT
from fakes_page import note, quoted

from assistant.answer import Ask
from assistant.chats.chats import REGRET, Chats
from assistant.chats.exchange import Exchange, Problem, Rating
from assistant.errors import NotFoundError, StoreError
from assistant.types import Filters, Turn

PSI = note("PSI сравнивает доли.\n\n- больше 0,25 — сдвиг")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chats(tmp_path: Path, clock: Clock) -> Iterator[Chats]:
    opened = Chats(tmp_path / "chats.sqlite3", clock)
    yield opened
    opened.close()


def asked(trace: str, typed: str = "порог PSI, только Killer?") -> Exchange:
    ask = Ask("порог PSI?", (Turn("user", "раньше"),), Filters("Drift Detection", "Killer"), anyway=True)
    return Exchange(trace, typed, ask, "answering", NOON)


def done(one: Exchange) -> Exchange:
    return replace(one, state="done", answer=quoted(one.ask.question, PSI, "больше 0,25"))


def fill(chats: Chats, owner: str, *typed: str) -> str:
    """A conversation with these questions answered."""
    chat_id = ""
    for number, words in enumerate(typed):
        one = asked(f"{owner}-{words}-{number}", words)
        chat_id = chats.begin(owner, chat_id, one)
        chats.record(done(one))
    return chat_id


def test_a_conversation_comes_back_as_it_was(chats: Chats) -> None:
    one, two = done(asked("t1")), replace(asked("t2", "а ещё?"), state="failed", problem=Problem("store", "No.", {}))
    chat_id = chats.begin("anna", "", asked("t1"))
    assert chats.begin("anna", chat_id, asked("t2", "а ещё?")) == chat_id
    chats.record(one)
    chats.record(two)
    first, second = chats.exchanges("anna", chat_id)
    # What came before a question is not stored with it: it stands in the same conversation.
    assert first == replace(one, ask=replace(one.ask, history=()))
    assert first.answer is not None and first.answer.passages == done(asked("t1")).answer.passages  # type: ignore[union-attr]
    assert (second.state, second.answer, second.problem) == ("failed", None, two.problem)
    assert chats.exchanges("anna", chat_id, last=1) == (second,)
    assert [chat.title for chat in chats.listed("anna")] == ["порог PSI, только Killer?"]


def test_nobody_sees_or_touches_what_belongs_to_another(chats: Chats) -> None:
    chat_id = fill(chats, "anna", "порог?")
    trace = chats.exchanges("anna", chat_id)[0].trace
    assert chats.listed("boris") == [] and chats.listed("boris", "порог") == []
    assert chats.exchanges("boris", chat_id) == () and chats.title("boris", chat_id) is None
    with pytest.raises(NotFoundError):
        chats.exchange("boris", trace)
    chats.rename("boris", chat_id, "моё")
    chats.delete("boris", chat_id)
    chats.rate("boris", trace, Rating("down"))
    chats.take_back("boris", trace)
    assert chats.begin("boris", chat_id, asked("t9")) != chat_id
    (kept,) = chats.exchanges("anna", chat_id)
    assert kept.rating is None and chats.title("anna", chat_id) == "порог?"


def test_the_list_has_the_latest_first_and_finds_words_in_messages_and_titles(chats: Chats, clock: Clock) -> None:
    old = fill(chats, "anna", "Что такое ёмкость модели?")
    clock.now += timedelta(days=1)
    new = fill(chats, "anna", "что такое дрейф?", "какой порог?")
    assert [chat.chat_id for chat in chats.listed("anna")] == [new, old]
    assert [chat.chat_id for chat in chats.listed("anna", "ЕМКОСТЬ")] == [old]
    found = chats.listed("anna", "порог СДВИГ")
    assert [chat.chat_id for chat in found] == [new]
    assert "какой порог?" in found[0].snippet and found[0].trace == chats.exchanges("anna", new)[1].trace
    # The whole phrase goes before its words.
    fill(chats, "boris", "шаг 3. порог", "шаг 93. порог")
    assert chats.listed("boris", "шаг 3.")[0].snippet.startswith("шаг 3. порог")
    chats.rename("anna", old, "  Собес в\nбанке ")
    assert [(chat.title, chat.snippet) for chat in chats.listed("anna", "собес")] == [("Собес в банке", "")]
    assert chats.listed("anna", "%") == [] and chats.listed("anna", "порог' OR 1=1") == []


def test_a_deleted_conversation_can_be_brought_back_for_a_while(chats: Chats, clock: Clock) -> None:
    first, second = fill(chats, "anna", "раз?"), fill(chats, "anna", "два?")
    chats.delete("anna", first)
    assert [chat.chat_id for chat in chats.listed("anna")] == [second]
    assert chats.exchanges("anna", first) == ()
    chats.restore("anna", first)
    assert len(chats.listed("anna")) == 2
    chats.delete("anna", first)
    clock.now += REGRET + timedelta(seconds=1)
    chats.delete("anna", second)
    chats.restore("anna", first)
    chats.restore("anna", second)
    assert [chat.chat_id for chat in chats.listed("anna")] == [second]


def test_a_rating_is_kept_with_its_trace_and_can_change(chats: Chats) -> None:
    chat_id = fill(chats, "anna", "порог?")
    trace = chats.exchanges("anna", chat_id)[0].trace
    chats.rate("anna", trace, Rating("up"))
    chats.rate("anna", trace, Rating("down", "wrong_note", "не та " + "заметка" * 1000))
    rating = chats.exchange("anna", trace).rating
    assert rating and (rating.verdict, rating.reason, len(rating.comment)) == ("down", "wrong_note", 2000)
    chats.rate("anna", trace, None)
    assert chats.exchange("anna", trace).rating is None


def test_a_question_asked_again_takes_the_place_of_the_last(chats: Chats) -> None:
    chat_id = fill(chats, "anna", "раз?", "два?")
    chats.take_back("anna", chats.exchanges("anna", chat_id)[1].trace)
    chats.begin("anna", chat_id, asked("t3", "три?"))
    assert [one.typed for one in chats.exchanges("anna", chat_id)] == ["раз?", "три?"]


def test_what_was_stopped_is_not_finished_by_a_straggler(chats: Chats) -> None:
    chat_id = chats.begin("anna", "", asked("t1"))
    chats.record(replace(done(asked("t1")), state="answering"))
    chats.stop("anna", chat_id)
    chats.record(done(asked("t1")))
    (kept,) = chats.exchanges("anna", chat_id)
    assert kept.state == "stopped" and kept.answer is not None


def test_delete_everything_leaves_no_bytes(chats: Chats, tmp_path: Path) -> None:
    fill(chats, "anna", "секретный вопрос?")
    chats.clear()
    assert chats.listed("anna") == []
    assert "секретный".encode() not in b"".join(file.read_bytes() for file in tmp_path.glob("chats.sqlite3*"))


_KILLED = """
import os, signal, sys
sys.path[:0] = [{tests!r}]
from pathlib import Path
from dataclasses import replace
from test_chats import asked, done
from assistant.chats.chats import Chats

chats = Chats(Path(sys.argv[1]))
chat_id = chats.begin("anna", "", asked("t1", "раз?"))
chats.record(done(asked("t1", "раз?")))
chats.begin("anna", chat_id, asked("t2", "два?"))
chats.record(replace(done(asked("t2", "два?")), state="answering"))
chats.begin("anna", chat_id, asked("t3", "три?"))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_leaves_every_question_and_marks_what_was_in_flight(tmp_path: Path) -> None:
    script = _KILLED.format(tests=str(PROJECT / "tests"))
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path / "c.sqlite3")], cwd=PROJECT, timeout=60)
    assert killed.returncode == -9
    chats = Chats(tmp_path / "c.sqlite3")
    (chat,) = chats.listed("anna")
    kept = chats.exchanges("anna", chat.chat_id)
    assert [(one.typed, one.state, one.answer is not None) for one in kept] == [
        ("раз?", "done", True),
        ("два?", "stopped", True),
        ("три?", "stopped", False),
    ]
    chats.close()


def test_a_damaged_file_is_said_plainly_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "chats.sqlite3"
    file.write_bytes("это не база".encode() * 1000)
    before = file.read_bytes()
    with pytest.raises(StoreError, match="damaged"):
        Chats(file)
    assert file.read_bytes() == before


def test_an_answer_of_an_older_form_costs_only_itself(chats: Chats, tmp_path: Path) -> None:
    chat_id = fill(chats, "anna", "раз?", "два?")
    trace = chats.exchanges("anna", chat_id)[0].trace
    with chats._db.transaction() as tx:
        tx.execute("""UPDATE exchanges SET answer = '{"said": 1}', ask = '[]' WHERE trace = ?""", [trace])
    first, second = chats.exchanges("anna", chat_id)
    assert first.answer is None and first.ask == Ask("раз?") and second.answer is not None
