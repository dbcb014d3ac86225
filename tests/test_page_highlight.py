"""A span of a note is highlighted exactly, whatever Markdown it crosses."""

import re
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.page.ink import Stroke
from assistant.page.markdown import render
from assistant.page.tex import DISPLAY, INLINE
from assistant.types import Span

NOTE = """Вступление **жирное.** Слова «в кавычках», $a_1<b$ и цена $5 или $10.

- первый `код x` пункт
- второй пункт

```python
x = 1  # пояснение

y = 2
```

$$
p
= \\frac{1}{2}
$$

| вид | что |
|---|---|
| один | два |

1. раз
2. два & три"""


def highlighted(html: str) -> str:
    """The text inside marks, in order."""
    return unescape("".join(re.sub("<[^>]*>", "", part) for part in re.findall("<mark>(.*?)</mark>", html)))


def letters(text: str) -> str:
    """What Markdown leaves alone: letters and digits."""
    return "".join(char for char in text if char.isalnum())


def mark(text: str, words: str) -> str:
    """The text rendered with the first occurrence of the words highlighted."""
    start = text.index(words)
    return render(text, [Stroke(Span(start, start + len(words)))])


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Вступление", "Вступление"),
        ("«в кавычках»,", "«в кавычках»,"),
        ("жирное.** Слова", "жирное. Слова"),
        ("цена $5 или $10.", "цена $5 или $10."),
        ("код x` пункт", "код x пункт"),
        ("x = 1", "x = 1"),
        ("два & три", "два & три"),
    ],
)
def test_a_span_is_shown_with_its_own_punctuation(words: str, shown: str) -> None:
    assert highlighted(mark(NOTE, words)) == shown


def test_a_span_across_list_items_keeps_the_list() -> None:
    html = mark(NOTE, "пункт\n- второй")
    assert html.count("<li>") == render(NOTE).count("<li>")
    assert highlighted(html) == "пунктвторой"


def test_a_span_over_code_table_and_list_marks_all_of_them() -> None:
    start, end = NOTE.index("x = 1"), NOTE.index("раз")
    html = render(NOTE, [Stroke(Span(start, end))])
    assert letters(highlighted(html)) == letters("x = 1 пояснение y = 2" + r"p\frac12" + "вид что один два")
    assert re.sub("</?mark>", "", html) == render(NOTE)


def test_a_formula_is_marked_whole_when_a_part_of_it_is_meant() -> None:
    html = mark(NOTE, "frac{1}")
    assert f"<mark>{DISPLAY[0]}p&#10;= \\frac{{1}}{{2}}{DISPLAY[1]}</mark>" in html
    assert f"<mark>{INLINE[0]}a_1&lt;b{INLINE[1]}</mark>" in mark(NOTE, "a_1")


def test_formulas_are_found_and_prices_are_not() -> None:
    html = render(r"$5 и $10; $x$; \(y\); \[z\]; `$n$`; \$q\$; $1$2")
    assert re.findall(f"{INLINE[0]}(.*?){INLINE[1]}", html) == ["x", "y"]
    assert re.findall(f"{DISPLAY[0]}(.*?){DISPLAY[1]}", html) == ["z"]
    assert "<code>$n$</code>" in html


def test_two_neighbouring_spans_stay_two() -> None:
    text = "Первое верно. Второе выдумано. Третье верно."
    places = [text.index(word) for word in ("Первое", "Второе", "Третье")] + [len(text) + 1]
    strokes = [Stroke(Span(a, b - 1), f"<mark><s>{n}", "</s></mark>") for n, (a, b) in enumerate(pairwise(places))]
    html = render(text, strokes)
    assert re.findall(r"<s>(.*?)</s>", html) == ["0Первое верно.", "1Второе выдумано.", "2Третье верно."]


def test_a_span_that_rendering_drops_is_shown_in_the_plain_text() -> None:
    text = "| a |\n|---|\n| b | лишнее |"
    html = mark(text, "лишнее")
    assert html.startswith('<div class="plain">')
    assert highlighted(html) == "лишнее"


def test_a_text_cannot_forge_a_highlight_or_a_formula() -> None:
    forged = f"{INLINE[0]}x{INLINE[1]} {chr(0xF0041)} {chr(0x100041)}"
    html = render(f"слово {forged} конец", [Stroke(Span(0, 5))])
    assert highlighted(html) == "слово"
    assert not re.search("[\ue000-\ue003\U000f0000-\U0010ffff]", html)


def test_a_huge_note_is_shown_plain_and_quickly() -> None:
    text = "слово **жирное** $x$ [ " * 40_000
    html = render(text, [Stroke(Span(len(text) - 5, len(text) - 2))])
    assert html.startswith('<div class="plain">')
    assert len(highlighted(html)) == 3


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_span_of_a_note_is_marked_to_the_letter(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(NOTE) - 1))
    end = data.draw(st.integers(start + 1, len(NOTE)))
    html = render(NOTE, [Stroke(Span(start, end))])
    wanted = letters(re.sub(r"(?m)^\d+\.|```python", lambda found: " " * len(found[0]), NOTE)[start:end])
    shown = letters(highlighted(html))
    if "plain" not in html:
        # A formula is marked whole, so there may be more of it; nothing may be missing.
        assert wanted in shown or wanted == ""
        assert len(shown) <= len(wanted) + len("pfrac12") + len("a1b")
        assert re.sub("</?mark>", "", html) == render(NOTE)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab1 *_`$\\[]()!<>&|-#\n~:\"'.ё", max_size=60), st.data())
def test_highlighting_never_changes_what_is_shown(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    html = render(text, [Stroke(Span(start, end))])
    if not html.startswith('<div class="plain">'):
        assert re.sub("</?mark>", "", html) == render(text)
