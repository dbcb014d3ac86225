"""The Notes tab: the right notes in the right order, and nothing of a note's that could act."""

import re
from dataclasses import replace

import pytest
from fakes_page import FakeAssistant, note

from assistant.page.shelf import Listing, View, groups, listing, neighbours, topics
from assistant.page.shelf_html import show_empty, show_entry, show_filters, show_list
from assistant.page.words import WORDS
from assistant.store.catalog import TopicCount
from assistant.types import KeyPoint, Level, Note

RU, EN = WORDS["ru"], WORDS["en"]
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def notes(*described: tuple[str, str, Level | None]) -> list[Note]:
    """Notes `n0`, `n1`… by title, topic and level."""
    return [
        replace(note("Текст.", title, f"n{number}"), topic=topic, level=level)
        for number, (title, topic, level) in enumerate(described)
    ]


MIXED = notes(("k", "B", "Killer"), ("b", "B", "Basic"), ("none", "B", None), ("a", "A", "Basic"), ("lost", "", None))


def ids(shown: Listing) -> list[str]:
    return [one.title for one in shown.notes]


def test_a_topic_is_read_from_basic_to_killer_and_notes_without_a_level_come_last() -> None:
    shown = listing(FakeAssistant(MIXED), View(topic="B"))
    assert ids(shown) == ["b", "k", "none"]
    assert [name for name, _ in groups(shown, View(topic="B"))] == ["Basic", "Killer", ""]


def test_all_notes_stand_by_topic_and_those_without_one_last() -> None:
    shown = listing(FakeAssistant(MIXED), View())
    assert [name for name, _ in groups(shown, View())] == ["A", "B", ""]
    assert ids(listing(FakeAssistant(MIXED), View(topic=""))) == ["lost"]


def test_a_level_narrows_a_topic_and_a_search() -> None:
    assert ids(listing(FakeAssistant(MIXED), View(topic="B", level="Killer"))) == ["k"]
    found = listing(FakeAssistant(MIXED), View(level="Basic", query="текст"))
    assert ids(found) == ["b", "a"]


def test_a_search_shows_what_holds_the_words_before_what_is_near_and_marks_them() -> None:
    known = FakeAssistant([note("Порог PSI по соглашению 0,25.", "PSI", "n1"), note("О другом.", "Иное", "n2")])
    html = show_list(listing(known, View(query="порог")), View(query="порог"), RU)
    assert html.index(RU.notes_tab.holding) < html.index("PSI</span>") < html.index(RU.notes_tab.near)
    assert '<mark class="word">Порог</mark>' in html


def test_long_lists_are_shown_in_steps() -> None:
    many = FakeAssistant(notes(*((f"q{number}", "A", None) for number in range(7))))
    view = View(shown=3)
    html = show_list(listing(many, view), view, EN)
    assert html.count('name="note"') == 3
    assert 'name="more"' in html
    assert 'name="more"' not in show_list(listing(many, View()), View(), EN)


@pytest.mark.parametrize(("note_id", "before", "after"), [("n1", None, "k"), ("n0", "b", "none"), ("n9", None, None)])
def test_neighbours_follow_the_order_of_the_list(note_id: str, before: str | None, after: str | None) -> None:
    beside = neighbours(listing(FakeAssistant(MIXED), View(topic="B")), note_id)
    assert (beside.before and beside.before.title, beside.after and beside.after.title) == (before, after)


def test_a_note_shows_its_place_its_file_and_its_key_points_behind_a_disclosure() -> None:
    shown = replace(note("Формула $a_1$ и `код`."), key_points=(KeyPoint("**Сдвиг** долей", 3), KeyPoint("Порог", 1)))
    html = show_entry(shown, neighbours(Listing((shown,)), "n1"), RU)
    assert "Drift Detection · Basic" in html and "3. Drift Detection" in html and 'title="notes/drift.md"' in html
    assert re.search(r"<details class=\"points\"><summary>[^<]*· 2</summary>", html)
    assert "●●●" in html and "●○○" in html and "<strong>Сдвиг</strong>" in html
    assert 'name="ask"' in html and f'value="{shown.title}"' in html
    assert "<details" not in show_entry(note("Без пунктов."), neighbours(Listing(()), ""), RU)


def test_nothing_of_a_note_can_act_wherever_it_stands() -> None:
    evil = Note(EVIL, EVIL, EVIL, "Basic", EVIL, EVIL, (EVIL,), "ru", (KeyPoint(EVIL),))
    known = FakeAssistant([evil])
    pages = [show_entry(evil, neighbours(Listing((evil, evil)), EVIL), EN)]
    pages += [show_list(listing(known, view), view, EN) for view in (View(), View(topic=EVIL), View(query="script"))]
    pages += [show_filters([(EVIL, 1)], View(topic=EVIL), EN), show_list(Listing(()), View(query=EVIL), EN)]
    for html in pages:
        assert not re.search(r"<(script|img)", html)
        assert "\n" not in html


def test_topics_are_counted_over_levels_and_files() -> None:
    counts = [TopicCount("b", "Basic", "x", 2), TopicCount("b", None, "y", 1), TopicCount("", None, "y", 4)]
    assert topics([*counts, TopicCount("A", None, "x", 1)]) == [("A", 1), ("b", 3), ("", 4)]
    html = show_filters(topics(counts), View(topic=""), EN)
    assert re.search(r'value="=" aria-pressed="true"', html) and EN.no_topic in html


def test_an_empty_home_says_how_to_fill_it_and_offers_the_pack_where_there_is_one() -> None:
    assert "python -m ingest" in show_empty(EN, pack=True)
    assert 'name="pack"' in show_empty(EN, pack=True)
    assert 'name="pack"' not in show_empty(EN, pack=False)
