"""Reviews follow from the journal alone; a day counts once; the learner has the last word."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import schedule
from assistant.grade.result import Grade
from assistant.journal import Attempt, Journal, Kind, Override
from assistant.schedule import AGAIN, EASY, GOOD, HARD, Card

START = datetime(2026, 5, 1, 9, tzinfo=UTC)


def attempt(day: float, score: float | None = 0.8, kind: Kind = "answer", hints: int = 0) -> Attempt:
    grade = Grade("n1", "graded" if score is not None else "ungraded", score)
    at = START + timedelta(days=day)
    return Attempt(at, "s", "n1", "Bandits", "Basic", "?", kind, "…", hints, grade if kind == "answer" else None)


def card(attempts: Sequence[Attempt], overrides: Sequence[Override] = ()) -> Card:
    return schedule.replay(attempts, overrides, UTC, 0.9)["n1"]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (attempt(0, 0.1), AGAIN),
        (attempt(0, 0.5), HARD),
        (attempt(0, 0.8), GOOD),
        (attempt(0, 1.0), EASY),
        (attempt(0, 1.0, hints=1), GOOD),
        (attempt(0, 0.8, hints=2), HARD),
        (attempt(0, 0.5, hints=1), HARD),
        (attempt(0, None), None),
        (attempt(0, kind="skip"), None),
        (attempt(0, kind="reveal"), AGAIN),
        (attempt(0, kind="dont_know"), AGAIN),
        (attempt(0, kind="probe"), None),
    ],
)
def test_what_an_attempt_says_of_memory(one: Attempt, expected: int | None) -> None:
    assert schedule.rating(one) == expected


def test_the_intervals_are_those_of_fsrs_6() -> None:
    made, days = [], [0.0, 2.0, 17.0]
    for count in range(1, 4):
        made.append((card([attempt(day) for day in days[:count]]).due - START).days)
    assert made == [2, 13, 72]


def test_repeats_within_a_day_move_nothing_forward() -> None:
    once = card([attempt(0, 0.8)])
    assert card([attempt(0, 0.8), attempt(0.1, 1.0), attempt(0.2, 1.0)]) == once
    assert card([attempt(0, 0.8), attempt(0.1, 0.0)]).due < once.due


def test_the_day_is_the_learners_own() -> None:
    late, early = attempt(0.6), attempt(0.7)  # 23:24 and 01:48 in UTC
    assert card([late, early]).days == 2
    east = schedule.replay([late, early], [], timezone(timedelta(hours=3)), 0.9)["n1"]
    assert east.days == 1


def test_the_learner_has_the_last_word() -> None:
    attempts = [attempt(0, 0.8)]
    plain = card(attempts)
    after = START + timedelta(hours=1)
    assert card(attempts, [Override(after, "n1", "rating", "1")]).due < plain.due
    tomorrow = START + timedelta(days=1)
    assert card(attempts, [Override(after, "n1", "due", tomorrow.isoformat())]).due == tomorrow
    suspended = card(attempts, [Override(after, "n1", "suspend")])
    assert schedule.due({"n1": suspended}, START + timedelta(days=99)) == []
    back = card(attempts, [Override(after, "n1", "suspend"), Override(after, "n1", "resume")])
    assert schedule.due({"n1": back}, START + timedelta(days=99)) == [back]


def test_a_chosen_date_holds_until_the_next_review() -> None:
    override = Override(START + timedelta(hours=1), "n1", "due", (START + timedelta(days=300)).isoformat())
    assert card([attempt(0), attempt(2)], [override]).due < START + timedelta(days=30)


def test_recall_falls_with_time() -> None:
    made = card([attempt(0)])
    chances = [schedule.recall(made, START + timedelta(days=day), 0.9) for day in (0, 2, 10, 100)]
    assert chances == sorted(chances, reverse=True)
    assert chances[1] == pytest.approx(0.9, abs=0.02)


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 1)), min_size=1, max_size=12))
def test_a_replay_is_pure_and_survives_a_clock_that_jumps(days: list[tuple[float, float]]) -> None:
    attempts = [attempt(day, score) for day, score in days]
    assert card(attempts) == card(attempts)
    assert card(attempts).stability > 0


def test_a_replay_of_the_stored_journal_is_the_same(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.sqlite3")
    kept = [journal.add_attempt(attempt(day)) for day in (0, 3, 20)]
    assert card(journal.attempts()) == card(kept)


def test_due_first_is_what_waited_longest() -> None:
    first = card([attempt(0)])
    later = replace(first, note_id="n2", due=first.due + timedelta(days=1))
    found = schedule.due({"n2": later, "n1": first}, START + timedelta(days=50))
    assert [one.note_id for one in found] == ["n1", "n2"]
