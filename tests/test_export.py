"""Decks and tables to take along: TeX survives, nothing runs, importing again updates."""

import csv
import sqlite3
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes_grade import POINTS, note

from assistant.errors import StoreError
from assistant.export import anki, table
from assistant.export.html import to_html
from assistant.grade.result import Grade, PointGrade
from assistant.journal import Attempt
from assistant.types import KeyPoint, Note, Span


def card(note_id: str = "n1", text: str = "Ответ") -> tuple[Note, tuple[KeyPoint, ...]]:
    return replace(note(note_id), text=text), POINTS


def fields(file: Path, into: Path) -> list[tuple[str, str]]:
    """(guid, fields) of every note in a deck."""
    with zipfile.ZipFile(file) as package:
        package.extract("collection.anki2", into)
    with sqlite3.connect(into / "collection.anki2") as db:
        return db.execute("SELECT guid, flds FROM notes ORDER BY id").fetchall()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Добавка $\\sqrt{\\frac{2}{n}}$ велика", "<p>Добавка \\(\\sqrt{\\frac{2}{n} }\\) велика</p>"),
        ("$$a < b$$", "<p>\\[a &lt; b\\]</p>"),
        ("стоит $5 и ещё $7", "<p>стоит $5 и ещё $7</p>"),
        ("`$x$` и $y$", "<p><code>$x$</code> и \\(y\\)</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[нажми](javascript:x)", "<p>[нажми](javascript:x)</p>"),
        ("a_1 * b_2 при $x_1 * y_2$", "<p>a_1 * b_2 при \\(x_1 * y_2\\)</p>"),
        ("\x1f\ue000\ud800 чисто", "<p>чисто</p>"),
    ],
)
def test_markdown_leaves_as_harmless_html(text: str, expected: str) -> None:
    assert to_html(text) == expected


def test_code_keeps_its_dollars() -> None:
    assert to_html("```\ncost = $x$\n```") == "<pre><code>cost = $x$\n</code></pre>"


def test_a_deck_holds_every_note_and_the_same_ones_again(tmp_path: Path) -> None:
    one, two = card("n1", "Цена $x^{2^{3}}$"), card("n2", "<b>жирно</b>")
    assert anki.write([one, two], tmp_path / "deck.apkg", 0.0) == 2
    first = fields(tmp_path / "deck.apkg", tmp_path)
    assert len(first) == 2
    assert "\\(x^{2^{3} }\\)" in first[0][1]
    assert "<b>" not in first[1][1]
    assert all(point.text in first[0][1] for point in POINTS)
    anki.write([card("n1", "Новый ответ")], tmp_path / "again.apkg", 0.0)
    assert fields(tmp_path / "again.apkg", tmp_path)[0][0] == first[0][0]


def test_odd_topics_make_decks_too(tmp_path: Path) -> None:
    odd = replace(note(), topic="A/B :: tests & «ё»", level=None)
    assert anki.write([(odd, POINTS)], tmp_path / "deck.apkg", 0.0) == 1


def test_a_folder_that_is_not_there_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        anki.write([card()], tmp_path / "nowhere" / "deck.apkg", 0.0)
    with pytest.raises(StoreError, match="cannot be written"):
        table.write([], tmp_path / "nowhere" / "table.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_table_holds_every_attempt_and_runs_nothing(tmp_path: Path) -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    grade = Grade("n1", "graded", 0.5, None, (PointGrade("Пункт", 2, "partly", 0.5, None, Span(0, 1)),))
    said = '=HYPERLINK("http://evil")\nвторая, строка; "кавычки"'
    attempt = Attempt(at, "s", "n1", "Bandits", None, "Что?", "answer", said, 1, grade)
    assert table.write([attempt, replace(attempt, grade=None, kind="skip")], tmp_path / "t.csv") == 2
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["answer"] == "'" + said
    assert (rows[0]["score"], rows[0]["points"], rows[1]["score"]) == ("0.5", "partly: Пункт", "")
