"""Events of a quiz as text for a terminal."""

from assistant.grade.result import Grade, PointGrade, Verdict
from assistant.grade.rubric import Rubric
from assistant.quiz.debrief import Debrief, Shown
from assistant.quiz.events import (
    Asked,
    Disputed,
    Ended,
    Event,
    Graded,
    Hinted,
    Notice,
    Probed,
    Revealed,
    Skipped,
    UnknownTopic,
)
from assistant.quiz.words import say
from assistant.types import Language, Note

_MARKS: dict[Verdict, str] = {"covered": "+", "partly": "~", "missing": "-", "contradicted": "!"}


def render(event: Event, language: Language) -> str:
    """One event as text."""
    match event:
        case Asked(note, number, planned):
            place = " · ".join(filter(None, (say(language, "question", number=number, planned=planned), _place(note))))
            return f"\n{place}\n{note.title}"
        case Graded(note, answer, grade, _, due):
            lines = [_grade(note, answer, grade, language)]
            if due is not None:
                lines.append(say(language, "due", due=f"{due.astimezone():%Y-%m-%d}"))
            return "\n".join(lines)
        case Revealed(rubric):
            return _revealed(rubric, language)
        case Disputed(_, before, after):
            won = after.score != before.score
            return say(language, "disputed_won" if won else "disputed_same", score=_percent(after.score))
        case UnknownTopic(words, near):
            return say(language, "unknown_topic", words=words, near=", ".join(near))
        case Ended(debrief):
            return _debrief(debrief, language)
        case Hinted() | Probed() | Skipped() | Notice():
            return _line(event, language)


def _line(event: Hinted | Probed | Skipped | Notice, language: Language) -> str:
    match event:
        case Hinted(words):
            return say(language, "hint", words=words)
        case Probed(words):
            return f"\n→ {words}"
        case Skipped():
            return say(language, "skipped")
        case Notice(code):
            return say(language, code)


def _grade(note: Note, answer: str, grade: Grade, language: Language) -> str:
    if grade.score is None:
        return say(language, "ungraded", detail=grade.detail)
    key = "score_by" if grade.engine else "score"
    head = say(language, key, score=_percent(grade.score), engine=grade.engine)
    if grade.reason:
        head += f": {say(language, grade.reason)}"
    points = [_point(number, point, note, answer, language) for number, point in enumerate(grade.points, 1)]
    return "\n".join([head, *points])


def _point(number: int, point: PointGrade, note: Note, answer: str, language: Language) -> str:
    lines = [f"  {number}. {_MARKS[point.verdict]} {say(language, point.verdict)}: {point.point}"]
    if point.quote is not None:
        lines.append(f"       {say(language, 'you')} {_one_line(answer[point.quote.start : point.quote.end])}")
    if point.verdict != "covered":
        lines.append(f"       {say(language, 'note')} {_one_line(note.text[point.source.start : point.source.end])}")
    return "\n".join(lines)


def _revealed(rubric: Rubric, language: Language) -> str:
    points = [f"  {number}. {point.text}" for number, point in enumerate(rubric.points, 1)]
    heading = say(language, "points" if rubric.origin == "written" else rubric.origin)
    return "\n".join([say(language, "reveal"), rubric.note.text.strip(), "", heading, *points])


def _debrief(debrief: Debrief, language: Language) -> str:
    head = (
        say(language, "ended_bare")
        if debrief.score is None
        else say(language, "ended", questions=debrief.questions, score=_percent(debrief.score))
    )
    lines = ["", head]
    if debrief.level is not None:
        lines.append(say(language, "level", level=debrief.level))
    for line in debrief.lines:
        name = " · ".join(filter(None, (line.topic, line.level)))
        lines.append(f"  {name}: {_percent(line.score)} ({line.questions})")
    for key, shown in (("strong", debrief.strong), ("weak", debrief.weak)):
        if shown:
            lines += [say(language, key), *(_shown(one, language) for one in shown)]
    if debrief.reread:
        lines.append(say(language, "reread"))
        lines += [
            f"  {note.title} · {note.source} · python -m assistant show {note.note_id}" for note in debrief.reread
        ]
    return "\n".join(lines)


def _shown(one: Shown, language: Language) -> str:
    said = f"\n       {say(language, 'you')} {_one_line(one.said)}" if one.said else ""
    return f"  {_MARKS[one.verdict]} {one.point}{said}"


def _place(note: Note) -> str:
    return " · ".join(filter(None, (note.topic, note.level)))


def _percent(score: float | None) -> str:
    return "—" if score is None else f"{100 * score:.0f}"


def _one_line(words: str) -> str:
    """Printable, on one line: what was typed or stored must not move the cursor."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
