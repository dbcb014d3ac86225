"""What is asked next, and what is on the screen: typed filters, asking again, other people's conversations."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes_page import FakeAssistant, note, quoted, refused

from assistant.answer import Ask
from assistant.chats.chats import Chats
from assistant.page.dialogue import Dialogue, Question, Screen
from assistant.page.here import Here
from assistant.page.words import WORDS
from assistant.types import Answer, Filters

RU = WORDS["ru"]
PSI = note("PSI сравнивает доли: больше 0,25 — сдвиг.")


@dataclass
class Echo(FakeAssistant):
    """Quotes its note for any question."""

    def stream(self, ask: Ask) -> Iterator[Answer]:
        self.asked.append(ask)
        yield quoted(ask.question, PSI, "сдвиг")


@pytest.fixture
def dialogue() -> Iterator[Dialogue]:
    chats = Chats(Path(":memory:"), clock=lambda: datetime(2026, 3, 1, tzinfo=UTC))
    yield Dialogue(Echo([PSI]), chats, "anna", RU)
    chats.close()


def asked(dialogue: Dialogue, typed: str, here: Here) -> Screen:
    question = dialogue.typed(typed, here)
    assert question is not None
    return run(dialogue, question, here)


def run(dialogue: Dialogue, question: Question, here: Here) -> Screen:
    async def last() -> Screen:
        return [screen async for screen in dialogue.run(question, here)][-1]

    return asyncio.run(last())


def questions(screen: Screen) -> list[str]:
    shown = [message["content"] for message in screen.messages if message["role"] == "user"]
    return [html.split('class="question">')[1].split("<")[0] for html in shown]


def test_filters_typed_in_a_question_go_before_the_chosen_ones(dialogue: Dialogue) -> None:
    here = Here(topic="Drift Detection", level="Basic")
    question = dialogue.typed("какой порог, только Killer?", here)
    assert question == Question(
        "какой порог, только Killer?", Ask("какой порог?", filters=Filters("Drift Detection", "Killer"))
    )
    assert dialogue.typed("какой порог?", here) == Question("какой порог?", Ask("какой порог?", filters=here.filters))


def test_filters_alone_ask_the_last_question_again(dialogue: Dialogue) -> None:
    assert dialogue.typed("только Killer", Here()) is None
    screen = asked(dialogue, "какой порог?", Here())
    screen = asked(dialogue, "а только Killer?", screen.here)
    assert questions(screen) == ["какой порог?", "а только Killer?"]
    last = dialogue.chats.exchanges("anna", screen.here.chat)[-1]
    assert (last.ask.question, last.ask.filters.level) == ("какой порог?", "Killer")


def test_a_filter_taken_off_asks_the_last_question_again_in_its_place(dialogue: Dialogue) -> None:
    screen = asked(dialogue, "какой порог, только Killer?", Here(topic="Drift Detection"))
    trace = dialogue.chats.exchanges("anna", screen.here.chat)[0].trace
    again = dialogue.again(trace, screen.here, without="level")
    assert again and again.replaces == trace and again.ask.filters == Filters(topic="Drift Detection")
    screen = run(dialogue, again, screen.here)
    assert len(screen.messages) == 2 and 'value="level"' not in screen.messages[1]["content"]


def test_only_the_last_exchange_is_replaced(dialogue: Dialogue) -> None:
    screen = asked(dialogue, "раз?", Here())
    first = dialogue.chats.exchanges("anna", screen.here.chat)[0]
    screen = asked(dialogue, "два?", screen.here)
    again = dialogue.again(first.trace, screen.here)
    assert again and again.replaces == ""
    assert questions(run(dialogue, again, screen.here)) == ["раз?", "два?", "раз?"]


def test_an_edited_question_takes_the_place_of_the_old(dialogue: Dialogue) -> None:
    screen = asked(dialogue, "раз?", Here())
    trace = dialogue.chats.exchanges("anna", screen.here.chat)[0].trace
    screen = asked(dialogue, "два?", replace(screen.here, edited=trace))
    assert questions(screen) == ["два?"]
    assert [one.typed for one in dialogue.chats.exchanges("anna", screen.here.chat)] == ["два?"]


def test_a_follow_up_knows_what_came_before(dialogue: Dialogue) -> None:
    screen = asked(dialogue, "раз?", Here())
    asked(dialogue, "два?", screen.here)
    assert isinstance(dialogue.assistant, Echo)
    assert dialogue.assistant.asked[1].history[0].content == "раз?"


def test_search_anyway_keeps_the_refusal_and_shows_what_is_near(dialogue: Dialogue) -> None:
    exchange = asked(dialogue, "столица?", Here())
    trace = dialogue.chats.exchanges("anna", exchange.here.chat)[0].trace
    question = dialogue.anyway(trace)
    assert question and question.ask.anyway and not question.replaces
    assert dialogue.anyway("нет такого") is None
    assert refused("столица?", PSI).suggestions


def test_another_persons_conversation_opens_nothing(dialogue: Dialogue) -> None:
    here = asked(dialogue, "раз?", Here()).here
    other = replace(dialogue, owner="boris")
    screen = other.screen(here)
    assert screen.messages == [] and screen.here.chat == "" and screen.ended
    trace = dialogue.chats.exchanges("anna", here.chat)[0].trace
    assert other.again(trace, here) is None and other.citations(trace) == ()
    # Asked all the same, it begins a conversation of their own.
    assert questions(asked(other, "два?", here)) == ["два?"]
    assert questions(dialogue.screen(here)) == ["раз?"]


def test_a_long_conversation_shows_its_end_and_the_way_back(dialogue: Dialogue) -> None:
    here = Here(shown=3)
    for number in range(5):
        here = asked(dialogue, f"{number}?", here).here
    screen = dialogue.screen(here)
    assert questions(screen) == ["2?", "3?", "4?"] and RU.chats.older in screen.messages[0]["content"]
    whole = dialogue.screen(replace(here, shown=33))
    assert len(questions(whole)) == 5 and RU.chats.older not in whole.messages[0]["content"]
    retries = [message["content"].count('name="retry"') for message in screen.messages]
    assert sum(retries) == 1 and retries[-1] == 1


def test_a_question_that_cannot_be_written_down_is_answered(dialogue: Dialogue) -> None:
    dialogue.chats._db.read("PRAGMA query_only = ON")
    screen = asked(dialogue, "раз?", Here())
    assert screen.ended and screen.here.chat == ""
    assert "PSI сравнивает доли" in screen.messages[1]["content"] and "не сохранён" in screen.messages[1]["content"]
