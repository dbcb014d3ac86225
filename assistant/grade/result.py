"""A grade and the form it is stored in."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from assistant.types import Span

Verdict = Literal["covered", "partly", "missing", "contradicted"]
# Why an answer was not compared with the key points at all, or not graded.
Reason = Literal[
    "empty", "dont_know", "gibberish", "pasted_question", "plea", "too_long", "no_note", "no_answer_in_note", "engine"
]
Origin = Literal["written", "derived", "edited"]

CREDIT: dict[Verdict, float] = {"covered": 1.0, "partly": 0.5, "missing": 0.0, "contradicted": 0.0}


@dataclass(frozen=True, slots=True)
class PointGrade:
    """One key point: its verdict, P(covered), the learner's words (`answer[quote]`) and the note's (`text[source]`)."""

    point: str
    weight: int
    verdict: Verdict
    probability: float
    quote: Span | None
    source: Span


@dataclass(frozen=True, slots=True)
class Grade:
    """An answer graded, or the reason why it was not. `engine` names the model that had a say.

    `reason` also stands beside a score of nothing: the answer said nothing that could be compared.
    """

    note_id: str | None
    status: Literal["graded", "ungraded"]
    score: float | None
    engine: str | None = None
    points: tuple[PointGrade, ...] = ()
    origin: Origin = "written"
    reason: Reason | None = None
    detail: str = ""


def score(points: Sequence[PointGrade]) -> float:
    """The sum of the points' credits by weight, as a share of all weights."""
    total = sum(point.weight for point in points)
    return sum(point.weight * CREDIT[point.verdict] for point in points) / total if total else 0.0


def graded(note_id: str, points: Sequence[PointGrade], origin: Origin, engine: str | None = None) -> Grade:
    """A grade whose score is the weighted sum of its points."""
    return Grade(note_id, "graded", score(points), engine, tuple(points), origin)


def ungraded(note_id: str | None, reason: Reason, detail: str) -> Grade:
    """No number, and why."""
    return Grade(note_id, "ungraded", None, reason=reason, detail=detail)


def to_dict(grade: Grade) -> dict[str, Any]:
    """The stored form."""
    return asdict(grade)


def from_dict(stored: Mapping[str, Any]) -> Grade:
    """What `to_dict` stored."""
    points = tuple(
        PointGrade(**{**point, "quote": point["quote"] and Span(**point["quote"]), "source": Span(**point["source"])})
        for point in stored["points"]
    )
    return Grade(**{**stored, "points": points})
