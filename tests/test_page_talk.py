"""A conversation grows, stops, survives errors, and remembers what follow-ups need."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fakes_page import FakeAssistant, engine_state, note, passage, quoted, refused

from assistant.answer import ENGINE_LOST, Ask
from assistant.errors import StoreError
from assistant.page.message import show_answer
from assistant.page.plural import NBSP
from assistant.page.sources import show_source
from assistant.page.status import LATER, SOON, pause, show_engine
from assistant.page.talk import Conversation, converse, history, messages, stopped
from assistant.page.words import WORDS
from assistant.types import Answer, Support, Turn

RU = WORDS["ru"]
PSI = note("PSI сравнивает доли.\n\n- меньше 0,1 — стабильно\n- больше 0,25 — сдвиг")


def all_of(assistant: FakeAssistant, talk: Conversation, ask: Ask) -> list[Conversation]:
    async def gather() -> list[Conversation]:
        return [grown async for grown in converse(assistant, talk, ask, RU)]

    return asyncio.run(gather())


def test_each_snapshot_takes_the_place_of_the_one_before() -> None:
    first = quoted("порог?", PSI, "больше 0,25 — сдвиг")
    lead = replace(first, lead="Больше 0,25. [1]", support=(Support("Больше 0,25.", 0.9, (1,)),))
    seen = all_of(FakeAssistant([PSI], [first, lead], phase="ready"), (), Ask("порог?"))
    assert [len(messages(grown)) for grown in seen] == [2, 2, 2, 2]
    assert RU.searching in seen[0][0].html
    assert RU.lead_coming in seen[1][0].html
    assert seen[-1][0].finished and not seen[-2][0].finished
    assert f"✓ 1{NBSP}предложение, все подтверждены · 2,1{NBSP}с" in seen[-1][0].html


def test_without_an_engine_no_lead_is_promised() -> None:
    seen = all_of(FakeAssistant([PSI], [quoted("?", PSI, "сдвиг")], phase="starting"), (), Ask("порог?"))
    assert not any(RU.lead_coming in grown[0].html for grown in seen)


def test_a_follow_up_is_asked_with_what_came_before() -> None:
    assistant = FakeAssistant([PSI], [quoted("порог?", PSI, "сдвиг")])
    talk = all_of(assistant, (), Ask("порог?"))[-1]
    all_of(assistant, talk, Ask("а для малых выборок?"))
    assert assistant.asked[1].history == history(talk)
    assert assistant.asked[1].history[0] == Turn("user", "порог?")
    assert assistant.asked[1].history[1].role == "assistant"


def test_an_error_keeps_what_came_and_says_what_to_do() -> None:
    first = quoted("порог?", PSI, "сдвиг")
    failing = FakeAssistant([PSI], [first], StoreError("The index failed. Run python -m ingest notes."))
    last = all_of(failing, (), Ask("порог?"))[-1][0]
    assert "PSI сравнивает доли" in last.html
    assert "Run python -m ingest notes." in last.html
    assert last.finished


def test_what_was_stopped_stays_on_screen() -> None:
    grown = all_of(FakeAssistant([PSI], [quoted("?", PSI, "сдвиг")]), (), Ask("порог?"))
    unfinished, finished = grown[1], grown[-1]
    assert RU.stopped in stopped(unfinished, RU)[-1].html
    assert "PSI сравнивает доли" in stopped(unfinished, RU)[-1].html
    assert stopped(finished, RU) == finished
    assert stopped((), RU) == ()


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


def test_stopping_does_not_wait_and_closes_the_answer_behind() -> None:
    slow = SlowAssistant([PSI])

    async def start_and_stop() -> None:
        async def listen() -> None:
            async for grown in converse(slow, (), Ask("порог?"), RU):
                shown.append(grown)

        shown: list[Conversation] = []
        task = asyncio.create_task(listen())
        while len(shown) < 2:
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task], timeout=1)
        assert task.cancelled()
        assert not slow.ended.is_set()
        slow.go_on.set()
        for _ in range(200):
            await asyncio.sleep(0.01)
            if slow.ended.is_set():
                break
        assert slow.ended.is_set()

    asyncio.run(start_and_stop())


def test_a_refusal_offers_topics_and_a_search_all_the_same() -> None:
    html = show_answer(refused("столица Франции?", PSI), RU)
    assert "В ваших заметках этого нет." in html
    assert 'name="topic" value="Drift Detection"' in html
    assert 'name="anyway" value="столица Франции?"' in html


def test_an_unsupported_sentence_is_marked_with_why() -> None:
    said = replace(
        quoted("?", PSI, "сдвиг"),
        lead="Верно. [1] Выдумано.",
        support=(Support("Верно.", 0.9, (1,)), Support("Выдумано.", 0.1, ())),
    )
    html = show_answer(said, RU)
    assert f'<span class="unsupported" title="{RU.unsupported}" tabindex="0">Выдумано.</span>' in html
    assert f"2{NBSP}предложения, не подтверждено: 1" in html


def test_a_lost_engine_is_told_above_the_note() -> None:
    html = show_answer(replace(quoted("?", PSI, "сдвиг"), notice=ENGINE_LOST), RU)
    assert html.index(RU.engine_lost) < html.index("PSI сравнивает")


def test_a_part_of_a_long_note_is_highlighted_in_its_own_offsets() -> None:
    start = PSI.text.index("- больше")
    part = passage(PSI, start)
    whole = quoted("?", PSI, "0,25")
    said = replace(whole, passages=(part,), citations=(replace(whole.citations[0], chunk_id=part.chunk.chunk_id),))
    html = show_answer(said, RU)
    assert "<mark>0,25</mark>" in html
    assert "сравнивает" not in html


def test_a_citation_opens_its_note_and_tells_when_it_changed() -> None:
    said = quoted("?", PSI, "больше 0,25 — сдвиг")
    reference = show_answer(said, RU).split('name="cite" value="')[1].split('"')[0]
    assert "<mark>больше 0,25 — сдвиг</mark>" in show_source(FakeAssistant([PSI]), reference, RU)
    edited = show_source(FakeAssistant([replace(PSI, text="Совсем другое, но достаточно длинное " * 3)]), reference, RU)
    assert RU.note_changed in edited and "<mark>" not in edited
    assert RU.note_gone in show_source(FakeAssistant([]), reference, RU)


def test_the_engine_is_looked_at_often_only_while_it_changes() -> None:
    assert pause(engine_state("starting")) == SOON
    assert pause(engine_state("ready")) == pause(engine_state("failed")) == LATER
    assert RU.engine_starting in show_engine(engine_state("starting"), RU)
    assert "qwen" in show_engine(engine_state("ready"), RU)
    assert RU.engine_off in show_engine(engine_state("stopped"), RU)


def test_the_next_notes_found_are_offered_by_title_and_open_whole() -> None:
    other = note("Другое.", title="Как считать <PSI>?", note_id="n2")
    answer = quoted("порог?", PSI, "больше 0,25 — сдвиг")
    shown = show_answer(replace(answer, passages=(*answer.passages, passage(other))), RU)
    assert RU.more in shown and 'value="n2:whole"' in shown and "Как считать &lt;PSI&gt;?" in shown
    opened = show_source(FakeAssistant([PSI, other]), "n2:whole", RU)
    assert "Другое." in opened and RU.note_changed not in opened
    assert RU.more not in show_answer(answer, RU)
