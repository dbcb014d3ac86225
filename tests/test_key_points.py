"""Key points: read from every form of question, no part of the text, kept in the catalogue, old homes included."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from fakes_ingest import Bench, changes

from assistant.store.catalog import MIGRATIONS, Catalog
from assistant.types import Filters, KeyPoint
from config.settings import IngestSettings
from ingest.filing import name_notes, with_chunks
from ingest.parse import parse_file
from ingest.parsed import ParsedFile

FORMS = (
    "### What is PSI?\n\nA measure.",
    "Q: What is PSI?\nA: A measure.",
    "**What is PSI?**\n\nA measure.",
    "## What is PSI?\nA measure.",
    "- Q: What is PSI?\n  A: A measure.",
)
LABELS = (
    "**Ключевые пункты**",
    "Ключевые пункты:",
    "**Key points:**",
    "**Key points**:",
    "__KEY POINTS__",
    "  ключевые \u00a0 пункты :  ",
    "#### Key points",
    "#### **Ключевые пункты:** ####",
)
LIST = "- (3) it compares *bins*\n-  ( 2 )  above 0,25 the shift is strong\n- it is symmetric\n"
POINTS = (KeyPoint("it compares *bins*", 3), KeyPoint("above 0,25 the shift is strong", 2), KeyPoint("it is symmetric"))


def parse(text: str, name: str = "notes/a.md") -> ParsedFile:
    return parse_file(text.encode(), name, IngestSettings())


def points(text: str) -> list[tuple[int, int, str]]:
    """Line, weight and text of the key points of one question with this list."""
    (note,) = parse(f"# T\n\nQ: a?\nA: b\n\nKey points:\n{text}").notes
    assert note.text == "b"
    return [(found.line, found.point.weight, found.point.text) for found in note.points]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("above", ["# Drift\n\n", "# Drift\n\n## Basic\n\n", ""])
def test_every_form_of_question_has_them(above: str, form: str, label: str) -> None:
    parsed = parse(f"{above}{form}\n\n{label}\n\n{LIST}\n---\n\n# Next\n\nprose\n")
    note = parsed.notes[0]
    assert (note.title, note.text.strip(), parsed.warnings) == ("What is PSI?", "A measure.", ())
    assert tuple(found.point for found in note.points) == POINTS
    assert parsed.notes[1].title == "Next"


@pytest.mark.parametrize("form", FORMS)
def test_without_them_everything_else_is_the_same(form: str) -> None:
    long = "\n\n".join(f"Абзац {number}: $x_{number}$ и слова." * 5 for number in range(60))
    bare = f"# Drift\n\n## Basic\n\n{form}\n\n{long}"
    marked = f"{bare}\n\n**Key points**\n\n{LIST}"
    (plain,) = name_notes("notes/a.md", [], parse(bare).notes)
    (pointed,) = name_notes("notes/a.md", [], parse(marked).notes)
    assert plain.note.key_points == () and pointed.note.key_points == POINTS
    assert replace(pointed.note, key_points=()) == plain.note
    assert len(with_chunks(plain, 1400).chunks) > 2
    cut = [[stored.chunk for stored in with_chunks(note, 1400).chunks] for note in (pointed, plain)]
    assert cut[0] == cut[1]


@pytest.mark.parametrize("name", ["notes/a.txt", "notes/a.md"])
def test_plain_text_has_them_too(name: str) -> None:
    parsed = parse(f"Q: What is PSI?\nA: A measure.\n\nKey points:\n{LIST}\nQ: And KL?\nA: Another.\n", name)
    assert [[found.point for found in note.points] for note in parsed.notes] == [list(POINTS), []]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- (2) one\n  wrapped\n- two\nwrapped\n", [(7, 2, "one wrapped"), (9, 1, "two wrapped")]),
        ("\n* one\n\n* (3) two\n", [(8, 1, "one"), (10, 3, "two")]),
        ("  1. (1) one\n  2. two\n", [(7, 1, "one"), (8, 1, "two")]),
        ("-(2) tight\n\t- (3) inside\n", [(7, 2, "tight\n  - (3) inside")]),
        ("- **(3)** bold weight\n", [(7, 3, "bold weight")]),
        ("- (2) $f(x) = \\frac{1}{2}$\n  `a - b` **bold**\n", [(7, 2, "$f(x) = \\frac{1}{2}$ `a - b` **bold**")]),
        ("- code:\n  ```\n  # x\n  - x\n  ```\n- two\n", [(7, 1, "code:\n```\n# x\n- x\n```"), (12, 1, "two")]),
        ("- (2024) is a year\n- (x) is no weight\n", [(7, 1, "(2024) is a year"), (8, 1, "(x) is no weight")]),
    ],
)
def test_lists_as_people_write_them(text: str, expected: list[tuple[int, int, str]]) -> None:
    assert points(text) == expected


@pytest.mark.parametrize(("written", "read"), [("0", 1), ("5", 3), ("-1", 1), ("2,5", 2), ("99", 3)])
def test_a_weight_out_of_range_is_reported_and_brought_into_it(written: str, read: int) -> None:
    parsed = parse(f"Q: a?\nA: b\n\nKey points:\n- (1) x\n- ({written}) y\n")
    assert [found.point.weight for found in parsed.notes[0].points] == [1, read]
    assert [(found.line, f"({written}) is no weight" in found.reason) for found in parsed.warnings] == [(6, True)]


@pytest.mark.parametrize(
    ("below", "reason"),
    [
        ("- x\n- y\n\nAnd more.", "key points end the answer"),
        ("Some prose.", "no list below"),
        ("", "no list below"),
    ],
)
def test_a_label_without_its_list_at_the_end_stays_in_the_answer(below: str, reason: str) -> None:
    parsed = parse(f"Q: a?\nA: b\n\nKey points:\n\n{below}\n")
    assert parsed.notes[0].text == f"b\n\nKey points:\n\n{below}".strip()
    assert parsed.notes[0].points == ()
    assert (4, True) in [(found.line, reason in found.reason) for found in parsed.warnings]


def test_the_label_inside_code_or_a_sentence_is_none() -> None:
    for text in ("```\nKey points:\n- x\n```", "The key points:\n- x", "Key points: x, y"):
        parsed = parse(f"Q: a?\nA:\n{text}\n")
        assert (parsed.notes[0].text, parsed.notes[0].points, parsed.warnings) == (text, (), ())


def test_prose_keeps_its_section_of_key_points() -> None:
    parsed = parse("# Lecture\n\nText.\n\n## Key points\n\n- one\n- two\n\n## Next\n\nmore\n")
    assert [note.title for note in parsed.notes] == ["Lecture", "Key points", "Next"]
    assert parsed.notes[1].text == "- one\n- two"


def test_an_answer_of_nothing_else_is_shown_and_reported() -> None:
    parsed = parse("# T\n\n## Basic\n\n### Why?\n\n**Key points**\n\n- one\n- two\n")
    assert parsed.notes[0].text == "**Key points**\n\n- one\n- two"
    assert [found.point.text for found in parsed.notes[0].points] == ["one", "two"]
    assert [found.line for found in parsed.warnings] == [5]


def test_an_edit_of_them_alone_updates_and_indexes_that_note_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    question = "Q: What is PSI?\nA: A measure.\n\nKey points:\n- (3) bins\n"
    path = bench.write("notes/a.md", question + "\nQ: And KL?\nA: Another.\n")
    bench.sync(bench.notes)
    ids = bench.ids()
    before = {key: point.fingerprint for key, point in bench.store.points.items()}
    path.write_text(question + "- (2) symmetric\n\nQ: And KL?\nA: Another.\n", "utf-8")
    assert changes(bench.sync(bench.notes)) == (0, 1, 0, 1)
    assert changes(bench.sync(bench.notes)) == (0, 0, 0, 2)
    assert bench.ids() == ids
    after = {key: point.fingerprint for key, point in bench.store.points.items()}
    assert [key for key in before if before[key] != after[key]] == [ids["What is PSI?"]]
    found = {note.title: note.key_points for note in bench.catalog.browse(Filters())}
    assert found == {"What is PSI?": (KeyPoint("bins", 3), KeyPoint("symmetric", 2)), "And KL?": ()}


def test_a_home_of_the_first_schema_is_brought_forward(tmp_path: Path) -> None:
    path = tmp_path / "home" / "notes.sqlite3"
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.executescript(MIGRATIONS[0])
        connection.execute("PRAGMA user_version = 1")
        connection.execute("INSERT INTO roots VALUES ('notes', '/somewhere')")
        connection.execute("INSERT INTO files VALUES ('notes/a.md', 'notes', 'digest', 'parser', '[]')")
        connection.execute(
            "INSERT INTO notes VALUES ('1', 'notes/a.md', 0, 'what?', 'T', 'Basic', 'What?', 'That.', '[\"T\"]', 'en')"
        )
    connection.close()
    for _ in range(2):
        with Catalog(path) as catalog:
            note = catalog.note("1")
            assert note and (note.text, note.key_points) == ("That.", ())
            assert [stored.name for stored in catalog.stored_notes("notes/a.md")] == ["what?"]
