"""A question's way: it grows, stops, survives errors, is kept as it happens, and remembers what follow-ups need."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes_page import FakeAssistant, note, quoted

from assistant.answer import Ask
from assistant.chats.chats import Chats
from assistant.chats.exchange import Exchange
from assistant.errors import StoreError
from assistant.page.plural import NBSP
from assistant.page.talk import asking, converse, history
from assistant.page.turn import show_answer
from assistant.page.words import WORDS
from assistant.types import Answer, Support, Turn

RU = WORDS["ru"]
PSI = note("PSI сравнивает доли.\n\n- меньше 0,1 — стабильно\n- больше 0,25 — сдвиг")
FIRST = quoted("порог?", PSI, "больше 0,25 — сдвиг")


@pytest.fixture
def chats() -> Iterator[Chats]:
    opened = Chats(Path(":memory:"), clock=lambda: datetime(2026, 3, 1, tzinfo=UTC))
    yield opened
    opened.close()


def begun(chats: Chats, typed: str = "порог?", before: tuple[Exchange, ...] = ()) -> Exchange:
    exchange = asking(chats, typed, Ask(typed), before)
    chats.begin("anna", "", exchange)
    return exchange


def all_of(chats: Chats, assistant: FakeAssistant, exchange: Exchange) -> list[Exchange]:
    async def gather() -> list[Exchange]:
        return [grown async for grown in converse(chats, exchange, assistant.stream(exchange.ask))]

    return asyncio.run(gather())


def test_each_snapshot_takes_the_place_of_the_one_before_and_is_kept(chats: Chats) -> None:
    lead = replace(FIRST, lead="Больше 0,25. [1]", support=(Support("Больше 0,25.", 0.9, (1,)),), engine="qwen")
    exchange = begun(chats)
    assert RU.searching in show_answer(exchange, RU, last=True)
    seen = all_of(chats, FakeAssistant([PSI], [replace(FIRST, pending=True), lead]), exchange)
    assert [one.state for one in seen] == ["answering", "answering", "done"]
    assert RU.lead_coming in show_answer(seen[0], RU, last=True)
    ended = show_answer(seen[-1], RU, last=True)
    assert f"✓ 1{NBSP}предложение, все подтверждены · 2,1{NBSP}с" in ended and RU.lead_coming not in ended
    assert chats.exchange("anna", exchange.trace) == seen[-1]


def test_only_a_lead_that_may_come_gets_room(chats: Chats) -> None:
    seen = all_of(chats, FakeAssistant([PSI], [FIRST]), begun(chats))
    assert not any('class="lead"' in show_answer(one, RU, last=True) for one in seen)
    none = all_of(chats, FakeAssistant([PSI], [replace(FIRST, engine="qwen")]), begun(chats))[-1]
    assert RU.lead_none in show_answer(none, RU, last=True)


def test_a_follow_up_is_asked_with_what_came_before(chats: Chats) -> None:
    first = all_of(chats, FakeAssistant([PSI], [FIRST]), begun(chats))[-1]
    after = asking(chats, "а для малых выборок?", Ask("а для малых выборок?"), (first,))
    assert after.ask.history == history((first,))
    assert after.ask.history[0] == Turn("user", "порог?")
    assert after.ask.history[1].role == "assistant"
    assert after.trace != first.trace


def test_an_error_keeps_what_came_and_says_what_to_do_in_the_learners_language(chats: Chats) -> None:
    failing = FakeAssistant([PSI], [FIRST], StoreError("disk full at /x", code="disk_full"))
    last = all_of(chats, failing, begun(chats))[-1]
    html = show_answer(last, RU, last=True)
    assert "PSI сравнивает доли" in html and RU.errors["disk_full"] in html
    assert '<span lang="en">disk full at /x</span>' in html and last.trace in html
    assert WORDS["en"].errors["disk_full"] in show_answer(last, WORDS["en"], last=True)
    assert chats.exchange("anna", last.trace) == last


def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(chats: Chats) -> None:
    exchange = begun(chats)
    chats._db.read("PRAGMA query_only = ON")
    last = all_of(chats, FakeAssistant([PSI], [FIRST]), exchange)[-1]
    assert last.state == "done" and last.problem is not None
    html = show_answer(last, RU, last=True)
    assert "PSI сравнивает доли" in html and "Этот ответ не сохранён" in html


@dataclass
class SlowAssistant(FakeAssistant):
    """Hangs after its first snapshot until it is let go."""

    def __post_init__(self) -> None:
        self.go_on = threading.Event()
        self.ended = threading.Event()

    def stream(self, ask: Ask) -> Iterator[Answer]:
        try:
            yield quoted(ask.question, PSI, "сдвиг")
            self.go_on.wait(5)
            yield quoted(ask.question, PSI, "сдвиг")
        finally:
            self.ended.set()


def test_stopping_does_not_wait_and_closes_the_answer_behind(chats: Chats) -> None:
    slow = SlowAssistant([PSI])
    exchange = begun(chats)

    async def start_and_stop() -> None:
        async def listen() -> None:
            async for grown in converse(chats, exchange, slow.stream(exchange.ask)):
                shown.append(grown)

        shown: list[Exchange] = []
        task = asyncio.create_task(listen())
        while not shown:
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task], timeout=1)
        assert task.cancelled()
        assert not slow.ended.is_set()
        slow.go_on.set()
        for _ in range(200):
            await asyncio.sleep(0.01)
            if chats.exchange("anna", exchange.trace).state == "stopped":
                break
        assert slow.ended.is_set()

    asyncio.run(start_and_stop())
    kept = chats.exchange("anna", exchange.trace)
    assert kept.state == "stopped"
    html = show_answer(kept, RU, last=True)
    assert RU.stopped in html and "PSI сравнивает доли" in html
