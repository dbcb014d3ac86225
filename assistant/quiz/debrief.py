"""What a session showed: by topic and level, strong and weak points in the learner's own words, what to reread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.grade.result import PointGrade, Verdict
from assistant.journal import Attempt
from assistant.quiz.session import Session
from assistant.types import Level, Note

_EACH = 3
_REREAD_BELOW = 0.7


@dataclass(frozen=True, slots=True)
class Line:
    """One topic at one level: how many questions were answered, and their mean score (None: none was graded)."""

    topic: str
    level: Level | None
    questions: int
    score: float | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A key point with what the learner said of it and where the note has it."""

    note_id: str
    title: str
    point: str
    verdict: Verdict
    said: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Debrief:
    """The end of a session. `level` is where an interview puts the learner; `reread` are notes, the worst first."""

    questions: int
    score: float | None
    level: Level | None
    lines: tuple[Line, ...]
    strong: tuple[Shown, ...]
    weak: tuple[Shown, ...]
    reread: tuple[Note, ...]


def debrief(session: Session, attempts: Mapping[int, Attempt], notes: Mapping[str, Note]) -> Debrief:
    """The summary of a session, from its attempts by id and the notes that are still there by id."""
    worths = [result.worth for result in session.results if result.worth is not None]
    points = [
        (point, attempt, notes[attempt.note_id])
        for result in session.results
        if (attempt := attempts.get(result.attempt)) and attempt.grade and attempt.note_id in notes
        for point in attempt.grade.points
    ]
    strong = [_shown(*one) for one in points if one[0].verdict == "covered" and one[0].weight > 1]
    order = {"contradicted": 0, "missing": 1, "partly": 2}
    missed = sorted(
        (one for one in points if one[0].verdict != "covered"), key=lambda one: (-one[0].weight, order[one[0].verdict])
    )
    poor = sorted(
        (r for r in session.results if r.outcome != "ungraded" and (r.worth or 0.0) < _REREAD_BELOW),
        key=lambda r: r.worth or 0.0,
    )
    return Debrief(
        questions=len(session.results),
        score=sum(worths) / len(worths) if worths else None,
        level=session.standing,
        lines=_lines(session),
        strong=tuple(strong[:_EACH]),
        weak=tuple(_shown(*one) for one in missed[:_EACH]),
        reread=tuple(notes[r.note_id] for r in poor if r.note_id in notes),
    )


def _lines(session: Session) -> tuple[Line, ...]:
    groups: dict[tuple[str, Level | None], list[float | None]] = {}
    for result in session.results:
        groups.setdefault((result.topic, result.level), []).append(result.worth)
    return tuple(Line(topic, level, len(worths), _mean(worths)) for (topic, level), worths in groups.items())


def _mean(worths: Sequence[float | None]) -> float | None:
    known = [worth for worth in worths if worth is not None]
    return sum(known) / len(known) if known else None


def _shown(point: PointGrade, attempt: Attempt, note: Note) -> Shown:
    said = attempt.answer[point.quote.start : point.quote.end] if point.quote else None
    source = note.text[point.source.start : point.source.end]
    return Shown(note.note_id, note.title, point.point, point.verdict, said, source)
