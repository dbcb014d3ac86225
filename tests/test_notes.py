"""The bundled study pack: lint-clean, big enough, and complete in every question."""

from functools import cache
from pathlib import Path

from conftest import PROJECT

from assistant.text import language
from config.settings import IngestSettings
from ingest.check import check
from ingest.lint import FEWEST_POINTS, MOST_POINTS
from ingest.parse import parse_file
from ingest.parsed import ParsedNote

NOTES = PROJECT / "notes"


@cache
def notes() -> dict[str, list[ParsedNote]]:
    """Every note by its topic."""
    found: dict[str, list[ParsedNote]] = {}
    for path in sorted(NOTES.iterdir()):
        for note in parse_file(path.read_bytes(), f"notes/{path.name}", IngestSettings()).notes:
            found.setdefault(note.topic, []).append(note)
    return found


def questions() -> list[ParsedNote]:
    return [note for of_topic in notes().values() for note in of_topic if note.asked]


def test_the_linter_has_nothing_to_say(tmp_path: Path) -> None:
    report = check([NOTES], tmp_path, IngestSettings(), lambda step: None)
    assert (report.warnings, report.rejected) == ((), ()), report.text()


def test_there_is_enough_to_learn_from() -> None:
    assert len(notes()) >= 24
    assert len(notes()) == len(list(NOTES.iterdir())), "one file a topic"
    assert len(questions()) >= 150


def test_every_question_has_key_points_and_a_level() -> None:
    lacking = [note.title for note in questions() if not FEWEST_POINTS <= len(note.points) <= MOST_POINTS]
    assert not lacking
    assert not [note.title for note in questions() if note.level is None]


def test_every_topic_has_questions_of_every_level() -> None:
    levels = {topic: {note.level for note in of_topic if note.asked} for topic, of_topic in notes().items()}
    assert not {topic: found for topic, found in levels.items() if found != {"Basic", "Medium", "Killer"}}


def test_every_topic_has_an_english_overview() -> None:
    overviews = {
        topic: [note.text for note in of_topic if note.title == "Overview"] for topic, of_topic in notes().items()
    }
    assert not {topic for topic, texts in overviews.items() if [language(text) for text in texts] != ["en"]}
