"""Markdown and plain text, one habit of writers at a time: which notes come out, under what, saying what."""

import pytest

from config.settings import IngestSettings
from ingest.parse import parse_file
from ingest.parse_notes import LONG_PROSE
from ingest.parsed import ParsedFile

Row = tuple[str, str | None, str, str]


def parse(text: str, name: str = "notes/some_file.md") -> ParsedFile:
    return parse_file(text.encode(), name, IngestSettings())


def rows(text: str, name: str = "notes/some_file.md") -> list[Row]:
    return [(note.topic, note.level, note.title, note.text) for note in parse(text, name).notes]


@pytest.mark.parametrize(
    ("text", "title", "answer"),
    [
        ("Q: What?\nA: That.", "What?", "That."),
        ("Q: What?\n\nA:\nThat.\n\nAnd this.", "What?", "That.\n\nAnd this."),
        ("Q: What?\nThat.", "What?", "That."),
        ("Q: What? A: That.", "What?", "That."),
        ("Q: What? That.", "What?", "That."),
        ("Q: Design a cache\nfor a shop.\nA: LRU.", "Design a cache for a shop.", "LRU."),
        ("Q: What prints?\n```\n# x\n```\nA: One.", "What prints?", "```\n# x\n```\nOne."),
        ("**Q: What?** A: That.", "What?", "That."),
        ("**Q:** What?\n\n**A:** That.", "What?", "That."),
        ("**Q**: What?\n**A**: That.", "What?", "That."),
        ("**Вопрос:** Что?\n**Ответ:** То.", "Что?", "То."),
        ("Вопрос 3. Что?\nОтвет: То.", "Что?", "То."),
        ("Q1: What?\nA1: That.", "What?", "That."),
        ("- Q: What?\n  A: That.", "What?", "That."),
        ("Question: What?\nAnswer: That.", "What?", "That."),
        ("### Q: What?\nA: That.", "What?", "That."),
        ("## What?\nThat.", "What?", "That."),
        ("**What?**\n\nThat.", "What?", "That."),
        ("Q: What?\nA: A/B:\nA: control\nB: treatment", "What?", "A/B:\nA: control\nB: treatment"),
        ("Q: Что?\nА: То.", "Что?", "То."),
    ],
)
def test_ways_to_mark_a_question(text: str, title: str, answer: str) -> None:
    (note,) = parse(f"# Topic\n\n{text}\n").notes
    assert (note.topic, note.title, note.text, note.path) == ("Topic", title, answer, ("Topic",))


def test_a_letter_that_asks_nothing_is_text() -> None:
    text = "Q: what is sought\nK: what is offered\nV: what is passed on"
    assert rows(f"# Attention\n\n## Parts\n\n{text}") == [("Parts", None, "Parts", text)]


def test_what_looks_like_a_heading_in_code_is_code() -> None:
    code = "~~~~\n# one\n~~~\nQ: two?\n~~~~"
    assert rows(f"# T\n\nQ: a?\nA: b\n\n{code}\n\n    # indented\n") == [
        ("T", None, "a?", f"b\n\n{code}\n\n    # indented")
    ]


def test_a_fence_nobody_closes_is_reported_and_swallows_nothing() -> None:
    parsed = parse("# T\n\nQ: a?\nA: b\n```python\n\nQ: c?\nA: d\n")
    assert [note.title for note in parsed.notes] == ["a?", "c?"]
    assert [(found.line, "never closed" in found.reason) for found in parsed.warnings] == [(5, True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Doc\n\n## 1. One\n\na\n\n### Sub\n\nb\n\n## 2. Two\n\nc", ["One", "One", "Two"]),
        ("# Doc\n\na\n\n## One\n\nb", ["Doc", "One"]),
        ("# Topic\n\n## Basic\n\n### Why?\n\na\n\n## More\n\nb", ["Topic", "Topic"]),
        ("# FAQ\n\n## Why?\n\na\n\n## How?\n\nb", ["FAQ", "FAQ"]),
        ("# One\n\na\n\n# 2.1 Two\n\nb", ["One", "Two"]),
        ("Doc\n===\n\nOne\n---\n\na", ["One"]),
        ("just text", ["some file"]),
        ("---\ntopic: Named\n---\njust text", ["Named"]),
        ("## **Bold** {#id}\n\na", ["Bold"]),
        ("## [Linked](http://a.b) ##\n\na", ["Linked"]),
        ("## 15 ways\n\na", ["15 ways"]),
    ],
)
def test_topics(text: str, expected: list[str]) -> None:
    assert [note.topic for note in parse(text).notes] == expected


