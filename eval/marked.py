"""Learners' answers put to the grader, and compared with the marks that people gave."""

import time
from collections.abc import Callable
from dataclasses import asdict, replace

from assistant.grade.result import CREDIT, Grade
from assistant.types import Note
from assistant.wire import grade_json
from eval.cases import Graded
from eval.rows import BROKEN, Row, Score, digest, failed, plain, scored, unscored
from eval.subject import Subject

# Answers that say nothing, or nothing that counts: they may earn no more than people gave.
GUARDED = frozenset({"gibberish", "dont_know", "pasted_question", "plea"})
# A score differs by less than this where one point of several was read as partly.
_LENIENT = 0.1
_NAMES = ("points_agree", "score_error", "guard_held")


def grade_one(case: Graded, subject: Subject, clock: Callable[[], float] = time.perf_counter) -> Row:
    """One learner's answer, graded."""
    given = plain({key: value for key, value in asdict(case).items() if key != "id"})
    row = Row(case.id, "graded", case.note_id, digest(given), {"slice": case.kind, "language": case.language}, given)
    try:
        note = subject.note(case.note_id)
        if note is None:
            gone = dict.fromkeys(_NAMES, unscored(f"no note {case.note_id} is indexed"))
            return replace(row, scores={"completed": scored(1.0), **gone})
        began = clock()
        grade = subject.grade(note, case.answer)
        timings = {"grade": 1000 * (clock() - began)}
        scores = _scores(case, grade, note)
    except BROKEN as error:
        broken = dict.fromkeys(_NAMES, failed(f"{type(error).__name__}: {error}"))
        return replace(row, scores={"completed": scored(0.0), **broken})
    tags = {**row.tags, "topic": note.topic, "level": note.level or "none"}
    output = grade_json(grade, case.answer, note) | {"title": note.title, "marked": _marked(case, note)}
    return replace(row, tags=tags, scores=scores, output=output, timings_ms=timings)


def _scores(case: Graded, grade: Grade, note: Note) -> dict[str, Score]:
    done = {"completed": scored(1.0)}
    marked = _marked(case, note)
    if marked is None:
        return {**done, **dict.fromkeys(_NAMES, unscored("the note's key points are not those that were marked"))}
    if grade.score is None:
        return {**done, **dict.fromkeys(_NAMES, unscored(f"it was not graded: {grade.reason}", grade.detail))}
    if [point.point for point in grade.points] != [mark.point for mark in case.marks]:
        return {**done, **dict.fromkeys(_NAMES, unscored("it was graded by other points than those that were marked"))}
    same = [point.verdict == mark.verdict for point, mark in zip(grade.points, case.marks, strict=True)]
    guard = scored(grade.score <= marked + _LENIENT) if case.kind in GUARDED else None
    return {
        **done,
        "points_agree": scored(sum(same) / len(same)),
        "score_error": scored(abs(grade.score - marked)),
        **({"guard_held": guard} if guard else {}),
    }


def _marked(case: Graded, note: Note) -> float | None:
    """The score that the marks give, or None when the note's points have changed since."""
    if [point.text for point in note.key_points] != [mark.point for mark in case.marks] or not case.marks:
        return None
    total = sum(point.weight for point in note.key_points)
    earned = sum(point.weight * CREDIT[mark.verdict] for point, mark in zip(note.key_points, case.marks, strict=True))
    return earned / total
