"""A learner disagrees on a point: it is looked at again in the light of the reason, and kept as a case to measure by.

A second look can only help. With an engine, the engine reads the reason beside the answer. Without one, a reason that
says the point in words most of which are the answer's own makes it partly covered: it explains, it does not add.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.errors import StoreError
from assistant.grade import calibration, guards, terms, verdicts
from assistant.grade.calibration import Judged
from assistant.grade.grader import Grader
from assistant.grade.result import CREDIT, Grade, Verdict, score
from assistant.journal import Attempt
from assistant.llm import ChatModel
from assistant.types import Note, Span

FILE_NAME = "logs/disputes.jsonl"
_OWN_WORDS = 0.5
_REMARK = 1000


@dataclass(frozen=True, slots=True)
class Objection:
    """Which point of a graded attempt the learner disagrees on, counted from 0, and why."""

    attempt: Attempt
    place: int
    remark: str


def look_again(grader: Grader, note: Note, objection: Objection) -> Grade:
    """The grade after a second look at one point; the same grade where nothing is won.

    Raises:
        EngineError: the engine failed; the grade stands.
        StoreError: the note's points cannot be read.
    """
    grade, place = objection.attempt.grade, objection.place
    if grade is None or not 0 <= place < len(grade.points):
        raise ValueError("only a graded point can be disputed")
    objection = replace(objection, remark=objection.remark[:_REMARK])
    chat = grader.chat()
    found = _by_engine(grader, note, objection, chat) if chat else _by_words(grader, note, objection)
    if CREDIT[found] <= CREDIT[grade.points[place].verdict]:
        return grade
    whole = Span(0, len(objection.attempt.answer))
    won = replace(grade.points[place], verdict=found, quote=grade.points[place].quote or whole)
    points = tuple(won if at == place else point for at, point in enumerate(grade.points))
    return replace(grade, points=points, score=score(points), engine=chat.name if chat else grade.engine)


def case(objection: Objection, after: Grade) -> dict[str, Any]:
    """The dispute as a case for eval: the answer, every point's verdict before and after, and the reason."""
    attempt = objection.attempt
    points = attempt.grade.points if attempt.grade else ()
    return {
        "id": f"dispute-{attempt.id}-{objection.place}",
        "at": attempt.at.isoformat(),
        "note_id": attempt.note_id,
        "question": attempt.title,
        "answer": attempt.answer,
        "points": [
            {"point": one.point, "weight": one.weight, "before": one.verdict, "after": then.verdict}
            for one, then in zip(points, after.points, strict=True)
        ],
        "disputed": objection.place,
        "reason": objection.remark,
        "engine": after.engine,
    }


def keep(home: Path, line: dict[str, Any]) -> None:
    """Add a case to HOME/logs/disputes.jsonl.

    Raises:
        StoreError: the file cannot be written.
    """
    file = home / FILE_NAME
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8", errors="replace") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise StoreError(f"{file} cannot be written ({error.strerror}). Check its owner and free space.") from error


def _by_engine(grader: Grader, note: Note, objection: Objection, chat: ChatModel) -> Verdict:
    answer, rubric = guards.clean(objection.attempt.answer).text, grader.rubric(note)
    examined = grader.examine(rubric, answer, None)
    if isinstance(examined, str) or objection.place >= len(examined):
        return "missing"
    point = rubric.points[objection.place].text
    yes = verdicts.rejudge(chat, note.title, answer, point, objection.remark)
    if yes is None:
        return "missing"
    signals = examined[objection.place].evidence.signals
    chances = calibration.chances(grader.parameters, signals, Judged(yes))
    return calibration.verdict(grader.parameters.engine_bands, chances)


def _by_words(grader: Grader, note: Note, objection: Objection) -> Verdict:
    said, own = terms.terms(objection.remark), terms.terms(objection.attempt.answer)
    shared = sum(term.weight for term in said if terms.match(term, own) is not None)
    if not said or shared < _OWN_WORDS * sum(term.weight for term in said):
        return "missing"
    examined = grader.examine(grader.rubric(note), objection.remark, None)
    if isinstance(examined, str) or objection.place >= len(examined):
        return "missing"
    found = calibration.verdict(grader.parameters.bands, examined[objection.place].chances)
    return "partly" if found == "covered" else found