def test_levels_end_where_their_section_does() -> None:
    text = "# T\n## Базовый уровень\n### a\nx\n## Killer (Senior+)\n### b\nx\n# U\n### c?\nx"
    assert [(row[0], row[1]) for row in rows(text)] == [("T", "Basic"), ("T", "Killer"), ("U", None)]


def test_topics_may_stand_below_a_level() -> None:
    text = "# Doc\n## Basic\n### Nets\nQ: a?\nA: b\n### Trees\nQ: c?\nA: d"
    assert [(row[1], row[2]) for row in rows(text)] == [("Basic", "a?"), ("Basic", "c?")]
    assert parse(text).notes[1].path == ("Doc", "Trees")


def test_headings_inside_an_answer_are_part_of_it() -> None:
    assert rows("# T\n## Basic\n### a?\n#### Short\nx\n#### Long\ny\n### b?\nz") == [
        ("T", "Basic", "a?", "#### Short\nx\n#### Long\ny"),
        ("T", "Basic", "b?", "z"),
    ]


def test_separating_rules_are_no_part_of_an_answer() -> None:
    assert rows("# T\n\nQ: a?\nA: b\n\n---\n\nQ: c?\nA: d\n\n***\n") == [("T", None, "a?", "b"), ("T", None, "c?", "d")]


def test_long_prose_is_cut_into_notes_at_paragraphs() -> None:
    paragraph = "слово " * 99 + "конец."
    parsed = parse("# Book\n\n" + "\n\n".join([paragraph] * 100))
    assert [note.title for note in parsed.notes] == ["Book", "Book (2)", "Book (3)", "Book (4)"]
    assert [note.path for note in parsed.notes][1] == ("Book (2)",)
    assert all(len(note.text) <= LONG_PROSE and note.text.endswith("конец.") for note in parsed.notes)


def test_an_endless_question_keeps_its_words_below_a_title() -> None:
    (note,) = parse("Q: " + "слово " * 500).notes
    assert len(note.title) <= 600 and len((note.title + " " + note.text).split()) == 500


def test_plain_text_headings_are_told_by_place_and_number() -> None:
    text = (
        "Сети\n\n1. Адреса\n\nBasic\n\nQ: a?\nA: 1. раз\n2. два\n3. три\n\nKiller\n\nQ: b?\nA: c\n\n"
        "2. Порты\n\nBasic\n\nQ: d?\nA: e\n\nГлава 3\n\nПроза главы.\n"
    )
    assert rows(text, "a.txt") == [
        ("Адреса", "Basic", "a?", "1. раз\n2. два\n3. три"),
        ("Адреса", "Killer", "b?", "c"),
        ("Порты", "Basic", "d?", "e"),
        ("Глава 3", None, "Глава 3", "Проза главы."),
    ]


def test_plain_text_without_a_blank_line_still_has_topics() -> None:
    text = "Адреса\nBasic\nQ: a?\nA: b\nKiller\nQ: c?\nA: d\nПорты\nBasic\nQ: e?\nA: f"
    assert [(row[0], row[1], row[3]) for row in rows(text, "a.txt")] == [
        ("Адреса", "Basic", "b"),
        ("Адреса", "Killer", "d"),
        ("Порты", "Basic", "f"),
    ]
