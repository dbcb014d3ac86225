"""What is learned can be forgotten whole, while it is in use too."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from fakes_grade import GOOD, grader, note

from assistant.journal import Attempt, Journal
from assistant.quiz import dispute
from assistant.study import Learned


def test_everything_learned_is_forgotten_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "notes.sqlite3").write_text("not mine")
    one = grader(tmp_path)
    journal = Journal(tmp_path / "journal.sqlite3")
    at = datetime(2026, 5, 1, tzinfo=UTC)
    kept = journal.add_attempt(Attempt(at, "s", "n1", "Bandits", "Basic", "?", "answer", "secretword"))
    journal.of("other").add_attempt(replace(kept, answer="secretword too"))
    one.grade(note(), GOOD + " secretword")
    dispute.keep(tmp_path, {"answer": "secretword"})
    Learned(tmp_path).clear()
    assert journal.attempts() == journal.of("other").attempts() == []
    assert one.store.rubric("n1") is None
    assert not any(b"secretword" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert (tmp_path / "notes.sqlite3").read_text() == "not mine"


def test_forgetting_nothing_makes_no_files(tmp_path: Path) -> None:
    Learned(tmp_path).clear()
    assert list(tmp_path.iterdir()) == []
