"""Hints and probes leak nothing: no term and no number of any key point, on every note of the pack too."""

from pathlib import Path

import pytest
from conftest import PROJECT

from assistant.quiz import hints
from assistant.quiz.hints import HINTS, PROBES
from assistant.types import KeyPoint, Language
from config.settings import IngestSettings
from ingest.filing import name_notes
from ingest.parse import parse_file

LANGUAGES: tuple[Language, ...] = ("ru", "en")


@pytest.mark.parametrize("file", sorted((PROJECT / "notes").glob("*.md")), ids=lambda file: file.stem)
def test_no_hint_or_probe_of_the_pack_names_what_is_missing(file: Path) -> None:
    parsed = parse_file(file.read_bytes(), f"notes/{file.name}", IngestSettings())
    for stored in name_notes(f"notes/{file.name}", [], parsed.notes):
        points, title = stored.note.key_points, stored.note.title
        for place in range(len(points)):
            for language in LANGUAGES:
                for words in (hints.hint, hints.probe):
                    assert not hints.leaks(words(points, place, title, language), points, title)


def test_a_hint_that_would_leak_is_replaced() -> None:
    points = (KeyPoint("Точная цифра решает: 5 мс"), KeyPoint("Главное — польза"))
    assert hints.hint(points, 0, "Что важно?", "ru") == "Что ещё?"


def test_leaks_are_seen_in_both_languages_and_in_numbers() -> None:
    points = (KeyPoint("Плата — задержка, не больше 5 мс"),)
    assert hints.leaks("Think of latency.", points, "Зачем батчи?")
    assert hints.leaks("Это 5 мс?", points, "Зачем батчи?")
    assert not hints.leaks("Think of latency.", points, "Что с задержкой?")
    assert not hints.leaks("Подумайте ещё.", points, "Зачем батчи?")


@pytest.mark.parametrize(
    ("point", "form"),
    [
        ("Порог 0,25", "figure"),
        ("Добавка $\\sqrt{x}$", "formula"),
        ("Усреднять нельзя", "danger"),
        ("Ищут быстро, а не точно", "comparison"),
        ("Растёт, потому что очередь копится", "cause"),
        ("Верно, если отказы независимы", "condition"),
        ("Причины: сеть, диск, память", "kinds"),
        ("Regret — сколько недополучено", "definition"),
        ("Рука забывается", "other"),
    ],
)
def test_the_form_of_a_point(point: str, form: str) -> None:
    assert hints.form(point) == form


def test_every_form_has_its_words() -> None:
    forms = {"figure", "formula", "danger", "comparison", "cause", "condition", "kinds", "definition", "other"}
    assert all(set(table[language]) == forms for table in (HINTS, PROBES) for language in LANGUAGES)
