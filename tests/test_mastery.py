"""Mastery is claimed from the lower end of an interval, and repeats of one note are no new knowledge."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant import mastery
from assistant.grade.result import Grade, PointGrade, Verdict
from assistant.journal import Attempt, Kind
from assistant.types import Level, Span


def attempt(
    note_id: str, score: float | None, kind: Kind = "answer", level: Level = "Basic", hints: int = 0
) -> Attempt:
    grade = Grade(note_id, "graded" if score is not None else "ungraded", score)
    at = datetime(2026, 5, 1, tzinfo=UTC)
    return Attempt(at, "s", note_id, "Bandits", level, "?", kind, "…", hints, grade if kind == "answer" else None)


def of(attempts: list[Attempt], level: Level | None = "Basic") -> mastery.Mastery:
    return mastery.mastery(attempts, "Bandits", level, 10)


def test_intervals_are_those_of_the_beta_distribution() -> None:
    # Beta(1, 1) is uniform; the quantiles of Beta(4, 1) are p ** (1 / 4).
    assert mastery.interval(1, 1) == pytest.approx((0.05, 0.95), abs=0.002)
    assert mastery.interval(4, 1) == pytest.approx((0.05**0.25, 0.95**0.25), abs=0.002)


def test_three_perfect_answers_are_not_mastery_and_ten_are() -> None:
    three = of([attempt(f"n{number}", 1.0) for number in range(3)])
    assert not three.mastered
    assert three.low < 0.5 < three.high
    assert of([attempt(f"n{number}", 1.0) for number in range(10)]).mastered


def test_one_note_again_and_again_is_not_mastery() -> None:
    assert not of([attempt("n1", 1.0)] * 50).mastered


def test_the_last_answer_counts_most() -> None:
    assert of([attempt("n1", 0.0), attempt("n1", 1.0)]).mean > 0.5 > of([attempt("n1", 1.0), attempt("n1", 0.0)]).mean


def test_levels_are_apart_and_together() -> None:
    both = [attempt("n1", 1.0), attempt("n2", 0.0, level="Killer")]
    assert (of(both).met, of(both, "Killer").met, of(both, None).met) == (1, 1, 2)


def test_what_says_nothing_does_not_count() -> None:
    assert of([attempt("n1", None), attempt("n2", 0.5, kind="skip"), attempt("n3", 0.5, kind="probe")]).met == 0
    assert of([attempt("n1", None, kind="dont_know")]).mean < 0.5


def test_nothing_tried_is_neither_weak_nor_mastered() -> None:
    nothing = of([])
    assert not nothing.weak
    assert not nothing.mastered


def test_the_weakest_points_are_those_missed_most_and_last() -> None:
    def graded(*verdicts: Verdict) -> Attempt:
        points = tuple(PointGrade(f"p{n}", 1, v, 0.5, None, Span(0, 1)) for n, v in enumerate(verdicts))
        return replace(attempt("n1", 0.5), grade=Grade("n1", "graded", 0.5, None, points))

    found = mastery.weakest([graded("missing", "missing", "covered"), graded("missing", "covered", "partly")], 5)
    assert found == [("n1", "p0", 1.0), ("n1", "p2", 0.5)]
