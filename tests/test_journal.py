"""The journal keeps what happened, in order, for one owner, and says what is wrong with its file."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.errors import StoreError
from assistant.grade.result import Grade, PointGrade
from assistant.journal import Attempt, Dispute, Journal, Override
from assistant.types import Span

AT = datetime(2026, 5, 1, 9, tzinfo=UTC)
GRADE = Grade("n1", "graded", 0.5, None, (PointGrade("Пункт", 2, "partly", 0.5, Span(0, 4), Span(0, 9)),))
ATTEMPT = Attempt(AT, "s1", "n1", "Bandits", "Basic", "Что такое regret?", "answer", "Мера", 1, GRADE)


def test_attempts_come_back_as_they_were_and_belong_to_an_owner(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    kept = journal.add_attempt(ATTEMPT)
    journal.of("other").add_attempt(replace(ATTEMPT, answer="чужой"))
    journal.close()
    again = Journal(tmp_path / "journal.sqlite3")
    assert again.attempts() == [kept]
    assert again.of("other").attempts()[0].answer == "чужой"
    assert kept.id == 1


def test_a_dispute_changes_the_grade_and_leaves_the_attempt(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    kept = journal.add_attempt(ATTEMPT)
    better = replace(GRADE, score=1.0)
    journal.add_dispute(Dispute(AT, kept.id, "Пункт", "я это сказал", better))
    assert journal.attempts()[0].grade == better
    assert journal.disputes()[0].remark == "я это сказал"
    with sqlite3.connect(tmp_path / "journal.sqlite3") as raw:
        assert '"score": 0.5' in raw.execute("SELECT grade FROM attempts").fetchone()[0]


def test_states_give_the_last_of_each_session_newest_first(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    for session, state in (("a", 1), ("b", 1), ("a", 2)):
        journal.add_state(AT, session, {"session": session, "state": state})
    assert [state for _, state in journal.last_states()] == [{"session": "a", "state": 2}, {"session": "b", "state": 1}]


def test_overrides_are_kept(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    journal.add_override(Override(AT, "n1", "suspend"))
    assert journal.overrides() == [Override(AT, "n1", "suspend")]


def test_half_a_surrogate_pair_is_no_obstacle(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    journal.add_attempt(replace(ATTEMPT, answer="веса \ud800 и \x00"))
    assert journal.attempts()[0].answer.startswith("веса ?")


def test_a_time_without_a_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        Journal(tmp_path / "j").add_attempt(replace(ATTEMPT, at=datetime(2026, 5, 1)))  # noqa: DTZ001


def test_a_torn_file_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite3"
    Journal(file).close()
    torn = file.read_bytes()[:2000] + b"\xff" * 3000
    file.write_bytes(torn)
    with pytest.raises(StoreError, match=r"damaged.*your history starts anew"):
        Journal(file).attempts()
    assert file.read_bytes()[:2000] == torn[:2000]


def test_a_folder_that_cannot_hold_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the home should be")
    with pytest.raises(StoreError, match="cannot be used"):
        Journal(tmp_path / "home" / "journal.sqlite3")


def test_a_newer_file_is_not_touched(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "journal.sqlite3") as raw:
        raw.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="newer version"):
        Journal(tmp_path / "journal.sqlite3")


def test_clearing_leaves_no_bytes(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    journal.add_attempt(replace(ATTEMPT, answer="secretword"))
    journal.clear()
    assert journal.attempts() == []
    assert not any(b"secretword" in file.read_bytes() for file in tmp_path.iterdir())
