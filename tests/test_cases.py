"""The golden cases against the bundled notes: every id exists, every quote stands there, the halves share no note."""

from collections import Counter
from pathlib import Path

import pytest
from conftest import PROJECT

from assistant.errors import UsageError
from assistant.store.catalog import StoredNote
from config.settings import IngestSettings
from eval.cases import SPLITS, Cases, load, split_of
from ingest.filing import name_notes, with_chunks
from ingest.parse import parse_file

CASES: dict[str, Cases] = {split: load(split) for split in SPLITS}


@pytest.fixture(scope="module")
def notes() -> dict[str, StoredNote]:
    """The bundled notes as ingest files them, by id."""
    settings, found = IngestSettings(), {}
    for file in sorted((PROJECT / "notes").glob("*.md")):
        source = f"notes/{file.name}"
        for stored in name_notes(source, [], parse_file(file.read_bytes(), source, settings).notes):
            found[stored.note.note_id] = with_chunks(stored, settings.chunk_characters)
    return found


@pytest.mark.parametrize("split", SPLITS)
def test_evidence_stands_in_its_note_and_starts_in_its_chunk(split: str, notes: dict[str, StoredNote]) -> None:
    for case in CASES[split].answerable:
        for evidence in case.evidence:
            stored = notes[evidence.note_id]
            chunk = next(kept.chunk for kept in stored.chunks if kept.chunk.chunk_id == evidence.chunk_id)
            start = stored.note.text.find(evidence.quote)
            assert chunk.start <= start < chunk.end, case.id


@pytest.mark.parametrize("split", SPLITS)
def test_marks_follow_the_key_points_of_the_note(split: str, notes: dict[str, StoredNote]) -> None:
    for case in CASES[split].graded:
        points = [point.text for point in notes[case.note_id].note.key_points]
        assert [mark.point for mark in case.marks] == points, case.id
        for mark in case.marks:
            assert mark.readings[0] != mark.readings[1] or mark.verdict == mark.readings[0], case.id


@pytest.mark.parametrize("split", SPLITS)
def test_a_case_belongs_to_the_half_of_its_notes(split: str) -> None:
    for case in CASES[split].answerable:
        assert {split_of(evidence.note_id) for evidence in case.evidence} == {split}, case.id
    assert {split_of(case.note_id) for case in CASES[split].graded} == {split}


@pytest.mark.parametrize("split", SPLITS)
def test_the_reference_holds_what_a_right_answer_must(split: str) -> None:
    for case in CASES[split].answerable:
        held = [any(one.casefold() in case.reference.casefold() for one in group) for group in case.must_contain]
        assert held and all(held), case.id


def test_there_are_enough_of_each_kind() -> None:
    answerable = Counter(case.slice for half in CASES.values() for case in half.answerable)
    assert answerable.total() >= 240 and answerable["cross"] >= 80 and answerable["translated"] >= 60
    assert min(answerable.values()) >= 20
    unanswerable = Counter(case.kind for half in CASES.values() for case in half.unanswerable)
    assert unanswerable.total() >= 120 and len(unanswerable) == 4
    graded = Counter(case.kind for half in CASES.values() for case in half.graded)
    assert graded.total() >= 200 and len(graded) == 12


def test_no_question_stands_twice() -> None:
    asked = Counter((case.question, case.history) for half in CASES.values() for case in half.answerable)
    asked += Counter((case.question, ()) for half in CASES.values() for case in half.unanswerable)
    assert [question for question, count in asked.items() if count > 1] == []


def test_a_malformed_line_is_named(tmp_path: Path) -> None:
    half = tmp_path / "dev"
    half.mkdir()
    for name in ("answerable", "unanswerable", "graded"):
        (half / f"{name}.jsonl").write_text("", "utf-8")
    assert load("dev", tmp_path) == Cases((), (), ())
    (half / "unanswerable.jsonl").write_text('{"id": "x", "kind": "small_talk"}\n', "utf-8")
    with pytest.raises(UsageError, match=r"unanswerable\.jsonl:1 is no case"):
        load("dev", tmp_path)
    (half / "graded.jsonl").unlink()
    (half / "unanswerable.jsonl").write_text("", "utf-8")
    with pytest.raises(UsageError, match=r"graded\.jsonl cannot be read"):
        load("dev", tmp_path)
