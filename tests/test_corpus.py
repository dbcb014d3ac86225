"""The real page, where it is at hand: every question under the topic and level that a second, naive reader finds."""

from collections.abc import Iterator
from functools import cache

import pytest
from conftest import CORPUS

from assistant.types import LEVELS, Note
from config.settings import IngestSettings
from ingest import chunks
from ingest.parse import parse_file
from ingest.parsed import ParsedFile

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason=f"put the page at {CORPUS} to run these")


@cache
def page() -> ParsedFile:
    return parse_file(CORPUS.read_bytes(), f"corpus/{CORPUS.name}", IngestSettings())


def naive() -> Iterator[tuple[str, str, str, int]]:
    """Topic, level, the line's words after `Q: `, and its number."""
    topic = level = ""
    for number, line in enumerate(CORPUS.read_text("utf-8").splitlines(), 1):
        if line.endswith("¶"):
            name = line[:-1]
            if name in LEVELS:
                level = name
            else:
                topic, level = name.partition(". ")[2] if name[0].isdigit() else name, ""
        elif line.startswith("Q: "):
            yield topic, level, line[3:], number


def test_every_question_stands_under_its_topic_and_level() -> None:
    expected = list(naive())
    questions = [note for note in page().notes if note.level]
    assert len(expected) == len(questions) == 138
    for note, (topic, level, words, line) in zip(questions, expected, strict=True):
        assert (note.topic, note.level, note.line) == (topic, level, line)
        assert words.startswith(note.title)
        assert note.title == words or words.removeprefix(note.title).lstrip(": ") == note.text


def test_answers_hold_every_word_and_nothing_else() -> None:
    """Whitespace and the fences around code are all that the stored text may differ in."""
    lines = CORPUS.read_text("utf-8").splitlines()
    questions = [note for note in page().notes if note.level]
    for note in questions:
        below = []
        for line in lines[note.line :]:
            if line.startswith("Q: ") or line.endswith("¶"):
                break
            below.append(line)
        raw = "".join("".join(below).removeprefix("A:").split())
        stored = "".join(note.text.replace("```", "").split())
        assert stored == raw or (not raw and note.title.startswith("15 "))


def test_no_word_of_the_page_is_lost() -> None:
    kept = "".join(f"{note.title}{note.text}{''.join(note.path)}" for note in page().notes)
    reported = "".join(found.reason for found in page().warnings)
    kept = "".join((kept + reported).replace("```", "").split())
    for line in CORPUS.read_text("utf-8").splitlines():
        bare = line.rstrip("¶").removeprefix("Q: ").removeprefix("A:")
        words = "".join(bare.split())
        assert words in LEVELS or words in kept or bare.startswith("15 "), line


def test_the_lost_answer_is_kept_and_reported() -> None:
    lost = [note for note in page().notes if not note.text]
    assert [note.title.split(" ")[0] for note in lost] == ["Circuit"]
    assert [found.line for found in page().warnings if found.reason.startswith("no answer")] == [lost[0].line]


def test_the_closing_sections_are_notes() -> None:
    closing = [note for note in page().notes if note.level is None]
    assert sum(note.title.startswith("Заблуждение: ") for note in closing) == 3
    rated = [note for note in closing if note.topic == "Вопросы с оценкой ответов"]
    assert len(rated) == 2 and all(note.title.endswith("?") and note.text.count('"') >= 4 for note in rated)


def test_twin_questions_differ_in_their_heading_path() -> None:
    names = [(note.topic, note.title) for note in page().notes]
    twins = {name for name in names if names.count(name) > 1}
    assert len(twins) == 1
    paths = [note.path for note in page().notes if (note.topic, note.title) in twins]
    assert len(set(paths)) == len(paths) == 2


def test_code_comments_are_no_headings_and_tables_have_rows() -> None:
    texts = {note.title: note.text for note in page().notes}
    assert "```\n# Without PIT join" in texts["Что такое point-in-time join?"]
    assert texts["Monitoring tools comparison?"].count("\n|") == 6


def test_chunks_cover_every_note() -> None:
    for number, parsed in enumerate(page().notes):
        identity = f"00000000-0000-4000-8000-{number:012}"
        note = Note(identity, "s", parsed.topic, parsed.level, parsed.title, parsed.text, parsed.path, "ru")
        assert "".join(note.text[chunk.start : chunk.end] for chunk in chunks.split(note, 600)) == note.text
