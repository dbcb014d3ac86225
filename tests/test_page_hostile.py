"""Notes, titles, topics and model output are shown, never obeyed."""

import re
from dataclasses import replace

import pytest
from fakes_page import FakeAssistant, answer, note, passage, quoted, refused

from assistant.page.markdown import render
from assistant.page.message import show_body
from assistant.page.sources import show_note, show_source
from assistant.page.turn import show_question
from assistant.page.upload import Row, show_rows
from assistant.page.words import WORDS
from assistant.types import Citation, Span, Support

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[нажми](javascript:alert(1))",
    "[нажми](https://example.org/a?b=c)",
    "![кадр](https://example.org/pixel.png)",
    "<https://example.org>",
    "[a]: https://example.org\n\n[a]",
    "<style>body{display:none}</style>",
    "<iframe src='https://example.org'></iframe>",
    '"><svg onload=alert(1)>',
    "```mermaid\ngraph TD; A-->B\n```",
    "$\\href{javascript:alert(1)}{x}$",
    "<mark>не выделено</mark> <button class='cite' name='cite' value='x'>1</button>",
]
RU = WORDS["ru"]
TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")


def tags(html: str) -> set[str]:
    return {found[2] for found in TAG.finditer(html)}


def attributes(html: str) -> set[str]:
    return {name for found in TAG.finditer(html) for name in re.findall(r"([a-z-]+)=\"", found[3])}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_brings_its_own_markup(text: str) -> None:
    html = render(text)
    assert not tags(html) & {"script", "img", "a", "svg", "style", "iframe", "button", "mark"}
    assert attributes(html) <= {"class"}
    assert "mermaid" not in re.findall(r'class="([^"]*)"', html)
    assert "\n" not in html


def test_an_address_is_shown_beside_its_words_and_leads_nowhere() -> None:
    html = render("Смотрите [статью](https://example.org/p.pdf).")
    assert '<span class="link">статью</span> <span class="address">(https://example.org/p.pdf)</span>' in html


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_note_is_harmless_everywhere_it_is_shown(text: str) -> None:
    bad = replace(note(f"{text}\n\nслова"), title=text, topic=text, source=f"notes/{text}", path=(text,))
    shown = quoted("вопрос", bad, "слова")
    lead = replace(shown, lead=f"{text} [1]", support=(Support(text, 0.1, ()),))
    refusal = replace(refused(text, bad), suggestions=(text,))
    pieces = [
        show_question(text),
        show_body(shown, RU),
        show_body(lead, RU),
        show_body(refusal, RU),
        show_note(bad, Span(0, 3), RU),
        show_rows([Row(text, refused=(text,))], RU),
    ]
    for html in pieces:
        assert not tags(html) & {"script", "img", "a", "svg", "style", "iframe"}
        assert attributes(html) <= {"class", "type", "name", "value", "title", "tabindex"}
        assert "onerror=" not in re.sub(r'"[^"]*"', "", "".join(found[0] for found in TAG.finditer(html)))


def test_only_our_markers_become_buttons() -> None:
    one = note("Порог 0,25 значим.")
    citation = Citation(1, one.note_id, "c", one.source, one.topic, one.level, one.title, 0, 10, "Порог 0,25")
    said = replace(answer("?", (passage(one),)), mode="generated", answer="Да [1]. Нет [7].", citations=(citation,))
    html = show_body(said, RU)
    assert html.count('name="cite"') == 1
    assert "[7]" in html


@pytest.mark.parametrize(
    "reference", ["", "n1", "n1:x:y:z", "n1:-5:2:1", "n1:0:99999:1", "../../etc:0:1:2", "n1:0:0:0"]
)
def test_a_forged_reference_opens_no_more_than_a_note(reference: str) -> None:
    html = show_source(FakeAssistant([note("Слова.")]), reference, RU)
    assert "<mark>" not in html
    assert RU.note_gone in html or RU.note_changed in html
