"""An answer on the screen: refusals, citations and their notes, unsupported sentences, what can be done with it."""

from dataclasses import replace
from datetime import UTC, datetime

from fakes_page import FakeAssistant, engine_state, note, passage, quoted, refused

from assistant.answer import ENGINE_LOST, Ask
from assistant.chats.exchange import Exchange, Rating
from assistant.page.message import answer_text, show_body
from assistant.page.plural import NBSP
from assistant.page.sources import show_source
from assistant.page.status import LATER, SOON, pause, show_engine
from assistant.page.turn import show_answer
from assistant.page.words import WORDS
from assistant.types import Answer, Filters, Support

RU = WORDS["ru"]
PSI = note("PSI сравнивает доли.\n\n- меньше 0,1 — стабильно\n- больше 0,25 — сдвиг")


def done(answer: Answer | None, ask: Ask | None = None, rating: Rating | None = None) -> Exchange:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Exchange("t1", "порог?", ask or Ask("порог?"), "done", at, answer, rating=rating)


def test_a_refusal_offers_topics_and_a_search_all_the_same() -> None:
    html = show_body(refused("столица Франции?", PSI), RU)
    assert "В ваших заметках этого нет." in html
    assert 'name="topic" value="Drift Detection"' in html
    assert 'name="anyway" value="столица Франции?"' in html


def test_an_unsupported_sentence_is_marked_with_why() -> None:
    said = replace(
        quoted("?", PSI, "сдвиг"),
        lead="Верно. [1] Выдумано.",
        support=(Support("Верно.", 0.9, (1,)), Support("Выдумано.", 0.1, ())),
    )
    html = show_body(said, RU)
    assert f'<span class="unsupported" title="{RU.unsupported}" tabindex="0">Выдумано.</span>' in html
    assert f"2{NBSP}предложения, не подтверждено: 1" in html


def test_a_lost_engine_is_told_above_the_note() -> None:
    html = show_body(replace(quoted("?", PSI, "сдвиг"), notice=ENGINE_LOST), RU)
    assert html.index(RU.engine_lost) < html.index("PSI сравнивает")


def test_a_part_of_a_long_note_is_highlighted_in_its_own_offsets() -> None:
    start = PSI.text.index("- больше")
    part = passage(PSI, start)
    whole = quoted("?", PSI, "0,25")
    said = replace(whole, passages=(part,), citations=(replace(whole.citations[0], chunk_id=part.chunk.chunk_id),))
    html = show_body(said, RU)
    assert "<mark>0,25</mark>" in html
    assert "сравнивает" not in html


def test_a_citation_opens_its_note_and_tells_when_it_changed() -> None:
    said = quoted("?", PSI, "больше 0,25 — сдвиг")
    reference = show_body(said, RU).split('name="cite" value="')[1].split('"')[0]
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
    shown = show_body(replace(answer, passages=(*answer.passages, passage(other))), RU)
    assert RU.more in shown and 'value="n2:whole"' in shown and "Как считать &lt;PSI&gt;?" in shown
    opened = show_source(FakeAssistant([PSI, other]), "n2:whole", RU)
    assert "Другое." in opened and RU.note_changed not in opened
    assert RU.more not in show_body(answer, RU)


def test_conditions_are_shown_and_can_be_taken_off() -> None:
    narrowed = Ask("порог?", filters=Filters(topic="Drift <Detection>", level="Killer"))
    html = show_answer(done(quoted("?", PSI, "сдвиг"), narrowed), RU, last=True)
    assert 'name="without" value="level"' in html and 'name="without" value="topic"' in html
    assert "тема Drift &lt;Detection&gt;" in html
    assert 'name="without"' not in show_answer(done(quoted("?", PSI, "сдвиг")), RU, last=True)


def test_only_the_last_question_is_asked_again_or_edited() -> None:
    exchange = done(quoted("?", PSI, "сдвиг"))
    last, earlier = show_answer(exchange, RU, last=True), show_answer(exchange, RU, last=False)
    assert 'name="retry" value="t1"' in last and 'name="edit" value="порог?"' in last
    assert 'name="retry"' not in earlier and 'name="edit"' not in earlier and 'name="copy"' in earlier
    assert 'name="up"' not in show_answer(replace(exchange, state="answering"), RU, last=True)


def test_a_thumb_is_shown_as_it_was_given() -> None:
    html = show_answer(done(quoted("?", PSI, "сдвиг"), rating=Rating("down", "misread")), RU, last=True)
    assert 'class="act down chosen"' in html and 'class="act up"' in html


def test_what_is_copied_names_its_sources() -> None:
    copied = answer_text(quoted("?", PSI, "сдвиг"))
    assert copied.startswith("PSI сравнивает доли.") and copied.endswith("[1] Что такое PSI? — notes/drift.md")


def test_the_panel_leads_to_the_other_sources_of_the_answer() -> None:
    said = quoted("?", PSI, "больше 0,25 — сдвиг")
    other = replace(said.citations[0], marker=2, start=0, end=5, quote=PSI.text[:5])
    name = show_body(said, RU).split('name="cite" value="')[1].split('"')[0]
    opened = show_source(FakeAssistant([PSI]), name, RU, (said.citations[0], other))
    assert opened.count('name="cite"') == 2 and 'class="cite current"' in opened
    assert RU.chats.sources not in show_source(FakeAssistant([PSI]), name, RU, said.citations)


def test_nothing_written_by_others_gets_out_of_its_place() -> None:
    evil = note("<img src=x onerror=alert(1)> сдвиг", title='"><script>alert(1)</script>')
    ask = Ask("?", filters=Filters(topic='"><b>'))
    html = show_answer(replace(done(quoted("?", evil, "сдвиг"), ask), typed='"><i>'), RU, last=True)
    assert "<script" not in html and "<img" not in html and "<b>" not in html and "<i>" not in html
